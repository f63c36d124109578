import BorelData

extension ResultTable {
  /// The mean and the standard deviation of each coordinate, and correlations that differ from 0.
  static func text(_ family: FittedFamily) -> String {
    let kind = family.isFullRank ? "full rank" : "mean field"
    let names = family.coordinates.map { $0.scale.text($0.name) }
    let rows = zip(names, family.coordinates).map { name, coordinate in
      [
        name, NumberText.short(coordinate.mean, digits: 3),
        NumberText.short(coordinate.sd, digits: 3), "",
      ]
    }
    var text =
      "normal family (\(kind)) after \(family.steps) steps\n\n"
      + aligned([["", "mean", "sd", ""]] + rows)
    let size = names.count
    var pairs: [(text: String, size: Double)] = []
    for row in 0..<size {
      for column in 0..<row {
        let value = family.correlations[row * size + column]
        guard value.magnitude >= shownCorrelation else { continue }
        pairs.append(
          (
            "\(names[column]), \(names[row]): \(NumberText.short(value, digits: 2))",
            value.magnitude
          )
        )
      }
    }
    let shown = pairs.sorted { $0.size > $1.size }.prefix(arrayLimit).map(\.text)
    if !shown.isEmpty { text += "\ncorrelations: \(shown.joined(separator: "; "))\n" }
    return text
  }

  /// Correlations from this size on are shown.
  private static let shownCorrelation = 0.3
}
