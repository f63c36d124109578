import BorelBase
import BorelData
import BorelInference

/// A result with what it came from, as it is kept in files.
package struct ResultDocument: Sendable {
  package var posterior: Posterior
  /// The text of the program; nil when the file does not say.
  package var program: SourceFile?
  /// The arguments of the model by name.
  package var data: [(name: String, value: JSONValue)]
  /// The texts that places in the result are in; the program is the first one.
  package var sources: SourceMap

  package init(
    _ posterior: Posterior, program: SourceFile? = nil,
    data: [(name: String, value: JSONValue)] = [], sources: SourceMap? = nil
  ) {
    self.posterior = posterior
    self.program = program
    self.data = data
    self.sources = sources ?? SourceMap(program.map { [$0] } ?? [])
  }

  /// The value of an argument.
  package func argument(_ name: String) -> JSONValue? {
    data.first { $0.name == name }?.value
  }
}

/// One file of a result.
package struct WrittenFile: Sendable {
  /// Relative to the working directory.
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}
