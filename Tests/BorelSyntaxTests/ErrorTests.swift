import BorelBase
import BorelSyntax
import Testing

@Suite struct ErrorTests {
  @Test func habitsFromOtherLanguagesGetAHint() {
    expectDiagnostic("E0117", "«fn» foo(x: Int) { }", hint: "func")
    expectDiagnostic("E0117", "«def» foo(x: Int) { }", hint: "func")
    expectDiagnostic("E0117", "«switch» x { }", hint: "match")
    expectDiagnostic("E0117", "if a { b } «elif» c { d }", hint: "else if")
    expectDiagnostic("E0119", "«for (»i in xs) { }", hint: "for i in ... { }")
    expectDiagnostic("E0115", "if x «=» 3 { }", hint: "==")
    expectDiagnostic("E0115", "while a«,» b { }", hint: "&&")
    expectDiagnostic("E0110", "x = «=» 3")
    expectDiagnostic("E0110", "x+«+»", hint: "x += 1")
    expectDiagnostic("E0110", "x *«*» 2", hint: "a ^ b")
    expectDiagnostic("E0112", "let c = a «?» b : d", hint: "if c { a } else { b }")
    expectDiagnostic("E0128", "let q = {«\"a\"»: 1}", hint: "{a: 1}")
    expectDiagnostic("E0110", "match a { case b «=>» c }", hint: "case p: e")
    expectDiagnostic("E0122", "match a { case «let» x: c }", hint: ".node")
    expectDiagnostic("E0122", "match a { case «node»(x): c }", hint: ".node(...)")
    expectDiagnostic("E0126", "func f() { «struct» S { } }", hint: "func")
    expectDiagnostic("E0126", "struct S { «func» f() { } }", hint: "func")
    expectDiagnostic("E0111", "let a = [1«:» 2]", hint: "{a: 1, b: 2}")
    expectDiagnostic("E0111", "let a = [x «for» x in y]", hint: "map")
    expectDiagnostic("E0111", "let f = { x: Real «in» x }", hint: "{ (x: Real) in ... }")
  }

  @Test func whatIsLeftOfBracesDoesNotEndTheBlock() {
    let text =
      "model m(y: Real) {\n  let f = { x: Real in f(g { x }) }\n  observe y ~ Normal(0, 1)\n}\n"
    let (program, diagnostics) = parse(SourceFile(name: "<test>", text: text))
    #expect(diagnostics.map(\.code) == ["E0111"])
    #expect(program.items.count == 1)
  }

  @Test func drawsAndScoresSayWhatStandsWhere() {
    expectDiagnostic("E0121", "«let» x ~ D", hint: "x ~ ...")
    expectDiagnostic("E0121", "var x: Real «~» D")
    expectDiagnostic("E0116", "«xs[0]» ~ D", hint: "observe")
    expectDiagnostic("E0116", "observe y «=» D", hint: "observe y ~")
    expectDiagnostic("E0116", "let a = 1 + «observe» y ~ D", hint: "parentheses")
    expectDiagnostic("E0112", "let a = b as T «+» 1", hint: "parentheses")
    expectDiagnostic("E0110", "tally s «=» 1", hint: "tally s += e")
    expectDiagnostic("E0120", "«f(x)» = 3")
    expectDiagnostic("E0130", "let r = 1«...»")
  }

  @Test func parametersNeedTypesAndDomainsNeedIntervals() {
    expectDiagnostic("E0124", "model m(«x») { }", hint: "x: Real")
    expectDiagnostic("E0124", "func f(«_» x: Int) { }")
    expectDiagnostic("E0124", "func f(«Real» x) { }", hint: "x: Real")
    expectDiagnostic("E0123", "model m(x: Real in 0«)» { }")
    expectDiagnostic("E0123", "model m(x: Real in 0<..<«)» { }")
  }

  @Test func aMissingBracketShowsWhereItWasOpened() {
    let text = "let a = f(1, 2\nlet b = 3"
    let diagnostics = parse(SourceFile(name: "<test>", text: text)).diagnostics
    #expect(diagnostics.map(\.code) == ["E0111"])
    #expect(diagnostics.first?.labels.map(\.span.start) == [9])
  }

  @Test func aMissingBraceNamesTheLessIndentedOne() {
    let text = "func f() {\n  if a {\n    b\n}\nmodel m() { }\n"
    let (program, diagnostics) = parse(SourceFile(name: "<test>", text: text))
    #expect(diagnostics.map(\.code) == ["E0111"])
    #expect(diagnostics.first?.labels.map(\.span.start) == [9, 18])
    #expect(program.items.count == 2)
  }

  @Test func severalErrorsAreReportedInOneRun() {
    let text = """
      let a = 1 +
      func f() {
        let b = (2
        let c = )
        x = 3
      }
      model m(x) { y ~ }
      let d = 4
      """
    let (program, diagnostics) = parse(SourceFile(name: "<test>", text: text))
    #expect(diagnostics.count == 5)
    #expect(outline(program).hasSuffix("(let d 4)"))
    let starts = diagnostics.map(\.span.start)
    #expect(starts == starts.sorted())
  }

  @Test func aMissingValueIsReportedAtTheEndOfItsLine() {
    expectDiagnostic("E0110", "let x«»\nlet y = 1")
    expectDiagnostic("E0110", "func f(x: Real)«»\nlet y = 1")
  }

  @Test func unfinishedInputAsksForMore() {
    for text in ["model m() {", "f(1,", "let x =", "let s = \"\"\"", "/* a", "a +", "x ~"] {
      #expect(needsMoreInput(text), "\(text)")
    }
    for text in ["model m() { }", "f(1)", "let x = )", "\"abc", "}", ""] {
      #expect(!needsMoreInput(text), "\(text)")
    }
  }

  @Test func nestingBeyondTheLimitIsADiagnostic() {
    let nests: [(String, String, String)] = [
      ("(", "1", ")"), ("[", "1", "]"), ("-", "1", ""), ("f(", "1", ")"), ("{ ", "1", "}"),
      ("{a: ", "1", "}"), ("if a { ", "1", "}"), ("if a {} else ", "{}", ""), ("", "a", " + a"),
      ("", "a", ".b"), ("", "a", "()"), ("a ^ ", "1", ""), ("a ?? ", "1", ""),
      ("\"\\(", "1", ")\""),
      ("match a { case 1: ", "1", "}"), ("func f() {", "", "}"), ("sample ", "a", ""),
      ("observe a ~ ", "b", ""), ("x as [", "", "]"), ("for ", "", ""), ("let (", "", ""),
    ]
    for (before, middle, after) in nests {
      let text =
        String(repeating: before, count: 20_000) + middle + String(repeating: after, count: 20_000)
      let diagnostics = parse(SourceFile(name: "<test>", text: text)).diagnostics
      #expect(!diagnostics.isEmpty, "\(before)")
      #expect(diagnostics.count <= 100)
    }
    let moderate = String(repeating: "(", count: 200) + "1" + String(repeating: ")", count: 200)
    #expect(expressionOutline(moderate) == "1")
  }
}
