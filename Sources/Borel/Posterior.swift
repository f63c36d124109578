import BorelBase
import BorelData
import BorelInference

/// What an inference gives back: weighted draws of every latent and of the result, and the
/// evidence.
public struct Posterior: Sendable {
  /// The logarithm of the normalising constant.
  public struct Evidence: Sendable, Hashable {
    /// In nats; `-infinity` when the data are impossible.
    public let value: Double
    /// 0 when exact; nil when no valid estimator of the error is known.
    public let standardError: Double?
    /// Why there is no standard error.
    public let reason: String?
  }

  package let result: BorelInference.Posterior
  private let program: Program
  private let sources: SourceMap

  package init(_ result: BorelInference.Posterior, program: Program, sources: SourceMap) {
    self.result = result
    self.program = program
    self.sources = sources
  }

  /// The method with its options.
  public var method: String { result.method }

  public var drawCount: Int { result.drawCount }

  /// Whether the probabilities are exact.
  public var isExact: Bool { result.isExact }

  /// Names of the scalars: `level[0]`, `result`, fields of a returned record.
  public var names: [String] { result.variables.map(\.name) }

  /// The estimates of one scalar.
  ///
  /// - Precondition: The name is one of `names`; see `estimate(_:)`.
  public subscript(name: String) -> Estimate {
    guard let estimate = estimate(name) else {
      preconditionFailure("the posterior has no variable '\(name)'")
    }
    return estimate
  }

  /// The estimates of one scalar; nil when there is none with this name.
  public func estimate(_ name: String) -> Estimate? {
    result.variable(name).map { Estimate(result.summary(of: $0)) }
  }

  /// Quantiles of one scalar over the draws that have it; nil when there is none with this name, or
  /// when its values are not numbers.
  ///
  /// - Parameters:
  ///   - probabilities: In (0, 1), in any order.
  ///   - name: One of `names`.
  /// - Returns: One quantile for each probability.
  public func quantiles(_ probabilities: [Double], of name: String) -> [Double]? {
    precondition(probabilities.allSatisfy { $0 > 0 && $0 < 1 }, "probabilities must be in (0, 1)")
    guard let variable = result.variable(name), variable.kind.isNumeric else { return nil }
    let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
    let ascending = result.quantiles(of: variable, at: order.map { probabilities[$0] })
    guard ascending.count == order.count else { return nil }
    var found = probabilities
    for (index, value) in zip(order, ascending) { found[index] = value }
    return found
  }

  /// The values of one scalar in each draw, nil where the draw does not have it; an empty array for
  /// an unknown name. They count with their `weights`.
  public func draws(_ name: String) -> [Double?] {
    guard let variable = result.variable(name), variable.probabilities == nil else { return [] }
    guard let present = variable.present else { return variable.values }
    return zip(variable.values, present).map { $1 ? $0 : nil }
  }

  /// Normalised weights of the draws.
  public var weights: [Double] { result.normalizedWeights }

  /// How many draws of equal weight the draws are worth.
  public var effectiveSampleSize: Double { result.essWeights }

  /// Without a value NaN, for methods that do not estimate it.
  public var logEvidence: Evidence {
    guard let evidence = result.evidence else {
      return Evidence(value: .nan, standardError: nil, reason: "the method does not estimate it")
    }
    return Evidence(
      value: evidence.logValue, standardError: evidence.standardError, reason: evidence.reason)
  }

  /// Expectations of the `tally` functionals by name, with their standard errors.
  public var tallies: [String: (value: Double, standardError: Double?)] {
    Dictionary(
      result.tallies.map { ($0.name, ($0.value, $0.standardError)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// What the reader should know before trusting the numbers.
  public var warnings: [Diagnostic] { result.diagnostics }

  /// A diagnostic as text, with the line that it is about.
  public func text(of diagnostic: Diagnostic) -> String { render(diagnostic, in: sources) }

  /// The table that the command line prints.
  public var summary: String {
    ResultTable(result).text(variables: result.variables, isComplete: false)
  }

  /// The object that the command line prints with `--json`.
  public var json: String {
    result.json(variables: result.variables, in: sources).prettyText
  }
}
