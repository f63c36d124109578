import BorelBase
import BorelCompiler
import BorelIR
import BorelInference

/// The way from text to IR, shared by the embedding API and the command line.
package struct Compilation: Sendable {
  /// Nil when there are errors.
  package var program: BorelIR.Program?
  /// The program and the standard library; data files are added behind them.
  package var sources: SourceMap
  /// All errors and warnings, by position.
  package var diagnostics: [BorelBase.Diagnostic]

  /// Parses, checks and lowers a program.
  package init(_ file: SourceFile) {
    let checked = check(file, validateMethod: Self.judge(method:))
    diagnostics = checked.diagnostics
    if let typed = checked.program {
      sources = typed.sourceMap
      program = compile(program: typed)
    } else {
      sources = SourceMap([file])
      program = nil
    }
  }

  /// What is wrong with the text of a method inside a program; nil when nothing is.
  @Sendable private static func judge(method text: String) -> (message: String, hint: String)? {
    do {
      _ = try MethodSpecification(parsing: text)
      return nil
    } catch {
      guard let first = error.list.first else { return nil }
      return (first.message, first.hints.first ?? "'borel doc' lists the methods")
    }
  }
}
