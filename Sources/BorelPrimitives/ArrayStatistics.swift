import BorelHeap
import BorelKernels

// Statistics of the elements of one array, shared by the table of reductions and its relatives.

/// The mean of a nonempty array.
func mean(_ values: UnsafeBufferPointer<Double>) -> Double {
  values.reduce(0, +) / Double(values.count)
}

/// The sample variance of at least two values, in two passes.
func variance(_ values: UnsafeBufferPointer<Double>) -> Double {
  let center = mean(values)
  let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  return squares / Double(values.count - 1)
}

/// The sample variance of the array operand; nil below two elements.
func intVariance(_ operands: LaneOperands) -> Double? {
  guard let values = operands.array(0)?.ints, values.count >= 2 else { return nil }
  let center = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
  let squares = values.reduce(0.0) { sum, value in
    let deviation = Double(value) - center
    return sum + deviation * deviation
  }
  return squares / Double(values.count - 1)
}

/// log of the sum of exp; -infinity for no values, NaN when one of them is.
func logSumExp(_ values: UnsafeBufferPointer<Double>) -> Double {
  var largest = -Double.infinity
  for value in values {
    if value.isNaN { return .nan }
    if value > largest { largest = value }
  }
  if largest.isInfinite { return largest }
  return largest + borel_log(values.reduce(0) { $0 + borel_exp($1 - largest) })
}

/// The quantile of a nonempty array by linear interpolation of the order statistics.
///
/// Source: Hyndman and Fan (1996), "Sample quantiles in statistical packages", definition 7.
func quantile(_ values: UnsafeBufferPointer<Double>, _ probability: Double) -> Double {
  if values.contains(where: \.isNaN) { return .nan }
  let sorted = values.sorted()
  let position = probability * Double(sorted.count - 1)
  let below = Int(position)
  let fraction = position - Double(below)
  if fraction == 0 || sorted[below] == sorted[below + 1] { return sorted[below] }
  return sorted[below] + fraction * (sorted[below + 1] - sorted[below])
}

/// The fold of an array of integers by an operation that may overflow; nil when it does.
func fold(
  _ operands: LaneOperands, _ start: Int64,
  _ combine: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
) -> Int64? {
  guard let values = operands.array(0)?.ints else { return nil }
  var result = start
  for value in values {
    let (next, overflow) = combine(result, value)
    if overflow { return nil }
    result = next
  }
  return result
}

/// The position of the first element that precedes all others; nil when there is none.
func first<Element>(
  _ values: UnsafeBufferPointer<Element>?, _ precedes: (Element, Element) -> Bool
) -> Int64? {
  guard let values, !values.isEmpty else { return nil }
  var best = 0
  for index in 1..<max(1, values.count) where precedes(values[index], values[best]) {
    best = index
  }
  return Int64(best)
}
