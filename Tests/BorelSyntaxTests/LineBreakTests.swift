import BorelSyntax
import Testing

/// Where a line break ends a statement.
@Suite struct LineBreakTests {
  @Test(arguments: [
    ("a\n+ b", "a + b"), ("a +\nb", "a + b"), ("a\n  .b\n  .c()", "a.b.c()"),
    ("a\n?? b", "a ?? b"), ("f(a\n, b\n)", "f(a, b)"), ("[a\n[0]]", "[a[0]]"),
    ("a\n&& b", "a && b"), ("x\n~ D", "x ~ D"), ("let x =\n1", "let x = 1"),
    ("a\n- b", "a - b"), ("x ~ D\n  @ \"n\"\n  with E", "x ~ D @ \"n\" with E"),
    ("if a { b }\nelse { c }", "if a { b } else { c }"), ("(a\n(b))", "(a(b))"),
    ("f({ a\nb })", "f({ a; b })"), ("func f()\n{ 1 }", "func f() { 1 }"),
  ])
  func aLineThatCannotStandAloneContinuesTheOneBefore(text: String, joined: String) {
    #expect(programOutline(text) == programOutline(joined))
  }

  @Test(arguments: [
    ("a\nb", "a; b"), ("a\n(b)", "a; (b)"), ("a\n[b]", "a; [b]"), ("a\n-b", "a; -b"),
    ("a\n!b", "a; !b"), ("a\n{ b }", "a; { b }"), ("return\na", "return; a"),
    ("a; b;", "a; b"), (";;a", "a"), ("f(1)\n{ $0 }", "f(1); { $0 }"),
  ])
  func aLineThatCanStandAloneIsAStatement(text: String, separated: String) {
    #expect(programOutline(text) == programOutline(separated))
    #expect(
      programOutline(text).split(separator: "\n").count == separated.split(separator: ";").count)
  }

  @Test func statementsOnOneLineNeedASemicolon() {
    expectDiagnostic("E0112", "a «b»", hint: "a(...)")
    expectDiagnostic("E0112", "Int «x» = 3", hint: "let x = ...")
    expectDiagnostic("E0112", "a «and» b", hint: "&&")
    expectDiagnostic("E0112", "a«!»", hint: "??")
  }
}
