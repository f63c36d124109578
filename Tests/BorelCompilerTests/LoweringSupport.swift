import BorelBase
import BorelCompiler
import BorelData
import BorelIR
import BorelInference
import Synchronization
import Testing

/// Compiles a program that must be correct, and checks the rules of the IR with and without
/// optimisation.
@discardableResult
func lowered(
  _ source: String, isOptimised: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
) throws -> Program {
  let file = SourceFile(name: "test.ppl", text: source)
  for flag in [false, true] {
    let result = compile(source: file, isOptimised: flag)
    let errors = result.diagnostics.filter { $0.severity == .error }
    #expect(errors.map { "\($0.code) \($0.message)" } == [], sourceLocation: sourceLocation)
    let program = try #require(result.program, sourceLocation: sourceLocation)
    #expect(verify(program).map(\.description) == [], sourceLocation: sourceLocation)
    let text = printIR(program)
    let again = try parseIR(text).get()
    #expect(printIR(again) == text, sourceLocation: sourceLocation)
  }
  return try #require(
    compile(source: file, isOptimised: isOptimised).program, sourceLocation: sourceLocation)
}

/// The function of a program whose name is given, as text.
func text(of name: String, in program: Program) throws -> String {
  let text = printIR(program)
  let start = try #require(text.range(of: "func @\(name) ", orQuoted: name))
  let rest = text[start...]
  let end = rest.firstRange(of: "\n}")?.lowerBound ?? rest.endIndex
  return String(rest[..<end])
}

extension String {
  fileprivate func range(of plain: String, orQuoted name: String) -> String.Index? {
    firstRange(of: plain)?.lowerBound ?? firstRange(of: "func @\"\(name)\" ")?.lowerBound
  }
}

/// Runs a script with and without optimisation; what it prints must be what the comments
/// `// expect: ` say, in order. A failure is the line `error: ` and its message.
func expectPrints(
  _ source: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let marker = "// expect: "
  let expected = source.split(separator: "\n").compactMap { line in
    line.firstRange(of: marker).map { String(line[$0.upperBound...]) }
  }
  for isOptimised in [false, true] {
    let result = compile(
      source: SourceFile(name: "test.ppl", text: source), isOptimised: isOptimised)
    let errors = result.diagnostics.filter { $0.severity == .error }
    #expect(errors.map { "\($0.code) \($0.message)" } == [], sourceLocation: sourceLocation)
    let program = try #require(result.program, sourceLocation: sourceLocation)
    #expect(verify(program).map(\.description) == [], sourceLocation: sourceLocation)
    #expect(printed(program) == expected, sourceLocation: sourceLocation)
  }
}

private func printed(_ program: Program) -> [String] {
  let lines = Mutex<[String]>([])
  let noFiles = Documents(firstFileIndex: 1) { (_: String) throws(Diagnostics) -> SourceFile in
    throw Diagnostics([Diagnostic("E0401", .data, "no files here", at: .none)])
  }
  let host = ScriptHost(print: { line in lines.withLock { $0.append(line) } })
  do {
    try runScript(
      program: program, host: host, documents: noFiles, seed: 1, threads: 1, limits: RunLimits())
  } catch {
    for diagnostic in error.list {
      lines.withLock { $0.append("error: \(diagnostic.message)") }
    }
  }
  return lines.withLock { $0 }
}
