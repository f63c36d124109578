import BorelInference

/// The charts of a result in one SVG image, one under the other.
package struct ReportImage {
  private static let width = 760.0
  private static let chartLimit = 8

  private let document: ResultDocument
  private let variables: [Variable]
  private let isComplete: Bool

  /// - Parameters:
  ///   - variables: Those to show.
  ///   - isComplete: Whether all of them are, however many.
  package init(_ document: ResultDocument, _ variables: [Variable], isComplete: Bool) {
    self.document = document
    self.variables = variables
    self.isComplete = isComplete
  }

  package var svg: String {
    let charts = self.charts
    var y = 16.0
    var body = ""
    for (title, chart) in charts {
      var heading = SVG(width: Self.width, height: 24, title: title)
      heading.text(title, 12, 16, "heading")
      body += heading.placed(at: 0, y) + chart.placed(at: 0, y + 22)
      y += chart.height + 36
    }
    let size = "\(SVG.number(Self.width)) \(SVG.number(y))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" \
      width="\(SVG.number(Self.width))" height="\(SVG.number(y))">
      <title>\(SVG.escaped(document.posterior.model))</title>
      <style>
      \(PageStyle.image)</style>
      <rect width="100%" height="100%" style="fill: var(--card)"/>
      \(body)</svg>

      """
  }

  private var charts: [(String, SVG)] {
    let posterior = document.posterior
    let single = VariableCharts(posterior: posterior)
    var charts: [(String, SVG)] = []
    let ribbons = Ribbon.all(document, variables)
    for ribbon in ribbons {
      charts.append(("\(ribbon.name)[i]", SeriesCharts.ribbon(ribbon, width: Self.width)))
    }
    let inRibbons = Set(ribbons.map(\.name))
    let others = variables.filter { variable in
      let name = ElementName(variable.name)
      return !(name.indices.count == 1 && inRibbons.contains(name.array))
    }
    for variable in others.prefix(isComplete ? .max : Self.chartLimit) {
      if let chart = single.histogram(variable, width: Self.width) {
        charts.append((variable.name, chart))
      }
      guard case .chains(let count) = posterior.dependence, variable.kind.isNumeric,
        variable.present == nil
      else { continue }
      if let trace = single.trace(variable, chainCount: count, width: Self.width) {
        charts.append(("\(variable.name), draws in order", trace))
      }
      if let ranks = single.ranks(variable, chainCount: count, width: Self.width) {
        charts.append(("\(variable.name), ranks by chain", ranks))
      }
    }
    if posterior.steps.count >= Ribbon.leastLength {
      charts.append(
        (
          "effective sample size by step",
          SeriesCharts.effectiveSampleSize(posterior.steps, width: Self.width)
        ))
      charts.append(
        ("log evidence by step", SeriesCharts.evidence(posterior.steps, width: Self.width)))
    }
    return charts
  }
}
