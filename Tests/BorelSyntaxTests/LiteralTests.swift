import BorelBase
import BorelSyntax
import Testing

@Suite struct LiteralTests {
  @Test(arguments: [
    ("10_000", "10000"), ("0x1F", "31"), ("0xff_ff", "65535"), ("0.5", "0.5"), ("1e-3", "0.001"),
    ("2.5E+2", "250.0"), ("1_0.2_5", "10.25"), ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"), ("5e-324", "5e-324"),
  ])
  func numbersHaveTheirValue(text: String, value: String) {
    #expect(expressionOutline(text) == value)
  }

  @Test func aDotBeforeARangeOrMemberIsNotPartOfANumber() {
    #expect(expressionOutline("1..<3") == "(..< 1 3)")
    #expect(expressionOutline("1...3") == "(... 1 3)")
    #expect(expressionOutline("1.5...2.5") == "(... 1.5 2.5)")
    #expect(expressionOutline("1.max") == "(member 1 max)")
    #expect(expressionOutline("p.0.1") == "(member (member p 0) 1)")
  }

  @Test func wrongNumbersAreDiagnosed() {
    expectDiagnostic("E0106", "let x = «9223372036854775808»", hint: "Real")
    expectDiagnostic("E0106", "let x = «0x1_0000_0000_0000_0000»")
    expectDiagnostic("E0106", "let x = «1e999»")
    expectDiagnostic("E0105", "let x = «2x»", hint: "2 * x")
    expectDiagnostic("E0105", "let x = «1e»")
    expectDiagnostic("E0105", "let x = «1.5_»")
  }

  @Test func escapesAndInterpolationsAreResolved() {
    #expect(expressionOutline(#""a\n\t\"\\\u{3b1}""#) == #"(string "a\n\t\"\\α")"#)
    #expect(expressionOutline(#""""#) == "(string)")
    #expect(
      expressionOutline(#""x \(a + f("y \(b)")) z""#)
        == #"(string "x " (+ a (call f (string "y " b))) " z")"#)
    #expect(expressionOutline(#""\((a, b))""#) == "(string (tuple a b))")
    expectDiagnostic("E0104", #"let s = "a«\q»""#)
    expectDiagnostic("E0104", #"let s = "«\u{110000}»""#)
    expectDiagnostic("E0104", #"let s = "«\u»""#)
    expectDiagnostic("E0111", #"let s = "\(a «b»)""#)
  }

  @Test func aMultilineStringLosesItsIndentation() {
    let text = "let s = \"\"\"\n  a\n    b \\(x)\n\n  \"c\" \\\n  d\n  \"\"\""
    #expect(programOutline(text) == #"(let s (string "a\n  b " x "\n\n\"c\" d"))"#)
    #expect(
      programOutline("let s = \"\"\"\r\n  a\r\n  b\r\n  \"\"\"") == #"(let s (string "a\nb"))"#)
    #expect(programOutline("let s = \"\"\"\n\"\"\"") == "(let s (string))")
    expectDiagnostic("E0108", "let s = \"\"\"\n  a\n«b»\n  \"\"\"")
    expectDiagnostic("E0108", "let s = «\"\"\"»a\n  \"\"\"")
  }

  @Test func unfinishedStringsEndAtTheLine() {
    expectDiagnostic("E0102", "let s = «\"»abc\nlet t = 1", hint: "on the same line")
    expectDiagnostic("E0107", "let s = \"a «\\(»b\nlet t = 1")
    expectDiagnostic("E0102", "let s = «\"\"\"»\n abc")
    expectDiagnostic("E0103", "let s = 1 «/*» a /* b */")
  }

  @Test func namesMayBeUnicode() {
    #expect(programOutline("let α_1 = β + _c") == "(let α_1 (+ β _c))")
    expectDiagnostic("E0101", "let x = a «≤» b", hint: "<=")
    expectDiagnostic("E0101", "let x = a «&» b", hint: "&&")
  }

  @Test func keywordsMayNameFieldsAndLabels() {
    #expect(
      expressionOutline("mh(kernel: a.in, for: .default)")
        == "(call mh (: kernel (member a in)) (: for .default))")
    #expect(expressionOutline("{in: 1, match: 2}") == "(record (: in 1) (: match 2))")
    for keyword in TokenKind.keywords.map(\.rawValue) {
      #expect(expressionOutline("a.\(keyword)") == "(member a \(keyword))")
    }
  }

  @Test func commentsAndTheFirstLineAreSkipped() {
    #expect(programOutline("#!/usr/bin/env borel\n1 // a\n/* b /* c */ d */ 2") == "1\n2")
    #expect(programOutline("\u{FEFF}1") == "1")
  }
}
