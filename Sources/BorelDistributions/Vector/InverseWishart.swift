import BorelHeap
import BorelKernels
import BorelLinearAlgebra

/// The distribution of the inverse of a Wishart matrix.
enum InverseWishart: HasTangent {
  static let signature = FamilySignature(
    name: "InverseWishart",
    summary: "The inverse Wishart distribution; the mean is scale / (df - rows - 1).",
    parametrisations: BartlettFactor.parametrisations(matrix: "scale", inverse: "inverseScale"),
    value: .matrix, support: .positiveDefiniteMatrix, baseMeasure: .lowerTriangle,
    requiresLabels: true, isElementwise: false, jointCondition: BartlettFactor.condition,
    source: "Anderson (2003), An Introduction to Multivariate Statistical Analysis, section 7.7")

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
      let trace = BartlettFactor.squaredNormOfQuotient(size: size, factor, scale.elements)
      return -0.5 * (df + Double(size) + 1) * logDeterminant - 0.5 * trace
        - 0.5 * df * (Double(size) * Constant.log2 - logScale)
        - BartlettFactor.logMultivariateGamma(size, 0.5 * df)
    }
  }

  /// With scale L L' and a standard Wishart matrix A A', the value is M M' where M is L times the
  /// transposed inverse of A.
  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let scale = p.matrix(1)
    let size = scale.rows
    let result = arena.makeMatrix(rows: size, columns: size)
    value[0] = result.object.bits
    let square = size * size
    withScratch(3 * square) { scratch in
      let (factor, inverse, product) = (scratch, scratch + square, scratch + 2 * square)
      BartlettFactor.draw(df: p.real(0), size: size, using: &random, into: factor)
      _ = LinearAlgebra.invertLower(size: size, factor, into: inverse)
      for i in 0..<size {
        for j in 0..<size { factor[i * size + j] = inverse[j * size + i] }
      }
      LinearAlgebra.multiply(
        rows: size, inner: size, columns: size, scale.elements, factor, into: product)
      for i in 0..<size {
        for j in 0...i {
          var sum = 0.0
          for k in 0..<size { sum += product[i * size + k] * product[j * size + k] }
          result.elements[i * size + j] = sum
          result.elements[j * size + i] = sum
        }
      }
    }
  }

  static func isSmooth(in position: Int) -> Bool { position < 2 }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let (df, scale, scaleChange) = (p.real(0), p.matrix(1), change.matrix(1))
    let size = scale.rows
    guard scaleChange.object.isNull || scaleChange.rows == size else { return .nan }
    return withScratch(size * size) { factor in
      guard BartlettFactor.factorise(value.matrix(0), size: size, into: factor) else {
        return .nan
      }
      let logScale = 2 * BartlettFactor.logDiagonal(size: size, scale.elements)
      let inDF =
        -2 * BartlettFactor.logDiagonal(size: size, factor) - Double(size) * Constant.log2
        + logScale - BartlettFactor.multivariateDigamma(size, 0.5 * df)
      let slope = change.word(0) == 0 ? 0 : 0.5 * inDF * change.real(0)
      if scaleChange.object.isNull { return slope }
      let trace = BartlettFactor.productOfQuotients(
        size: size, factor, scale.elements, scaleChange.elements)
      let logDiagonal = BartlettFactor.logDiagonalTangent(
        size: size, scale.elements, change: scaleChange.elements)
      return slope - trace + df * logDiagonal
    }
  }
}
