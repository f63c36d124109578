import BorelData
import BorelInference

/// The numbers of variables as an HTML table; classes get their looks from the page.
package struct SummaryTable {
  private let posterior: Posterior
  private let variables: [Variable]

  package init(_ posterior: Posterior, _ variables: [Variable]) {
    self.posterior = posterior
    self.variables = variables
  }

  /// Empty when no variable is numeric.
  package var html: String {
    let summaries = posterior.summaries(of: variables).filter { $0.kind.isNumeric }
    guard !summaries.isEmpty else { return "" }
    let hasConvergence = summaries.contains { $0.convergence != nil }
    var head = ["", "mean", "sd", "mcse", "q5", "q50", "q95"]
    if hasConvergence { head += ["ESS bulk", "ESS tail", "R-hat"] }
    var text = "<table>\n<tr>" + head.map { "<th>\($0)</th>" }.joined() + "</tr>\n"
    for summary in summaries {
      var cells = [summary.mean, summary.sd, summary.mcse, summary.q5, summary.q50, summary.q95]
      if hasConvergence {
        let found = summary.convergence
        cells += [found?.essBulk, found?.essTail, found?.rHat]
      }
      let texts = cells.map { $0.map { NumberText.short($0) } ?? "–" }
      text += "<tr><td>\(SVG.escaped(summary.name))</td>"
      text += texts.map { "<td>\($0)</td>" }.joined() + "</tr>\n"
    }
    return text + "</table>\n"
  }

  /// A head line and the table of the most telling variables, for a notebook: no style sheet.
  package static func cell(_ title: String, _ posterior: Posterior) -> String {
    let (shown, hidden) = ResultTable.abbreviated(posterior.variables)
    let table = SummaryTable(posterior, shown).html
    var facts =
      "<code>\(SVG.escaped(title))</code> by <code>\(SVG.escaped(posterior.method))</code>"
    if let evidence = posterior.evidence {
      facts +=
        ", log evidence "
        + SVG.escaped(NumberText.withError(evidence.logValue, evidence.standardError))
    }
    let rest = hidden.map { "<p>\(SVG.escaped(String($0.dropLast())))</p>\n" } ?? ""
    return "<p>\(facts)</p>\n\(table)\(rest)"
  }
}
