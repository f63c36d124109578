import BorelBase

/// Why an entry or a command did nothing.
package struct SessionFailure: Error {
  package var diagnostics: [Diagnostic]
  package var sources: SourceMap

  init(_ diagnostics: [Diagnostic], in sources: SourceMap = SourceMap([])) {
    self.diagnostics = diagnostics
    self.sources = sources
  }

  /// A wrong use of the prompt.
  static func usage(_ message: String, hint: String? = nil) -> SessionFailure {
    SessionFailure([
      Diagnostic("E0709", .usage, message, at: .none, hints: hint.map { [$0] } ?? [])
    ])
  }

  /// Whether Ctrl-C ended it.
  var isInterruption: Bool { diagnostics.contains { $0.code == "E0699" } }
}
