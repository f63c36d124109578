import BorelBase
import BorelSyntax
import Testing

/// The outline of an expression, which must parse without a diagnostic.
func expressionOutline(
  _ text: String, sourceLocation: SourceLocation = #_sourceLocation
) -> String {
  let (expression, diagnostics) = parseExpression(SourceFile(name: "<test>", text: text))
  let messages = diagnostics.map(\.message)
  #expect(messages.isEmpty, "in '\(text)'", sourceLocation: sourceLocation)
  return outline(expression)
}

/// The outline of a program, which must parse without a diagnostic.
func programOutline(
  _ text: String, sourceLocation: SourceLocation = #_sourceLocation
) -> String {
  let (program, diagnostics) = parse(SourceFile(name: "<test>", text: text))
  let messages = diagnostics.map(\.message)
  #expect(messages.isEmpty, "in '\(text)'", sourceLocation: sourceLocation)
  return outline(program)
}

/// Checks that a program has exactly one diagnostic, at the place marked by `«` and `»`.
@discardableResult
func expectDiagnostic(
  _ code: String, _ marked: String, hint: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) -> Diagnostic? {
  let before = marked.prefix { $0 != "«" }
  let text = marked.replacing("«", with: "").replacing("»", with: "")
  let inside = marked.drop { $0 != "«" }.dropFirst().prefix { $0 != "»" }
  let diagnostics = parse(SourceFile(name: "<test>", text: text)).diagnostics
  #expect(diagnostics.map(\.code) == [code], sourceLocation: sourceLocation)
  guard let first = diagnostics.first else { return nil }
  #expect(Int(first.span.start) == before.utf8.count, "start", sourceLocation: sourceLocation)
  #expect(
    Int(first.span.end) == before.utf8.count + inside.utf8.count, "end",
    sourceLocation: sourceLocation)
  if let hint {
    #expect(
      first.hints.contains { $0.contains(hint) }, "hints: \(first.hints)",
      sourceLocation: sourceLocation)
  }
  return first
}

/// A generator with a fixed seed (SplitMix64; Steele, Lea and Flood 2014), so that a failing case
/// can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
