import BorelData

/// The result as aligned text for a terminal.
package struct ResultTable {
  /// Arrays with more elements are cut to their first and last ones unless asked for by name.
  static let arrayLimit = 8
  /// Longest column with labels or probabilities.
  static let labelLimit = 60

  private let posterior: Posterior

  package init(_ posterior: Posterior) { self.posterior = posterior }

  /// A first line with model, method and draws, the evidence, a table of variables, and tallies.
  ///
  /// - Parameters:
  ///   - variables: Those to show.
  ///   - isComplete: Whether long arrays are shown in full.
  package func text(variables: [Variable], isComplete: Bool) -> String {
    var blocks = [heading]
    if let learned = posterior.learned { blocks.insert(Self.text(learned), at: 0) }
    if let family = posterior.family { blocks.append(Self.text(family)) }
    if !variables.isEmpty {
      let (shown, hidden) = isComplete ? (variables, nil) : Self.abbreviated(variables)
      blocks.append(table(posterior.summaries(of: shown)))
      if let hidden { blocks[blocks.count - 1] += hidden }
    }
    let tallies = posterior.tallies.map { tally in
      "tally \(tally.name) = \(NumberText.withError(tally.value, tally.standardError))\n"
    }
    if !tallies.isEmpty { blocks.append(tallies.joined()) }
    return blocks.joined(separator: "\n")
  }

  private var heading: String {
    var text = "\(posterior.model): \(posterior.method)"
    if posterior.isExact {
      text +=
        posterior.truncation.map {
          ", exact but for a prior mass of \(NumberText.short($0.leftOut, digits: 2))\n"
        } ?? ", exact\n"
    } else {
      text += ", seed \(posterior.seed), \(posterior.drawCount) draws"
      if !posterior.logWeights.isEmpty {
        text += " worth \(NumberText.short(posterior.essWeights))"
      }
      text += "\n"
    }
    guard let evidence = posterior.evidence else { return text }
    let error = evidence.standardError
    text += "log evidence \(NumberText.withError(evidence.logValue, error))"
    if let reason = evidence.reason { text += " (no standard error: \(reason))" }
    return text + "\n"
  }

  /// Brings the elements of an array together, where the first one stands, and keeps the first and
  /// last elements of long arrays.
  package static func abbreviated(_ variables: [Variable]) -> (shown: [Variable], hidden: String?) {
    var order: [String] = []
    var groups: [String: [Variable]] = [:]
    for variable in variables {
      let base = variable.arrayName ?? variable.name
      if groups[base] == nil { order.append(base) }
      groups[base, default: []].append(variable)
    }
    var shown: [Variable] = []
    var hidden: [String] = []
    for base in order {
      let group = groups[base] ?? []
      guard group.count > arrayLimit else {
        shown += group
        continue
      }
      shown += group.prefix(arrayLimit / 2) + group.suffix(arrayLimit / 2)
      hidden.append("\(group.count - arrayLimit) more of '\(base)'")
    }
    guard !hidden.isEmpty else { return (shown, nil) }
    return (shown, "(not shown: \(hidden.joined(separator: ", ")))\n")
  }

  private func table(_ summaries: [Summary]) -> String {
    let hasConvergence = summaries.contains { $0.convergence != nil }
    let hasPresence = summaries.contains { $0.present < 1 }
    var header = ["", "mean", "sd", "mcse", "q5", "q50", "q95"]
    if hasConvergence { header += ["essBulk", "essTail", "rHat"] }
    if hasPresence { header.append("present") }
    header.append("")
    var rows: [[String]] = []
    var isPlain = true
    for summary in summaries {
      if summary.kind.isNumeric { isPlain = false }
      rows.append(row(summary, hasConvergence: hasConvergence, hasPresence: hasPresence))
    }
    if isPlain {
      // Names and probabilities only.
      return Self.aligned(rows.map { [$0[0], $0[$0.count - 1]] })
    }
    return Self.aligned([header] + rows)
  }

  private func row(_ summary: Summary, hasConvergence: Bool, hasPresence: Bool) -> [String] {
    func short(_ value: Double?) -> String { value.map { NumberText.short($0) } ?? "-" }
    let digits = Self.meanDigits(summary)
    var cells = [summary.name]
    if summary.kind.isNumeric {
      cells += [
        summary.mean.map { NumberText.short($0, digits: digits) } ?? "-", short(summary.sd),
        summary.mcse.map { NumberText.short($0, digits: 2) } ?? "-", short(summary.q5),
        short(summary.q50), short(summary.q95),
      ]
    } else {
      cells += [String](repeating: "", count: 6)
    }
    if hasConvergence {
      let convergence = summary.convergence
      cells += [
        short(convergence?.essBulk), short(convergence?.essTail), short(convergence?.rHat),
      ]
    }
    if hasPresence { cells.append(NumberText.short(summary.present, digits: 3)) }
    cells.append(Self.probabilityText(summary))
    return cells
  }

  /// Digits of the mean down to the second digit of its error, between 4 and 8.
  private static func meanDigits(_ summary: Summary) -> Int {
    guard let mean = summary.mean, let error = summary.mcse, mean != 0, mean.isFinite, error > 0
    else { return 4 }
    let digits = NumberText.exponent(abs(mean)) - NumberText.exponent(error) + 2
    return min(max(digits, 4), 8)
  }

  private static func probabilityText(_ summary: Summary) -> String {
    if case .bool = summary.kind { return "" }
    var text = ""
    for (index, entry) in summary.probabilities.enumerated() {
      let piece = "\(entry.label): \(NumberText.short(entry.probability, digits: 4))"
      if !text.isEmpty, text.count + piece.count > labelLimit {
        return text + ", and \(summary.probabilities.count - index) more"
      }
      text += text.isEmpty ? piece : ", " + piece
    }
    return text
  }

  /// Lines with columns of equal width: the first and the last to the left, the others to the
  /// right.
  static func aligned(_ rows: [[String]]) -> String {
    let columnCount = rows.map(\.count).max() ?? 0
    var widths = [Int](repeating: 0, count: columnCount)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        let isLeft = column == 0 || column == row.count - 1
        line += (column == 0 ? "" : "  ") + (isLeft ? cell + padding : padding + cell)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}

extension Variable {
  /// `level` of `level[3]`; nil for what is no element of an array.
  package var arrayName: String? {
    name.firstIndex(of: "[").map { String(name[..<$0]) }
  }
}
