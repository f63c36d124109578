import BorelData

/// What a validation has found out about a model and a method.
package struct ValidationReport: Sendable {
  package struct Law: Sendable {
    package enum Verdict: Hashable, Sendable {
      case holds
      case violated
      /// The law says nothing about this model and method; why.
      case notApplicable
      /// The law could not be tested well enough; why.
      case inconclusive

      var text: String {
        switch self {
        case .holds: "holds"
        case .violated: "VIOLATED"
        case .notApplicable: "-"
        case .inconclusive: "inconclusive"
        }
      }

      var identifier: String {
        switch self {
        case .holds: "holds"
        case .violated: "violated"
        case .notApplicable: "notApplicable"
        case .inconclusive: "inconclusive"
        }
      }
    }

    /// `replay`, `counters`, `measure`, `evidence`, `expectations`, `calibration`,
    /// `moves`.
    package var name: String
    package var verdict: Verdict
    /// What was compared and what came out, or why nothing was.
    package var detail: String
    /// The smallest p-value times the number of tests; nil for laws without chance.
    package var pValue: Double?
    /// The probability with which the law rejects a correct method; 0 without chance.
    package var alpha: Double
    /// The seed of a run that shows the violation.
    package var seed: UInt64?

    package init(
      _ name: String, _ verdict: Verdict, _ detail: String, pValue: Double? = nil,
      alpha: Double = 0, seed: UInt64? = nil
    ) {
      self.name = name
      self.verdict = verdict
      self.detail = detail
      self.pValue = pValue
      self.alpha = alpha
      self.seed = seed
    }
  }

  package var model: String
  package var method: String
  package var seed: UInt64
  /// The probability with which a correct method is rejected.
  package var alpha: Double
  package var laws: [Law]

  package init(model: String, method: String, seed: UInt64, alpha: Double, laws: [Law]) {
    self.model = model
    self.method = method
    self.seed = seed
    self.alpha = alpha
    self.laws = laws
  }

  /// Whether no law is violated.
  package var isAccepted: Bool { !laws.contains { $0.verdict == .violated } }

  /// As lines for the reader.
  package var text: String {
    let names = laws.map(\.name.count).max() ?? 0
    let verdicts = laws.map(\.verdict.text.count).max() ?? 0
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    var lines = ["\(model): \(method), seed \(seed), alpha \(NumberText.exact(alpha))"]
    for law in laws {
      var line =
        "\(padded(law.name, names))  \(padded(law.verdict.text, verdicts))  \(law.detail)"
      if let seed = law.seed { line += " (seed \(seed))" }
      lines.append(line)
    }
    lines.append(isAccepted ? "accepted" : "rejected")
    return lines.map { $0 + "\n" }.joined()
  }

  package var json: JSONValue {
    .object([
      ("model", .string(model)), ("method", .string(method)),
      ("seed", .integer(Int64(truncatingIfNeeded: seed))), ("alpha", .number(alpha)),
      ("verdict", .string(isAccepted ? "accepted" : "rejected")),
      (
        "laws",
        .array(
          laws.map { law in
            .object([
              ("name", .string(law.name)), ("verdict", .string(law.verdict.identifier)),
              ("detail", .string(law.detail)), ("pValue", JSONValue(law.pValue)),
              ("alpha", .number(law.alpha)),
              (
                "seed",
                law.seed.map { .integer(Int64(truncatingIfNeeded: $0)) } ?? .null
              ),
            ])
          })
      ),
    ])
  }
}
