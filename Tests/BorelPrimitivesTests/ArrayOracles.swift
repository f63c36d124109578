import BorelHeap
import BorelPrimitives
import Foundation
import Testing

@Test func reductionsOfReals() throws {
  let application = Application()
  let x = application.array([3.0, -1, 4, 1, 5])
  #expect(try application.real("sum.realArray", x) == 12)
  #expect(try application.real("product.realArray", x) == -60)
  #expect(try application.real("mean.realArray", x) == 2.4)
  #expect(try application.real("variance.realArray", x) == 5.8)
  #expect(try application.real("sd.realArray", x) == 5.8.squareRoot())
  #expect(try application.real("min.realArray", x) == -1)
  #expect(try application.real("max.realArray", x) == 5)
  #expect(try application.real("median.realArray", x) == 3)
  #expect(try application.int("argMin.realArray", x) == 1)
  #expect(try application.int("argMax.realArray", x) == 4)
  #expect(try application.real("quantile.realArray", x, 0.25.word) == 1)
  let low = try #require(try application.real("quantile.realArray", x, 0.1.word))
  #expect(abs(low + 0.2) < 1e-15)
  #expect(try application.real("quantile.realArray", x, 1.5.word) == nil)
  #expect(try application.reals("cumulativeSum.realArray", x) == [3, 2, 6, 7, 12])
  #expect(try application.reals("sort.realArray", x) == [-1, 1, 3, 4, 5])
  #expect(try application.ints("order.realArray", x) == [1, 3, 0, 2, 4])
  #expect(try application.ints("ranks.realArray", x) == [2, 0, 3, 1, 4])
  #expect(try application.reals("reverse.realArray", x) == [5, 1, 4, -1, 3])
  #expect(try application.real("dot.realArray", x, x) == 52)
  #expect(try application.real("dot.realArray", x, application.array([1.0])) == nil)
  let norm = try #require(try application.real("norm.realArray", x))
  #expect(abs(norm - 52.0.squareRoot()) < 1e-14)
}

@Test func logSumExpNeitherOverflowsNorUnderflows() throws {
  let application = Application()
  let x = application.array([1000.0, 1000])
  #expect(try application.real("logSumExp.realArray", x) == 1000 + log(2.0))
  let none = application.array([Double]())
  #expect(try application.real("logSumExp.realArray", none) == -.infinity)
  let dead = application.array([-Double.infinity, -.infinity])
  #expect(try application.real("logSumExp.realArray", dead) == -.infinity)
  let softmax = try #require(try application.reals("softmax.realArray", x))
  #expect(softmax.allSatisfy { abs($0 - 0.5) < 1e-15 })
}

@Test func emptyArraysHaveSumsButNoMeans() throws {
  let application = Application()
  let none = application.array([Double]())
  #expect(try application.real("sum.realArray", none) == 0)
  #expect(try application.real("product.realArray", none) == 1)
  for name in ["mean", "variance", "sd", "min", "max", "median", "argMin", "argMax"] {
    #expect(try application.one("\(name).realArray", [none]) == nil, "\(name)")
  }
  for name in ["mean", "variance", "sd", "min", "max", "argMin", "argMax"] {
    #expect(try application.one("\(name).intArray", [none]) == nil, "\(name)")
  }
}

@Test func reductionsOfIntegersDetectOverflow() throws {
  let application = Application()
  let x = application.array([3, -1, 4] as [Int64])
  #expect(try application.int("sum.intArray", x) == 6)
  #expect(try application.int("product.intArray", x) == -12)
  #expect(try application.real("mean.intArray", x) == 2)
  #expect(try application.real("variance.intArray", x) == 7)
  #expect(try application.ints("cumulativeSum.intArray", x) == [3, 2, 6])
  #expect(try application.ints("sort.intArray", x) == [-1, 3, 4])
  let large = application.array([Int64.max, 1])
  #expect(try application.int("sum.intArray", large) == nil)
  #expect(try application.int("product.intArray", application.array([Int64.max, 2])) == nil)
  #expect(try application.ints("cumulativeSum.intArray", large) == nil)
}

@Test func reductionsOfBools() throws {
  let application = Application()
  let mixed = application.array([0, 1, 1] as [Int64])
  let none = application.array([Int64]())
  #expect(try application.int("any.boolArray", mixed) == 1)
  #expect(try application.int("all.boolArray", mixed) == 0)
  #expect(try application.int("countTrue.boolArray", mixed) == 2)
  #expect(try application.int("any.boolArray", none) == 0)
  #expect(try application.int("all.boolArray", none) == 1)
}

@Test func elementsOfBroadcastsHaveTheBitsOfTheScalarOperation() throws {
  let application = Application()
  let values = [0.3, 1.7, 2.9, 0.01, 5.5, 1e-3, 7.1, 0.9, 2.2]
  let x = application.array(values)
  for name in ["exp", "log", "lgamma", "logistic", "sqrt", "normalCdf"] {
    let mapped = try #require(try application.reals("\(name).realArray", x))
    for (a, b) in zip(values, mapped) {
      #expect(try application.real("\(name).real", a.word) == b, "\(name)")
    }
  }
  for name in ["add", "subtract", "multiply", "divide", "power"] {
    let right = try #require(try application.reals("\(name).realArray.real", x, 1.3.word))
    let left = try #require(try application.reals("\(name).real.realArray", 1.3.word, x))
    let both = try #require(try application.reals("\(name).realArray", x, x))
    for (index, a) in values.enumerated() {
      #expect(try application.real("\(name).real", a.word, 1.3.word) == right[index])
      #expect(try application.real("\(name).real", 1.3.word, a.word) == left[index])
      #expect(try application.real("\(name).real", a.word, a.word) == both[index])
    }
  }
  #expect(try application.reals("add.realArray", x, application.array([1.0])) == nil)
}

@Test func stringsAreConcatenatedAndFormatted() throws {
  let application = Application()
  func text(_ name: String, _ words: UInt64...) throws -> String? {
    try application.one(name, words).map { StringTable.shared[Int64(bitPattern: $0)] }
  }
  let a = StringTable.shared.number(of: "a").word
  let b = StringTable.shared.number(of: "bé").word
  #expect(try text("concat.string", a, b) == "abé")
  #expect(try application.int("count.string", b) == 2)
  #expect(try application.int("equal.string", a, a) == 1)
  #expect(try application.int("less.string", a, b) == 1)
  #expect(try application.int("lessEqual.string", a, a) == 1)
  #expect(try application.int("greater.string", a, b) == 0)
  #expect(try application.int("greaterEqual.string", b, a) == 1)
  #expect(try text("string.fromReal", 1.0.word) == "1")
  #expect(try text("string.fromReal", 0.5.word) == "0.5")
  #expect(try text("string.fromReal", 1e-5.word) == "1e-5")
  #expect(try text("string.fromReal", 1e20.word) == "1e20")
  #expect(try text("string.fromReal", (-Double.infinity).word) == "-inf")
  #expect(try text("string.fromInt", Int64(-7).word) == "-7")
  #expect(try text("string.fromBool", 1) == "true")
}

@Test func textsAreReadAsNumbers() throws {
  let application = Application()
  func word(_ text: String) -> UInt64 { StringTable.shared.number(of: text).word }
  for (text, value) in [("1", 1.0), ("-1.5", -1.5), ("1e3", 1e3), ("inf", .infinity)] {
    #expect(try application.real("real.fromString", word(text)) == value)
    #expect(try application.int("isReal.string", word(text)) == 1)
  }
  for text in ["", "a", "1 ", "0x10", "nan", "1,5"] {
    #expect(try application.one("real.fromString", [word(text)]) == nil)
    #expect(try application.int("isReal.string", word(text)) == 0)
  }
  #expect(try application.int("int.fromString", word("-42")) == -42)
  for text in ["", "1.5", "9223372036854775808"] {
    #expect(try application.one("int.fromString", [word(text)]) == nil)
    #expect(try application.int("isInt.string", word(text)) == 0)
  }
}
