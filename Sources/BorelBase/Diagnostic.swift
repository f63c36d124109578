/// What is wrong with a user's program, data or request: stored as data, rendered in one place.
public struct Diagnostic: Error, Hashable, Sendable {
  public enum Severity: String, Sendable { case error, warning, note }

  /// Who has to act. The command line maps each to an exit code.
  public enum Category: String, Sendable {
    case usage  // the request itself: options, method text
    case check  // the program text: syntax, names, types
    case data  // missing, ill-typed or malformed data
    case runtime  // the program failed while it ran
    case inference  // the algorithm could not give a result
    case limit  // a named limit was hit
  }

  /// A second place that explains the first.
  public struct Label: Hashable, Sendable {
    public var span: Span
    public var text: String
    public init(_ span: Span, _ text: String) {
      self.span = span
      self.text = text
    }
  }

  /// Stable code: `E` error or `W` warning and four digits. E01xx syntax, E02xx names and types,
  /// E03xx run time, E04xx data, E05xx inference, E06xx limits, E07xx usage, W0xxx warnings.
  public var code: String
  public var severity: Severity
  public var category: Category
  /// Lower case, no final full stop, names in single quotes.
  public var message: String
  public var span: Span
  public var labels: [Label]
  public var hints: [String]

  public init(
    _ code: String, _ category: Category, _ message: String, at span: Span,
    severity: Severity = .error, labels: [Label] = [], hints: [String] = []
  ) {
    self.code = code
    self.category = category
    self.message = message
    self.span = span
    self.severity = severity
    self.labels = labels
    self.hints = hints
  }
}

/// Several diagnostics thrown together.
public struct Diagnostics: Error, Sendable {
  public var list: [Diagnostic]
  /// The texts that the places are in; empty where nobody has said.
  package private(set) var sources = SourceMap([])

  public init(_ list: [Diagnostic]) { self.list = list }

  /// The same with the texts that the places are in, unless they are known already.
  package func located(in sources: @autoclosure () -> SourceMap) -> Diagnostics {
    var located = self
    if located.sources.files.isEmpty { located.sources = sources() }
    return located
  }

  public var hasErrors: Bool { list.contains { $0.severity == .error } }
}

/// Reports a bug in Borel itself and stops. Never reached from user input.
package func internalError(
  _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
  preconditionFailure("internal error: \(message())", file: file, line: line)
}
