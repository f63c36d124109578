import BorelBase

extension Diagnostic {
  /// For `--json`: code, severity, message, place and hints.
  package func json(in sources: SourceMap) -> JSONValue {
    .object(
      [
        ("code", .string(code)), ("severity", .string(severity.rawValue)),
        ("message", .string(message)),
      ] + span.jsonPlace(in: sources) + [("hints", .array(hints.map { .string($0) }))])
  }
}

extension Span {
  /// The fields `file`, `line` and `column`, from 1; nothing for a place in no text.
  package func jsonPlace(in sources: SourceMap) -> [(String, JSONValue)] {
    guard let file = sources.file(of: self) else { return [] }
    let position = file.position(of: Int(start))
    return [
      ("file", .string(file.name)), ("line", .integer(Int64(position.line))),
      ("column", .integer(Int64(position.column))),
    ]
  }

  /// The place as `file.ppl:3`; nil for a place in no text.
  package func place(in sources: SourceMap) -> String? {
    sources.file(of: self).map { "\($0.name):\($0.position(of: Int(start)).line)" }
  }
}
