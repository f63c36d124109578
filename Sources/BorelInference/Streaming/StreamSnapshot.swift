import BorelBase
import BorelHeap
import BorelIR

// A filter between two records as bytes, and a filter that goes on from them with the same bits.
extension StreamFilter {
  /// - Throws: `Diagnostics` E0583 when a record has failed.
  package func snapshot() throws(Diagnostics) -> [UInt8] {
    if isFailed {
      throw Diagnostics([
        Diagnostic(
          "E0583", .usage, "a filter that a record has stopped cannot be kept", at: .none,
          hints: ["keep it before the record"])
      ])
    }
    var writer = StateWriter()
    write(to: &writer)
    return CheckpointFile(
      facts: facts, strings: holdsStrings ? StringTable.shared.strings : [],
      state: writer.finish()
    ).bytes
  }

  /// Goes on from a snapshot of a filter of the same request; nothing has been filtered here yet.
  ///
  /// - Parameter name: Of the snapshot, for messages.
  /// - Throws: `Diagnostics` E0432 for bytes that are no snapshot, E0433 for one of another filter.
  package func restore(_ bytes: [UInt8], name: String) throws(Diagnostics) {
    precondition(recordCount == 0, "the filter has been used")
    try reportingDiagnostics {
      let file = try CheckpointFile(.init(name: name, bytes: bytes))
      try CheckpointSession.compare(file.facts, with: facts, name)
      try file.enterStrings(name)
      do {
        var reader = try StateReader(file.state)
        try read(from: &reader)
        guard reader.isAtEnd else { throw DamagedState() }
      } catch is DamagedState {
        throw CheckpointFile.damage(name)
      }
    }
  }
}

extension Shape {
  /// Whether words of the shape, or of objects that it reaches, may number texts.
  func mayHoldStrings(_ enumerations: [EnumerationInfo]) -> Bool {
    layout(enumerations).contains { $0.mayHoldStrings }
  }
}

extension IRType {
  /// Whether a word of the type, or objects that it reaches, may number texts.
  var mayHoldStrings: Bool {
    switch self {
    case .real, .int, .bool, .matrix: false
    case .array(let element): element.contains { $0.mayHoldStrings }
    case .distribution(let value): value.contains { $0.mayHoldStrings }
    default: true
    }
  }
}
