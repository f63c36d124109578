import BorelBase
import BorelIR
import BorelSyntax

/// Translates a checked program to IR, in the representation `sampled`.
///
/// - Parameters:
///   - program: A program without errors.
///   - isOptimised: Whether the passes run that make the result faster without changing what it
///     means: not a bit of a seeded result, nor a failure, depends on them.
package func compile(
  program: CheckedProgram, isOptimised: Bool = true
) -> BorelIR.Program {
  var result = ProgramLowering(program).run()
  if isOptimised { optimise(&result) }
  return result
}
