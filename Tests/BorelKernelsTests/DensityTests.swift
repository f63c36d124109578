import BorelKernels
import Testing

/// Scores n elements of one family. `rows` holds value and parameters per element; a uniform bit
/// takes the first row's entry.
func score(
  _ family: String, _ rows: [[Double]], uniform: UInt32 = 0, onto start: Double? = nil
) -> (failed: Int64, logWeights: [Double]) {
  let n = Int64(rows.count)
  var w = [Double](repeating: start ?? 0, count: rows.count)
  let set: Int32 = start == nil ? 1 : 0
  func column(_ index: Int) -> [Double] { rows.map { $0[index] } }
  func ints(_ index: Int) -> [Int64] { rows.map { Int64($0[index]) } }
  let failed: Int64
  switch family {
  case "exponential":
    failed = borel_score_exponential(n, &w, column(0), column(1), uniform, set)
  case "normal":
    failed = borel_score_normal(n, &w, column(0), column(1), column(2), uniform, set)
  case "lognormal":
    failed = borel_score_lognormal(n, &w, column(0), column(1), column(2), uniform, set)
  case "laplace":
    failed = borel_score_laplace(n, &w, column(0), column(1), column(2), uniform, set)
  case "cauchy":
    failed = borel_score_cauchy(n, &w, column(0), column(1), column(2), uniform, set)
  case "uniform":
    failed = borel_score_uniform(n, &w, column(0), column(1), column(2), uniform, set)
  case "gamma":
    failed = borel_score_gamma(n, &w, column(0), column(1), column(2), uniform, set)
  case "beta":
    failed = borel_score_beta(n, &w, column(0), column(1), column(2), uniform, set)
  case "student_t":
    failed = borel_score_student_t(
      n, &w, column(0), column(1), column(2), column(3), uniform, set)
  case "bernoulli":
    failed = borel_score_bernoulli(n, &w, ints(0), column(1), uniform, set)
  case "poisson":
    failed = borel_score_poisson(n, &w, ints(0), column(1), uniform, set)
  case "geometric":
    failed = borel_score_geometric(n, &w, ints(0), column(1), uniform, set)
  case "binomial":
    failed = borel_score_binomial(n, &w, ints(0), ints(1), column(2), uniform, set)
  default:
    Issue.record("no family \(family)")
    failed = -1
  }
  return (failed, w)
}

/// Reference values, and the same bits for any length, position and choice of uniform operands.
func checkDensities() {
  for (family, points) in DensityValues.byFamily {
    let rows = points.map { Array($0.dropLast()) }
    let (failed, scores) = score(family, rows)
    #expect(failed == -1)
    for (found, point) in zip(scores, points) {
      let expected = point[point.count - 1]
      #expect(abs(found - expected) <= 4e-14 * max(1, abs(expected)), "\(family) at \(point)")
    }
    let many = (0..<70).map { rows[$0 % rows.count] }
    for count in 1...70 {
      #expect(
        score(family, Array(many.prefix(count))).logWeights
          == many.prefix(count).enumerated().map { scores[$0.offset % rows.count] },
        "\(family), n = \(count)")
    }
    for uniform in UInt32(1)..<(1 << UInt32(rows[0].count)) {
      let mixed = many.map { row in
        row.indices.map { uniform >> UInt32($0) & 1 == 0 ? row[$0] : many[0][$0] }
      }
      let expanded = score(family, mixed, onto: 0.5)
      let compact = score(family, many, uniform: uniform, onto: 0.5)
      #expect(expanded.failed == compact.failed, "\(family), mask \(uniform)")
      if expanded.failed < 0 {
        #expect(expanded.logWeights == compact.logWeights, "\(family), mask \(uniform)")
      }
    }
  }
}

struct DensityTests {
  @Test func densitiesAgreeWithReferenceDigits() { checkDensities() }

  @Test(arguments: [
    ("exponential", [-1.0, 1]), ("lognormal", [-1, 0, 1]), ("uniform", [3, 0, 1]),
    ("gamma", [-1, 2, 1]), ("beta", [1.5, 2, 1]), ("poisson", [-1, 2]), ("poisson", [1, 0]),
    ("geometric", [-1, 0.5]), ("binomial", [4, 3, 0.5]), ("binomial", [1, 3, 0]),
    ("bernoulli", [1, 0]), ("normal", [.infinity, 0, 1]), ("gamma", [.infinity, 2, 1]),
  ])
  func logDensityIsMinusInfinityOutsideTheSupport(family: String, row: [Double]) {
    let (failed, scores) = score(family, [row], onto: 1)
    #expect(failed == -1)
    #expect(scores == [-.infinity])
  }

  @Test(arguments: [
    ("exponential", [1.0, 0]), ("normal", [0, 0, -1]), ("normal", [0, .nan, 1]),
    ("normal", [.nan, 0, 1]), ("lognormal", [1, 0, 0]), ("uniform", [0, 1, 1]),
    ("gamma", [1, 0, 1]), ("beta", [0.5, 1, .infinity]), ("student_t", [0, -1, 0, 1]),
    ("bernoulli", [1, 1.5]), ("poisson", [1, -1]), ("geometric", [1, 0]),
    ("binomial", [1, -1, 0.5]), ("cauchy", [0, 0, .nan]), ("laplace", [0, 0, 0]),
  ])
  func badParametersGiveTheFirstIndex(family: String, bad: [Double]) throws {
    let points = try #require(DensityValues.byFamily[family])
    let good = Array(points[0].dropLast())
    for position in [0, 5, 8, 20, 22] {
      var rows = [[Double]](repeating: good, count: 23)
      rows[position] = bad
      if position < 20 { rows[21] = bad }
      let (failed, scores) = score(family, rows, onto: 1)
      #expect(failed == Int64(position))
      #expect(scores.allSatisfy { !$0.isNaN })
    }
  }

  @Test func impossibleAndCertainCountsHaveTheirLimits() {
    #expect(score("poisson", [[0, 0]]).logWeights == [0])
    #expect(score("binomial", [[0, 0, 0.3], [3, 3, 1], [0, 3, 0]]).logWeights == [0, 0, 0])
    #expect(score("geometric", [[0, 1]]).logWeights == [0])
    #expect(score("geometric", [[1, 1]]).logWeights == [-.infinity])
  }
}
