import BorelBase
import BorelSyntax
import Testing

@Suite struct DeclarationTests {
  @Test(arguments: [
    ("0<..", "(in open 0 open -)"), ("0<..<1", "(in open 0 open 1)"),
    ("..<1", "(in open - open 1)"), ("0...1", "(in closed 0 closed 1)"),
    ("0...", "(in closed 0 open -)"), ("-1<..<1", "(in open (- 1) open 1)"),
    ("0..<1", "(in closed 0 open 1)"), ("...1", "(in open - closed 1)"),
    ("0<...n + 1", "(in open 0 closed (+ n 1))"),
  ])
  func domainsSayWhichEndsAreOpen(domain: String, form: String) {
    #expect(
      programOutline("model m(param p: Real in \(domain) = 2) { }")
        == "(model m (param p Real \(form) (= 2)) (block))")
  }

  @Test func functionsHaveGenericsTypesAndDefaults() {
    #expect(
      programOutline("func f<T: Number, U>(x: T, g: (T, U) -> Real = h,) -> [U]? { x }")
        == "(func f (generic T Number) (generic U) (parameter x T)"
        + " (parameter g (-> (arguments T U) Real) (= h)) (-> (optional (array U))) (block x))")
    #expect(
      programOutline("model m(y: [Real?]) -> {a: Real, b: ()} { {a: 1} }")
        == "(model m (parameter y (array (optional Real)))"
        + " (-> (record (: a Real) (: b (tuple)))) (block (record (: a 1))))")
  }

  @Test func movesHaveATraceAuxiliaryDrawsAndAnInvolution() {
    #expect(
      programOutline("move f(t: Trace of m, y: Real) with u { z } -> { t }")
        == "(move f (trace t m) (parameter y Real) (with u (block z)) (block t))")
    #expect(programOutline("move f(t: Trace of m) -> { t }") == "(move f (trace t m) (block t))")
    // The words are names elsewhere.
    #expect(programOutline("let move = of") == "(let move of)")
    #expect(programOutline("move(x)").hasPrefix("(call move"))
  }

  @Test func typesHaveTheirForm() {
    func form(_ type: String) -> String { expressionOutline("x as \(type)") }
    #expect(
      form("Dist<Dist<Real>>??")
        == "(as x (optional (optional (generic Dist (generic Dist Real)))))")
    #expect(form("(A, B) -> (C) -> D") == "(as x (-> (arguments A B) (-> (arguments C) D)))")
    #expect(form("((A) -> B)?") == "(as x (optional (-> (arguments A) B)))")
    #expect(form("(A)") == "(as x A)")
    #expect(form("(A, [B])") == "(as x (tuple A (array B)))")
    #expect(form("() -> ()") == "(as x (-> (arguments) (tuple)))")
    #expect(programOutline("let d: Dist<Real>= e") == "(let d (: (generic Dist Real)) e)")
    expectDiagnostic("E0118", "let f: «Real» -> Int = g", hint: "(Real) -> ...")
  }

  @Test func structsAndEnumsListTheirMembers() {
    #expect(
      programOutline("struct P { x: Real, let y: Int\n var z: [P]; in: Bool }")
        == "(struct P (: x Real) (: y Int) (: z (array P)) (: in Bool))")
    #expect(
      programOutline("enum T { case leaf, node(T, right: T)\n case other }")
        == "(enum T (case leaf) (case node T (: right T)) (case other))")
  }

  @Test func documentationBelongsToTheNextItem() {
    #expect(
      programOutline("/// a\n///  b\n\n// c\nfunc f() { }\n/// d\nlet x = 1")
        == "(doc \"a\\n b\" (func f (block)))\n(doc \"d\" (let x 1))")
    #expect(!programOutline("let x = 1 /// a\n//// b\nfunc f() { }").contains("doc"))
  }

  @Test func spansCoverTheirText() {
    let file = SourceFile(name: "<test>", text: "  model m(x: Real) { x + 1 } ")
    let item = parse(file, fileIndex: 3).program.items[0]
    #expect(item.span.file == 3)
    #expect(file.text(in: item.span) == "model m(x: Real) { x + 1 }")
    guard case .model(let model) = item.kind else {
      Issue.record("expected a model")
      return
    }
    #expect(file.text(in: model.name.span) == "m")
    #expect(file.text(in: model.parameters[0].type.span) == "Real")
    #expect(file.text(in: model.body.span) == "{ x + 1 }")
    #expect(file.text(in: model.body.statements[0].span) == "x + 1")
  }
}
