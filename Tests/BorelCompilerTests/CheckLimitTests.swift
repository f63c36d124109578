import BorelBase
import BorelCompiler
import Testing

@Test func wideTuplesAreRefusedBeforeTheirTypesExplode() {
  var lines = ["func f(x: Real) {", "let a0 = (x, x)"]
  for i in 1...40 { lines.append("let a\(i) = (a\(i - 1), a\(i - 1))") }
  let source = lines.joined(separator: "\n") + "\n}"
  let (_, diagnostics) = check(SourceFile(name: "t", text: source))
  #expect(diagnostics.map(\.code) == ["E0244"])
}

@Test func longChainsOfCallsAreChecked() {
  var lines = (0..<300).map { "func f\($0)(x: Real) -> Real { f\($0 + 1)(x) + 1 }" }
  lines.append("func f300(x: Real) -> Real { x }")
  expectChecked(lines.joined(separator: "\n"))
}

@Test func errorsInFunctionsCheckedDuringASecondAttemptAreKept() {
  expectDiagnostics(
    """
    func g(x: [Real]) { fold(x, 0, { a, v in a + v + h() }) }
    func h() { §undefined
      1.5 }
    """, "E0201")
}
