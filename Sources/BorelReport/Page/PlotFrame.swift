/// The space of a chart between its axes.
struct PlotFrame {
  var svg: SVG
  let x: Axis
  let y: Axis
  let left: Double
  let top: Double
  let right: Double
  let bottom: Double

  /// Draws the axes and their labels.
  ///
  /// - Parameters:
  ///   - hasYAxis: Without it only the horizontal axis is drawn.
  ///   - hasGrid: Whether thin lines go through the ticks of the vertical axis.
  init(
    width: Double, height: Double, title: String, x: Axis, y: Axis, hasYAxis: Bool = true,
    hasGrid: Bool = true, hasXAxis: Bool = true
  ) {
    svg = SVG(width: width, height: height, title: title)
    self.x = x
    self.y = y
    let widest = y.ticks.map { Axis.label($0).count }.max() ?? 0
    left = hasYAxis ? 14 + 6.4 * Double(widest) : 14
    right = width - 18
    top = 8
    bottom = height - (hasXAxis ? 24 : 8)
    if hasYAxis {
      for tick in y.ticks {
        let place = self.vertical(tick)
        if hasGrid { svg.line(left, place, right, place, "grid") }
        svg.text(Axis.label(tick), left - 6, place + 4, "tick", anchor: .end)
      }
    }
    if hasXAxis {
      svg.line(left, bottom, right, bottom, "axis")
      for tick in x.ticks {
        let place = horizontal(tick)
        svg.line(place, bottom, place, bottom + 4, "axis")
        svg.text(Axis.label(tick), place, bottom + 17, "tick", anchor: .middle)
      }
    }
  }

  func horizontal(_ value: Double) -> Double { left + x.share(value) * (right - left) }
  func vertical(_ value: Double) -> Double { bottom - y.share(value) * (bottom - top) }
}
