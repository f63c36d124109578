import BorelInference

/// A bounded function of one variable, so that its expectation exists whatever the distribution.
struct Functional: Sendable {
  enum Form: Sendable {
    case evidence
    /// Whether the value is at most this one.
    case atMost(Double)
    /// Distance from the center in units of scale, cut at -1 and 1.
    case position(center: Double, scale: Double)
    case equals(String)
  }

  let variable: String
  let form: Form

  var text: String {
    switch form {
    case .evidence: "the evidence"
    case .atMost, .position: "'\(variable)'"
    case .equals(let label): "'\(variable)' = \(label)"
    }
  }

  private func value(_ number: Double, _ variable: Variable) -> Double {
    switch form {
    case .evidence: 1
    case .atMost(let bound): number <= bound ? 1 : 0
    case .position(let center, let scale): max(-1, min(1, (number - center) / scale))
    case .equals(let label): variable.label(of: number) == label ? 1 : 0
    }
  }

  /// Its posterior expectation, where draws without the variable count as zero, and the
  /// probability that the variable exists.
  func expectation(_ posterior: Posterior, _ weights: [Double]) -> (value: Double, present: Double)
  {
    guard let variable = posterior.variable(variable) else { return (0, 0) }
    let weights = variable.probabilities ?? weights
    var (sum, present) = (0.0, 0.0)
    for (draw, weight) in weights.enumerated() where weight > 0 {
      if let isPresent = variable.present, !isPresent[draw] { continue }
      sum += weight * value(variable.values[draw], variable)
      present += weight
    }
    return (sum, present)
  }

  /// Functionals of the variables of a result, at most so many variables, spread over all.
  static func all(of posterior: Posterior, variables limit: Int = 12) -> [Functional] {
    let variables = posterior.variables
    let step = max(1, (variables.count + limit - 1) / limit)
    return stride(from: 0, to: variables.count, by: step).flatMap { index -> [Functional] in
      let variable = variables[index]
      let summary = posterior.summary(of: variable)
      switch variable.kind {
      case .bool: return [Functional(variable: variable.name, form: .equals("true"))]
      case .enumeration, .text:
        return summary.probabilities.prefix(6).map {
          Functional(variable: variable.name, form: .equals($0.label))
        }
      case .real, .int:
        guard let low = summary.q5, let middle = summary.q50, let high = summary.q95,
          low.isFinite, middle.isFinite, high.isFinite
        else { return [] }
        var forms: [Form] = [.atMost(middle)]
        if high > low { forms.append(.position(center: middle, scale: 2 * (high - low))) }
        return forms.map { Functional(variable: variable.name, form: $0) }
      }
    }
  }
}
