import BorelBase
import BorelHeap

/// A state with what it belongs to, as bytes.
///
///     bytes    words of 8 bytes, the lowest first
///     words    magic, format, length of head and of state, checksum of both, head, state
///     head     facts about the run by name, the strings of the process by number
struct CheckpointFile {
  /// Something that must be the same for the run that goes on: the seed, the method.
  struct Fact: Hashable {
    var name: String
    var value: String
  }

  var facts: [Fact]
  var strings: [String]
  var state: [UInt64]

  /// `borelchk`
  private static let magic: UInt64 = 0x6b68_636c_6572_6f62
  /// Counts up when the meaning of the words changes.
  private static let format: UInt64 = 1
  private static let headerWords = 5

  init(facts: [Fact], strings: [String], state: [UInt64]) {
    self.facts = facts
    self.strings = strings
    self.state = state
  }

  var bytes: [UInt8] {
    var writer = StateWriter()
    writer.write(facts.count)
    for fact in facts {
      writer.write(fact.name)
      writer.write(fact.value)
    }
    writer.write(strings.count)
    for string in strings { writer.write(string) }
    let head = writer.finish()
    let header = [
      Self.magic, Self.format, UInt64(head.count), UInt64(state.count), Self.checksum(head, state),
    ]
    var bytes: [UInt8] = []
    bytes.reserveCapacity((header.count + head.count + state.count) * 8)
    for words in [header, head, state] {
      for word in words { withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) } }
    }
    return bytes
  }

  /// - Throws: `Diagnostic` E0432 for bytes that are no checkpoint, or a damaged one.
  init(_ source: CheckpointPlan.Source) throws {
    let words = source.bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
      }
    }
    guard words.count >= Self.headerWords, words[0] == Self.magic else {
      throw Self.refusal("'\(source.name)' is no checkpoint")
    }
    guard words[1] == Self.format else {
      throw Self.refusal(
        "the checkpoint '\(source.name)' has format \(words[1]), expected \(Self.format)")
    }
    let damage = Self.damage(source.name)
    guard let headCount = Int(exactly: words[2]), let stateCount = Int(exactly: words[3]),
      headCount <= words.count, stateCount <= words.count,
      Self.headerWords + headCount + stateCount == words.count, source.bytes.count % 8 == 0
    else { throw damage }
    let head = Array(words[Self.headerWords..<(Self.headerWords + headCount)])
    state = Array(words[(Self.headerWords + headCount)...])
    guard Self.checksum(head, state) == words[4] else { throw damage }
    do {
      var reader = try StateReader(head)
      facts = try (0..<reader.readCount()).map { _ in
        Fact(name: try reader.readText(), value: try reader.readText())
      }
      strings = try (0..<reader.readCount()).map { _ in try reader.readText() }
    } catch is DamagedState {
      throw damage
    }
  }

  /// Gives the strings the numbers that they have in the state.
  ///
  /// - Throws: `Diagnostic` E0432 when the process has given these numbers to others.
  func enterStrings(_ name: String) throws {
    for (number, string) in strings.enumerated() {
      guard StringTable.shared.number(of: string) == Int64(number) else {
        throw Self.damage(name)
      }
    }
  }

  /// Every single changed word changes it.
  private static func checksum(_ parts: [UInt64]...) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for words in parts {
      for word in words { hash = (hash ^ word) &* 0x100_0000_01b3 }
    }
    return hash
  }

  static func damage(_ name: String) -> Diagnostic {
    refusal("the checkpoint '\(name)' is damaged or cut short")
  }

  private static func refusal(_ message: String) -> Diagnostic {
    Diagnostic(
      "E0432", .data, message, at: .none, hints: ["start anew without '--resume'"])
  }
}
