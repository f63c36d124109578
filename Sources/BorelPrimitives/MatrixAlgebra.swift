import BorelHeap
import BorelLinearAlgebra

extension PrimitiveRegistry {
  /// Sums and products of matrices and vectors.
  static let matrixAlgebra: [Primitive] = [
    Primitive(
      "transpose.matrix", calledAs: "transpose", [.matrix], .matrix,
      summary: "The matrix with rows and columns exchanged.", failure: .domain("a matrix"),
      implementation: .lanes { operands -> MatrixObject? in
        operands.matrix(0).map { matrix in
          let result = operands.arena.makeMatrix(rows: matrix.columns, columns: matrix.rows)
          for i in 0..<matrix.rows {
            for j in 0..<matrix.columns {
              result.elements[j * matrix.rows + i] = matrix.elements[i * matrix.columns + j]
            }
          }
          return result
        }
      },
      derivative: .of(.call("transpose", .dx))),
    sum("add", "The sum of two matrices of equal size.", [.dx, .dy]) { $0 + $1 },
    sum("subtract", "The difference of two matrices of equal size.", [.dx, -.dy]) { $0 - $1 },
    Primitive(
      "negate.matrix", [.matrix], .matrix, summary: "The matrix with the opposite signs.",
      failure: .domain("a matrix"),
      implementation: .lanes { operands -> MatrixObject? in
        operands.matrix(0).map { map($0, operands.arena) { -$0 } }
      },
      derivative: .of(-.dx)),
    Primitive(
      "multiply.matrix.real", [.matrix, .real], .matrix, summary: "Each element times a real.",
      failure: .domain("a matrix"),
      implementation: .lanes { operands -> MatrixObject? in
        let factor = operands.real(1)
        return operands.matrix(0).map { map($0, operands.arena) { $0 * factor } }
      },
      derivative: .terms([.dx * .y, .x * .dy])),
    Primitive(
      "multiply.real.matrix", [.real, .matrix], .matrix, summary: "A real times each element.",
      failure: .domain("a matrix"),
      implementation: .lanes { operands -> MatrixObject? in
        let factor = operands.real(0)
        return operands.matrix(1).map { map($0, operands.arena) { factor * $0 } }
      },
      derivative: .terms([.dx * .y, .x * .dy])),
    Primitive(
      "divide.matrix.real", [.matrix, .real], .matrix,
      summary: "Each element divided by a real.", failure: .domain("a matrix"),
      implementation: .lanes { operands -> MatrixObject? in
        let divisor = operands.real(1)
        return operands.matrix(0).map { map($0, operands.arena) { $0 / divisor } }
      },
      derivative: .terms([.dx / .y, -(.result * (.dy / .y))])),
    Primitive(
      "multiply.matrix", calledAs: "matmul", [.matrix, .matrix], .matrix,
      summary: "The matrix product.",
      failure: .sizeMismatch("as many columns of the first as rows of the second"),
      implementation: .lanes { operands -> MatrixObject? in
        guard let a = operands.matrix(0), let b = operands.matrix(1), a.columns == b.rows
        else { return nil }
        let result = operands.arena.makeMatrix(rows: a.rows, columns: b.columns)
        LinearAlgebra.multiply(
          rows: a.rows, inner: a.columns, columns: b.columns, a.elements, b.elements,
          into: result.elements)
        return result
      },
      derivative: .terms([.dx * .y, .x * .dy])),
    Primitive(
      "multiply.matrix.realArray", calledAs: "matmul", [.matrix, .realArray], .realArray,
      summary: "The matrix times a column vector.",
      failure: .sizeMismatch("as many columns as elements"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let a = operands.matrix(0), let x = operands.array(1), a.columns == x.count
        else { return nil }
        let (array, target) = operands.makeReals(a.rows)
        for i in 0..<a.rows {
          var sum = 0.0
          for j in 0..<a.columns { sum += a.elements[i * a.columns + j] * x.real(j) }
          target[i] = sum
        }
        return array
      },
      derivative: .terms([.dx * .y, .x * .dy])),
    Primitive(
      "multiply.realArray.matrix", calledAs: "matmul", [.realArray, .matrix], .realArray,
      summary: "A row vector times the matrix.",
      failure: .sizeMismatch("as many elements as rows"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let x = operands.array(0), let a = operands.matrix(1), a.rows == x.count
        else { return nil }
        let (array, target) = operands.makeReals(a.columns)
        for j in 0..<a.columns {
          var sum = 0.0
          for i in 0..<a.rows { sum += x.real(i) * a.elements[i * a.columns + j] }
          target[j] = sum
        }
        return array
      },
      derivative: .terms([.dx * .y, .x * .dy])),
    Primitive(
      "outer.realArray", calledAs: "outer", [.realArray, .realArray], .matrix,
      summary: "The matrix of the products of an element of the first and one of the second.",
      failure: .domain("two arrays"),
      implementation: .lanes { operands -> MatrixObject? in
        guard let x = operands.array(0)?.reals, let y = operands.array(1)?.reals else { return nil }
        let result = operands.arena.makeMatrix(rows: x.count, columns: y.count)
        for (i, a) in x.enumerated() {
          for (j, b) in y.enumerated() { result.elements[i * y.count + j] = a * b }
        }
        return result
      },
      derivative: .terms([.call("outer", .dx, .y), .call("outer", .x, .dy)])),
    Primitive(
      "quadraticForm.matrix", calledAs: "quadraticForm", [.matrix, .realArray], .real,
      summary: "x' A x.", failure: .sizeMismatch("a square matrix as large as the vector"),
      implementation: .lanes { operands -> Double? in
        guard let a = operands.matrix(0), let x = operands.array(1), a.columns == x.count,
          a.rows == x.count
        else { return nil }
        var total = 0.0
        for i in 0..<x.count {
          var sum = 0.0
          for j in 0..<x.count { sum += a.elements[i * x.count + j] * x.real(j) }
          total += x.real(i) * sum
        }
        return total
      },
      derivative: .terms([
        .call("quadraticForm", .dx, .y),
        .call("dot", .dy, .x * .y) + .call("dot", .y, .x * .dy),
      ])),
    Primitive(
      "trace.matrix", calledAs: "trace", [.matrix], .real,
      summary: "The sum of the diagonal of a square matrix.",
      failure: .sizeMismatch("a square matrix"),
      implementation: .lanes { operands -> Double? in
        guard let a = operands.matrix(0), a.rows == a.columns else { return nil }
        return (0..<a.rows).reduce(0) { $0 + a.elements[$1 * a.columns + $1] }
      },
      derivative: .of(.call("trace", .dx))),
    Primitive(
      "equal.matrix", [.matrix, .matrix], .bool,
      summary: "Whether two matrices have equal size and equal elements.",
      failure: .domain("two matrices"),
      implementation: .lanes { operands -> Bool? in
        guard let a = operands.matrix(0), let b = operands.matrix(1) else { return nil }
        guard a.rows == b.rows, a.columns == b.columns else { return false }
        return (0..<a.rows * a.columns).allSatisfy { a.elements[$0] == b.elements[$0] }
      },
      derivative: .jumps),
  ]

  private static func sum(
    _ name: String, _ summary: String, _ terms: [Formula],
    _ combine: @escaping @Sendable (Double, Double) -> Double
  ) -> Primitive {
    Primitive(
      "\(name).matrix", [.matrix, .matrix], .matrix, summary: summary,
      failure: .sizeMismatch("matrices of equal size"),
      implementation: .lanes { operands -> MatrixObject? in
        guard let a = operands.matrix(0), let b = operands.matrix(1), a.rows == b.rows,
          a.columns == b.columns
        else { return nil }
        let result = operands.arena.makeMatrix(rows: a.rows, columns: a.columns)
        for index in 0..<a.rows * a.columns {
          result.elements[index] = combine(a.elements[index], b.elements[index])
        }
        return result
      }, derivative: .terms(terms))
  }
}
