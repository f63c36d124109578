import BorelBase
import BorelData
import BorelInference

/// Models compared by their evidence.
///
/// Differences of log evidences are log Bayes factors; with equal prior probabilities of the models
/// their posterior probabilities follow.
package struct Comparison: Sendable {
  package struct Row: Sendable {
    package var name: String
    package var model: String
    package var logEvidence: Double
    package var standardError: Double?
    /// To the best model, not positive; exact zero for the best.
    package var difference: Double
    /// Of the difference; nil when one of the two is unknown.
    package var differenceError: Double?
    /// With equal prior probabilities.
    package var probability: Double
  }

  /// Best first.
  package let rows: [Row]
  package let warnings: [Diagnostic]

  /// - Parameter results: Names and results, at least one.
  /// - Throws: E0713 for a result without evidence.
  package init(_ results: [(name: String, document: ResultDocument)]) throws(Diagnostics) {
    var rows: [Row] = []
    for (name, document) in results {
      guard let evidence = document.posterior.evidence else {
        throw Diagnostics([
          Diagnostic(
            "E0713", .usage, "'\(name)' has no evidence to compare by", at: .none,
            hints: [
              "'\(document.posterior.method)' does not estimate it; smc, importance and enumerate do"
            ])
        ])
      }
      rows.append(
        Row(
          name: name, model: document.posterior.model, logEvidence: evidence.logValue,
          standardError: evidence.standardError, difference: 0, probability: 0))
    }
    rows.sort { ($1.logEvidence, $0.name) < ($0.logEvidence, $1.name) }
    let best = rows[0]
    let total = rows.reduce(0) { $0 + Weights.exp($1.logEvidence - best.logEvidence) }
    for index in rows.indices {
      rows[index].difference = rows[index].logEvidence - best.logEvidence
      rows[index].probability = Weights.exp(rows[index].difference) / total
      if index == 0 {
        rows[index].differenceError = 0
      } else if let own = rows[index].standardError, let other = best.standardError {
        rows[index].differenceError = (own * own + other * other).squareRoot()
      }
    }
    self.rows = rows
    warnings = Self.warnings(results, rows)
  }

  private static func warnings(
    _ results: [(name: String, document: ResultDocument)], _ rows: [Row]
  ) -> [Diagnostic] {
    var warnings: [Diagnostic] = []
    if !areOfTheSameData(results.map(\.document)) {
      warnings.append(
        Diagnostic(
          "W0512", .inference, "the results are not of the same data", at: .none,
          severity: .warning,
          hints: ["evidences can be compared only when the same values are observed"]))
    }
    if rows.count > 1, let error = rows[1].differenceError, error > 0,
      abs(rows[1].difference) < 2 * error
    {
      warnings.append(
        Diagnostic(
          "W0513", .inference,
          "'\(rows[0].name)' and '\(rows[1].name)' cannot be told apart: their difference is "
            + "within two standard errors", at: .none, severity: .warning,
          hints: ["use more particles or groups"]))
    }
    return warnings
  }

  /// Whether the observed arguments are the same, or all of them where it is not known which ones are
  /// observed.
  private static func areOfTheSameData(_ documents: [ResultDocument]) -> Bool {
    func observed(_ document: ResultDocument) -> [JSONValue]? {
      let names = Set(document.posterior.observations.map { ElementName($0.name).array })
      let values = document.data.filter { names.contains($0.name) }
      return values.isEmpty
        ? nil
        : values.sorted { $0.name < $1.name }.map { .array([.string($0.name), $0.value]) }
    }
    let data = documents.map(observed)
    if data.allSatisfy({ $0 != nil }) { return data.allSatisfy { $0 == data[0] } }
    return Set(documents.map(\.posterior.manifest.dataHash)).count == 1
  }

  /// The table.
  package var text: String {
    var cells = [["", "model", "log evidence", "difference", "probability"]]
    for row in rows {
      cells.append([
        row.name, row.model, Self.withError(row.logEvidence, row.standardError),
        Self.withError(row.difference, row.differenceError),
        NumberText.short(row.probability, digits: 3),
      ])
    }
    return TextTable(cells, leftColumns: 2).text
  }

  private static func withError(_ value: Double, _ error: Double?) -> String {
    error == nil ? NumberText.short(value, digits: 7) + " ± ?" : NumberText.withError(value, error)
  }

  package var json: JSONValue {
    .array(
      rows.map { row in
        .object([
          ("name", .string(row.name)), ("model", .string(row.model)),
          ("logEvidence", .number(row.logEvidence)),
          ("standardError", JSONValue(row.standardError)),
          ("difference", .number(row.difference)),
          ("differenceError", JSONValue(row.differenceError)),
          ("probability", .number(row.probability)),
        ])
      })
  }
}
