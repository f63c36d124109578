import BorelCompiler
import Testing

@Test func intWidensToRealAndNothingElseConverts() {
  expectChecked("func f(x: Real) -> Real { x + 1 }\nfunc g() -> Real { f(2) }")
  expectDiagnostics("func f(x: Int) -> Int { §x + 1.5 }", "E0202", hint: "round")
  expectDiagnostics("func f(b: Bool) -> Int { §b + 1 }", "E0207", hint: "Int(b)")
}

@Test func divisionGivesRealAndPowerOfIntsByLiteralsGivesInt() {
  #expect(resultType(of: "f", in: "func f(a: Int, b: Int) { a / b }") == .real)
  #expect(resultType(of: "f", in: "func f(a: Int) { a ^ 2 }") == .int)
  #expect(resultType(of: "f", in: "func f(a: Int, b: Int) { a ^ b }") == .real)
  #expect(resultType(of: "f", in: "func f(a: Int, b: Int) { a % b }") == .int)
  #expect(resultType(of: "f", in: "func f(a: Int) { -a }") == .int)
}

@Test func literalsOfAnArrayAreUnified() {
  #expect(resultType(of: "f", in: "func f() { [1, 2.5] }") == .array(.real))
  #expect(resultType(of: "f", in: "func f() { [nil, 1, 2.5] }") == .array(.optional(.real)))
  #expect(resultType(of: "f", in: "func f(c: Bool) { if c { 1 } else { 2.5 } }") == .real)
  expectDiagnostics("func f() { [1, §\"a\"] }", "E0202")
}

@Test func arraysBroadcastWithScalars() {
  let source = "func f(a: Real, b: Real, x: [Real]) { exp(a + b * x) }"
  #expect(resultType(of: "f", in: source) == .array(.real))
  #expect(resultType(of: "f", in: "func f(x: [Int]) { x * 2 }") == .array(.int))
  #expect(resultType(of: "f", in: "func f(x: [Real]) { x > 0 }") == .array(.bool))
  #expect(resultType(of: "f", in: "func f(x: [Int]) { log(x) }") == .array(.real))
  #expect(resultType(of: "f", in: "func f(x: [Real]) { sum(x) }") == .real)
  expectDiagnostics("func f(x: [[Real]]) { §x + 1 }", "E0207", hint: "map")
}

@Test func equalityIsStructuralAndTyped() {
  expectChecked("func f(a: (Int, [Real]), b: (Int, [Real])) -> Bool { a == b }")
  expectChecked("func f(a: Real?) -> Bool { a == nil }")
  expectDiagnostics("func f(a: Int, b: String) { §a == b }", "E0207")
  expectDiagnostics("func f(a: (Int) -> Int) { §a == a }", "E0207")
}

@Test func optionalsMustBeUnwrapped() {
  expectChecked("func f(a: Real?) -> Real { a ?? 0 }")
  expectChecked("func f(a: Real?) -> Real { if let b = a { b + 1 } else { 0 } }")
  expectChecked("func f() -> Real? { 1 }")
  expectDiagnostics("func f(a: Real?) -> Real { §a }", "E0202", hint: "??")
  expectDiagnostics("func f(a: Real?) { §a + 1 }", "E0207", hint: "??")
  expectDiagnostics("func f(a: Real) { §a ?? 0 }", "E0202")
  expectDiagnostics("func f(a: Real) { if let b = §a { debug b } }", "E0202")
}

@Test func recordsAreStructural() {
  let source = """
    func f() -> {b: Real, a: Int} { {a: 1, b: 2} }
    func g() { f().b }
    """
  #expect(resultType(of: "g", in: source) == .real)
  expectDiagnostics("func f(r: {slope: Real}) { r.§slop }", "E0209", hint: "slope")
  expectDiagnostics("func f() { {a: 1, §a: 2} }", "E0203")
}

@Test func tuplesAreTakenApart() {
  expectChecked("func f(p: (Int, Real)) -> Real { let (a, b) = p\n a + b + p.1 }")
  expectDiagnostics("func f(p: (Int, Real)) { let §(a, b, c) = p\n debug a + b + c }", "E0217")
  expectDiagnostics("func f(p: (Int, Real)) { p.§2 }", "E0209")
}

@Test func indicesAreInts() {
  expectChecked("func f(x: [Real], i: Int) -> [Real] { x[i..<3] }")
  expectChecked("func f(m: Matrix) -> Real { m[0, 1] }")
  expectDiagnostics("func f(x: [Real]) { x[§1.5] }", "E0202")
  expectDiagnostics("func f(x: Real) { §x[0] }", "E0202")
  expectDiagnostics("func f(m: Matrix) { §m[0] }", "E0202", hint: "m[i, j]")
}

@Test func conditionsAreBools() {
  expectDiagnostics("func f(n: Int) { if §n { debug n } }", "E0202", hint: "!= 0")
  expectDiagnostics("func f(n: Int) { while §n { debug n } }", "E0202")
  expectDiagnostics("func f(c: Bool) { if c { 1 } else { §\"a\" } }", "E0202")
}

@Test func emptyArraysNeedATypeFromSomewhere() {
  expectChecked("func f() -> [Int] { var xs = []\n xs.append(1)\n xs }")
  expectChecked("func f() -> [Real] { [] }")
  expectDiagnostics("func f() { let xs = §[]\n xs.count }", "E0211")
}

@Test func stringsInterpolateAnything() {
  #expect(resultType(of: "f", in: "func f(x: [Real]) { \"a \\(x) \\(1 + 1)\" }") == .string)
  #expect(resultType(of: "f", in: "func f(x: String) { x + \"b\" }") == .string)
}

@Test func errorsDoNotCascade() {
  expectDiagnostics("func f() { let a = §b\n let c = a + 1\n c * a }", "E0201")
  expectDiagnostics("func f() { §b + §c }", "E0201", "E0201")
  expectDiagnostics("func f() { §zeros(3) }", "E0201", hint: "fill(0.0, count)")
}
