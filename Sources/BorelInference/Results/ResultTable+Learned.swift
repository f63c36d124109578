import BorelData

extension ResultTable {
  /// The learnt parameters with their standard errors, and why one has none.
  static func text(_ learned: Learned) -> String {
    var text = "learned by \(learned.method) in \(learned.steps) steps"
    if !learned.isConverged { text += ", not converged" }
    text += "\n\n"
    let rows = learned.parameters.map { parameter in
      [
        parameter.name, NumberText.short(parameter.value, digits: digits(parameter)),
        parameter.standardError.map { NumberText.short($0, digits: 3) } ?? "-",
        parameter.monteCarloError.map { NumberText.short($0, digits: 2) } ?? "-",
        parameter.reason ?? "",
      ]
    }
    return text + aligned([["", "value", "se", "mcse", ""]] + rows)
  }

  /// Digits of a value down to the second digit of its Monte Carlo error, between 4 and 8.
  private static func digits(_ parameter: Learned.Parameter) -> Int {
    guard let error = parameter.monteCarloError, error > 0, parameter.value != 0,
      parameter.value.isFinite
    else { return parameter.monteCarloError == 0 ? 6 : 4 }
    let digits =
      NumberText.exponent(parameter.value.magnitude) - NumberText.exponent(error) + 2
    return min(max(digits, 4), 8)
  }
}
