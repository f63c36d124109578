/// Makes inputs from those of a corpus, by changes of bytes and of tokens.
package struct Mutator {
  private let corpus: [[UInt8]]
  private var state: UInt64

  package init(corpus: [[UInt8]], seed: UInt64) {
    self.corpus = corpus
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
  }

  /// A number from 0 to below the bound, by SplitMix64.
  package mutating func random(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(max(bound, 1)))
  }

  private static let pieces = [
    "(", ")", "{", "}", "[", "]", "..", "..<", "0<..", "~", "observe ", "for x in ", "if ", "else ",
    "let ", "var ", "func f() -> ", "model m(", "match ", "enum E { case a }", "\"", "\\(", "//",
    "/*",
    "9999999999999999999", "1e400", "-1", "0", "nil", "?", "??", "->", "=>", ",", ":", "@", "with ",
    "null", "true", "\u{0}", "\u{FEFF}", "é", "\r\n", "mem ", "param ", "tally t += ", "return ",
  ].map { Array($0.utf8) }

  /// An input of the corpus with some changes.
  package mutating func next() -> [UInt8] {
    var bytes = corpus[random(corpus.count)]
    for _ in 0...random(4) {
      let place = random(bytes.count + 1)
      let end = min(bytes.count, place + 1 + random(random(3) == 0 ? 200 : 8))
      switch random(7) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: random(bytes.count + 1))
      case 2: bytes.insert(contentsOf: Self.pieces[random(Self.pieces.count)], at: place)
      case 3 where place < bytes.count: bytes[place] = UInt8(random(256))
      case 4 where place < bytes.count: bytes[place] ^= 1 << UInt8(random(8))
      case 5:
        let other = corpus[random(corpus.count)]
        let from = random(other.count + 1)
        bytes.replaceSubrange(
          place..<end, with: other[from..<min(other.count, from + random(300))])
      case 6:
        let piece = Self.pieces[random(Self.pieces.count)]
        bytes.insert(contentsOf: (0..<(1 + random(300))).flatMap { _ in piece }, at: place)
      default: break
      }
      if bytes.count > 60_000 { bytes.removeLast(bytes.count - 60_000) }
    }
    return bytes
  }
}
