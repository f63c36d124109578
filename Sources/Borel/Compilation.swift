import BorelBase
import BorelCompiler
import BorelInference

import class BorelIR.HostTable

extension Compilation {
  /// Parses, checks and lowers a program, its methods included.
  package init(_ file: SourceFile, host: HostTable = .empty) {
    self = compile(source: file, validateMethod: Self.judge(method:moves:), host: host)
  }

  /// The diagnostics of a program, without the code that running it needs.
  package static func checking(_ file: SourceFile) -> Compilation {
    compile(source: file, isLowered: false, validateMethod: Self.judge(method:moves:))
  }

  /// What is wrong with the text of a method inside a program; nil when nothing is.
  @Sendable package static func judge(
    method text: String, moves: [String]
  ) -> (message: String, hint: String)? {
    do {
      _ = try MethodSpecification(parsing: text, moves: moves)
      return nil
    } catch {
      guard let first = error.list.first else { return nil }
      return (first.message, first.hints.first ?? "'borel doc' lists the methods")
    }
  }
}
