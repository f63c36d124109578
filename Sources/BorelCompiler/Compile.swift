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
  withDeepStack {
    var result = ProgramLowering(program).run()
    if isOptimised { optimise(&result) }
    return result
  }
}

/// The result of compiling a text.
package struct Compilation: Sendable {
  /// Nil when there are errors, or when no code was asked for.
  package var program: BorelIR.Program?
  /// The typed program that it was lowered from; nil when there are errors.
  package var checked: CheckedProgram?
  /// What the spans of the program and of the diagnostics point into.
  package var sourceMap: SourceMap
  /// Errors and warnings of the parser and the checker, by position.
  package var diagnostics: [Diagnostic]
}

/// Parses, checks and lowers the text of a program.
///
/// - Parameters:
///   - source: The text; its spans have file number 0.
///   - isLowered: Whether code is made of a program without errors.
///   - isOptimised: As in `compile(program:isOptimised:)`.
///   - validateMethod: Judges the text of inference methods.
///   - host: What the app adds to the language.
package func compile(
  source: SourceFile, isLowered: Bool = true, isOptimised: Bool = true,
  validateMethod: MethodValidation? = nil, host: HostTable = .empty
) -> Compilation {
  let (checked, diagnostics) = check(source, validateMethod: validateMethod, host: host)
  guard let checked else {
    return Compilation(
      program: nil, checked: nil, sourceMap: SourceMap([source]), diagnostics: diagnostics)
  }
  return Compilation(
    program: isLowered ? compile(program: checked, isOptimised: isOptimised) : nil,
    checked: checked,
    sourceMap: checked.sourceMap, diagnostics: diagnostics)
}
