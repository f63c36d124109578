import BorelBase
import BorelData

extension BorelBase.Diagnostic {
  /// For `--json`: code, severity, message, place and hints.
  package func json(in sources: SourceMap) -> JSONValue {
    var fields: [(String, JSONValue)] = [
      ("code", .string(code)), ("severity", .string(severity.rawValue)),
      ("message", .string(message)),
    ]
    if let file = sources.file(of: span) {
      let position = file.position(of: Int(span.start))
      fields += [
        ("file", .string(file.name)), ("line", .integer(Int64(position.line))),
        ("column", .integer(Int64(position.column))),
      ]
    }
    fields.append(("hints", .array(hints.map { .string($0) })))
    return .object(fields)
  }
}
