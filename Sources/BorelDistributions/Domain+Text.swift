import BorelHeap

extension Domain {
  /// The condition as it reads after 'must be', for example 'positive'.
  package var text: String {
    switch self {
    case .any: return "a number"
    case .finite: return "finite"
    case .positive: return "positive and finite"
    case .nonNegative: return "finite and at least 0"
    case .openUnitInterval: return "between 0 and 1, both excluded"
    case .unitInterval: return "between 0 and 1"
    case .interval(let low, let high, let lowerOpen, let upperOpen):
      return Self.intervalText(low, high, lowerOpen, upperOpen)
    case .intAtLeast(let low): return "at least \(low)"
    case .each(let domain):
      return domain == .any
        ? "an array of at least one element" : "an array whose elements are \(domain.text)"
    case .simplex: return "non-negative numbers with sum 1"
    case .weights: return "non-negative numbers with a positive sum"
    case .symmetricPositiveDefinite: return "a symmetric positive definite matrix"
    case .choleskyFactor: return "a lower triangular matrix with positive diagonal"
    case .increasing: return "an array of finite, strictly increasing numbers"
    }
  }

  private static func intervalText(
    _ low: Double, _ high: Double, _ lowerOpen: Bool, _ upperOpen: Bool
  ) -> String {
    let lower = lowerOpen ? "above \(number(low))" : "at least \(number(low))"
    let upper = upperOpen ? "below \(number(high))" : "at most \(number(high))"
    if low == -.infinity { return upper }
    if high == .infinity { return lower }
    return "\(lower) and \(upper)"
  }

  /// A number as short as it can be without loss: `2`, `0.1`.
  package static func number(_ x: Double) -> String {
    if x == x.rounded(), abs(x) < 1e15 { return String(Int64(x)) }
    return "\(x)"
  }

  /// A parameter's value for a message: long arrays and matrices are cut short.
  package static func found(_ word: UInt64, _ kind: ParameterKind) -> String {
    switch kind {
    case .real: return number(Double(bitPattern: word))
    case .int: return "\(Int64(bitPattern: word))"
    case .bool: return word != 0 ? "true" : "false"
    case .realArray:
      let array = ArrayObject(bits: word)
      return list(array.count) { number(array.real($0)) }
    case .intArray:
      let array = ArrayObject(bits: word)
      return list(array.count) { "\(array.int($0))" }
    case .matrix:
      let matrix = MatrixObject(bits: word)
      return "a \(matrix.rows) x \(matrix.columns) matrix"
    case .distribution, .value: return "another value"
    case .distributionArray, .valueArray:
      return "an array of \(ArrayObject(bits: word).count) elements"
    }
  }

  private static func list(_ count: Int, _ element: (Int) -> String) -> String {
    let shown = (0..<min(count, 8)).map(element).joined(separator: ", ")
    return "[" + shown + (count > 8 ? ", ... \(count) elements]" : "]")
  }
}
