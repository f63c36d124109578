import BorelSyntax
import Testing

@Suite struct StatementTests {
  @Test(arguments: [
    ("let x = 1", "(let x 1)"),
    ("var x: [Real?] = a", "(var x (: (array (optional Real))) a)"),
    ("let (a, _) = p", "(let (tuple a _) p)"),
    ("x ~ D", "(~ x D)"),
    ("var x ~ D @ \"n\" with P(1)", "(var~ x D (@ (string \"n\")) (with (call P 1)))"),
    ("x ~ if c { A } else { B }", "(~ x (if c (block A) (block B)))"),
    ("observe y ~ D", "(observe y D)"),
    ("let v = observe y ~ D", "(let v (observe y D))"),
    ("factor -x", "(factor (- x))"),
    ("require a < b", "(require (< a b))"),
    ("tally s += x ^ 2", "(tally s (^ x 2))"),
    ("debug x", "(debug x)"),
    ("x = 1", "(= x 1)"),
    ("x.y[0] += 1", "(+= (index (member x y) 0) 1)"),
    ("x ^= 2", "(^= x 2)"),
    ("for i in 0..<n { }", "(for i (..< 0 n) (block))"),
    (
      "for (t, y) in ys.enumerated() { a }",
      "(for (tuple t y) (call (member ys enumerated)) (block a))"
    ),
    ("while a { break; continue }", "(while a (block break continue))"),
    ("while let x = next() { }", "(while (let x (call next)) (block))"),
    ("if let x { }", "(if (let x x) (block))"),
    (
      "if let x = f(a) { x } else if b { 1 }",
      "(if (let x (call f a)) (block x) (block (if b (block 1))))"
    ),
    ("return", "(return)"),
    ("return (a, b)", "(return (tuple a b))"),
    ("do { a; b }", "(do (block a b))"),
    ("func f() { func g() { } }", "(func f (block (func g (block))))"),
  ])
  func statementsHaveTheirForm(text: String, form: String) {
    #expect(programOutline(text) == form)
  }

  @Test func matchCasesSplitAtTheirPatterns() {
    let text = """
      match t {
        case .leaf, Tree.empty: 0
        case .node(l, .node(_, r)) where l > r:
          f(l)
          g(r)
        case (1, "a"), (-2.5, nil):
        case other: other
        default: 3
      }
      """
    #expect(
      programOutline(text)
        == "(match t (case (case .leaf) (block 0)) (case (case Tree.empty) (block 0))"
        + " (case (case .node l (case .node _ r)) (where (> l r)) (block (call f l) (call g r)))"
        + " (case (tuple (literal 1) (literal (string \"a\"))) (block))"
        + " (case (tuple (literal (- 2.5)) (literal nil)) (block))"
        + " (case other (block other)) (case _ (block 3)))")
  }

  @Test func closuresHaveTheirParameters() {
    #expect(expressionOutline("{ x, _ in x }") == "(closure (parameters x _) (block x))")
    #expect(
      expressionOutline("{ (k: Int, f: (Int) -> {a: Real}) -> Real in k }")
        == "(closure (parameters (: k Int) (: f (-> (arguments Int) (record (: a Real)))))"
        + " (-> Real) (block k))")
    #expect(expressionOutline("{ (k) in k }") == "(closure (parameters k) (block k))")
    #expect(expressionOutline("{ in 1 }") == "(closure (parameters) (block 1))")
    #expect(expressionOutline("{ $0 + $1 }") == "(closure (block (+ $0 $1)))")
    #expect(expressionOutline("{ }") == "(closure (block))")
    #expect(expressionOutline("{ (a) }") == "(closure (block a))")
    #expect(expressionOutline("{a: 1}") == "(record (: a 1))")
  }

  @Test func trailingClosuresAreTheLastArgument() {
    #expect(expressionOutline("xs.map { $0 }") == "(call (member xs map) (closure (block $0)))")
    #expect(
      expressionOutline("f(1) { x in x }.g")
        == "(member (call f 1 (closure (parameters x) (block x))) g)")
    #expect(
      expressionOutline("mem { (k: Int) in k }")
        == "(mem (closure (parameters (: k Int)) (block k)))")
  }

  @Test func aBraceInTheHeadOfAStatementStartsItsBody() {
    #expect(programOutline("if a { b }") == "(if a (block b))")
    #expect(
      programOutline("for x in f(g { $0 }) { }")
        == "(for x (call f (call g (closure (block $0)))) (block))")
    #expect(
      programOutline("while xs[{ 1 }()] { }")
        == "(while (index xs (call (closure (block 1)))) (block))")
    #expect(
      programOutline("match a { default: b { c } }")
        == "(match a (case _ (block (call b (closure (block c))))))")
    expectDiagnostic("E0110", "if «{» $0 } { }", hint: "parentheses")
  }
}
