import BorelHeap

extension PrimitiveRegistry {
  /// Matrices of reals: making them, their parts and their size.
  static let matrices: [Primitive] = [
    Primitive(
      "matrix.make", calledAs: "matrix", [.int, .int, .realArray], .matrix,
      summary: "The matrix with these numbers of rows and columns and these elements, by rows.",
      failure: .sizeMismatch("as many elements as rows times columns"),
      implementation: .lanes { makeMatrix($0) },
      derivative: .terms([nil, nil, .call("matrix.make", .x, .y, .tangent(2))])),
    Primitive(
      "matrix.fill", calledAs: "matrix", [.int, .int, .real], .matrix,
      summary: "The matrix with these numbers of rows and columns and every element the same.",
      failure: .domain("sizes from 0 to 65535"),
      implementation: .lanes { operands -> MatrixObject? in
        guard let rows = size(operands.int(0)), let columns = size(operands.int(1)) else {
          return nil
        }
        let result = operands.arena.makeMatrix(rows: rows, columns: columns)
        result.elements.update(repeating: operands.real(2), count: rows * columns)
        return result
      },
      derivative: .terms([nil, nil, .call("matrix.fill", .x, .y, .tangent(2))])),
    Primitive(
      "identity", calledAs: "identity", [.int], .matrix, summary: "The identity matrix of a size.",
      failure: .domain("a size from 0 to 65535"),
      implementation: .lanes { operands -> MatrixObject? in
        size(operands.int(0)).map { diagonalMatrix($0, operands.arena) { _ in 1 } }
      }),
    Primitive(
      "matrix.diagonal", calledAs: "diagonal", [.realArray], .matrix,
      summary: "The matrix with these elements on its diagonal and zeros elsewhere.",
      failure: .domain("an array"),
      implementation: .lanes { operands -> MatrixObject? in
        operands.array(0).map { array in
          diagonalMatrix(array.count, operands.arena) { array.real($0) }
        }
      },
      derivative: .of(.call("matrix.diagonal", .dx))),
    Primitive(
      "diagonal.matrix", calledAs: "diagonal", [.matrix], .realArray,
      summary: "The elements on the diagonal.", failure: .domain("a matrix"),
      implementation: .lanes { operands -> ArrayObject? in
        operands.matrix(0).map { matrix in
          let (array, target) = operands.makeReals(min(matrix.rows, matrix.columns))
          for i in 0..<array.count { target[i] = matrix.elements[i * matrix.columns + i] }
          return array
        }
      },
      derivative: .of(.call("diagonal.matrix", .dx))),
    Primitive(
      "rows.matrix", calledAs: "rows", [.matrix], .int, summary: "The number of rows.",
      failure: .domain("a matrix"),
      implementation: .lanes { $0.matrix(0).map { Int64($0.rows) } },
      derivative: .constant),
    Primitive(
      "columns.matrix", calledAs: "columns", [.matrix], .int, summary: "The number of columns.",
      failure: .domain("a matrix"),
      implementation: .lanes { $0.matrix(0).map { Int64($0.columns) } },
      derivative: .constant),
    Primitive(
      "get.matrix", [.matrix, .int, .int], .real,
      summary: "The element in a row and a column, counted from 0.", failure: .indexOutOfRange,
      implementation: .lanes { operands -> Double? in
        guard let matrix = operands.matrix(0),
          let index = position(matrix, operands.int(1), operands.int(2))
        else { return nil }
        return matrix.elements[index]
      },
      derivative: .terms([.call("get", .dx, .y, .operand(2)), nil, nil])),
    Primitive(
      "set.matrix", [.matrix, .int, .int, .real], .matrix,
      summary: "The matrix with another element in a row and a column.",
      failure: .indexOutOfRange,
      implementation: .lanes { operands -> MatrixObject? in
        guard let matrix = operands.matrix(0),
          let index = position(matrix, operands.int(1), operands.int(2))
        else { return nil }
        let result = map(matrix, operands.arena) { $0 }
        result.elements[index] = operands.real(3)
        return result
      },
      derivative: .terms([
        .call("set", .dx, .y, .operand(2), .real(0)), nil, nil,
        .call("set", zeros(.x), .y, .operand(2), .tangent(3)),
      ])),
    Primitive(
      "row.matrix", calledAs: "row", [.matrix, .int], .realArray,
      summary: "The elements of a row, counted from 0.", failure: .indexOutOfRange,
      implementation: .lanes { operands -> ArrayObject? in
        guard let matrix = operands.matrix(0), operands.int(1) >= 0,
          operands.int(1) < Int64(matrix.rows)
        else { return nil }
        let (array, target) = operands.makeReals(matrix.columns)
        target.update(
          from: matrix.elements + Int(operands.int(1)) * matrix.columns, count: matrix.columns)
        return array
      },
      derivative: .terms([.call("row", .dx, .y), nil])),
    Primitive(
      "column.matrix", calledAs: "column", [.matrix, .int], .realArray,
      summary: "The elements of a column, counted from 0.", failure: .indexOutOfRange,
      implementation: .lanes { operands -> ArrayObject? in
        guard let matrix = operands.matrix(0), operands.int(1) >= 0,
          operands.int(1) < Int64(matrix.columns)
        else { return nil }
        let (array, target) = operands.makeReals(matrix.rows)
        for i in 0..<matrix.rows {
          target[i] = matrix.elements[i * matrix.columns + Int(operands.int(1))]
        }
        return array
      },
      derivative: .terms([.call("column", .dx, .y), nil])),
    Primitive(
      "elements.matrix", calledAs: "elements", [.matrix], .realArray,
      summary: "All elements, row by row.", failure: .domain("a matrix"),
      implementation: .lanes { operands -> ArrayObject? in
        operands.matrix(0).map { matrix in
          let (array, target) = operands.makeReals(matrix.rows * matrix.columns)
          target.update(from: matrix.elements, count: array.count)
          return array
        }
      },
      derivative: .of(.call("elements", .dx))),
  ]

  /// The matrix of zeros of the same size.
  private static func zeros(_ matrix: Formula) -> Formula {
    .call("matrix.fill", .call("rows", matrix), .call("columns", matrix), .real(0))
  }

  /// A number of rows or columns; nil when it is negative or too large to multiply.
  private static func size(_ value: Int64) -> Int? {
    value >= 0 && value <= 0xFFFF ? Int(value) : nil
  }

  private static func position(_ matrix: MatrixObject, _ row: Int64, _ column: Int64) -> Int? {
    guard row >= 0, row < Int64(matrix.rows), column >= 0, column < Int64(matrix.columns) else {
      return nil
    }
    return Int(row) * matrix.columns + Int(column)
  }

  private static func makeMatrix(_ operands: LaneOperands) -> MatrixObject? {
    guard let rows = size(operands.int(0)), let columns = size(operands.int(1)),
      let elements = operands.array(2)?.reals, elements.count == rows * columns
    else { return nil }
    let result = operands.arena.makeMatrix(rows: rows, columns: columns)
    for (index, element) in elements.enumerated() { result.elements[index] = element }
    return result
  }

  private static func diagonalMatrix(
    _ size: Int, _ arena: Arena, _ element: (Int) -> Double
  ) -> MatrixObject {
    let result = arena.makeMatrix(rows: size, columns: size)
    result.elements.update(repeating: 0, count: size * size)
    for i in 0..<size { result.elements[i * size + i] = element(i) }
    return result
  }

  /// The matrix of the same size with every element replaced.
  static func map(
    _ matrix: MatrixObject, _ arena: Arena, _ transform: (Double) -> Double
  ) -> MatrixObject {
    let result = arena.makeMatrix(rows: matrix.rows, columns: matrix.columns)
    let (source, target) = (matrix.elements, result.elements)
    for index in 0..<matrix.rows * matrix.columns { target[index] = transform(source[index]) }
    return result
  }
}
