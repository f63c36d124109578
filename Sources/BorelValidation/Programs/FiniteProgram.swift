import BorelBase
import BorelCompiler
import BorelIR
import BorelInference

/// A random source program, compiled, with its exact meaning.
package struct FiniteProgram {
  package let source: SourceNode
  package let program: Program
  package let exact: ExactSemantics

  /// - Parameters:
  ///   - isOptimised: As in `compile`.
  ///   - limit: Most executions.
  /// - Returns: Nil when the program does not compile, has no model, fails, or has more executions.
  package init?(_ source: SourceNode, isOptimised: Bool = true, limit: Int = 64) {
    let file = SourceFile(name: "random.ppl", text: source.text)
    guard let program = compile(source: file, isOptimised: isOptimised).program,
      !program.models.isEmpty,
      let exact = try? ExactSemantics(
        program, model: program.models.count - 1, arguments: [], limit: limit)
    else { return nil }
    self.source = source
    self.program = program
    self.exact = exact
  }

  /// The first random program from a seed on that is small enough.
  package static func random(seed: UInt64, limit: Int = 64) -> FiniteProgram {
    var attempt: UInt64 = 0
    while true {
      var generator = ProgramGenerator(seed: seed &* 1_000 &+ attempt)
      if let program = FiniteProgram(generator.program(), limit: limit),
        program.exact.pathCount > 1
      {
        return program
      }
      attempt += 1
    }
  }

  /// An inference of its model.
  package func request(_ method: String, seed: UInt64 = 1) throws -> InferenceRequest {
    InferenceRequest(
      program: program, model: program.models.count - 1, arguments: [],
      method: try MethodSpecification(parsing: method), seed: seed)
  }
}
