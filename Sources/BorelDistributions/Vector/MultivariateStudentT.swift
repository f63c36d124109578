import BorelHeap
import BorelKernels
import BorelLinearAlgebra

/// The multivariate Student t distribution.
enum MultivariateStudentT: HasDensityBound, HasTangent {
  static let signature = FamilySignature(
    name: "MultivariateStudentT", summary: "The multivariate Student t distribution.",
    parametrisations: LocationCholesky.parametrisations(
      before: [.init("df", .real, .positive, "Degrees of freedom.")],
      covariance: "scale", precision: "precision",
      mean: .init(
        "mean", .realArray, .each(.finite), "Centre: the mean when df is above 1.")),
    value: .realArray, support: .realVector, baseMeasure: .lebesgue, isElementwise: false,
    jointCondition: LocationCholesky.condition,
    source: "Kotz and Nadarajah (2004), Multivariate t Distributions and Their Applications, ch. 1")

  static func violation(_ p: LaneWords) -> String? {
    LocationCholesky.violation(mean: p.array(1), cholesky: p.matrix(2))
  }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let mean = p.reals(1)
    let x = value.reals(0)
    guard x.count == mean.count else { return -.infinity }
    let form = LocationCholesky.squaredDistance(x, mean, p.matrix(2))
    let df = p.real(0)
    return logDensityBound(p) - 0.5 * (df + Double(x.count)) * log1p(form / df)
  }

  /// A normal vector divided by the root of an independent chi-squared variate over df.
  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let half = 0.5 * p.real(0)
    let scale = exp(0.5 * (log(half) - borel_draw_log_gamma(&random, half)))
    value[0] = LocationCholesky.draw(
      p.reals(1), p.matrix(2), scale: scale, using: &random, arena: arena)
  }

  /// At the centre.
  static func logDensityBound(_ p: LaneWords) -> Double {
    let df = p.real(0)
    let matrix = p.matrix(2)
    let size = Double(matrix.rows)
    return lgamma(0.5 * (df + size)) - lgamma(0.5 * df)
      - 0.5 * size * (log(df) + Constant.logPi) - LocationCholesky.logDiagonal(matrix)
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let slopes = LocationCholesky.tangent(
      value.reals(0), p.reals(1), p.matrix(2), valueChange: change.reals(3),
      meanChange: change.reals(1), matrixChange: change.matrix(2))
    let (df, size, form) = (p.real(0), Double(value.reals(0).count), slopes.form)
    let shape = -slopes.logDiagonal - (df + size) / (df + form) * slopes.halfForm
    if change.word(0) == 0 { return shape }
    let inDF =
      digamma(0.5 * (df + size)) - digamma(0.5 * df) - size / df - log1p(form / df)
      + (df + size) * form / (df * (df + form))
    return shape + 0.5 * inDF * change.real(0)
  }
}
