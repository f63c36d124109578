import BorelBase
import BorelSyntax
import Testing

/// Any text gives a tree and diagnostics, never a trap.
@Suite struct RobustnessTests {
  static let seedText = """
    /// A model.
    model m(y: [Real?], param s: Real in 0<..<1 = 0.5) -> {a: Real} {
      var x ~ Normal(mean: 0, sd: 1) @ "x\\(y[0] ?? 1.5e-3)" with Drift(0.1)
      for (t, v) in y.enumerated() { if t > 0 && !done { x ~ Normal(x, s) } else { observe v ~ D } }
      let f = mem { (k: Int) -> Real in sample Gamma(shape: 2, rate: 1) ^ -2 }
      match tree { case .node(l, r) where l > r: f(1)
        case 0, -1: { $0 + 1 }(2)
        default: do { return {a: 1, b: [1..<3]} } }
      tally total += x as Real; factor -x; require x != nil; while let z = g() { break }
    }
    enum T<U> { case leaf, node(T, T) } struct S { x: (Int) -> T? }
    let s = \"\"\"
      multi \\(line + "a \\(b)")
      \"\"\"
    """

  /// A tree without diagnostics has no error node.
  private func check(_ text: String) {
    let (program, diagnostics) = parse(SourceFile(name: "<test>", text: text))
    if diagnostics.isEmpty {
      #expect(!outline(program).contains("error"), "\(text.debugDescription)")
    }
    for diagnostic in diagnostics {
      #expect(diagnostic.span.start >= 0 && diagnostic.span.end >= diagnostic.span.start)
      #expect(Int(diagnostic.span.end) <= text.utf8.count, "\(text.debugDescription)")
    }
    let map = SourceMap([SourceFile(name: "<test>", text: text)])
    for diagnostic in diagnostics.prefix(3) { #expect(!render(diagnostic, in: map).isEmpty) }
  }

  @Test func mutatedProgramsGiveAResult() {
    var generator = SeededGenerator(seed: 1)
    let bytes = Array(Self.seedText.utf8)
    let alphabet = Array("(){}[]<>.,:;~@?=+-*/%^!&|\"\\$_ \n\t\r0x9aeéα漢".utf8)
    for _ in 0..<1_000 {
      var text = bytes
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        let at = Int.random(in: 0..<text.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: text.remove(at: at)
        case 1: text.insert(alphabet.randomElement(using: &generator) ?? 0, at: at)
        case 2: text[at] = UInt8.random(in: 0...255, using: &generator)
        default:
          let end = min(text.count, at + Int.random(in: 0..<60, using: &generator))
          let piece = Array(text[at..<end])
          text.insert(contentsOf: piece, at: Int.random(in: 0...text.count, using: &generator))
        }
      }
      check(String(decoding: text, as: UTF8.self))
    }
  }

  @Test func randomTokensGiveAResult() {
    var generator = SeededGenerator(seed: 2)
    let pieces =
      TokenKind.keywords.map(\.rawValue) + [
        "(", ")", "[", "]", "{", "}", ",", ":", ";", ".", "..", "...", "..<", "~", "@", "?", "->",
        "=>", "=", "+=", "??", "||", "&&", "==", "<", ">=", "+", "-", "*", "/", "^", "!", "\n",
        "\"", "\"\"\"", "\\(", "x", "y", "1", "2.5", "$0", "_", "// c\n", "/*", "*/", "///\n", "é",
      ]
    for _ in 0..<600 {
      let count = Int.random(in: 0..<80, using: &generator)
      var text = ""
      for _ in 0..<count {
        text += pieces.randomElement(using: &generator) ?? ""
        if Bool.random(using: &generator) { text += " " }
      }
      check(text)
    }
  }

  @Test func randomBytesGiveAResult() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<400 {
      let count = Int.random(in: 0..<200, using: &generator)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      check(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func prefixesGiveAResult() {
    var text = ""
    for (position, character) in Self.seedText.enumerated() {
      text.append(character)
      if position % 3 == 0 { check(text) }
    }
  }
}
