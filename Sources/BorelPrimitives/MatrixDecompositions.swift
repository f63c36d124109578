import BorelHeap
import BorelKernels
import BorelLinearAlgebra

extension PrimitiveRegistry {
  /// Factors, inverses and determinants.
  static let matrixDecompositions: [Primitive] = [
    choleskyTangent,
    Primitive(
      "cholesky.covariance", calledAs: "cholesky", [.matrix], .matrix,
      summary: "The lower triangular L with L L' equal to a symmetric positive definite matrix.",
      failure: .notPositiveDefinite,
      implementation: .lanes { operands -> MatrixObject? in
        guard let (a, result) = symmetric(operands) else { return nil }
        return LinearAlgebra.cholesky(size: a.rows, a.elements, into: result.elements)
          ? result : nil
      },
      derivative: .of(.call("choleskyTangent", .result, .dx))),
    Primitive(
      "cholesky.precision", [.matrix], .matrix,
      summary: "The lower triangular L with L L' equal to the inverse of a precision matrix.",
      failure: .notPositiveDefinite,
      implementation: .lanes { operands -> MatrixObject? in
        guard let (a, result) = symmetric(operands) else { return nil }
        return LinearAlgebra.choleskyOfInverse(size: a.rows, a.elements, into: result.elements)
          ? result : nil
      },
      derivative: .of(
        -.call(
          "choleskyTangent", .result,
          inverseOfPrecision * .dx * inverseOfPrecision))),
    Primitive(
      "solve.matrix.realArray", calledAs: "solve", [.matrix, .realArray], .realArray,
      summary: "The x with A x = b, for a square matrix A that is not singular.",
      failure: .domain("a square nonsingular matrix with as many rows as the right-hand side"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let a = operands.matrix(0), let b = operands.array(1), a.rows == b.count
        else { return nil }
        return factorised(a) { factors, pivots, sign -> ArrayObject? in
          if sign == 0 { return nil }
          let (array, target) = operands.makeReals(b.count)
          for index in 0..<b.count { target[index] = b.real(index) }
          LinearAlgebra.solveFactorised(
            size: a.rows, factors, pivots: pivots, columns: 1, target)
          return array
        }
      },
      derivative: .terms([-.call("solve", .x, .dx * .result), .call("solve", .x, .dy)])),
    Primitive(
      "solve.matrix", calledAs: "solve", [.matrix, .matrix], .matrix,
      summary: "The X with A X = B, for a square matrix A that is not singular.",
      failure: .domain("a square nonsingular matrix with as many rows as the right-hand side"),
      implementation: .lanes { operands -> MatrixObject? in
        guard let a = operands.matrix(0), let b = operands.matrix(1), a.rows == b.rows
        else { return nil }
        return factorised(a) { factors, pivots, sign -> MatrixObject? in
          if sign == 0 { return nil }
          let result = map(b, operands.arena) { $0 }
          LinearAlgebra.solveFactorised(
            size: a.rows, factors, pivots: pivots, columns: b.columns, result.elements)
          return result
        }
      },
      derivative: .terms([-.call("solve", .x, .dx * .result), .call("solve", .x, .dy)])),
    Primitive(
      "inverse.matrix", calledAs: "inverse", [.matrix], .matrix,
      summary: "The inverse of a square matrix that is not singular.",
      failure: .domain("a square nonsingular matrix"),
      implementation: .lanes { operands -> MatrixObject? in
        guard let a = operands.matrix(0) else { return nil }
        return factorised(a) { factors, pivots, sign -> MatrixObject? in
          if sign == 0 { return nil }
          let n = a.rows
          let result = operands.arena.makeMatrix(rows: n, columns: n)
          result.elements.update(repeating: 0, count: n * n)
          for i in 0..<n { result.elements[i * n + i] = 1 }
          LinearAlgebra.solveFactorised(
            size: n, factors, pivots: pivots, columns: n, result.elements)
          return result
        }
      },
      derivative: .of(-(.result * .dx * .result))),
    Primitive(
      "determinant.matrix", calledAs: "determinant", [.matrix], .real,
      summary: "The determinant of a square matrix.", failure: .sizeMismatch("a square matrix"),
      implementation: .lanes { operands -> Double? in
        guard let a = operands.matrix(0) else { return nil }
        return factorised(a) { factors, _, sign -> Double? in
          if sign == 0 { return 0 }
          return (0..<a.rows).reduce(sign) { $0 * factors[$1 * a.rows + $1] }
        }
      },
      derivative: .of(.result * .call("trace", .call("solve", .x, .dx)))),
    Primitive(
      "logDeterminant.matrix", calledAs: "logDeterminant", [.matrix], .real,
      summary: "The log of the absolute value of the determinant; -infinity when singular.",
      failure: .sizeMismatch("a square matrix"),
      implementation: .lanes { operands -> Double? in
        guard let a = operands.matrix(0) else { return nil }
        return factorised(a) { factors, _, sign -> Double? in
          if sign == 0 { return -.infinity }
          return (0..<a.rows).reduce(0) { $0 + borel_log(factors[$1 * a.rows + $1].magnitude) }
        }
      },
      derivative: .of(.call("trace", .call("solve", .x, .dx)))),
  ]

  private static let choleskyTangent = Primitive(
    "choleskyTangent.matrix", [.matrix, .matrix], .matrix,
    summary: """
      What the lower Cholesky factor of a matrix changes by, given the factor and the change of \
      the matrix.
      """,
    failure: .sizeMismatch("square matrices of equal size"),
    implementation: .lanes { operands -> MatrixObject? in
      guard let factor = operands.matrix(0), let change = operands.matrix(1),
        factor.rows == factor.columns, change.rows == factor.rows,
        change.columns == factor.rows
      else { return nil }
      let result = operands.arena.makeMatrix(rows: factor.rows, columns: factor.rows)
      LinearAlgebra.choleskyTangent(
        size: factor.rows, factor.elements, change: change.elements, into: result.elements)
      return result
    },
    derivative: .terms([nil, .call("choleskyTangent", .x, .dy)]))

  /// L L' for the factor L of the inverse of a precision matrix.
  private static let inverseOfPrecision = .result * Formula.call("transpose", .result)

  /// A square symmetric operand, and a new matrix of its size.
  private static func symmetric(
    _ operands: LaneOperands
  ) -> (source: MatrixObject, result: MatrixObject)? {
    guard let a = operands.matrix(0), a.rows == a.columns,
      LinearAlgebra.isSymmetric(size: a.rows, a.elements)
    else { return nil }
    return (a, operands.arena.makeMatrix(rows: a.rows, columns: a.rows))
  }

  /// Calls `body` with the LU factors of a copy of a square matrix, the exchanged rows and the sign
  /// of the permutation (0: singular); nil when it is not square.
  private static func factorised<Result>(
    _ matrix: MatrixObject,
    _ body: (UnsafePointer<Double>, UnsafePointer<Int>, Double) -> Result?
  ) -> Result? {
    guard matrix.rows == matrix.columns else { return nil }
    let n = matrix.rows
    var factors = (0..<n * n).map { matrix.elements[$0] }
    var pivots = [Int](repeating: 0, count: n)
    return factors.withUnsafeMutableBufferPointer { factors -> Result? in
      pivots.withUnsafeMutableBufferPointer { pivots -> Result? in
        guard let factors = factors.baseAddress, let pivots = pivots.baseAddress else {
          return nil
        }
        let sign = n == 0 ? 1 : LinearAlgebra.factorise(size: n, factors, pivots: pivots)
        return body(factors, pivots, sign)
      }
    }
  }
}
