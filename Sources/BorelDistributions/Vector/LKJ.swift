import BorelHeap
import BorelKernels
import BorelLinearAlgebra

/// Random correlation matrices with density proportional to a power of the determinant.
enum LKJ: HasTangent {
  static let signature = FamilySignature(
    name: "LKJ",
    summary: "Correlation matrices with density proportional to det(R)^(concentration - 1).",
    parametrisations: [
      Parametrisation([
        .init(
          "dimension", .int, .interval(1, 1000, lowerOpen: false, upperOpen: false),
          "Number of rows."),
        .init(
          "concentration", .real, .positive,
          "1 is uniform; larger values pull towards the identity."),
      ])
    ],
    value: .matrix, support: .correlationMatrix, baseMeasure: .strictLowerTriangle,
    isElementwise: false,
    source: "Lewandowski, Kurowicka, Joe (2009), Generating random correlation matrices based on "
      + "vines and extended onion method, J. Multivariate Analysis 100, section 2.4")

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let size = Int(p.int(0))
    let matrix = value.matrix(0)
    guard matrix.rows == size, matrix.columns == size else { return -.infinity }
    for i in 0..<size {
      guard (matrix.elements[i * size + i] - 1).magnitude <= 1e-8 else { return -.infinity }
    }
    return withScratch(size * size) { factor in
      guard BartlettFactor.factorise(matrix, size: size, into: factor) else { return -.infinity }
      let logDeterminant = 2 * BartlettFactor.logDiagonal(size: size, factor)
      let power = p.real(1) - 1
      return (power == 0 ? 0 : power * logDeterminant) - logNormaliser(size, p.real(1))
    }
  }

  /// The integral of (1 - r^2)^(a - 1) over (-1, 1) is 2^(2 a - 1) B(a, a), once for each partial
  /// correlation of the vine (equation 16 of the source).
  private static func logNormaliser(_ size: Int, _ concentration: Double) -> Double {
    var sum = 0.0
    for level in 1..<max(1, size) {
      let a = shape(level, size, concentration)
      sum += Double(size - level) * (lbeta(a, a) + (2 * a - 1) * Constant.log2)
    }
    return sum
  }

  /// The shape of the beta distribution of the partial correlations given `level - 1` variables.
  private static func shape(_ level: Int, _ size: Int, _ concentration: Double) -> Double {
    concentration + 0.5 * Double(size - 1 - level)
  }

  /// Independent partial correlations, turned into the rows of a Cholesky factor.
  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let size = Int(p.int(0))
    let result = arena.makeMatrix(rows: size, columns: size)
    value[0] = result.object.bits
    withScratch(size * size) { factor in
      for i in 0..<size {
        var remaining = 1.0
        for j in 0..<size { factor[i * size + j] = 0 }
        for j in 0..<i {
          let a = shape(j + 1, size, p.real(1))
          let share = borel_draw_beta(&random, a, a)
          factor[i * size + j] = (2 * share - 1) * remaining.squareRoot()
          // 1 - r^2 for r = 2 share - 1, without cancellation.
          remaining *= 4 * share * (1 - share)
        }
        factor[i * size + i] = remaining.squareRoot()
      }
      LinearAlgebra.multiplyByTranspose(size: size, lower: factor, into: result.elements)
      for i in 0..<size { result.elements[i * size + i] = 1 }
    }
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    if change.word(1) == 0 { return 0 }
    let size = value.matrix(0).rows
    guard Int64(size) == p.int(0) else { return .nan }
    let logDeterminant = withScratch(size * size) { factor in
      BartlettFactor.factorise(value.matrix(0), size: size, into: factor)
        ? 2 * BartlettFactor.logDiagonal(size: size, factor) : .nan
    }
    var normaliser = 0.0
    for level in 1..<max(1, size) {
      let a = shape(level, size, p.real(1))
      normaliser +=
        Double(size - level) * 2 * (digamma(a) - digamma(2 * a) + Constant.log2)
    }
    return (logDeterminant - normaliser) * change.real(1)
  }
}
