import BorelData
import BorelInference

/// Charts of single variables.
struct VariableCharts {
  let posterior: Posterior

  // MARK: Densities

  /// The histogram of a variable with its mean and its 90 % interval.
  func histogram(_ variable: Variable, width: Double) -> SVG? {
    guard let histogram = Histogram(posterior, variable) else { return nil }
    return histogram.isBinned
      ? binned(variable, histogram, width) : values(variable, histogram, width)
  }

  private func binned(_ variable: Variable, _ histogram: Histogram, _ width: Double) -> SVG {
    let bars = histogram.bars
    let x = Axis(bars[0].low, bars[bars.count - 1].high, count: max(4, Int(width / 80)), margin: 0)
    let y = Axis(0, histogram.largestMass, margin: 0)
    var frame = PlotFrame(
      width: width, height: 170, title: "histogram of \(variable.name)", x: x, y: y,
      hasYAxis: false)
    for bar in bars {
      let left = frame.horizontal(bar.low)
      let top = frame.vertical(bar.mass)
      frame.svg.rectangle(
        left, top, frame.horizontal(bar.high) - left - 0.6, frame.bottom - top, "bar",
        tip: "\(NumberText.short(bar.low)) to \(NumberText.short(bar.high)): "
          + "\(NumberText.short(bar.mass * 100, digits: 3)) %")
    }
    mark(variable, in: &frame)
    return frame.svg
  }

  /// Mean and 90 % interval under the bars.
  private func mark(_ variable: Variable, in frame: inout PlotFrame) {
    let summary = posterior.summary(of: variable)
    if let q5 = summary.q5, let q95 = summary.q95 {
      let (left, right) = (
        max(frame.horizontal(q5), frame.left), min(frame.horizontal(q95), frame.right)
      )
      frame.svg.line(left, frame.bottom - 1.5, right, frame.bottom - 1.5, "interval")
    }
    if let mean = summary.mean, mean >= frame.x.low, mean <= frame.x.high {
      let place = frame.horizontal(mean)
      frame.svg.line(place, frame.top, place, frame.bottom, "mean")
    }
  }

  private func values(_ variable: Variable, _ histogram: Histogram, _ width: Double) -> SVG {
    let rowHeight = 19.0
    let bars = histogram.bars
    var svg = SVG(
      width: width, height: Double(bars.count) * rowHeight + 10,
      title: "probabilities of \(variable.name)")
    let labelWidth = min(
      12 + 6.8 * Double(bars.map { $0.label?.count ?? 0 }.max() ?? 0), width * 0.45)
    let room = width - labelWidth - 58
    for (index, bar) in bars.enumerated() {
      let top = 5 + Double(index) * rowHeight
      let limit = max(Int(labelWidth / 6.8), 3)
      let label = bar.label ?? ""
      let shown = label.count > limit ? label.prefix(limit - 1) + "…" : label[...]
      svg.text(String(shown), labelWidth - 7, top + 13, "tick", anchor: .end)
      let length = bar.mass / histogram.largestMass * room
      svg.rectangle(labelWidth, top + 2, max(length, 1), rowHeight - 5, "bar", tip: label)
      svg.text(
        NumberText.short(bar.mass, digits: 3), labelWidth + length + 6, top + 13, "tick")
    }
    return svg
  }

  // MARK: Intervals

  /// A line for each variable over a common axis.
  func intervals(_ variables: [Variable], width: Double) -> SVG? {
    var rows: [(name: String, quantiles: [Double])] = []
    for variable in variables {
      let found = posterior.quantiles(of: variable, at: Ribbon.probabilities)
      if found.count == 5, found.allSatisfy(\.isFinite) { rows.append((variable.name, found)) }
    }
    guard let low = rows.map({ $0.quantiles[0] }).min(),
      let high = rows.map({ $0.quantiles[4] }).max()
    else { return nil }
    let rowHeight = 20.0
    let height = Double(rows.count) * rowHeight + 40
    let labelWidth = min(
      16 + 6.8 * Double(rows.map(\.name.count).max() ?? 0), width * 0.4)
    let x = Axis(low, high, count: max(4, Int(width / 90)))
    var svg = SVG(width: width, height: height, title: "intervals")
    let (left, right, bottom) = (labelWidth, width - 12, height - 26)
    func place(_ value: Double) -> Double { left + x.share(value) * (right - left) }
    for tick in x.ticks {
      svg.line(place(tick), 6, place(tick), bottom, tick == 0 ? "axis" : "grid")
      svg.text(Axis.label(tick), place(tick), bottom + 17, "tick", anchor: .middle)
    }
    for (index, row) in rows.enumerated() {
      let y = 16 + Double(index) * rowHeight
      svg.text(row.name, labelWidth - 10, y + 4, "tick", anchor: .end)
      svg.line(place(row.quantiles[0]), y, place(row.quantiles[4]), y, "whisker")
      svg.line(place(row.quantiles[1]), y, place(row.quantiles[3]), y, "interval")
      svg.dot(
        place(row.quantiles[2]), y, 3.6, "median",
        tip: "\(row.name): median \(NumberText.short(row.quantiles[2])), 90 % in "
          + "[\(NumberText.short(row.quantiles[0])), \(NumberText.short(row.quantiles[4]))]")
    }
    return svg
  }

  // MARK: Chains

  /// The draws of each chain in order.
  func trace(_ variable: Variable, chainCount: Int, width: Double) -> SVG? {
    let length = variable.values.count / max(chainCount, 1)
    let finite = variable.values.filter(\.isFinite)
    guard length > 1, let low = finite.min(), let high = finite.max() else { return nil }
    var frame = PlotFrame(
      width: width, height: 170, title: "trace of \(variable.name)",
      x: Axis(0, Double(length), count: max(4, Int(width / 90)), margin: 0),
      y: Axis(low, high, count: 4))
    let columns = max(Int(frame.right - frame.left) / 2, 1)
    for chain in 0..<chainCount {
      let draws = Array(variable.values[chain * length..<(chain + 1) * length])
      frame.svg.path(
        thinned(draws, columns: columns).map { (frame.horizontal($0.x), frame.vertical($0.y)) },
        "trace chain\(chain % 4)")
    }
    return frame.svg
  }

  /// At most four points for each column: the first, the extremes in their order, and the last.
  private func thinned(_ values: [Double], columns: Int) -> [(x: Double, y: Double)] {
    guard values.count > 4 * columns else {
      return values.enumerated().map { (Double($0), $1) }
    }
    var points: [(x: Double, y: Double)] = []
    for column in 0..<columns {
      let range = column * values.count / columns..<(column + 1) * values.count / columns
      guard let low = range.min(by: { values[$0] < values[$1] }),
        let high = range.max(by: { values[$0] < values[$1] })
      else { continue }
      for index in Set([range.lowerBound, low, high, range.upperBound - 1]).sorted() {
        points.append((Double(index), values[index]))
      }
    }
    return points
  }

  /// The ranks of each chain among all draws in 20 bins: flat when chains agree.
  ///
  /// Source: Vehtari et al. (2021), section 4.2.
  func ranks(_ variable: Variable, chainCount: Int, width: Double) -> SVG? {
    let length = variable.values.count / max(chainCount, 1)
    let binCount = min(20, length / 5)
    guard binCount > 1, chainCount > 0 else { return nil }
    let counts = Self.rankCounts(variable.values, chainCount: chainCount, binCount: binCount)
    let expected = Double(length) / Double(binCount)
    let most = max(counts.joined().max() ?? 1, 2 * expected)
    let rowHeight = max(150 / Double(chainCount), 24)
    let height = rowHeight * Double(chainCount) + 18
    var svg = SVG(width: width, height: height, title: "rank plot of \(variable.name)")
    let (left, right) = (8.0, width - 10)
    let step = (right - left) / Double(binCount)
    for chain in 0..<chainCount {
      let bottom = rowHeight * Double(chain + 1)
      let scale = (rowHeight - 6) / most
      for bin in 0..<binCount {
        let bar = counts[chain][bin] * scale
        svg.rectangle(
          left + Double(bin) * step, bottom - bar, step - 1, bar, "rank chain\(chain % 4)",
          tip: "chain \(chain + 1): \(NumberText.short(counts[chain][bin], digits: 3)) draws, "
            + "\(NumberText.short(expected, digits: 3)) expected")
      }
      svg.line(left, bottom - expected * scale, right, bottom - expected * scale, "expected")
    }
    svg.text("ranks, lowest to highest", (left + right) / 2, height - 4, "tick", anchor: .middle)
    return svg
  }

  /// How many draws of each chain have ranks in each bin; draws with the same value share their ranks
  /// evenly.
  private static func rankCounts(
    _ values: [Double], chainCount: Int, binCount: Int
  ) -> [[Double]] {
    var counts = [[Double]](
      repeating: [Double](repeating: 0, count: binCount), count: chainCount)
    let length = values.count / chainCount
    let width = Double(values.count) / Double(binCount)
    let order = values.indices.sorted { values[$0] < values[$1] }
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let share = 1 / Double(end - start)
      for bin in 0..<binCount {
        let low = max(Double(bin) * width, Double(start))
        let high = min(Double(bin + 1) * width, Double(end))
        if high <= low { continue }
        for draw in order[start..<end] {
          counts[min(draw / length, chainCount - 1)][bin] += (high - low) * share
        }
      }
      start = end
    }
    return counts
  }
}
