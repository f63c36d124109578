import BorelBase
import BorelCompiler
import Testing

/// Checks a program in which `§` marks where each diagnostic must start, in order.
func expectDiagnostics(
  _ source: String, _ codes: String..., hint: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var text = ""
  var marks: [Int] = []
  for character in source {
    if character == "§" { marks.append(text.utf8.count) } else { text.append(character) }
  }
  let (_, diagnostics) = check(SourceFile(name: "test.ppl", text: text))
  let found = diagnostics.map { "\($0.code) at \($0.span.start)" }
  let expected = zip(codes, marks).map { "\($0) at \($1)" }
  let messages = diagnostics.map(\.message).joined(separator: "; ")
  #expect(codes.count == marks.count, "as many marks as codes", sourceLocation: sourceLocation)
  #expect(found == expected, "\(messages)", sourceLocation: sourceLocation)
  if let hint {
    #expect(
      diagnostics.contains { $0.hints.contains { $0.contains(hint) } },
      "\(diagnostics.flatMap(\.hints))", sourceLocation: sourceLocation)
  }
}

/// Checks a program that must have no diagnostics.
@discardableResult
func expectChecked(
  _ source: String, sourceLocation: SourceLocation = #_sourceLocation
) -> CheckedProgram? {
  let (program, diagnostics) = check(SourceFile(name: "test.ppl", text: source))
  let messages = diagnostics.map { "\($0.code) \($0.message)" }
  #expect(messages == [], sourceLocation: sourceLocation)
  return program
}

/// The result type of a function of a program that must be correct, as text.
func resultType(
  of name: String, in source: String, sourceLocation: SourceLocation = #_sourceLocation
) -> StaticType? {
  expectChecked(source, sourceLocation: sourceLocation)?.functions.first { $0.name == name }?.result
}
