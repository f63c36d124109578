import BorelHeap
import BorelKernels

/// An autoregressive process.
enum AR: HasDensityBound, HasTangent {
  static let signature = FamilySignature(
    name: "AR",
    summary: "An autoregressive process that starts from its mean: deviations before element 0 "
      + "are 0. The coefficients need not be stationary.",
    parametrisations: [
      Parametrisation([
        .init(
          "coefficients", .realArray, .each(.finite),
          "Weight of the deviation 1, 2, ... elements before."),
        .init("sd", .real, .positive, "Standard deviation of the innovations."),
        .init("count", .int, .length, "Number of elements."),
        .init("mean", .real, .finite, "Level around which the process moves.", defaultValue: 0),
      ])
    ],
    value: .realArray, support: .realVector, baseMeasure: .lebesgue, isElementwise: false,
    source: "Brockwell and Davis (1991), Time Series: Theory and Methods, section 3.1")

  /// The mean of an element given those before it.
  private static func prediction(
    _ index: Int, _ x: UnsafePointer<Double>, _ p: LaneWords
  ) -> Double {
    let coefficients = p.reals(0)
    let mean = p.real(3)
    var sum = mean
    for lag in 0..<min(coefficients.count, index) {
      sum += coefficients[lag] * (x[index - lag - 1] - mean)
    }
    return sum
  }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let x = value.reals(0)
    guard Int64(x.count) == p.int(2), let start = x.baseAddress else { return -.infinity }
    var squares = 0.0
    for index in 0..<x.count {
      if x[index].isInfinite { return -.infinity }
      let z = (x[index] - prediction(index, start, p)) / p.real(1)
      squares += z * z
    }
    return logDensityBound(p) - 0.5 * squares
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let count = Int(p.int(2))
    let (bits, x) = arena.makeReals(count)
    value[0] = bits
    for index in 0..<count {
      x[index] = prediction(index, x, p) + p.real(1) * borel_next_normal(&random)
    }
  }

  /// Where every innovation is 0.
  static func logDensityBound(_ p: LaneWords) -> Double {
    -Double(p.int(2)) * (Constant.logSqrt2Pi + log(p.real(1)))
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let (x, coefficients) = (value.reals(0), p.reals(0))
    let (changes, coefficientChanges) = (change.reals(4), change.reals(0))
    guard let start = x.baseAddress,
      coefficientChanges.isEmpty || coefficientChanges.count == coefficients.count
    else { return .nan }
    let (sd, mean, meanChange) = (p.real(1), p.real(3), change.real(3))
    func moved(_ index: Int) -> Double { index < changes.count ? changes[index] : 0 }
    var slope = 0.0
    for index in x.indices {
      let z = (x[index] - prediction(index, start, p)) / sd
      var residual = moved(index) - meanChange
      for lag in 0..<min(coefficients.count, index) {
        let before = index - lag - 1
        residual -= coefficients[lag] * (moved(before) - meanChange)
        if !coefficientChanges.isEmpty {
          residual -= coefficientChanges[lag] * (x[before] - mean)
        }
      }
      slope += ((z * z - 1) * change.real(1) - z * residual) / sd
    }
    return slope
  }
}
