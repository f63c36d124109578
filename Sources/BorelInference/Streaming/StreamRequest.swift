import BorelBase
import BorelIR

/// A filter to be set up.
package struct StreamRequest: Sendable {
  package var program: Program
  /// Index into the models of the program.
  package var model: Int
  /// One per parameter of the model; nil takes the default, or grows.
  package var arguments: [Value?]
  /// `smc` with one group and without rejuvenation.
  package var method: MethodSpecification
  package var seed: UInt64
  /// At least 1.
  package var threads: Int
  /// The time is that of one record.
  package var limits: RunLimits
  /// Ascending, in (0, 1): of which states and forecasts tell quantiles.
  package var quantiles: [Double]
  /// Names of the reported values that are shown; nil shows all.
  package var keptReports: Set<String>?
  package var makesForecasts: Bool

  package init(
    program: Program, model: Int, arguments: [Value?], method: MethodSpecification,
    seed: UInt64 = 0, threads: Int = 1, limits: RunLimits = RunLimits(),
    quantiles: [Double] = [0.05, 0.5, 0.95], keptReports: Set<String>? = nil,
    makesForecasts: Bool = true
  ) {
    self.program = program
    self.model = model
    self.arguments = arguments
    self.method = method
    self.seed = seed
    self.threads = threads
    self.limits = limits
    self.quantiles = quantiles
    self.keptReports = keptReports
    self.makesForecasts = makesForecasts
  }
}
