import BorelData
import BorelInference

/// The pictures of a result for a terminal: intervals, histograms, ribbons of arrays, traces of
/// chains, and the effective sample size of particles.
package struct TerminalReport {
  /// Pictures of each kind that are shown unless variables are asked for by name.
  static let pictureLimit = 6

  private let document: ResultDocument
  private let charts: TerminalCharts
  private var posterior: Posterior { document.posterior }

  package init(_ document: ResultDocument, style: TerminalStyle) {
    self.document = document
    charts = TerminalCharts(style: style, posterior: document.posterior)
  }

  /// - Parameters:
  ///   - variables: Those to show.
  ///   - isComplete: Whether all of them are, however many.
  package func text(_ variables: [Variable], isComplete: Bool) -> String {
    let ribbons = Ribbon.all(document, variables)
    let inRibbons = Set(ribbons.map(\.name))
    let single = variables.filter { variable in
      let name = ElementName(variable.name)
      return !(name.indices.count == 1 && inRibbons.contains(name.array))
    }
    var blocks: [String] = []
    for family in families(single) {
      if family.count > 1 {
        blocks.append(charts.intervals(family))
      } else {
        blocks += family.map { charts.histogram($0) }
      }
    }
    if isComplete {
      blocks += families(single).filter { $0.count > 1 }.joined().map { charts.histogram($0) }
    }
    if !isComplete { blocks = Array(blocks.prefix(2 * Self.pictureLimit)) }
    blocks += ribbons.prefix(isComplete ? .max : Self.pictureLimit).map { charts.ribbon($0) }
    if case .chains(let count) = posterior.dependence {
      let traced = single.filter { $0.kind.isNumeric && $0.present == nil }
      blocks += traced.prefix(isComplete ? .max : Self.pictureLimit).map {
        charts.trace($0, chainCount: count)
      }
    }
    if posterior.steps.count >= Ribbon.leastLength {
      blocks.append(
        charts.curve(
          "effective sample size", "share of the particles, by step",
          posterior.steps.map(\.essShare), low: 0, high: 1))
    }
    blocks.removeAll(where: \.isEmpty)
    return blocks.isEmpty ? "there is nothing to draw\n" : blocks.joined(separator: "\n")
  }

  /// Numeric elements of one array stand together; everything else alone.
  private func families(_ variables: [Variable]) -> [[Variable]] {
    var order: [String] = []
    var members: [String: [Variable]] = [:]
    for variable in variables {
      let name = ElementName(variable.name)
      let isElement =
        !name.indices.isEmpty && variable.kind.isNumeric && variable.probabilities == nil
      let key = isElement ? name.array + "[" : variable.name
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(variable)
    }
    return order.compactMap { members[$0] }
  }
}
