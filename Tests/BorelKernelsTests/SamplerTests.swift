import BorelKernels
import Testing

/// Sample mean and variance against the exact ones. The bounds are 5 standard errors (false alarm
/// about 6e-7 each); `fourth` is the exact fourth central moment.
func checkMoments(
  _ name: String, _ values: [Double], mean: Double, variance: Double, fourth: Double
) {
  let n = Double(values.count)
  let average = values.reduce(0, +) / n
  let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
  #expect(abs(average - mean) < 5 * (variance / n).squareRoot(), "mean of \(name): \(average)")
  let spreadError = ((fourth - variance * variance) / n).squareRoot()
  #expect(abs(spread - variance) < 5 * spreadError, "variance of \(name): \(spread)")
}

func draws(_ count: Int, _ body: (inout borel_lane_random) -> Double) -> [Double] {
  (0..<count).map { lane in
    var random = borel_lane_random_make(2026, UInt32(lane), 0, 0)
    return body(&random)
  }
}

struct SamplerTests {
  let count = 40_000

  @Test func columnsHaveTheMomentsOfTheirFamilies() {
    var column = [Double](repeating: 0, count: count)
    borel_fill_uniform_contiguous(Int64(count), &column, 1, 0, 0, 0)
    #expect(column.allSatisfy { $0 > 0 && $0 < 1 })
    checkMoments("uniform", column, mean: 0.5, variance: 1.0 / 12, fourth: 1.0 / 80)
    borel_fill_normal_contiguous(Int64(count), &column, 2, 0, 0, 0)
    checkMoments("normal", column, mean: 0, variance: 1, fourth: 3)
    borel_fill_exponential_contiguous(Int64(count), &column, 3, 0, 0, 0)
    checkMoments("exponential", column, mean: 1, variance: 1, fourth: 9)
  }

  @Test func lanesThatShareABlockAreUncorrelated() {
    var column = [Double](repeating: 0, count: count)
    borel_fill_normal_contiguous(Int64(count), &column, 4, 0, 0, 0)
    var sum = 0.0
    var squares = 0.0
    for lane in 0..<count where lane & 8 == 0 && lane + 8 < count {
      sum += column[lane] * column[lane + 8]
      squares += column[lane] * column[lane] * column[lane + 8] * column[lane + 8]
    }
    let pairs = Double(count) / 2
    #expect(abs(sum) < 5 * pairs.squareRoot())
    #expect(abs(squares / pairs - 1) < 5 * (8 / pairs).squareRoot())
  }

  @Test func privateStreamsHaveTheMomentsOfTheirFamilies() {
    let normals = draws(count) { borel_next_normal(&$0) }
    checkMoments("next normal", normals, mean: 0, variance: 1, fourth: 3)
    let uniforms = draws(count) { borel_next_uniform(&$0) }
    checkMoments("next uniform", uniforms, mean: 0.5, variance: 1.0 / 12, fourth: 1.0 / 80)
  }

  @Test(arguments: [0.2, 0.9, 1, 2.5, 300]) func gammaDrawsHaveTheirMoments(shape: Double) {
    let values = draws(count) { borel_draw_gamma(&$0, shape) }
    checkMoments(
      "gamma", values, mean: shape, variance: shape, fourth: 3 * shape * shape + 6 * shape)
  }

  @Test(arguments: [(0.5, 0.5), (2, 5), (0.3, 4)])
  func betaDrawsHaveTheirMoments(a: Double, b: Double) {
    let values = draws(count) { borel_draw_beta(&$0, a, b) }
    let total = a + b
    let variance = a * b / (total * total * (total + 1))
    let skew = 6 * ((a - b) * (a - b) * (total + 1) - a * b * (total + 2))
    let excess = skew / (a * b * (total + 2) * (total + 3))
    checkMoments(
      "beta", values, mean: a / total, variance: variance,
      fourth: (excess + 3) * variance * variance)
  }

  @Test(arguments: [0.3, 9.5, 10, 77, 1e6]) func poissonDrawsHaveTheirMoments(rate: Double) {
    let values = draws(count) { Double(borel_draw_poisson(&$0, rate)) }
    checkMoments(
      "poisson", values, mean: rate, variance: rate, fourth: rate * (1 + 3 * rate))
  }

  @Test(arguments: [(5, 0.3), (100, 0.5), (1000, 0.97), (1_000_000, 0.002)])
  func binomialDrawsHaveTheirMoments(trials: Int64, p: Double) {
    let values = draws(count) { Double(borel_draw_binomial(&$0, trials, p)) }
    let n = Double(trials)
    let pq = p * (1 - p)
    let variance = n * pq
    checkMoments(
      "binomial", values, mean: n * p, variance: variance,
      fourth: variance * (1 + 3 * (n - 2) * pq))
    #expect(values.allSatisfy { $0 >= 0 && $0 <= n })
  }

  @Test func geometricAndStudentDrawsHaveTheirMoments() {
    let p = 0.3
    let q = 0.7
    let counts = draws(count) { Double(borel_draw_geometric(&$0, p)) }
    let variance = q / (p * p)
    checkMoments(
      "geometric", counts, mean: q / p, variance: variance,
      fourth: variance * variance * (9 + p * p / q))
    let t = draws(count) { borel_draw_student_t(&$0, 12) }
    checkMoments("student t", t, mean: 0, variance: 1.2, fourth: 1.44 * (3 + 6.0 / 8))
  }

  @Test func parametersOutsideTheDomainAreReported() {
    var random = borel_lane_random_make(1, 2, 3, 4)
    #expect(borel_draw_gamma(&random, -1).isNaN)
    #expect(borel_draw_poisson(&random, .nan) == -1)
    #expect(borel_draw_binomial(&random, 3, 1.5) == -1)
    #expect(borel_draw_geometric(&random, 0) == -1)
  }
}

struct SamplerColumnTests {
  /// Mixed sizes, so that vectors contain lanes of all branches.
  let parameters = (0..<403).map { index in
    let u = Double(index * 37 % 101) / 101
    return index % 3 == 0 ? 0.05 + u : index % 3 == 1 ? 1 + 8 * u : 10 + 100 * u
  }

  func withStreams(lanes: [UInt32]?, _ body: (UnsafePointer<borel_lane_streams>) -> Void) {
    let keys = [UInt64](repeating: 11, count: 403)
    let draws: [UInt32] = [6]
    keys.withUnsafeBufferPointer { keys in
      draws.withUnsafeBufferPointer { draws in
        (lanes ?? []).withUnsafeBufferPointer { lanes in
          var streams = borel_lane_streams()
          streams.keys = keys.baseAddress
          streams.draws = draws.baseAddress
          streams.lanes = lanes.isEmpty ? nil : lanes.baseAddress
          streams.key_stride = 1
          streams.first_lane = 5
          streams.generation = 2
          withUnsafePointer(to: streams) { body($0) }
        }
      }
    }
  }

  @Test(arguments: [nil, (0..<403).map { UInt32($0 * 5 % 403) }])
  func columnsHaveTheBitsOfSingleDraws(lanes: [UInt32]?) {
    let a = parameters
    let b = Array(parameters.reversed())
    let n = Int64(a.count)
    let randoms = a.indices.map {
      borel_lane_random_make(11, lanes?[$0] ?? UInt32(5 + $0), 2, 6)
    }
    var reals = [Double](repeating: 0, count: a.count)
    var ints = [Int64](repeating: 0, count: a.count)
    withStreams(lanes: lanes) { streams in
      borel_fill_gamma(n, &reals, a, 0, streams)
      for (index, var random) in randoms.enumerated() {
        #expect(reals[index] == borel_draw_gamma(&random, a[index]))
      }
      borel_fill_beta(n, &reals, a, [0.7], 2, streams)
      for (index, var random) in randoms.enumerated() {
        #expect(reals[index] == borel_draw_beta(&random, a[index], 0.7))
      }
      borel_fill_beta(n, &reals, a, b, 0, streams)
      for (index, var random) in randoms.enumerated() {
        #expect(reals[index] == borel_draw_beta(&random, a[index], b[index]))
      }
      borel_fill_poisson(n, &ints, a, 0, streams)
      for (index, var random) in randoms.enumerated() {
        #expect(ints[index] == borel_draw_poisson(&random, a[index]))
      }
    }
  }
}
