import BorelBase
import BorelCompiler
import BorelData
import BorelIR
import BorelInference
import Testing

/// Chains on the last model of a source text, with single factors of their step exchanged.
func chains(
  _ source: String, _ method: String, seed: UInt64 = 1, threads: Int = 1,
  rule: any AcceptanceRule = GreenRatio()
) throws -> Posterior {
  let compilation = compile(source: SourceFile(name: "chains.ppl", text: source))
  let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
  let model = program.models.count - 1
  var request = InferenceRequest(
    program: program, model: model,
    arguments: program.models[model].parameters.map { _ in nil },
    method: try MethodSpecification(parsing: method, moves: program.moves.map(\.name)), seed: seed,
    threads: threads)
  request.probe.acceptance = rule
  return try infer(request)
}

/// The mean of a function of a variable over chains that are independent of each other: the z-score
/// against the true value has an error from the spread of the chains' means.
struct ChainMeans {
  let mean: Double
  let error: Double

  init(
    _ posterior: Posterior, _ name: String, batchesPerChain: Int = 1,
    of function: (Double) -> Double = { $0 }
  ) throws {
    let values = try #require(posterior.variable(name)).values.map(function)
    guard case .chains(let chainCount) = posterior.dependence else {
      throw Diagnostic("E0000", .inference, "no chains", at: .none)
    }
    let count = chainCount * batchesPerChain
    let length = values.count / count
    let means = (0..<count).map { chain in
      values[(chain * length)..<((chain + 1) * length)].reduce(0, +) / Double(length)
    }
    let grand = means.reduce(0, +) / Double(count)
    let variance = means.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / Double(count - 1)
    mean = grand
    error = (variance / Double(count)).squareRoot()
  }

  /// Distance from the truth in standard errors.
  func z(_ truth: Double, referenceError: Double = 0) -> Double {
    abs(mean - truth) / (error * error + referenceError * referenceError).squareRoot()
  }

  /// |z| is above 4.9 with probability 1e-6 for a normal mean; the means of 200 chains and more are
  /// close enough to that.
  static let bound = 4.9
}
