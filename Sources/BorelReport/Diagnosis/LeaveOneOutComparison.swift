import BorelBase
import BorelData
import BorelInference

/// Models compared by how well they predict each datum from all others.
///
/// Source: Vehtari, Gelman, Gabry (2017), "Practical Bayesian model evaluation using leave-one-out
/// cross-validation and WAIC", section 5.2 (errors of differences, from the terms of each datum).
package struct LeaveOneOutComparison: Sendable {
  package struct Row: Sendable {
    package var name: String
    package var model: String
    package var estimate: LeaveOneOut
    /// To the best model, not positive; exact zero for the best.
    package var difference: Double
    package var differenceError: Double
  }

  /// Best first.
  package let rows: [Row]
  package let warnings: [Diagnostic]

  /// - Parameter results: Names and results, at least one.
  /// - Throws: E0715 for a result without log-likelihoods of single data, E0716 for results of other
  ///   data.
  package init(_ results: [(name: String, document: ResultDocument)]) throws(Diagnostics) {
    var rows: [Row] = []
    for (name, document) in results {
      rows.append(
        Row(
          name: name, model: document.posterior.model,
          estimate: try Self.estimate(name, document.posterior), difference: 0,
          differenceError: 0))
    }
    rows.sort { ($1.estimate.logDensity, $0.name) < ($0.estimate.logDensity, $1.name) }
    let best = rows[0]
    let terms = Self.terms(best)
    for index in rows.indices.dropFirst() {
      let own = Self.terms(rows[index])
      guard own.keys == terms.keys else { throw Self.otherData(best, rows[index]) }
      let differences = own.map { $0.value - (terms[$0.key] ?? 0) }
      rows[index].difference = rows[index].estimate.logDensity - best.estimate.logDensity
      rows[index].differenceError = LeaveOneOut.standardErrorOfSum(differences)
    }
    self.rows = rows
    warnings = rows.compactMap(Self.warning)
  }

  private static func estimate(
    _ name: String, _ posterior: Posterior
  ) throws(Diagnostics) -> LeaveOneOut {
    let found: LeaveOneOut?
    do {
      found = try LeaveOneOut(posterior)
    } catch let diagnostic as Diagnostic {
      throw Diagnostics([diagnostic])
    } catch {
      internalError("\(error)")
    }
    guard let found else {
      throw Diagnostics([
        Diagnostic(
          "E0715", .usage, "'\(name)' has no log-likelihoods of single data", at: .none,
          hints: ["`borel run --pointwise -o OUT` keeps them"])
      ])
    }
    return found
  }

  private static func terms(_ row: Row) -> [String: Double] {
    Dictionary(
      row.estimate.data.map { ($0.name, $0.logDensity) }, uniquingKeysWith: { first, _ in first })
  }

  private static func otherData(_ a: Row, _ b: Row) -> Diagnostics {
    let (mine, other) = (terms(a), terms(b))
    let single =
      a.estimate.data.first { other[$0.name] == nil }
      ?? b.estimate.data.first { mine[$0.name] == nil }
    return Diagnostics([
      Diagnostic(
        "E0716", .usage, "'\(a.name)' and '\(b.name)' are not of the same data", at: .none,
        hints: single.map { ["only one of them observes '\($0.name)'"] } ?? [])
    ])
  }

  private static func warning(_ row: Row) -> Diagnostic? {
    let poor = row.estimate.unreliable.sorted { $0.shape > $1.shape }
    guard let worst = poor.first else { return nil }
    return Diagnostic(
      "W0515", .inference,
      "the estimate of '\(row.name)' is not to be relied upon: \(poor.count) of "
        + "\(row.estimate.data.count) data have a Pareto k above "
        + "\(NumberText.short(ParetoSmoothing.largestShape)), '\(worst.name)' "
        + "\(NumberText.short(worst.shape, digits: 3))", at: .none, severity: .warning,
      hints: ["few draws look like a posterior without such a datum: fit the model without it"])
  }

  /// The table.
  package var text: String {
    var cells = [["", "model", "elpd", "difference", "p_loo", "largest k"]]
    for row in rows {
      let largest = row.estimate.data.map(\.shape).max() ?? 0
      cells.append([
        row.name, row.model,
        NumberText.withError(row.estimate.logDensity, row.estimate.standardError),
        NumberText.withError(row.difference, row.differenceError),
        NumberText.short(row.estimate.parameterCount, digits: 3),
        NumberText.short(largest, digits: 2),
      ])
    }
    return TextTable(cells, leftColumns: 2).text
  }

  package var json: JSONValue {
    .array(
      rows.map { row in
        .object([
          ("name", .string(row.name)), ("model", .string(row.model)),
          ("elpd", .number(row.estimate.logDensity)),
          ("standardError", .number(row.estimate.standardError)),
          ("difference", .number(row.difference)),
          ("differenceError", .number(row.differenceError)),
          ("pLoo", .number(row.estimate.parameterCount)),
          (
            "data",
            .array(
              row.estimate.data.map {
                .object([
                  ("name", .string($0.name)), ("elpd", .number($0.logDensity)),
                  ("k", .number($0.shape)),
                ])
              })
          ),
        ])
      })
  }
}
