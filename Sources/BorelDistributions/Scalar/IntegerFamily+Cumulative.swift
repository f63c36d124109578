/// Integer families whose distribution function is given at integers; `cumulative` at a real is
/// that at its floor.
protocol IntegerCumulative: HasQuantile {
  static func logCumulative(at k: Int64, _ parameters: LaneWords) -> Double
  static func logSurvival(at k: Int64, _ parameters: LaneWords) -> Double
  static func cumulative(at k: Int64, _ parameters: LaneWords) -> Double
  static func survival(at k: Int64, _ parameters: LaneWords) -> Double
  /// The range of the values.
  static func range(_ parameters: LaneWords) -> ClosedRange<Int64>
  /// A place and a width where most of the mass is, to start the search for a quantile.
  static func bulk(_ parameters: LaneWords) -> (centre: Double, width: Double)
}

extension IntegerCumulative {
  static func cumulative(at k: Int64, _ p: LaneWords) -> Double { exp(logCumulative(at: k, p)) }
  static func survival(at k: Int64, _ p: LaneWords) -> Double { exp(logSurvival(at: k, p)) }

  /// log(share) of two shares with sum 1, from the smaller one.
  static func logShare(_ share: Double, rest: Double) -> Double {
    share > 0.5 ? log1p(-rest) : log(share)
  }

  /// The floor as an integer; nil when it is beyond the range on that side.
  @inline(__always)
  private static func floored(
    _ x: Double, _ p: LaneWords, below: Double, above: Double, _ body: (Int64) -> Double
  ) -> Double {
    if x.isNaN { return x }
    let range = range(p)
    let floor = x.rounded(.down)
    if floor < Double(range.lowerBound) { return below }
    if floor >= Double(range.upperBound) { return above }
    return body(Int64(floor))
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    floored(x, p, below: 0, above: 1) { cumulative(at: $0, p) }
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    floored(x, p, below: -.infinity, above: 0) { logCumulative(at: $0, p) }
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    floored(x, p, below: 0, above: -.infinity) { logSurvival(at: $0, p) }
  }

  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    let range = range(p)
    let bulk = bulk(p)
    return QuantileSearch.integer(
      probability, low: range.lowerBound, high: range.upperBound, start: bulk.centre,
      step: bulk.width, cumulative: { k in k >= range.upperBound ? 1 : cumulative(at: k, p) },
      survival: { k in k >= range.upperBound ? 0 : survival(at: k, p) })
  }
}

extension IntegerCumulative where Self: HasMoments {
  static func bulk(_ p: LaneWords) -> (centre: Double, width: Double) {
    (mean(p), variance(p).squareRoot())
  }
}
