import BorelData
import BorelInference

/// Charts over an index or over the steps of a run.
enum SeriesCharts {
  /// An array over its index: median, middle 50 % and 90 %, and data.
  static func ribbon(_ ribbon: Ribbon, width: Double) -> SVG {
    let (low, high) = ribbon.range
    let count = ribbon.indices.count
    var frame = PlotFrame(
      width: width, height: 250, title: "\(ribbon.name) over its index",
      x: Axis(
        Double(ribbon.indices[0]), Double(ribbon.indices[count - 1]),
        count: max(4, Int(width / 90)), margin: 0.01), y: Axis(low, high, count: 5))
    // More points than pixels would be waste.
    let stride = max(1, count / Int(width))
    let shown = Swift.stride(from: 0, to: count, by: stride).map { $0 }
    func x(_ position: Int) -> Double { frame.horizontal(Double(ribbon.indices[position])) }
    for (lower, upper, style) in [(0, 4, "band90"), (1, 3, "band50")] {
      let top = shown.map { (x($0), frame.vertical(ribbon.quantiles[$0][upper])) }
      let bottom = shown.reversed().map { (x($0), frame.vertical(ribbon.quantiles[$0][lower])) }
      frame.svg.path(top + bottom, style, isClosed: true)
    }
    frame.svg.path(shown.map { (x($0), frame.vertical(ribbon.quantiles[$0][2])) }, "curve")
    if let data = ribbon.data {
      for (position, value) in data.values.enumerated() {
        guard let value else { continue }
        frame.svg.dot(
          x(position), frame.vertical(value), count > 200 ? 1.6 : 2.4, "datum",
          tip: "\(data.name)[\(ribbon.indices[position])] = \(NumberText.short(value))")
      }
    }
    return frame.svg
  }

  /// The effective sample size after each step, with a mark where particles were resampled.
  static func effectiveSampleSize(_ steps: [WeightStep], width: Double) -> SVG {
    var frame = PlotFrame(
      width: width, height: 170, title: "effective sample size by step",
      x: Axis(0, Double(steps.count - 1), count: max(4, Int(width / 90)), margin: 0),
      y: Axis(0, 1, count: 4, margin: 0))
    let stride = max(1, steps.count / Int(2 * width))
    var points: [(x: Double, y: Double)] = []
    for (index, step) in steps.enumerated() where index % stride == 0 {
      points.append((frame.horizontal(Double(index)), frame.vertical(step.essShare)))
    }
    frame.svg.path(points, "curve")
    for (index, step) in steps.enumerated() where step.isResampled && index % stride == 0 {
      let place = frame.horizontal(Double(index))
      frame.svg.line(place, frame.bottom - 6, place, frame.bottom, "resampled")
    }
    return frame.svg
  }

  /// The log evidence of the data up to each step.
  static func evidence(_ steps: [WeightStep], width: Double) -> SVG {
    var sum = 0.0
    let values = steps.map { step in
      sum += step.logEvidence
      return sum
    }
    return curve(
      values, title: "log evidence by step", width: width, low: min(values.min() ?? 0, 0),
      high: max(values.max() ?? 0, 0))
  }

  /// How many different values of each element the draws hold: few where all paths descend from
  /// few particles.
  static func diversity(_ posterior: Posterior, _ ribbon: Ribbon, width: Double) -> SVG? {
    let counts = ribbon.indices.compactMap { index -> Double? in
      guard let variable = posterior.variable("\(ribbon.name)[\(index)]"), variable.kind == .real
      else { return nil }
      return Double(Set(variable.values).count)
    }
    guard counts.count == ribbon.indices.count, counts.count > 1 else { return nil }
    return curve(
      counts, title: "different values of \(ribbon.name) by index", width: width, low: 0,
      high: counts.max() ?? 1)
  }

  private static func curve(
    _ values: [Double], title: String, width: Double, low: Double, high: Double
  ) -> SVG {
    var frame = PlotFrame(
      width: width, height: 170, title: title,
      x: Axis(0, Double(values.count - 1), count: max(4, Int(width / 90)), margin: 0),
      y: Axis(low, high, count: 4))
    let stride = max(1, values.count / Int(2 * width))
    var points: [(x: Double, y: Double)] = []
    for index in Swift.stride(from: 0, to: values.count, by: stride) where values[index].isFinite {
      points.append((frame.horizontal(Double(index)), frame.vertical(values[index])))
    }
    frame.svg.path(points, "curve")
    return frame.svg
  }
}
