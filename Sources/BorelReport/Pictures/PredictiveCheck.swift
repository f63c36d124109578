import BorelData
import BorelInference

/// Data against their predictions: how many lie in the predicted intervals, and where in the
/// predictive distribution each one lies.
///
/// Source: Gelman et al. (2013), Bayesian Data Analysis, section 6.3; Gneiting, Balabdaoui, Raftery
/// (2007), "Probabilistic forecasts, calibration and sharpness", section 3.1.
struct PredictiveCheck: Sendable {
  var name: String
  var count: Int
  /// Data inside the central 50 % and 90 % of their predictions.
  var inside50: Int
  var inside90: Int
  /// For each datum the predictive probability of less, half of that of the same included.
  var transforms: [Double]

  /// Fewer data say nothing about calibration.
  private static let leastCount = 8

  /// - Returns: nil unless the variables hold predictions of enough data.
  init?(_ document: ResultDocument, _ ribbon: Ribbon) {
    guard let data = ribbon.data, data.name == ribbon.name else { return nil }
    name = ribbon.name
    (count, inside50, inside90, transforms) = (0, 0, 0, [])
    for (position, value) in data.values.enumerated() {
      guard let value,
        let variable = document.posterior.variable("\(name)[\(ribbon.indices[position])]")
      else { continue }
      let quantiles = ribbon.quantiles[position]
      count += 1
      if value >= quantiles[1], value <= quantiles[3] { inside50 += 1 }
      if value >= quantiles[0], value <= quantiles[4] { inside90 += 1 }
      let (values, weights) = document.posterior.weightedValues(of: variable)
      var below = 0.0
      for (prediction, weight) in zip(values, weights) {
        if prediction < value { below += weight }
        if prediction == value { below += weight / 2 }
      }
      transforms.append(below)
    }
    guard count >= Self.leastCount else { return nil }
  }

  /// The transforms in ten bins: flat when the predictions are calibrated.
  func chart(width: Double) -> SVG {
    var bins = [Double](repeating: 0, count: 10)
    for value in transforms { bins[min(max(Int(value * 10), 0), 9)] += 1 }
    let expected = Double(count) / 10
    var frame = PlotFrame(
      width: width, height: 170, title: "calibration of predictions of \(name)",
      x: Axis(0, 1, count: 5, margin: 0), y: Axis(0, max(bins.max() ?? 1, 2 * expected), margin: 0),
      hasYAxis: false)
    for (index, bin) in bins.enumerated() {
      let left = frame.horizontal(Double(index) / 10)
      let top = frame.vertical(bin)
      frame.svg.rectangle(
        left, top, frame.horizontal(Double(index + 1) / 10) - left - 1, frame.bottom - top, "bar",
        tip: "\(Int(bin)) data, \(NumberText.short(expected, digits: 3)) expected")
    }
    let place = frame.vertical(expected)
    frame.svg.line(frame.left, place, frame.right, place, "expected")
    return frame.svg
  }

  var text: String {
    "\(inside90) of \(count) data lie in the central 90 % of their predictions, \(inside50) in the "
      + "central 50 %."
  }
}
