import BorelHeap
import BorelKernels
import BorelLinearAlgebra

/// The Wishart distribution; the mean is df times the scale matrix.
enum Wishart: HasTangent {
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

  static func isSmooth(in position: Int) -> Bool { position < 2 }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let (df, scale, scaleChange) = (p.real(0), p.matrix(1), change.matrix(1))
    let size = scale.rows
    guard scaleChange.object.isNull || scaleChange.rows == size else { return .nan }
    return withScratch(3 * size * size) { factor in
      guard BartlettFactor.factorise(value.matrix(0), size: size, into: factor) else {
        return .nan
      }
      let logScale = 2 * BartlettFactor.logDiagonal(size: size, scale.elements)
      let inDF =
        2 * BartlettFactor.logDiagonal(size: size, factor) - Double(size) * Constant.log2
        - logScale - BartlettFactor.multivariateDigamma(size, 0.5 * df)
      let slope = change.word(0) == 0 ? 0 : 0.5 * inDF * change.real(0)
      if scaleChange.object.isNull { return slope }
      // With Z = L^-1 F the change of |Z|^2 / 2 is -<Z, L^-1 dL Z>.
      let (quotient, product) = (factor + size * size, factor + 2 * size * size)
      quotient.update(from: factor, count: size * size)
      withScratch(size) { column in
        for j in 0..<size {
          for i in 0..<size { column[i] = factor[i * size + j] }
          LinearAlgebra.solveLower(size: size, scale.elements, column)
          for i in 0..<size { quotient[i * size + j] = column[i] }
        }
      }
      LinearAlgebra.multiply(
        rows: size, inner: size, columns: size, scaleChange.elements, quotient, into: product)
      let trace = BartlettFactor.productOfQuotients(
        size: size, scale.elements, factor, product)
      let logDiagonal = BartlettFactor.logDiagonalTangent(
        size: size, scale.elements, change: scaleChange.elements)
      return slope + trace - df * logDiagonal
    }
  }
}
