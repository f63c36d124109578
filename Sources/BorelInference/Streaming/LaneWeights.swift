import BorelKernels

/// Weights of all lanes at one moment, relative to their largest.
struct LaneWeights {
  private(set) var values: [Double]
  private(set) var sum: Double
  private(set) var sumOfSquares: Double

  /// All the same.
  init(uniform count: Int) {
    values = [Double](repeating: 1, count: count)
    sum = Double(count)
    sumOfSquares = Double(count)
  }

  init(values: [Double], sum: Double, sumOfSquares: Double) {
    self.values = values
    self.sum = sum
    self.sumOfSquares = sumOfSquares
  }

  mutating func setUniform() {
    for index in values.indices { values[index] = 1 }
    sum = Double(values.count)
    sumOfSquares = sum
  }

  mutating func set(_ weights: UnsafePointer<Double>, _ group: GroupWeights) {
    values.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress?.update(from: weights, count: buffer.count)
    }
    sum = group.sum
    sumOfSquares = group.sumOfSquares
  }

  /// Mean and standard deviation of weighted values; the deviation has the factor
  /// `1 / (1 - sum W^2)`, and is nil when one value has all the weight.
  func moments(_ values: [Double]) -> (mean: Double, sd: Double?) {
    var mean = 0.0
    for (value, weight) in zip(values, self.values) where weight > 0 { mean += weight * value }
    mean /= sum
    var squares = 0.0
    for (value, weight) in zip(values, self.values) where weight > 0 {
      squares += weight * (value - mean) * (value - mean)
    }
    let concentration = sumOfSquares / (sum * sum)
    guard squares.isFinite, concentration < 1 - 1e-12 else { return (mean, nil) }
    return (mean, (squares / sum / (1 - concentration)).squareRoot())
  }

  /// The weights of some lanes only.
  func restricted(to present: [Bool]) -> LaneWeights {
    var result = self
    result.sum = 0
    result.sumOfSquares = 0
    for index in present.indices {
      if !present[index] { result.values[index] = 0 }
      result.sum += result.values[index]
      result.sumOfSquares += result.values[index] * result.values[index]
    }
    return result
  }
}
