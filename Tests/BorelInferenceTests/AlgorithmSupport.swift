import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import Foundation
import Testing

/// The program of a source text.
func compiled(_ source: String) throws -> Program {
  let compilation = compile(source: SourceFile(name: "test.ppl", text: source))
  return try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
}

/// Infers the last model of a source text whose parameters all have defaults.
func infer(
  _ source: String, _ method: String, seed: UInt64 = 1, threads: Int = 1
) throws -> Posterior {
  try infer(compiled(source), method, seed: seed, threads: threads)
}

/// Infers the last model of a program whose parameters all have defaults.
func infer(
  _ program: Program, _ method: String, seed: UInt64 = 1, threads: Int = 1
) throws -> Posterior {
  let model = program.models.count - 1
  return try infer(
    InferenceRequest(
      program: program, model: model,
      arguments: program.models[model].parameters.map { _ in nil },
      method: try MethodSpecification(parsing: method), seed: seed, threads: threads))
}

/// The counts that a binomial law leaves with at most half the false-alarm probability on each
/// side.
func binomialBand(trials: Int, probability: Double, falseAlarm: Double) -> ClosedRange<Int> {
  func mass(_ count: Int) -> Double {
    let n = Double(trials)
    let k = Double(count)
    let ways: Double = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    let logMass: Double = ways + k * log(probability) + (n - k) * log(1 - probability)
    return exp(logMass)
  }
  var (low, high) = (0, trials)
  var below = mass(low)
  while below <= falseAlarm / 2, low < trials {
    low += 1
    below += mass(low)
  }
  var above = mass(high)
  while above <= falseAlarm / 2, high > 0 {
    high -= 1
    above += mass(high)
  }
  return low...high
}
