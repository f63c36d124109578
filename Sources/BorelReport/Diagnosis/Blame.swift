import BorelBase
import BorelData
import BorelInference

/// Which line did what to a result: for each `observe` its part of the log evidence, the fall of the
/// effective sample size, the executions that it stopped and the data that fit worst; for each latent
/// of Markov chains how often proposals were accepted.
package struct Blame: Sendable {
  /// Data that are listed by line.
  static let rowCount = 3

  private let document: ResultDocument
  private var posterior: Posterior { document.posterior }

  package init(_ document: ResultDocument) { self.document = document }

  package var isEmpty: Bool { posterior.observations.isEmpty && posterior.moves.isEmpty }

  /// A row of a table with its notes.
  struct Row: Sendable {
    var cells: [String]
    var notes: [String] = []
  }

  /// Tables with a line of source under each row.
  package var text: String {
    [observationRows, moveRows].filter { $0.count > 1 }.map { rows in
      TextTable(rows.map(\.cells), notes: rows.map(\.notes), leftColumns: 2).text
    }.joined(separator: "\n")
  }

  /// The rows of the table that there is, the header first.
  var rows: [Row] {
    posterior.observations.isEmpty ? (posterior.moves.isEmpty ? [] : moveRows) : observationRows
  }

  private var observationRows: [Row] {
    var rows = [Row(cells: ["line", "", "log evidence", "executions", "ESS drop", "stopped"])]
    for (index, share) in posterior.observations.enumerated() {
      rows.append(
        Row(
          cells: [
            place(share.span), share.name, NumberText.short(share.logEvidence, digits: 5),
            share.executions > 0 ? String(share.executions) : "-",
            NumberText.short(share.essDrop * 100, digits: 2) + " %", String(share.lanesKilled),
          ], notes: notes(index, share)))
    }
    return rows
  }

  private func notes(_ index: Int, _ share: ObservationShare) -> [String] {
    var notes: [String] = []
    if let line = sourceLine(share.span) { notes.append(line) }
    if share.executions > 1 {
      let worst = posterior.worstExecutions(of: index, count: Self.rowCount)
      let rows = worst.map { execution in
        "\(row(share, execution.index)) (\(NumberText.short(execution.step.logEvidence)))"
      }
      notes.append("fit worst: " + rows.joined(separator: ", "))
      let fall = posterior.deepestFall(of: index)
      if let fall, fall.step.essDrop > 0.5 {
        notes.append("largest fall of the effective sample size at \(row(share, fall.index))")
      }
      if share.lanesKilled > 0,
        let first = posterior.firstKill(of: index)
      {
        notes.append("first stopped executions at \(row(share, first.index))")
      }
    }
    if let value = share.killingValue {
      notes.append("the first value without support is \(value)")
    }
    return notes
  }

  /// The datum of an execution: `flow[28] = 774` where the data are an array with an element for each
  /// execution, otherwise the number of the execution.
  package func row(_ share: ObservationShare, _ execution: Int) -> String {
    guard case .array(let elements) = document.argument(ElementName(share.name).array),
      elements.count == share.executions, execution < elements.count
    else { return "execution \(execution)" }
    var text = "\(share.name)[\(execution)]"
    switch elements[execution] {
    case .object, .array: break
    case let value: text += " = \(value.text)"
    }
    return text
  }

  private var moveRows: [Row] {
    var rows = [
      Row(cells: ["line", "", "kernel", "proposals", "accepted", "failed", "never moved"])
    ]
    for move in posterior.moves {
      let accepted = move.acceptance.map { NumberText.short($0 * 100, digits: 3) + " %" } ?? "-"
      let stuck =
        move.chainsThatNeverMoved == 0
        ? "0" : "\(move.chainsThatNeverMoved) of \(move.chainCount) chains"
      rows.append(
        Row(
          cells: [
            place(move.span), move.name ?? "(unnamed)", move.kernel, String(move.proposals),
            accepted, String(move.failed), stuck,
          ], notes: sourceLine(move.span).map { [$0] } ?? []))
    }
    return rows
  }

  private func place(_ span: Span) -> String {
    span.place(in: document.sources) ?? "(several lines)"
  }

  private func sourceLine(_ span: Span) -> String? {
    guard let file = document.sources.file(of: span) else { return nil }
    let line = file.line(file.position(of: Int(span.start)).line)
    let trimmed = line.drop { $0 == " " || $0 == "\t" }
    return trimmed.isEmpty ? nil : String(trimmed.prefix(90))
  }
}

extension Posterior {
  /// The execution of a line after which the effective sample size fell most.
  package func deepestFall(of observation: Int) -> Execution? {
    executions(of: observation).max { $0.step.essDrop < $1.step.essDrop }
  }

  /// The first execution of a line that stopped executions of the program.
  package func firstKill(of observation: Int) -> Execution? {
    executions(of: observation).first { $0.step.lanesKilled > 0 }
  }
}
