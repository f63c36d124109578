import BorelCompiler
import Testing

@Test func argumentsAreFoundByPositionLabelAndDefault() {
  let f = "func f(a: Real, b: Real = 2, c: Int = 3) -> Real { a + b + c }\n"
  expectChecked(f + "func g() { f(1) + f(1, 2) + f(1, c: 4) + f(c: 1, a: 2) }")
  expectDiagnostics(f + "func g() { §f() }", "E0204", hint: "a:")
  expectDiagnostics(f + "func g() { §f(1, 2, 3, 4) }", "E0204")
  expectDiagnostics(f + "func g() { f(1, §d: 3) }", "E0205")
  expectDiagnostics(f + "func g() { f(§1, a: 3) + f(a: 1, §a: 2) }", "E0205", "E0205")
}

@Test func resultsAreInferredButNotThroughRecursion() {
  expectChecked("func g() { f() + 1 }\nfunc f() { 2 }")
  expectDiagnostics("func f(n: Int) { if n == 0 { 0 } else { §f(n - 1) } }", "E0210")
  expectChecked("func f(n: Int) -> Int { if n == 0 { 0 } else { 1 + f(n - 1) } }")
}

@Test func genericFunctionsAreInstantiated() {
  let source = """
    func second<T>(xs: [T]) -> T { xs[1] }
    func twice<T: Number>(x: T) -> T { x + x }
    func f() { (second([1, 2]), second(["a", "b"]), twice(1.5), twice(2)) }
    """
  #expect(resultType(of: "f", in: source) == .tuple([.int, .string, .real, .int]))
  expectDiagnostics(
    "func twice<T: Number>(x: T) -> T { x + x }\nfunc f() { §twice(\"a\") }", "E0243")
  expectDiagnostics("func twice<T>(x: T) -> T { §x + x }", "E0207", hint: "Number")
  expectDiagnostics("func f<T: §Numbr>(x: T) -> T { x }", "E0243", hint: "Number")
}

@Test func anAccumulatorThatStartsWithAnIntMayBecomeReal() {
  #expect(resultType(of: "f", in: "func f(x: [Real]) { fold(x, 0, { a, v in a + v }) }") == .real)
  #expect(resultType(of: "f", in: "func f(x: [Int]) { fold(x, 0, { a, v in a + v }) }") == .int)
}

@Test func closuresTakeTheirTypesFromTheContext() {
  #expect(resultType(of: "f", in: "func f(x: [Int]) { x.map { $0 / 2 } }") == .array(.real))
  #expect(resultType(of: "f", in: "func f(x: [Real]) { map(x, exp) }") == .array(.real))
  #expect(resultType(of: "f", in: "func f(x: [Int]) { map(x, exp) }") == .array(.real))
  expectDiagnostics("func f() { let g = { §x in x }\n g }", "E0211", hint: "(x: Real)")
  expectDiagnostics("func f(x: [Int]) { x.map(§{ a, b in a }) }", "E0204")
}

@Test func innerFunctionsCaptureAndRecurse() {
  let source = """
    func f(n: Int) {
      func down(k: Int) { if k <= n { 0 } else { 1 + down(k - 1) } }
      down(10)
    }
    """
  #expect(resultType(of: "f", in: source) == .int)
  expectDiagnostics("func f() { func g<§T>(x: T) -> T { x }\n g(1) }", "E0243")
}

@Test func onlyFunctionsAreCalled() {
  expectDiagnostics("func f(a: Int) { §a(1) }", "E0206")
  expectDiagnostics("func f(g: (Int) -> Int) { §g(1, 2) }", "E0204")
  expectDiagnostics("enum E { case a }\nfunc f() { §E(1) }", "E0206")
  expectDiagnostics("func f() { §exp(\"a\") }", "E0207")
  expectDiagnostics("model m() { 1 }\nfunc f() { §m }", "E0206")
}

@Test func memoKeysAreDiscrete() {
  expectChecked("model m() { let c = mem { (k: Int) in sample Normal(0, 1) }\n return c(1) }")
  expectDiagnostics("model m() { let c = mem §{ (k: Real) in k }\n return c(1) }", "E0238")
  expectDiagnostics("func f() { mem §3 }", "E0238")
}

@Test func effectsAreInferredThroughCallsAndClosures() {
  let source = """
    func roll() { sample Bernoulli(0.5) }
    func twice(f: () -> Bool) -> Bool { f() && f() }
    func g() { twice { roll() } }
    func pure(x: Real) { x + 1 }
    """
  let program = expectChecked(source)
  let effects = Dictionary(
    (program?.functions ?? []).map { ($0.name, $0.effects) }, uniquingKeysWith: { a, _ in a })
  #expect(effects["g"] == .draws)
  #expect(effects["pure"] == [])
  expectDiagnostics(
    "func roll() -> Real { sample Normal(0, 1) }\nmodel m(a: Real = §roll()) { a }", "E0231")
}

@Test func functionsOfTheProgramHideTheLanguage() {
  #expect(resultType(of: "g", in: "func exp(x: Int) { x }\nfunc g() { exp(2) }") == .int)
}

@Test func aNumberDoesNotHideTheFunctionOfItsName() {
  expectChecked("func f(y: [Real]) -> Real { let mean = mean(y)\n mean + y.mean() + mean(y) }")
}

@Test func topLevelConstantsAreVisibleInFunctions() {
  expectChecked("let tau = 2 * pi\nfunc f() -> Real { tau + 1 }\nprint(f(), tau)")
  expectDiagnostics("let d = readJSON(\"a\")\nfunc f() { §d }", "E0239", hint: "argument")
}
