import BorelHeap

extension Domain {
  /// Whether a word of a kind lies in the domain. Distributions and values of unknown type lie
  /// in every domain; NaN lies nowhere; an array that is missing (a dead lane) lies nowhere.
  package func contains(_ word: UInt64, _ kind: ParameterKind) -> Bool {
    switch kind {
    case .real: return containsReal(Double(bitPattern: word))
    case .int: return containsInt(Int64(bitPattern: word))
    case .bool, .distribution, .value: return true
    case .distributionArray, .valueArray:
      guard case .each = self else { return true }
      return ArrayObject(bits: word).count > 0
    case .realArray: return containsReals(ArrayObject(bits: word).reals)
    case .intArray: return containsInts(ArrayObject(bits: word))
    case .matrix: return containsMatrix(MatrixObject(bits: word))
    }
  }

  /// `positive` and `nonNegative` are finite: an infinite scale or rate has no density.
  package func containsReal(_ x: Double) -> Bool {
    switch self {
    case .any: return !x.isNaN
    case .finite: return x.isFinite
    case .positive: return x > 0 && x < .infinity
    case .nonNegative: return x >= 0 && x < .infinity
    case .openUnitInterval: return x > 0 && x < 1
    case .unitInterval: return x >= 0 && x <= 1
    case .interval(let low, let high, let lowerOpen, let upperOpen):
      return (lowerOpen ? x > low : x >= low) && (upperOpen ? x < high : x <= high)
    case .intAtLeast(let low): return x >= Double(low)
    case .each, .simplex, .weights, .symmetricPositiveDefinite, .choleskyFactor, .increasing:
      return !x.isNaN
    }
  }

  private func containsInt(_ n: Int64) -> Bool {
    switch self {
    case .intAtLeast(let low): return n >= low
    case .positive: return n > 0
    case .nonNegative: return n >= 0
    default: return containsReal(Double(n))
    }
  }

  private func containsInts(_ array: ArrayObject) -> Bool {
    switch self {
    case .each(let domain):
      let count = array.count
      return count > 0 && (0..<count).allSatisfy { domain.containsInt(array.int($0)) }
    case .increasing:
      let count = array.count
      return count > 0 && (1..<max(count, 1)).allSatisfy { array.int($0 - 1) < array.int($0) }
    default: return true
    }
  }

  private func containsReals(_ values: UnsafeBufferPointer<Double>) -> Bool {
    switch self {
    case .each(let domain):
      return !values.isEmpty && values.allSatisfy { domain.containsReal($0) }
    case .simplex:
      // Above 1e-6 a sum is a mistake of the program, below it is rounding.
      guard !values.isEmpty, values.allSatisfy({ $0 >= 0 && $0 < .infinity }) else { return false }
      return abs(values.reduce(0, +) - 1) <= 1e-6
    case .weights:
      guard !values.isEmpty, values.allSatisfy({ $0 >= 0 && $0 < .infinity }) else { return false }
      let sum = values.reduce(0, +)
      return sum > 0 && sum < .infinity
    case .increasing:
      guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return false }
      return (1..<values.count).allSatisfy { values[$0 - 1] < values[$0] }
    default: return values.allSatisfy { !$0.isNaN }
    }
  }

  private func containsMatrix(_ matrix: MatrixObject) -> Bool {
    let rows = matrix.rows
    guard rows > 0, matrix.columns > 0 else { return false }
    let count = rows * matrix.columns
    let elements = UnsafeBufferPointer(start: matrix.elements, count: count)
    switch self {
    case .symmetricPositiveDefinite:
      return rows == matrix.columns && elements.allSatisfy(\.isFinite)
        && Self.isSymmetricPositiveDefinite(elements, rows)
    case .choleskyFactor:
      guard rows == matrix.columns, elements.allSatisfy(\.isFinite) else { return false }
      for i in 0..<rows {
        if !(elements[i * rows + i] > 0) { return false }
        for j in (i + 1)..<max(rows, i + 1) where elements[i * rows + j] != 0 { return false }
      }
      return true
    case .each(let domain): return elements.allSatisfy { domain.containsReal($0) }
    default: return elements.allSatisfy { !$0.isNaN }
    }
  }

  /// Symmetric within 1e-8 of the diagonal's scale, and its Cholesky factorisation exists.
  private static func isSymmetricPositiveDefinite(
    _ a: UnsafeBufferPointer<Double>, _ n: Int
  ) -> Bool {
    for i in 0..<n {
      guard a[i * n + i] > 0 else { return false }
      for j in 0..<i {
        let scale = (a[i * n + i] * a[j * n + j]).squareRoot()
        if abs(a[i * n + j] - a[j * n + i]) > 1e-8 * scale { return false }
      }
    }
    var factor = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      var pivot = a[j * n + j]
      for k in 0..<j { pivot -= factor[j * n + k] * factor[j * n + k] }
      guard pivot > 0 else { return false }
      let root = pivot.squareRoot()
      factor[j * n + j] = root
      for i in (j + 1)..<max(n, j + 1) {
        var sum = a[i * n + j]
        for k in 0..<j { sum -= factor[i * n + k] * factor[j * n + k] }
        factor[i * n + j] = sum / root
      }
    }
    return true
  }
}
