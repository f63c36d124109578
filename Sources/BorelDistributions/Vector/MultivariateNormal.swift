import BorelHeap
import BorelKernels
import BorelLinearAlgebra

/// The multivariate normal distribution.
enum MultivariateNormal: HasDensityBound, HasTangent {
  static let signature = FamilySignature(
    name: "MultivariateNormal", summary: "The multivariate normal distribution.",
    parametrisations: LocationCholesky.parametrisations(
      covariance: "covariance", precision: "precision",
      mean: .init("mean", .realArray, .each(.finite), "Mean of each element.")),
    value: .realArray, support: .realVector, baseMeasure: .lebesgue, isElementwise: false,
    jointCondition: LocationCholesky.condition,
    source: "Anderson (2003), An Introduction to Multivariate Statistical Analysis, ch. 2")

  static func violation(_ p: LaneWords) -> String? {
    LocationCholesky.violation(mean: p.array(0), cholesky: p.matrix(1))
  }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let mean = p.reals(0)
    let x = value.reals(0)
    guard x.count == mean.count else { return -.infinity }
    let form = LocationCholesky.squaredDistance(x, mean, p.matrix(1))
    return logDensityBound(p) - 0.5 * form
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = LocationCholesky.draw(
      p.reals(0), p.matrix(1), scale: 1, using: &random, arena: arena)
  }

  /// At the mean.
  static func logDensityBound(_ p: LaneWords) -> Double {
    let matrix = p.matrix(1)
    return -Double(matrix.rows) * Constant.logSqrt2Pi - LocationCholesky.logDiagonal(matrix)
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let slopes = LocationCholesky.tangent(
      value.reals(0), p.reals(0), p.matrix(1), valueChange: change.reals(2),
      meanChange: change.reals(0), matrixChange: change.matrix(1))
    return -slopes.logDiagonal - slopes.halfForm
  }
}
