import Borel
import BorelBase
import BorelData
import BorelInference

/// Filters line by line and prints a line for each.
struct RecordLoop {
  let filter: Filter
  /// The program and the data that were given, in front of each record in messages.
  let known: [SourceFile]
  /// The field that tells when a record was made.
  let timeField: String?
  /// Whether records that do not fit are skipped.
  let skips: Bool
  let checkpoints: CheckpointPlan?

  private var newest: RecordTime?
  private var nextCheckpoint = ContinuousClock.now

  init(
    filter: Filter, timeField: String?, skips: Bool, checkpoints: CheckpointPlan?
  ) {
    self.filter = filter
    known = filter.sources.files
    self.timeField = timeField
    self.skips = skips
    self.checkpoints = checkpoints
    postponeCheckpoint()
  }

  mutating func run(over lines: consuming RecordLines) throws(CommandFailure) {
    while let line = try lines.next() {
      if line.isBlank { continue }
      try filter(line)
      if ContinuousClock.now >= nextCheckpoint { try keep() }
      if Interrupt.isRequested { break }
    }
    try keep()
  }

  private mutating func filter(_ line: RecordLines.Line) throws(CommandFailure) {
    let file = SourceFile(name: line.name, text: line.text)
    do throws(Diagnostics) {
      let record = try JSONReader.document(file, fileIndex: known.count)
      let time = try self.time(of: record)
      let state = try filter.step(record)
      newest = time ?? newest
      if state.isStarted { Console.printLine(state.json) }
    } catch {
      let sources = SourceMap(known + [file])
      let isBadRecord = error.list.allSatisfy { $0.category == .data }
      guard skips, isBadRecord, let first = error.list.first else {
        throw CommandFailure(error, in: sources)
      }
      Console.report(error.list, in: sources)
      Console.printLine(
        JSONValue.object([
          ("line", .integer(Int64(line.number))),
          (
            "skipped",
            .object([("code", .string(first.code)), ("message", .string(first.message))])
          ),
        ]).text)
    }
  }

  private func time(of record: DataNode) throws(Diagnostics) -> RecordTime? {
    guard let timeField else { return nil }
    guard let node = record[timeField], let time = RecordTime(node) else {
      throw Diagnostics([
        Diagnostic(
          "E0410", .data, "the record has no time in '\(timeField)'", at: record.span,
          hints: ["a time is a number, or a text that sorts, such as 2024-05-01T12:00:00Z"])
      ])
    }
    guard let newest, time < newest else { return time }
    throw Diagnostics([
      Diagnostic(
        "E0440", .data, "the record is late: a record of \(newest.text) has been filtered",
        at: node.span, hints: ["records are filtered in the order of their times"])
    ])
  }

  private mutating func postponeCheckpoint() {
    if let checkpoints { nextCheckpoint = .now + .seconds(checkpoints.interval) }
  }

  private mutating func keep() throws(CommandFailure) {
    guard let keep = checkpoints?.keep else { return }
    let bytes = try reporting(in: SourceMap(known)) { () throws(Diagnostics) in
      try filter.snapshot()
    }
    keep(bytes)
    postponeCheckpoint()
  }
}

/// When a record was made: numbers or texts in their order.
private enum RecordTime: Comparable {
  case number(Double)
  case text(String)

  init?(_ node: DataNode) {
    switch node.content {
    case .integer(let value): self = .number(Double(value))
    case .number(let value): self = .number(value)
    case .string(let text): self = .text(text)
    default: return nil
    }
  }

  var text: String {
    switch self {
    case .number(let value): NumberText.exact(value)
    case .text(let text): text
    }
  }
}
