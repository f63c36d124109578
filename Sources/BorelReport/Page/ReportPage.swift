import BorelBase
import BorelData
import BorelInference

/// A result as one self-contained HTML page: nothing is loaded from elsewhere, nothing is executed.
package struct ReportPage {
  /// Charts of single variables on a page unless they are asked for by name.
  static let chartLimit = 24
  static let tableLimit = 60
  private static let (cardWidth, halfWidth, wideWidth) = (320.0, 500.0, 1050.0)
  private static let narrowWidth = 330.0

  private let document: ResultDocument
  private let variables: [Variable]
  private let isComplete: Bool
  private var posterior: Posterior { document.posterior }
  private let ribbons: [Ribbon]
  private let single: [Variable]

  /// - Parameters:
  ///   - variables: Those to show.
  ///   - isComplete: Whether all of them are, however many.
  package init(_ document: ResultDocument, _ variables: [Variable], isComplete: Bool) {
    self.document = document
    self.variables = variables
    self.isComplete = isComplete
    ribbons = Ribbon.all(document, variables)
    let inRibbons = Set(ribbons.map(\.name))
    single = variables.filter { variable in
      let name = ElementName(variable.name)
      return !(name.indices.count == 1 && inRibbons.contains(name.array))
    }
  }

  package var html: String {
    let title = "\(posterior.model) · Borel"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(SVG.escaped(title))</title>
      <style>
      \(PageStyle.page)</style>
      </head>
      <body>
      <main>
      \(heading)\(checks)\(summaryTable)\(densities)\(series)\(chains)\(particles)\(blame)\(source)
      </main>
      </body>
      </html>

      """
  }

  private func section(_ title: String, _ body: String, note: String = "") -> String {
    guard !body.isEmpty else { return "" }
    let note = note.isEmpty ? "" : "<p class=\"muted\">\(SVG.escaped(note))</p>\n"
    return "<section>\n<h2>\(SVG.escaped(title))</h2>\n\(note)\(body)</section>\n"
  }

  private func card(_ title: String, _ note: String, _ body: String) -> String {
    let small = note.isEmpty ? "" : " <small>\(SVG.escaped(note))</small>"
    return "<div class=\"card\">\n<h3>\(SVG.escaped(title))\(small)</h3>\n\(body)</div>\n"
  }

  /// A chart in the width of the page, and a narrow one for small screens.
  private func responsive(
    wide wideWidth: Double = wideWidth, _ chart: (Double) -> SVG?
  ) -> String {
    guard let wide = chart(wideWidth), let narrow = chart(Self.narrowWidth) else { return "" }
    return "<div class=\"wide\">\(wide.element)</div>\n"
      + "<div class=\"narrow\">\(narrow.element)</div>\n"
  }

  // MARK: Head

  private var heading: String {
    var facts: [(String, String)] = []
    if let evidence = posterior.evidence {
      facts.append(
        (NumberText.withError(evidence.logValue, evidence.standardError), "log evidence"))
    }
    if !posterior.isExact {
      facts.append((String(posterior.drawCount), "draws"))
      if !posterior.logWeights.isEmpty {
        facts.append((NumberText.short(posterior.essWeights), "worth of equal weight"))
      }
    }
    if case .chains(let count) = posterior.dependence { facts.append((String(count), "chains")) }
    for tally in posterior.tallies {
      facts.append((NumberText.withError(tally.value, tally.standardError), "tally \(tally.name)"))
    }
    if document.program != nil {
      facts.append((String(posterior.seed), "seed"))
      facts.append((NumberText.fixed(posterior.timing.seconds, decimals: 2) + " s", "time"))
    }
    let items = facts.map {
      "<div class=\"fact\"><b>\(SVG.escaped($0.0))</b><span>\(SVG.escaped($0.1))</span></div>"
    }
    let manifest = posterior.manifest
    let origin =
      document.program == nil
      ? "read from a file of draws"
      : "Borel \(manifest.version), data \(String(manifest.dataHash, radix: 16)), "
        + "instruction set \(manifest.instructionSet)"
    return """
      <header>
      <h1>\(SVG.escaped(posterior.model))</h1>
      <p class="muted"><code>\(SVG.escaped(posterior.method))</code></p>
      <div class="facts">\(items.joined())</div>
      <p class="muted">\(SVG.escaped(origin))</p>
      </header>

      """
  }

  private var checks: String {
    let items = Check.all(posterior, variables).map { check in
      let (style, word) = check.isGood ? ("ok", "ok") : ("warn", "check")
      return "<li><span class=\"badge \(style)\">\(word)</span><b>\(SVG.escaped(check.name))</b>"
        + "<span>\(SVG.escaped(check.text))</span></li>\n"
    }
    let warnings = posterior.diagnostics.filter { $0.severity != .note }
    let texts =
      warnings.isEmpty
      ? ""
      : "<pre>" + SVG.escaped(render(warnings, in: document.sources))
        + "</pre>\n"
    return section(
      "Can it be relied upon?", "<ul class=\"checks\">\n\(items.joined())</ul>\n\(texts)")
  }

  private var summaryTable: String {
    let shown =
      isComplete
      ? variables : Array(ResultTable.abbreviated(variables).shown.prefix(Self.tableLimit))
    let table = SummaryTable(posterior, shown).html
    guard !table.isEmpty else { return "" }
    var text = "<div class=\"scroll\">\(table)</div>\n"
    let rest = variables.count - shown.count
    if rest > 0 { text += "<p class=\"muted\">\(rest) more variables are not shown.</p>\n" }
    return section("Summary", text)
  }

  // MARK: Charts

  private var charts: VariableCharts { VariableCharts(posterior: posterior) }

  private func note(_ variable: Variable) -> String {
    guard variable.kind.isNumeric else { return "" }
    let summary = posterior.summary(of: variable)
    guard let mean = summary.mean else { return "" }
    return NumberText.short(mean) + (summary.sd.map { " ± " + NumberText.short($0) } ?? "")
  }

  private var densities: String {
    var text = ""
    let arrays = families.filter { $0.count > 1 }
    for family in arrays where family.allSatisfy({ $0.kind.isNumeric && $0.probabilities == nil }) {
      let shown = Array(family.prefix(isComplete ? .max : 40))
      text += card(
        ElementName(family[0].name).array, "median, 50 % and 90 %",
        responsive { charts.intervals(shown, width: $0) })
    }
    let shown = isComplete ? single : Array(single.prefix(Self.chartLimit))
    let cards = shown.compactMap { variable in
      charts.histogram(variable, width: Self.cardWidth).map {
        card(variable.name, note(variable), $0.element)
      }
    }
    if !cards.isEmpty { text += "<div class=\"cards\">\n\(cards.joined())</div>\n" }
    let rest = single.count - shown.count
    return section(
      "Distributions", text,
      note: "Dashed: the mean. Orange: the central 90 %."
        + (rest > 0 ? " \(rest) more variables are not shown; --vars chooses." : ""))
  }

  /// Elements of one array stand together.
  private var families: [[Variable]] {
    var order: [String] = []
    var members: [String: [Variable]] = [:]
    for variable in single {
      let key = ElementName(variable.name).array
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(variable)
    }
    return order.compactMap { members[$0] }
  }

  private var series: String {
    var text = ""
    for ribbon in ribbons {
      let data = ribbon.data.map { ", with \($0.name) as dots" } ?? ""
      text += card(
        "\(ribbon.name)[i]", "median, 50 % and 90 %\(data)",
        responsive { SeriesCharts.ribbon(ribbon, width: $0) })
    }
    let predictive = ribbons.compactMap { PredictiveCheck(document, $0) }.map { check in
      card(
        "predictions of \(check.name)", "probability of less than the datum",
        check.chart(width: Self.cardWidth).element
          + "<p class=\"muted\">\(SVG.escaped(check.text))</p>\n")
    }
    return section("Over the index", text)
      + section(
        "Predictive checks",
        predictive.isEmpty ? "" : "<div class=\"cards\">\n\(predictive.joined())</div>\n",
        note: "Flat when the predictions are calibrated.")
  }

  private var chains: String {
    guard case .chains(let count) = posterior.dependence else { return "" }
    let numeric = single.filter { $0.kind.isNumeric && $0.present == nil }
    let shown = numeric.prefix(isComplete ? .max : Self.chartLimit / 2)
    var cards = ""
    for variable in shown {
      let trace = responsive(wide: Self.halfWidth) {
        charts.trace(variable, chainCount: count, width: $0)
      }
      let ranks = responsive(wide: Self.halfWidth) {
        charts.ranks(variable, chainCount: count, width: $0)
      }
      if !trace.isEmpty { cards += card(variable.name, "draws in order", trace) }
      if !ranks.isEmpty { cards += card(variable.name, "ranks by chain", ranks) }
    }
    return section(
      "Chains", cards.isEmpty ? "" : "<div class=\"cards chains\">\n\(cards)</div>\n",
      note: "Chains that agree have traces on top of each other and flat ranks.")
  }

  private var particles: String {
    let steps = posterior.steps
    guard steps.count >= Ribbon.leastLength else { return "" }
    var text = card(
      "Effective sample size", "share of the particles; orange: resampled",
      responsive { SeriesCharts.effectiveSampleSize(steps, width: $0) })
    text += card(
      "Log evidence", "of the data up to each step",
      responsive { SeriesCharts.evidence(steps, width: $0) })
    for ribbon in ribbons.prefix(4) {
      let chart = responsive { SeriesCharts.diversity(posterior, ribbon, width: $0) }
      if !chart.isEmpty {
        text += card(
          "Genealogy of \(ribbon.name)", "different values among the draws, by index", chart)
      }
    }
    return section("Particles", text)
  }

  // MARK: Lines

  private var blame: String {
    let rows = Blame(document).rows
    guard !rows.isEmpty else { return "" }
    var text = "<div class=\"scroll\"><table>\n"
    for (index, row) in rows.enumerated() {
      let tag = index == 0 ? "th" : "td"
      text += "<tr>"
      for (column, cell) in row.cells.enumerated() {
        let notes =
          column == 1 && !row.notes.isEmpty
          ? row.notes.map { "<small>\(SVG.escaped($0))</small>" }.joined() : ""
        let style = column < 2 ? " class=\"left\"" : ""
        text += "<\(tag)\(style)>\(SVG.escaped(cell))\(notes)</\(tag)>"
      }
      text += "</tr>\n"
    }
    return section("What each line did", text + "</table></div>\n")
  }

  private var source: String {
    guard let program = document.program else { return "" }
    return section(
      "Program",
      "<details><summary>\(SVG.escaped(program.name))</summary>\n<pre>"
        + SVG.escaped(program.text) + "</pre></details>\n")
  }
}
