import BorelKernels
import Testing

/// Largest error allowed, in units in the last place of the correctly rounded value.
let allowedError: [String: Double] = [
  "exp": 1, "log": 1, "log1p": 1, "expm1": 2, "sqrt": 0.5, "sin": 1, "cos": 1, "tan": 2,
  "asin": 1.5, "acos": 1.5, "atan": 1.5, "sinh": 2, "cosh": 2, "tanh": 2, "lgamma": 5,
  "digamma": 4, "trigamma": 3, "erf": 2, "erfc": 5, "normal_cdf": 5, "normal_log_cdf": 6,
  "normal_quantile": 6, "logistic": 2, "logit": 3, "log1pexp": 2, "pow": 1.5, "atan2": 2,
  "hypot": 1.5, "logaddexp": 2, "lbeta": 16, "lchoose": 16, "mod": 0,
]

/// Distance in ulps; infinities and NaN must agree.
func errorInUlps(_ found: Double, _ expected: Double) -> Double {
  if found == expected || (found.isNaN && expected.isNaN) { return 0 }
  guard found.isFinite, expected.isFinite else { return .infinity }
  return abs(found - expected) / expected.ulp
}

func elementwise(_ name: String, _ a: [Double], _ b: [Double] = []) -> [Double] {
  let kernelName = name == "pow" || name == "mod" ? name + "_real" : name
  guard let kernel = borel_kernel_named(kernelName) else {
    Issue.record("no kernel \(kernelName)")
    return []
  }
  var result = [Double](repeating: .nan, count: a.count)
  _ = kernel(Int64(a.count), &result, a, b.isEmpty ? a : b, nil, 0)
  return result
}

func checkReferenceValues() {
  for (name, words) in ReferenceValues.unary {
    let arguments = stride(from: 0, to: words.count, by: 2).map { words[$0] }
    for (index, value) in elementwise(name, arguments).enumerated() {
      let error = errorInUlps(value, words[2 * index + 1])
      #expect(error <= allowedError[name, default: 0], "\(name)(\(arguments[index])) = \(value)")
    }
  }
  for (name, words) in ReferenceValues.binary {
    let first = stride(from: 0, to: words.count, by: 3).map { words[$0] }
    let second = stride(from: 1, to: words.count, by: 3).map { words[$0] }
    for (index, value) in elementwise(name, first, second).enumerated() {
      let error = errorInUlps(value, words[3 * index + 2])
      #expect(
        error <= allowedError[name, default: 0],
        "\(name)(\(first[index]), \(second[index])) = \(value)")
    }
  }
}

let infinity = Double.infinity

/// Arguments and values at the edges of the domain.
let edges: [String: [(Double, Double)]] = [
  "exp": [(-infinity, 0), (infinity, infinity), (710, infinity), (-746, 0), (.nan, .nan), (0, 1)],
  "log": [(0, -infinity), (-1, .nan), (infinity, infinity), (1, 0), (.nan, .nan)],
  "log1p": [(-1, -infinity), (-2, .nan), (infinity, infinity), (0, 0), (1e-300, 1e-300)],
  "expm1": [(-infinity, -1), (infinity, infinity), (0, 0), (1e-300, 1e-300), (.nan, .nan)],
  "sin": [(infinity, .nan), (0, 0), (.nan, .nan), (1e-300, 1e-300)],
  "cos": [(-infinity, .nan), (0, 1)],
  "asin": [(1, Double.pi / 2), (1.5, .nan), (0, 0)],
  "acos": [(1, 0), (-1, Double.pi), (-1.5, .nan)],
  "atan": [(infinity, Double.pi / 2), (-infinity, -Double.pi / 2)],
  "sinh": [(infinity, infinity), (-infinity, -infinity), (0, 0)],
  "cosh": [(infinity, infinity), (-infinity, infinity), (0, 1)],
  "tanh": [(infinity, 1), (-infinity, -1), (.nan, .nan)],
  "lgamma": [
    (0, infinity), (1, 0), (2, 0), (-1, infinity), (infinity, infinity), (.nan, .nan),
    (5e-324, 744.4400719213812), (-0.5, 1.2655121234846454),
  ],
  "digamma": [(infinity, infinity), (-2, .nan), (1, -0.5772156649015329)],
  "trigamma": [(infinity, 0), (1, 1.6449340668482264)],
  "erf": [(infinity, 1), (-infinity, -1), (0, 0), (.nan, .nan)],
  "erfc": [(infinity, 0), (-infinity, 2), (0, 1), (.nan, .nan)],
  "normal_cdf": [(infinity, 1), (-infinity, 0), (0, 0.5), (.nan, .nan), (-40, 0)],
  "normal_log_cdf": [(infinity, 0), (-infinity, -infinity), (.nan, .nan), (-1e10, -5e19)],
  "normal_quantile": [(0, -infinity), (1, infinity), (0.5, 0), (-0.1, .nan), (.nan, .nan)],
  "logistic": [(infinity, 1), (-infinity, 0), (0, 0.5), (.nan, .nan)],
  "logit": [(0, -infinity), (1, infinity), (0.5, 0), (2, .nan)],
  "log1pexp": [(infinity, infinity), (-infinity, 0), (.nan, .nan)],
  "floor": [(-0.5, -1), (2.5, 2), (-3, -3), (1e300, 1e300), (infinity, infinity)],
  "ceil": [(-0.5, 0), (2.5, 3), (1e-300, 1)],
  "round": [(2.5, 3), (-2.5, -3), (0.49999999999999994, 0), (-0.5, -1), (0x1p53, 0x1p53)],
  "trunc": [(-2.7, -2), (2.7, 2), (0x1p60, 0x1p60)],
  "sign_real": [(-3, -1), (0, 0), (2, 1), (.nan, .nan)],
]

func checkEdges() {
  for (name, pairs) in edges {
    for (value, (argument, expected)) in zip(elementwise(name, pairs.map(\.0)), pairs) {
      #expect(errorInUlps(value, expected) <= 1, "\(name)(\(argument)) = \(value)")
    }
  }
  let powers: [(Double, Double, Double)] = [
    (0, 0, 1), (2, 0.5, 2.0.squareRoot()), (-2, 3, -8), (-2, 2, 4), (-2, 0.5, .nan),
    (0, -1, infinity),
    (-0.0, -3, -infinity), (infinity, -1, 0), (-infinity, 3, -infinity), (1, .nan, 1),
    (.nan, 0, 1), (-1, infinity, 1), (0.5, infinity, 0), (2, 1024, infinity), (2, -1075, 0),
    (2, -1074, 5e-324),
  ]
  let found = elementwise("pow", powers.map(\.0), powers.map(\.1))
  for (value, (base, exponent, expected)) in zip(found, powers) {
    #expect(errorInUlps(value, expected) <= 1, "pow(\(base), \(exponent)) = \(value)")
  }
}

struct AccuracyTests {
  @Test func functionsAgreeWithReferenceDigits() { checkReferenceValues() }
  @Test func functionsAreCorrectAtTheEdges() { checkEdges() }

  @Test func scalarFunctionsHaveTheBitsOfColumns() {
    for x in [0.1, 0.7, 1.3, 2.9, 17.25] {
      #expect(borel_exp(x) == elementwise("exp", [9, x, 8])[1])
      #expect(borel_lgamma(x) == elementwise("lgamma", [9, x, 8])[1])
      #expect(borel_pow(x, 1.7) == elementwise("pow", [9, x], [2, 1.7])[1])
      #expect(borel_normal_cdf(-x) == elementwise("normal_cdf", [9, -x])[1])
    }
  }
}
