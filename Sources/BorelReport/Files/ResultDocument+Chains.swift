import BorelInference

extension ResultDocument {
  /// The result with the chains of another file as further chains; nil when they do not belong
  /// together: other variables, other lengths, other model, or no chains.
  package func appending(chain other: ResultDocument) -> ResultDocument? {
    guard case .chains(let count) = posterior.dependence,
      case .chains(let otherCount) = other.posterior.dependence,
      program == nil, other.program == nil, posterior.model == other.posterior.model,
      posterior.drawCount / count == other.posterior.drawCount / otherCount,
      posterior.variables.map(\.name) == other.posterior.variables.map(\.name)
    else { return nil }
    var result = self
    result.posterior.drawCount += other.posterior.drawCount
    result.posterior.dependence = .chains(count: count + otherCount)
    for (index, variable) in other.posterior.variables.enumerated() {
      var joined = posterior.variables[index]
      if joined.present != nil || variable.present != nil {
        joined.present =
          (joined.present ?? joined.values.map { _ in true })
          + (variable.present ?? variable.values.map { _ in true })
      }
      joined.values += variable.values
      if joined.kind != variable.kind { joined.kind = .real }
      result.posterior.variables[index] = joined
    }
    return result
  }
}
