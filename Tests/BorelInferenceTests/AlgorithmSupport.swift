import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import Testing

/// Infers the last model of a source text whose parameters all have defaults.
func infer(
  _ source: String, _ method: String, seed: UInt64 = 1, threads: Int = 1
) throws -> Posterior {
  let compilation = compile(source: SourceFile(name: "test.ppl", text: source))
  let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
  let model = program.models.count - 1
  return try infer(
    InferenceRequest(
      program: program, model: model,
      arguments: program.models[model].parameters.map { _ in nil },
      method: try MethodSpecification(parsing: method), seed: seed, threads: threads))
}
