import BorelHeap
import BorelPrimitives
import Foundation
import Testing

private func isClose(_ a: [Double]?, _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
  guard let a, a.count == b.count else { return false }
  return zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}

@Test func partsOfMatrices() throws {
  let application = Application()
  let a = application.matrix([[1, 2, 3], [4, 5, 6]])
  #expect(try application.int("rows.matrix", a) == 2)
  #expect(try application.int("columns.matrix", a) == 3)
  #expect(try application.real("get.matrix", a, 1, 2) == 6)
  #expect(try application.real("get.matrix", a, 2, 0) == nil)
  #expect(try application.real("get.matrix", a, 0, Int64(-1).word) == nil)
  #expect(try application.reals("row.matrix", a, 1) == [4, 5, 6])
  #expect(try application.reals("column.matrix", a, 1) == [2, 5])
  #expect(try application.reals("row.matrix", a, 2) == nil)
  #expect(try application.elements("transpose.matrix", a) == [1, 4, 2, 5, 3, 6])
  #expect(try application.elements("set.matrix", a, 0, 0, 9.0.word) == [9, 2, 3, 4, 5, 6])
  #expect(try application.reals("elements.matrix", a) == [1, 2, 3, 4, 5, 6])
  #expect(try application.reals("diagonal.matrix", a) == [1, 5])
  let list = application.array([1.0, 2, 3, 4])
  #expect(try application.elements("matrix.make", 2, 2, list) == [1, 2, 3, 4])
  #expect(try application.elements("matrix.make", 2, 3, list) == nil)
  #expect(try application.elements("matrix.make", Int64.max.word, 2, list) == nil)
  #expect(try application.elements("identity", 2) == [1, 0, 0, 1])
  #expect(try application.elements("identity", Int64(-1).word) == nil)
}

@Test func productsOfMatrices() throws {
  let application = Application()
  let a = application.matrix([[1, 2], [3, 4]])
  let b = application.matrix([[0, 1], [1, 0]])
  let x = application.array([1.0, -1])
  #expect(try application.elements("multiply.matrix", a, b) == [2, 1, 4, 3])
  #expect(try application.reals("multiply.matrix.realArray", a, x) == [-1, -1])
  #expect(try application.reals("multiply.realArray.matrix", x, a) == [-2, -2])
  #expect(try application.real("quadraticForm.matrix", a, x) == 0)
  #expect(try application.real("trace.matrix", a) == 5)
  #expect(try application.elements("add.matrix", a, b) == [1, 3, 4, 4])
  #expect(try application.elements("multiply.real.matrix", 2.0.word, a) == [2, 4, 6, 8])
  #expect(try application.elements("outer.realArray", x, x) == [1, -1, -1, 1])
  #expect(
    try application.elements("multiply.matrix", a, application.matrix([[1, 2, 3]])) == nil)
}

@Test func decompositionsUndoThemselves() throws {
  let application = Application()
  let a = application.matrix([[4, 2, 0.6], [2, 5, 1], [0.6, 1, 3]])
  let inverse = try #require(try application.one("inverse.matrix", [a]))
  let identity = [1.0, 0, 0, 0, 1, 0, 0, 0, 1]
  #expect(isClose(try application.elements("multiply.matrix", a, inverse), identity))
  let factor = try #require(try application.one("cholesky.covariance", [a]))
  let transposed = try #require(try application.one("transpose.matrix", [factor]))
  #expect(
    isClose(
      try application.elements("multiply.matrix", factor, transposed),
      [4, 2, 0.6, 2, 5, 1, 0.6, 1, 3]))
  let ofPrecision = try #require(try application.one("cholesky.precision", [inverse]))
  #expect(
    isClose(
      try application.reals("elements.matrix", ofPrecision),
      try #require(try application.reals("elements.matrix", factor))))
  let determinant: Double = 56 - 10.8 - 0.6

  #expect(isClose([try #require(try application.real("determinant.matrix", a))], [determinant]))
  #expect(
    isClose([try #require(try application.real("logDeterminant.matrix", a))], [log(determinant)]))
  let b = application.array([1.0, 2, 3])
  let x = try #require(try application.one("solve.matrix.realArray", [a, b]))
  #expect(isClose(try application.reals("multiply.matrix.realArray", a, x), [1, 2, 3]))
}

@Test func pivotsAreExchanged() throws {
  let application = Application()
  let a = application.matrix([[0, 1], [2, 0]])
  #expect(try application.real("determinant.matrix", a) == -2)
  #expect(try application.elements("inverse.matrix", a) == [0, 0.5, 1, 0])
}

@Test func matricesThatAreNotPositiveDefiniteAreRefused() throws {
  let application = Application()
  for rows in [[[1.0, 2], [2, 1]], [[1, 0.5], [0.4, 1]], [[0, 0], [0, 0]], [[1, 2, 3]]] {
    let a = application.matrix(rows)
    #expect(try application.elements("cholesky.covariance", a) == nil)
    #expect(try application.elements("cholesky.precision", a) == nil)
  }
  let singular = application.matrix([[1, 2], [2, 4]])
  #expect(try application.elements("inverse.matrix", singular) == nil)
  #expect(try application.real("determinant.matrix", singular) == 0)
  #expect(try application.real("logDeterminant.matrix", singular) == -.infinity)
}
