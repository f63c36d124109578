import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// Makes forecasts of data from the distributions that the lanes report for them: the mixture under
/// the weights before the datum.
struct Forecaster {
  private let program: Program
  private let sources: [Int: Forecasting.Source]
  private let laneCount: Int
  private let key: UInt64
  private let probabilities: [Double]
  private var selection = QuantileSelection()
  /// Objects of one forecast.
  private let arena = Arena()

  init(
    program: Program, sources: [Int: Forecasting.Source], laneCount: Int, key: UInt64,
    probabilities: [Double]
  ) {
    self.program = program
    self.sources = sources
    self.laneCount = laneCount
    self.key = borel_key_child(key, UInt32(BOREL_KEY_FORECAST), 0)
    self.probabilities = probabilities
  }

  /// Whether a report is the distribution of a datum.
  func foresees(report: Int) -> Bool { sources[report] != nil }

  /// The forecast of a datum, for vectors one of each element; none for data that are not numbers and
  /// where no lane foresees it.
  ///
  /// - Parameters:
  ///   - record: The number of the record.
  ///   - position: Tells the data of a record apart.
  ///   - inLoop: Whether the first counter counts records.
  mutating func forecast(
    _ emission: Emission, of machine: Machine, _ weights: LaneWeights, record: Int, position: Int,
    inLoop: Bool
  ) -> [StreamForecast] {
    guard let source = sources[emission.report], source.types.count == 1,
      source.isVector || [.real, .int, .bool].contains(source.types[0])
    else { return [] }
    let (lanes, loops) = machine.place(of: emission)
    let inner = inLoop ? Array(loops.dropFirst()) : loops
    guard inner.allSatisfy({ $0.count == 1 }) else { return [] }
    let name = program.reports[emission.report].name.dropFirst(Forecasting.prefix.count)
    let rows = Rows(
      columns: machine.reportColumns(of: emission).map { $0.words(count: emission.count) },
      lanes: emission.isContiguous
        ? (0..<emission.count).map { Int32(emission.firstLane + $0) } : lanes,
      isContiguous: emission.isContiguous && emission.firstLane == 0, weights: weights)
    let key = ReportKey(name: String(name), loops: inner.map { $0[0] }).text
    defer { arena.reset() }
    if source.isVector { return elements(rows, source, named: key, record, position) }
    return [scalar(rows, source, named: key, record, position)]
  }

  /// The words that some lanes reported, with the weights of these lanes.
  struct Rows {
    let columns: [[UInt64]]
    let lanes: [Int32]
    /// Whether they are lanes 0, 1, 2, ...
    let isContiguous: Bool
    let weights: [Double]
    let total: Double
    var count: Int { lanes.count }

    init(columns: [[UInt64]], lanes: [Int32], isContiguous: Bool, weights: LaneWeights) {
      self.columns = columns
      self.lanes = lanes
      self.isContiguous = isContiguous
      let own = lanes.map { weights.values[Int($0)] }
      self.weights = own
      total = own.reduce(0, +)
    }
  }

  private mutating func scalar(
    _ rows: Rows, _ source: Forecasting.Source, named name: String, _ record: Int, _ position: Int
  ) -> StreamForecast {
    let generation = UInt32(truncatingIfNeeded: record)
    let values = drawn(rows, source, generation, UInt32(position))
    let (mean, sd) = moments(rows, source) ?? Self.moments(values, rows)
    let datum = datum(rows, source)
    let share = share(generation, position)
    return StreamForecast(
      name: name, mean: mean, sd: sd, quantiles: quantiles(values, rows), value: datum,
      pit: datum.flatMap { pit(of: $0, rows, source, share) })
  }

  mutating func quantiles(_ values: [Double], _ rows: Rows) -> [Double] {
    rows.weights.withUnsafeBufferPointer { weights in
      weights.baseAddress.map { selection.quantiles(values, $0, probabilities) } ?? []
    }
  }

  /// The random share of the probability of a datum.
  func share(_ generation: UInt32, _ position: Int) -> Double {
    var random = borel_lane_random_make(key, UInt32.max, generation, UInt32(position))
    return borel_next_uniform(&random)
  }

  /// One draw from the distribution of each lane.
  private func drawn(
    _ rows: Rows, _ source: Forecasting.Source, _ generation: UInt32, _ position: UInt32
  ) -> [Double] {
    var words = [UInt64](repeating: 0, count: rows.count + 64)
    guard let family = family(of: source) else {
      drawEach(rows, source, generation, position) { row, word in words[row] = word }
      return numbers(words, rows.count, source.types[0])
    }
    var (streamKey, draw) = (key, position)
    let lanes = rows.isContiguous ? [] : rows.lanes.map { UInt32($0) }
    withViews(rows, source.parameterCount) { parameters in
      words.withUnsafeMutableBufferPointer { target in
        lanes.withUnsafeBufferPointer { lanes in
          withUnsafePointer(to: &streamKey) { key in
            withUnsafePointer(to: &draw) { draw in
              guard let start = target.baseAddress else { return }
              let streams = LaneStreams(
                keys: key, keyStride: 0, lanes: rows.isContiguous ? nil : lanes.baseAddress,
                firstLane: 0, generation: generation, draws: draw, drawStride: 0)
              withUnsafePointer(to: start) { columns in
                family.drawColumn(
                  count: rows.count, parameters: parameters, streams: streams, arena: arena,
                  into: columns)
              }
            }
          }
        }
      }
    }
    return numbers(words, rows.count, source.types[0])
  }

  /// Draws from the distribution of each lane with weight.
  func drawEach(
    _ rows: Rows, _ source: Forecasting.Source, _ generation: UInt32, _ position: UInt32,
    _ body: (Int, UInt64) -> Void
  ) {
    forEach(rows, source) { row, distribution in
      var random = borel_lane_random_make(key, UInt32(rows.lanes[row]), generation, position)
      var word: UInt64 = 0
      distribution.draw(using: &random, arena: arena, into: &word)
      body(row, word)
    }
  }

  private func withViews(
    _ rows: Rows, _ count: Int, _ body: (UnsafePointer<ColumnOperand>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: count + 1) { views in
      guard let start = views.baseAddress else { return }
      for k in 0..<count {
        (start + k).initialize(to: ColumnOperand(base: rows.columns[k], stride: 1))
      }
      body(UnsafePointer(start))
    }
  }

  private func numbers(_ words: [UInt64], _ count: Int, _ type: IRType) -> [Double] {
    switch type {
    case .real: words.prefix(count).map { Double(bitPattern: $0) }
    default: words.prefix(count).map { number($0, type) }
    }
  }

  private func family(of source: Forecasting.Source) -> (any Family.Type)? {
    source.family.flatMap { program.family(named: $0) }
  }

  /// Visits the distributions of the lanes with weight.
  private func forEach(
    _ rows: Rows, _ source: Forecasting.Source, _ body: (Int, DistributionValue) -> Void
  ) {
    let number = source.family.flatMap { program.familyIndex(of: $0) }
    LaneBuffer.withBuffer { words in
      for row in 0..<rows.count where rows.weights[row] > 0 {
        for k in 0..<source.parameterCount { words[k] = rows.columns[k][row] }
        if let number {
          body(row, DistributionValue(family: number, parameters: LaneWords(words)))
        } else if let distribution = DistributionValue(bits: words[0]) {
          body(row, distribution)
        }
      }
    }
  }

  /// Of the mixture, from the moments of its parts; nil where these are not known.
  private func moments(_ rows: Rows, _ source: Forecasting.Source) -> (mean: Double, sd: Double)? {
    var (means, variances) = ([Double](), [Double]())
    if let family = family(of: source) as? any HasMoments.Type {
      means = [Double](repeating: 0, count: rows.count)
      variances = means
      withViews(rows, source.parameterCount) { parameters in
        means.withUnsafeMutableBufferPointer { means in
          variances.withUnsafeMutableBufferPointer { variances in
            guard let mean = means.baseAddress, let variance = variances.baseAddress else { return }
            family.momentColumns(
              count: rows.count, parameters: parameters, means: mean, variances: variance)
          }
        }
      }
    } else {
      means = [Double](repeating: .nan, count: rows.count)
      variances = means
      forEach(rows, source) { row, distribution in
        means[row] = distribution.mean ?? .nan
        variances[row] = distribution.variance ?? .nan
      }
    }
    var (mean, squares) = (0.0, 0.0)
    for row in means.indices where rows.weights[row] > 0 {
      let weight = rows.weights[row] / rows.total
      mean += weight * means[row]
      squares += weight * (variances[row] + means[row] * means[row])
    }
    // NaN stands for a moment that is not known.
    return mean.isNaN || squares.isNaN ? nil : (mean, max(squares - mean * mean, 0).squareRoot())
  }

  static func moments(_ values: [Double], _ rows: Rows) -> (mean: Double, sd: Double) {
    var (mean, squares) = (0.0, 0.0)
    for (value, weight) in zip(values, rows.weights) where weight > 0 {
      mean += weight / rows.total * value
      squares += weight / rows.total * value * value
    }
    return (mean, max(squares - mean * mean, 0).squareRoot())
  }

  /// The datum of the first lane, which is that of all.
  private func datum(_ rows: Rows, _ source: Forecasting.Source) -> Double? {
    datumWord(rows, source).map { number($0, source.types[0]) }
  }

  func datumWord(_ rows: Rows, _ source: Forecasting.Source) -> UInt64? {
    let flag = source.parameterCount
    guard rows.count > 0, !source.isOptional || rows.columns[flag][0] != 0 else { return nil }
    return rows.columns[flag + (source.isOptional ? 1 : 0)][0]
  }

  private func number(_ word: UInt64, _ type: IRType) -> Double {
    switch type {
    case .real: Double(bitPattern: word)
    case .int: Double(Int64(bitPattern: word))
    default: word == 0 ? 0 : 1
    }
  }

  /// P(X < datum) and a share of P(X = datum); nil where a lane has no cumulative.
  private func pit(
    of datum: Double, _ rows: Rows, _ source: Forecasting.Source, _ share: Double
  ) -> Double? {
    guard let upTo = cumulative(datum, rows, source) else { return nil }
    if source.types[0] == .real { return min(upTo, 1) }
    guard let before = cumulative(datum - 1, rows, source) else { return nil }
    return min(before + share * (upTo - before), 1)
  }

  private func cumulative(
    _ datum: Double, _ rows: Rows, _ source: Forecasting.Source
  ) -> Double? {
    if let family = family(of: source) as? any HasCumulative.Type {
      var result = [Double](repeating: 0, count: rows.count + 64)
      withViews(rows, source.parameterCount) { parameters in
        result.withUnsafeMutableBufferPointer { target in
          guard let start = target.baseAddress else { return }
          family.cumulativeColumn(datum, count: rows.count, parameters: parameters, into: start)
        }
      }
      var sum = 0.0
      for (probability, weight) in zip(result, rows.weights) where weight > 0 {
        sum += weight * probability
      }
      return sum.isNaN ? nil : sum / rows.total
    }
    var (sum, isKnown) = (0.0, true)
    forEach(rows, source) { row, distribution in
      if let probability = distribution.cumulative(datum) {
        sum += rows.weights[row] * probability
      } else {
        isKnown = false
      }
    }
    return isKnown ? sum / rows.total : nil
  }
}
