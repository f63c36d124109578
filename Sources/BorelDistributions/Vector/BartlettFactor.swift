import BorelHeap
import BorelKernels
import BorelLinearAlgebra

/// What Wishart and inverse Wishart share.
enum BartlettFactor {
  static let condition = "df must be above the number of rows minus 1"

  /// df and the matrix: its lower Cholesky factor L, or L L', or the inverse of that.
  static func parametrisations(matrix: String, inverse: String) -> [Parametrisation] {
    let df = Parametrisation.Parameter("df", .real, .positive, "Degrees of freedom.")
    return [
      Parametrisation([
        df,
        .init("cholesky", .matrix, .choleskyFactor, "Lower triangular factor L of the \(matrix)."),
      ]),
      Parametrisation([
        df,
        .init(
          matrix, .matrix, .symmetricPositiveDefinite, "The matrix L L'.",
          conversion: .choleskyOfCovariance),
      ]),
      Parametrisation([
        df,
        .init(
          inverse, .matrix, .symmetricPositiveDefinite, "Inverse of the \(matrix).",
          conversion: .choleskyOfPrecision),
      ]),
    ]
  }

  static func violation(_ p: LaneWords) -> String? {
    p.real(0) > Double(p.matrix(1).rows - 1) ? nil : condition
  }

  /// The log of the multivariate gamma function.
  ///
  /// Source: Anderson (2003), section 7.2, equation 18.
  static func logMultivariateGamma(_ size: Int, _ a: Double) -> Double {
    var sum = 0.25 * Double(size * (size - 1)) * Constant.logPi
    for i in 0..<size { sum += lgamma(a - 0.5 * Double(i)) }
    return sum
  }

  /// Writes the lower factor A of a standard Wishart matrix A A'.
  ///
  /// Source: Smith and Hocking (1972), "Algorithm AS 53: Wishart variate generator".
  static func draw(
    df: Double, size: Int, using random: inout LaneRandom, into factor: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<size {
      for j in 0..<size { factor[i * size + j] = j < i ? borel_next_normal(&random) : 0 }
      let half = 0.5 * (df - Double(i))
      factor[i * size + i] = (2 * borel_draw_gamma(&random, half)).squareRoot()
    }
  }

  /// The lower Cholesky factor of a value; false when it is not a symmetric positive definite
  /// matrix of the size.
  static func factorise(
    _ value: MatrixObject, size: Int, into factor: UnsafeMutablePointer<Double>
  ) -> Bool {
    value.rows == size && value.columns == size && size > 0
      && LinearAlgebra.isSymmetric(size: size, value.elements)
      && LinearAlgebra.cholesky(size: size, value.elements, into: factor)
  }

  /// The sum of squares of the solution Z of A Z = B, for lower triangular A and B, by columns.
  static func squaredNormOfQuotient(
    size: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>
  ) -> Double {
    withScratch(size) { column in
      var sum = 0.0
      for j in 0..<size {
        for i in 0..<size { column[i] = b[i * size + j] }
        LinearAlgebra.solveLower(size: size, a, column)
        for i in j..<size { sum += column[i] * column[i] }
      }
      return sum
    }
  }

  /// The derivative of `logMultivariateGamma` in its argument.
  static func multivariateDigamma(_ size: Int, _ a: Double) -> Double {
    var sum = 0.0
    for i in 0..<size { sum += digamma(a - 0.5 * Double(i)) }
    return sum
  }

  /// The sum of the products of the elements of A^-1 B and A^-1 C, for lower triangular matrices.
  static func productOfQuotients(
    size: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ c: UnsafePointer<Double>
  ) -> Double {
    withScratch(2 * size) { first in
      let second = first + size
      var sum = 0.0
      for j in 0..<size {
        for i in 0..<size {
          first[i] = b[i * size + j]
          second[i] = c[i * size + j]
        }
        LinearAlgebra.solveLower(size: size, a, first)
        LinearAlgebra.solveLower(size: size, a, second)
        for i in 0..<size { sum += first[i] * second[i] }
      }
      return sum
    }
  }

  /// What the sum of the logarithms of a factor's diagonal changes by.
  static func logDiagonalTangent(
    size: Int, _ factor: UnsafePointer<Double>, change: UnsafePointer<Double>
  ) -> Double {
    var sum = 0.0
    for i in 0..<size { sum += change[i * size + i] / factor[i * size + i] }
    return sum
  }

  static func logDiagonal(size: Int, _ factor: UnsafePointer<Double>) -> Double {
    var sum = 0.0
    for i in 0..<size { sum += log(factor[i * size + i]) }
    return sum
  }
}
