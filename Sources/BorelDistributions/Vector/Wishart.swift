import BorelHeap
import BorelKernels
import BorelLinearAlgebra

/// The Wishart distribution; the mean is df times the scale matrix.
enum Wishart: Family {
  static let signature = FamilySignature(
    name: "Wishart", summary: "The Wishart distribution; the mean is df times the scale matrix.",
    parametrisations: BartlettFactor.parametrisations(matrix: "scale", inverse: "inverseScale"),
    value: .matrix, support: .positiveDefiniteMatrix, baseMeasure: .lowerTriangle,
    requiresLabels: true, isElementwise: false, jointCondition: BartlettFactor.condition,
    source: "Anderson (2003), An Introduction to Multivariate Statistical Analysis, section 7.2")

  static func violation(_ p: LaneWords) -> String? { BartlettFactor.violation(p) }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let df = p.real(0)
    let scale = p.matrix(1)
    let size = scale.rows
    return withScratch(size * size) { factor in
      guard BartlettFactor.factorise(value.matrix(0), size: size, into: factor) else {
        return -.infinity
      }
      let logDeterminant = 2 * BartlettFactor.logDiagonal(size: size, factor)
      let logScale = 2 * BartlettFactor.logDiagonal(size: size, scale.elements)
      let trace = BartlettFactor.squaredNormOfQuotient(size: size, scale.elements, factor)
      return 0.5 * (df - Double(size) - 1) * logDeterminant - 0.5 * trace
        - 0.5 * df * (Double(size) * Constant.log2 + logScale)
        - BartlettFactor.logMultivariateGamma(size, 0.5 * df)
    }
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let scale = p.matrix(1)
    let size = scale.rows
    let result = arena.makeMatrix(rows: size, columns: size)
    value[0] = result.object.bits
    withScratch(2 * size * size) { scratch in
      let product = scratch + size * size
      BartlettFactor.draw(df: p.real(0), size: size, using: &random, into: scratch)
      LinearAlgebra.multiply(
        rows: size, inner: size, columns: size, scale.elements, scratch, into: product)
      LinearAlgebra.multiplyByTranspose(size: size, lower: product, into: result.elements)
    }
  }
}
