import BorelPrimitives
import Foundation
import Testing

private let unaryOracles: [(String, @Sendable (Double) -> Double, ClosedRange<Double>)] = [
  ("exp", { exp($0) }, -700...700), ("expm1", { expm1($0) }, -5...5),
  ("log", { log($0) }, 1e-300...1e300), ("log1p", { log1p($0) }, -0.99...100),
  ("log2", { log2($0) }, 1e-10...1e10), ("log10", { log10($0) }, 1e-10...1e10),
  ("sqrt", { $0.squareRoot() }, 0...1e10), ("sin", { sin($0) }, -20...20),
  ("cos", { cos($0) }, -20...20), ("tan", { tan($0) }, -1.5...1.5),
  ("asin", { asin($0) }, -1...1), ("acos", { acos($0) }, -1...1),
  ("atan", { atan($0) }, -50...50), ("sinh", { sinh($0) }, -20...20),
  ("cosh", { cosh($0) }, -20...20), ("tanh", { tanh($0) }, -20...20),
  ("lgamma", { lgamma($0) }, 0.01...200), ("erf", { erf($0) }, -5...5),
  ("erfc", { erfc($0) }, -5...20), ("logistic", { 1 / (1 + exp(-$0)) }, -30...30),
  ("normalCdf", { 0.5 * erfc(-$0 / 2.0.squareRoot()) }, -8...8),
  ("log1pexp", { log1p(exp($0)) }, -30...30), ("log1mexp", { log1p(-exp($0)) }, -30...(-1)),
  ("square", { $0 * $0 }, -10...10), ("abs", { abs($0) }, -10...10),
]

/// 64 ulps, with an absolute floor near zeros of the function.
private func isClose(_ a: Double, _ b: Double) -> Bool {
  a == b || abs(a - b) <= 64 * max(b.ulp, 1e-17)
}

@Test(arguments: unaryOracles.indices)
func functionsOfOneRealAgreeWithTheCLibrary(_ index: Int) throws {
  let (name, oracle, range) = unaryOracles[index]
  let application = Application()
  var random = SplitMix(state: 11)
  for _ in 0..<500 {
    let x = Double.random(in: range, using: &random)
    let value = try #require(try application.real("\(name).real", x.word))
    #expect(isClose(value, oracle(x)), "\(name)(\(x)) = \(value), expected \(oracle(x))")
  }
}

@Test func functionsOfTwoRealsAgreeWithTheCLibrary() throws {
  let application = Application()
  var random = SplitMix(state: 12)
  let oracles: [(String, (Double, Double) -> Double)] = [
    ("add", { $0 + $1 }), ("subtract", { $0 - $1 }), ("multiply", { $0 * $1 }),
    ("divide", { $0 / $1 }), ("power", { pow($0, $1) }), ("hypot", { hypot($0, $1) }),
    ("atan2", { atan2($0, $1) }), ("min", { min($0, $1) }), ("max", { max($0, $1) }),
    ("remainder", { $0.truncatingRemainder(dividingBy: $1) }),
    ("logAddExp", { log(exp($0) + exp($1)) }),
    ("lbeta", { lgamma($0) + lgamma($1) - lgamma($0 + $1) }),
  ]
  for (name, oracle) in oracles {
    for _ in 0..<200 {
      let x = Double.random(in: 0.1...5, using: &random)
      let y = Double.random(in: 0.1...5, using: &random)
      let value = try #require(try application.real("\(name).real", x.word, y.word))
      #expect(abs(value - oracle(x, y)) <= 1e-13 * max(1, abs(oracle(x, y))), "\(name)")
    }
  }
}

@Test func valuesOutsideTheDomainGiveNaNAndNotAFailure() throws {
  let application = Application()
  for name in ["log", "sqrt", "logit", "normalQuantile", "log1mexp"] {
    let value = try #require(try application.real("\(name).real", (-2.0).word + 0))
    if name != "log1mexp" { #expect(value.isNaN, "\(name)") }
  }
  #expect(try application.real("log1mexp.real", 1.0.word)?.isNaN == true)
}

@Test func logarithmsOfWholePowersAreExact() throws {
  let application = Application()
  for k in -20...20 {
    #expect(try application.real("log10.real", pow(10, Double(k)).word) == Double(k))
    #expect(try application.real("log2.real", pow(2, Double(k)).word) == Double(k))
  }
}

@Test func integerOverflowFailsInItsLane() throws {
  let application = Application()
  let add = try #require(PrimitiveRegistry.named("add.int"))
  let columns: [[UInt64]] = [
    [1, Int64.max.word, 3].map { $0 }, [1, 1, Int64.max.word],
  ]
  #expect(application.apply(add, columns, count: 3).failure == 1)
  let cases: [(String, Int64, Int64)] = [
    ("add", .max, 1), ("subtract", .min, 1), ("multiply", .max, 2), ("quotient", .min, -1),
    ("quotient", 1, 0), ("remainder", 1, 0), ("power", 10, 19), ("power", 2, -1),
  ]
  for (name, a, b) in cases {
    #expect(try application.int("\(name).int", a.word, b.word) == nil, "\(name)")
  }
  #expect(try application.int("negate.int", Int64.min.word) == nil)
  #expect(try application.int("abs.int", Int64.min.word) == nil)
  #expect(try application.int("square.int", Int64.max.word) == nil)
  #expect(try application.int("power.int", Int64(-2).word, Int64(63).word) == .min)
  #expect(try application.int("remainder.int", Int64.min.word, Int64(-1).word) == 0)
}

@Test func smallIntegersAgreeWithTheStandardLibrary() throws {
  let application = Application()
  for a in Int64(-6)...6 {
    for b in Int64(-6)...6 {
      #expect(try application.int("add.int", a.word, b.word) == a + b)
      #expect(try application.int("subtract.int", a.word, b.word) == a - b)
      #expect(try application.int("multiply.int", a.word, b.word) == a * b)
      #expect(try application.int("min.int", a.word, b.word) == min(a, b))
      #expect(try application.int("max.int", a.word, b.word) == max(a, b))
      #expect(try application.int("less.int", a.word, b.word) == (a < b ? 1 : 0))
      #expect(try application.int("greaterEqual.int", a.word, b.word) == (a >= b ? 1 : 0))
      #expect(try application.int("equal.int", a.word, b.word) == (a == b ? 1 : 0))
      if b != 0 {
        #expect(try application.int("quotient.int", a.word, b.word) == a / b)
        #expect(try application.int("remainder.int", a.word, b.word) == a % b)
      }
      if b >= 0 {
        let power = (0..<b).reduce(Int64(1)) { product, _ in product * a }
        #expect(try application.int("power.int", a.word, b.word) == power)
      }
    }
  }
}

@Test func roundingGivesIntegersOrFails() throws {
  let application = Application()
  #expect(try application.int("int.floor", (-1.5).word) == -2)
  #expect(try application.int("int.ceil", (-1.5).word) == -1)
  #expect(try application.int("int.round", 2.5.word) == 3)
  #expect(try application.int("int.round", (-2.5).word) == -3)
  #expect(try application.int("int.trunc", (-1.5).word) == -1)
  #expect(try application.int("int.fromReal", 3.0.word) == 3)
  #expect(try application.int("int.fromReal", 3.5.word) == nil)
  for x in [Double.nan, .infinity, 9.3e18, -9.3e18] {
    for name in ["floor", "ceil", "round", "trunc", "fromReal"] {
      #expect(try application.int("int.\(name)", x.word) == nil, "\(name) of \(x)")
    }
  }
  #expect(try application.int("int.trunc", (-9_223_372_036_854_775_808.0).word) == .min)
}

@Test func combinatoricsIsExact() throws {
  let application = Application()
  #expect(try application.int("choose.int", Int64(10).word, Int64(3).word) == 120)
  #expect(try application.int("choose.int", Int64(3).word, Int64(5).word) == 0)
  #expect(
    try application.int("choose.int", Int64(66).word, Int64(33).word) == 7_219_428_434_016_265_740)
  #expect(try application.int("choose.int", Int64(68).word, Int64(34).word) == nil)
  #expect(try application.int("factorial.int", Int64(20).word) == 2_432_902_008_176_640_000)
  #expect(try application.int("factorial.int", Int64(21).word) == nil)
}

@Test func comparisonsWithNaNAreFalseExceptNotEqual() throws {
  let application = Application()
  for name in ["less", "lessEqual", "greater", "greaterEqual", "equal"] {
    #expect(try application.int("\(name).real", Double.nan.word, 1.0.word) == 0)
  }
  #expect(try application.int("notEqual.real", Double.nan.word, 1.0.word) == 1)
  #expect(try application.int("equal.real", 0.0.word, (-0.0).word) == 1)
}
