import BorelBase
import BorelCompiler
import BorelIR
import BorelIRTestSupport
import BorelTransforms
import Testing

/// Derivatives of functions of the language, through control flow and data, against differences.
@Suite struct DerivativeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var source: String
    var testDescription: String { name }
    init(_ name: String, _ source: String) {
      self.name = name
      self.source = source
    }
  }

  static let cases: [Case] = [
    .init("arithmetic", "func f(x: Real, y: Real) -> Real { x * y + exp(x) / (1 + y * y) - 3 }"),
    .init(
      "loops",
      """
      func f(x: Real, y: Real) -> Real {
        var s = x
        for i in 0..<5 { s = s * y + sin(s) + Real(i) }
        return s
      }
      """),
    .init(
      "branches on data",
      """
      func f(x: Real, y: Real) -> Real {
        var s = 1.0
        for i in 0..<6 { if i == 2 || i == 4 { s = s * x } else { s = s + y * s } }
        return s
      }
      """),
    .init(
      "one input only",
      "func f(x: Real, y: Real) -> Real { let n = [1.0, 2.0, 3.0].sum() + 0 * y; return x * n }"),
    .init(
      "recursion",
      """
      func power(a: Real, n: Int) -> Real { if n == 0 { 1.0 } else { a * power(a, n - 1) } }
      func f(x: Real, y: Real) -> Real { power(x, 3) + power(y, 2) * power(x, 1) }
      """),
    .init(
      "tail calls",
      """
      func go(a: Real, b: Real, n: Int) -> Real { if n == 0 { a } else { go(a * b + 1, b, n - 1) } }
      func f(x: Real, y: Real) -> Real { go(x, y, 4) }
      """),
    .init(
      "arrays",
      """
      func f(x: Real, y: Real) -> Real {
        var xs = [x, 2 * y, x * y]
        xs = xs.appending(x - y)
        xs[1] = xs[0] * xs[2]
        let ys = concat(xs, [1.0, y])
        return ys.map { v in v * v }.sum() + dot(ys, ys) + ys[1..<3].mean() + logSumExp(ys)
      }
      """),
    .init(
      "arrays of tuples and of arrays",
      """
      func f(x: Real, y: Real) -> Real {
        var rows = [] as [(Int, Real, [Real])]
        for i in 0..<3 { rows = rows.appending((i, x * Real(i), [x, y, Real(i)])) }
        var s = 0.0
        for (i, a, b) in rows { s = s + a * b[i] + b.sum() }
        return s
      }
      """),
    .init(
      "elementwise arrays",
      """
      func f(x: Real, y: Real) -> Real {
        let a = [0.3, 0.7, 1.2]
        return sum(exp(x * a) / (y + a) + log(a + x) ** 1.0 - sqrt(y * a))
      }
      """.replacingPower),
    .init(
      "closures",
      """
      func twice(g: (Real) -> Real, v: Real) -> Real { g(g(v)) }
      func pick(n: Int, x: Real) -> (Real) -> Real {
        if n == 0 { { (v: Real) in v * x } } else { { (v: Real) in v + x * x } }
      }
      func f(x: Real, y: Real) -> Real {
        var s = twice({ v in v * x + y }, y)
        for i in 0..<2 { s = s + pick(i, x)(y) }
        return s
      }
      """),
    .init(
      "enums with payload",
      """
      enum Tree { case leaf(Real), node(Tree, Tree) }
      func build(n: Int, v: Real) -> Tree {
        if n == 0 { Tree.leaf(v) } else { Tree.node(build(n - 1, v * v), build(n - 1, v + 1)) }
      }
      func total(t: Tree, y: Real) -> Real {
        match t { case .leaf(v): v * y; case .node(a, b): total(a, y) + total(b, y * y) }
      }
      func f(x: Real, y: Real) -> Real { total(build(2, x), y) }
      """),
    .init(
      "optionals and tuples",
      """
      func part(n: Int, x: Real) -> Real? { if n == 1 { nil } else { x * x } }
      func f(x: Real, y: Real) -> Real {
        var s = 0.0
        for i in 0..<3 { s = s + (part(i, x) ?? y) }
        let (a, b) = (s * x, y)
        return a * b
      }
      """),
    .init(
      "matrices",
      """
      func f(x: Real, y: Real) -> Real {
        let m = matrix(2, 2, [2 + x * x, x * y, x * y, 3 + y])
        let l = cholesky(m)
        return logDeterminant(m) + quadraticForm(inverse(m), [x, y]) + l[1, 0] * trace(matmul(m, m))
      }
      """),
    .init(
      "densities",
      """
      func f(x: Real, y: Real) -> Real {
        let d = if 1 > 2 { Normal(x, y) } else { Gamma(shape: x, rate: y) }
        return logDensity(d, 1.3) + logDensity(Normal(x * y, sd: exp(y)), x)
          + logDensity(Mixture([x, y], [Normal(0, x), Normal(y, 1)]), 0.4)
          + logDensity(Dirichlet([x, y, x * y]), [0.2, 0.3, 0.5])
      }
      """),
    .init(
      "kinks",
      "func f(x: Real, y: Real) -> Real { max(x, y) * abs(x - y) + min(x, 0.2) + clamp(y, 0, 1) }"),
  ]

  /// Fourth-order differences with a step of 1e-3: truncation and rounding below 1e-9.
  private func check(_ source: String, _ name: String, at points: [(Double, Double)]) throws {
    let program = try DerivativeProgram(source)
    for (x, y) in points {
      let found = try program.tangents(x, y)
      let value = try program.value(x, y)
      #expect(found.first == value, "\(name): the value has changed")
      let h = 1e-3
      func along(_ dx: Double, _ dy: Double) throws -> Double {
        func at(_ s: Double) throws -> Double { try program.value(x + s * dx, y + s * dy) }
        return try (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
      }
      let expected = try [along(1, 0), along(0, 1)]
      guard found.count == 3 else {
        Issue.record("\(name): \(found.count - 1) tangents")
        continue
      }
      for k in 0..<2 {
        #expect(
          abs(found[1 + k] - expected[k]) < 1e-7 * (1 + abs(expected[k])),
          "\(name), direction \(k) at (\(x), \(y)): \(found[1 + k]) against \(expected[k])")
      }
    }
  }

  @Test(arguments: cases)
  func derivativesOfFunctionsAgreeWithDifferences(_ example: Case) throws {
    try check(example.source, example.name, at: [(0.7, 1.3), (1.6, 0.45)])
  }

  @Test(arguments: [UInt64](1...40))
  func derivativesOfRandomFunctionsAgreeWithDifferences(seed: UInt64) throws {
    var writer = RandomFunction(seed: seed)
    let source = writer.source()
    try check(source, source, at: [(0.7, 1.3)])
  }

  @Test func textFormOfDifferentiatedProgramsIsReadBack() throws {
    for example in Self.cases {
      let program = try DerivativeProgram(example.source).program
      let text = printIR(program)
      #expect(try parsed(text) == program.withoutSpans, "\(example.name)")
    }
  }
}

extension String {
  /// The language writes powers as a function.
  fileprivate var replacingPower: String { self.replacing("** 1.0", with: "* 1.0") }
}

/// Functions of two reals by random statements, smooth and bounded near the points of the test.
struct RandomFunction {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  private mutating func pick(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(count))
  }

  private mutating func expression(_ depth: Int, _ names: [String]) -> String {
    if depth == 0 || pick(5) == 0 {
      return pick(4) == 0 ? ["0.5", "1.5", "-0.3"][pick(3)] : names[pick(names.count)]
    }
    let a = expression(depth - 1, names)
    let b = expression(depth - 1, names)
    switch pick(11) {
    case 0: return "(\(a) + \(b))"
    case 1: return "(\(a) - \(b))"
    case 2: return "tanh(\(a)) * \(b)"
    case 3: return "\(a) / (1 + square(\(b)))"
    case 4: return "sin(\(a))"
    case 5: return "log1pexp(\(a))"
    case 6: return "logistic(\(a) * \(b))"
    case 7: return "[tanh(\(a)), \(b), 0.4].sum()"
    case 8: return "helper(\(a), tanh(\(b)), \(pick(3)))"
    case 9: return "[\(a), \(b)][\(pick(2))]"
    default: return "sqrt(1 + square(\(a)))"
    }
  }

  mutating func source() -> String {
    var lines = [
      "func helper(a: Real, b: Real, n: Int) -> Real {",
      "  if n == 0 { a * b } else { helper(b, tanh(a), n - 1) + a }", "}",
      "func f(x: Real, y: Real) -> Real {", "  var s = 0.1 * x * y",
    ]
    var names = ["x", "y", "s"]
    for index in 0..<(2 + pick(4)) {
      switch pick(4) {
      case 0:
        lines.append("  let v\(index) = \(expression(3, names))")
        names.append("v\(index)")
      case 1:
        lines.append(
          "  for i in 0..<\(1 + pick(3)) { s = tanh(\(expression(2, names))) + 0.1 * Real(i) }")
      case 2:
        lines.append(
          "  if \(pick(2)) == 0 { s = \(expression(2, names)) } else { s = s * 0.5 }")
      default:
        lines.append("  let g\(index) = { (u: Real) in u * \(expression(1, names)) }")
        lines.append("  s = tanh(g\(index)(\(expression(1, names))))")
      }
    }
    lines.append("  return s + \(expression(3, names)) + 0.01 * x * y")
    lines.append("}")
    return lines.joined(separator: "\n")
  }
}
