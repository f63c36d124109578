import BorelHeap
import BorelIR
import BorelTransforms

extension Forecasting.Source {
  /// Whether the datum is an array of reals with one distribution for all of it.
  var isVector: Bool { types.first == .array([.real]) }
}

/// Forecasts of vectors that have one distribution, such as `MultivariateNormal`: their elements, by
/// draws.
extension Forecaster {
  /// One forecast of each element; none where lanes foresee vectors of different lengths.
  mutating func elements(
    _ rows: Rows, _ source: Forecasting.Source, named name: String, _ record: Int, _ position: Int
  ) -> [StreamForecast] {
    let generation = UInt32(truncatingIfNeeded: record)
    var columns: [[Double]] = []
    var isEven = true
    drawEach(rows, source, generation, UInt32(position)) { row, word in
      let vector = ArrayObject(bits: word).reals
      if columns.isEmpty {
        columns = vector.map { _ in [Double](repeating: 0, count: rows.count) }
      }
      guard vector.count == columns.count else {
        isEven = false
        return
      }
      for index in vector.indices { columns[index][row] = vector[index] }
    }
    guard isEven else { return [] }
    let datum = datumWord(rows, source).map { Array(ArrayObject(bits: $0).reals) } ?? []
    let share = share(generation, position)
    return columns.indices.map { index in
      let values = columns[index]
      let (mean, sd) = Self.moments(values, rows)
      let value = index < datum.count ? datum[index] : nil
      return StreamForecast(
        name: "\(name)[\(index)]", mean: mean, sd: sd, quantiles: quantiles(values, rows),
        value: value, pit: value.map { Self.rank($0, among: values, rows, share) })
    }
  }

  /// The weight of the values below a datum and a share of that of one more value, which is the datum
  /// itself: uniform when it is drawn as the others are.
  private static func rank(
    _ datum: Double, among values: [Double], _ rows: Rows, _ share: Double
  ) -> Double {
    var (below, count) = (0.0, 0.0)
    for (value, weight) in zip(values, rows.weights) where weight > 0 {
      if value < datum { below += weight }
      count += 1
    }
    let own = rows.total / max(count, 1)
    return (below + share * own) / (rows.total + own)
  }
}
