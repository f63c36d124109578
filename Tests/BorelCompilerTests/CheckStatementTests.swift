import BorelCompiler
import Testing

@Test func unknownNamesSuggestNeighbours() {
  expectDiagnostics("func f(level: Real) { §levl + 1 }", "E0201", hint: "'level'")
  expectDiagnostics("func f(x: Real) { §ln(x) }", "E0201", hint: "'log'")
  expectDiagnostics("model m() { x ~ §Norml(0, 1)\n return x }", "E0201", hint: "'Normal'")
}

@Test func redefinitionsAreErrors() {
  expectDiagnostics("func f() { 1 }\nfunc §f() { 2 }", "E0203")
  expectDiagnostics("func f() { let a = 1\n let §a = 2\n a }", "E0203")
  expectDiagnostics("struct P { x: Real }\nstruct §P { y: Real }", "E0203")
  expectDiagnostics("func f(a: Int, §a: Int) { a }", "E0203")
  expectChecked("func f() -> Int { let a = 1\n if a > 0 { let a = 2\n return a }\n a }")
}

@Test func onlyVariablesAreAssigned() {
  expectChecked("func f() -> Real { var a = 1.0\n a += 2\n a = a * 3\n a }")
  expectDiagnostics("func f() { let a = 1\n §a = 2\n a }", "E0212", hint: "var")
  expectDiagnostics("func f(a: Int) { §a = 2\n a }", "E0212", hint: "copy")
  expectDiagnostics("model m() { a ~ Normal(0, 1)\n §a = 2\n return a }", "E0212", hint: "var a ~")
}

@Test func partsOfVariablesAreAssigned() {
  expectChecked(
    """
    struct P { x: Real, tags: [Int] }
    func f() -> Real {
      var p = P(x: 1, tags: [1, 2])
      p.x = 2
      p.tags[0] += 1
      p.tags.append(4)
      var m = identity(2)
      m[0, 1] = 3
      p.x + m[0, 1]
    }
    """)
  expectDiagnostics("func f() { var a = [1]\n a[0] = §2.5\n a }", "E0202")
  expectDiagnostics("func f() { var a = 1\n §a.append(1)\n a }", "E0202")
}

@Test func closuresDoNotAssignCapturedVariables() {
  expectDiagnostics(
    "func f() { var a = 1\n let g = { (x: Int) in §a = x }\n g(1)\n a }", "E0213")
  expectChecked("func f() -> Int { var a = 1\n let g = { (x: Int) in a + x }\n a = 5\n g(1) }")
}

@Test func tuplesAreAssignedPlaceByPlace() {
  expectChecked("func f() -> Real { var a = 1\n var b = [0.5]\n (a, b[0]) = (2, a)\n a + b[0] }")
  expectDiagnostics("func f() { var a = 1\n let b = 2\n (a, §b) = (b, a) }", "E0212")
  expectDiagnostics("func f() { var a = 1\n var b = 2\n (a, b) = §(1, 2, 3) }", "E0202")
  expectDiagnostics("func f() { var a = 1\n §(a, 2) = (1, 2) }", "E0120")
  expectDiagnostics("func f() { var a = 1\n var b = 1\n §(a, b) += (1, 2) }", "E0120")
}

@Test func loopsRunOverArraysAndRanges() {
  expectChecked(
    """
    func f(x: [Real], y: [Int]) -> Real {
      var s = 0.0
      for i in 0..<x.count { s += x[i] }
      for (i, v) in x.enumerated() { s += v * i }
      for (a, b) in zip(x, y) { s += a * b }
      for i in x.indices { if i == 3 { break } else { continue } }
      while s > 10 { s /= 2 }
      s
    }
    """)
  expectDiagnostics("func f(n: Int) { for i in §n { debug i } }", "E0202", hint: "0..<n")
  expectDiagnostics("func f() { §break }", "E0216")
  expectDiagnostics(
    "func f(x: [Int]) { for v in x { let g = { (a: Int) in §continue }\n debug g(v) } }", "E0216")
}

@Test func codeAfterReturnIsWarnedAbout() {
  expectDiagnostics("func f() -> Int { return 1\n §debug 2 }", "W0201")
  expectDiagnostics(
    "func f(c: Bool) -> Int { if c { return 1 } else { return 2 }\n §debug 2 }", "W0201")
}

@Test func blocksYieldTheirLastExpression() {
  #expect(resultType(of: "f", in: "func f(c: Bool) { if c { return 1 }\n 2.5 }") == .real)
  #expect(resultType(of: "f", in: "func f(c: Bool) { if c { debug 1 } }") == .unit)
  #expect(resultType(of: "f", in: "func f() { do { let a = 1\n a + 1 } }") == .int)
  expectDiagnostics("func f(c: Bool) -> Int { if c { return 1 } §}", "E0215")
  expectDiagnostics("func §f(c: Bool) { if c { return 1 }\n \"a\" }", "E0215")
}

@Test func valuesThatAreDroppedAreWarnedAbout() {
  expectDiagnostics("model m() { §Normal(0, 1)\n return 1 }", "W0204", hint: "~")
  expectDiagnostics("func f(a: Int) { §a + 1\n return 2 }", "W0204")
}

@Test func matchMustBeExhaustive() {
  let tree = "enum Tree { case leaf, node(Tree, Int) }\n"
  expectChecked(
    tree + "func f(t: Tree) -> Int { match t { case .leaf: 0\n case .node(l, v): v + f(l) } }")
  expectDiagnostics(
    tree + "func f(t: Tree) -> Int { §match t { case .leaf: 0 } }", "E0214")
  expectDiagnostics(
    tree
      + "func f(t: Tree) -> Int { §match t { case .leaf: 0\n case .node(.leaf, v): v } }", "E0214")
  expectDiagnostics("func f(n: Int) -> Int { §match n { case 0: 1\n case 1: 2 } }", "E0214")
  expectDiagnostics(
    "func f(n: Int) -> Int { match n { case _: 1\n case §1: 2 } }", "W0205")
  expectChecked("func f(n: Int?) -> Int { match n { case nil: 1\n case .some(x): x } }")
  expectDiagnostics(
    "func f(n: Int) -> Int { §match n { case x where x > 0: 1 } }", "E0214")
  expectDiagnostics(
    tree + "func f(t: Tree) -> Int { match t { case .§leef: 0\n case _: 1 } }", "E0209",
    hint: "leaf")
}

@Test func typesAreDeclaredOnceAndFinite() {
  expectDiagnostics("struct §P { p: P }", "E0242")
  expectChecked("struct P { ps: [P] }\nfunc f() -> P { P(ps: []) }")
  expectDiagnostics("func f(x: §Double) { x }", "E0208", hint: "Real")
  expectDiagnostics("func f(x: §Dist) { x }", "E0208")
}
