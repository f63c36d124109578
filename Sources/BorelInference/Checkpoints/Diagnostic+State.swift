import BorelBase
import BorelHeap

extension [Diagnostic] {
  func write(to writer: inout StateWriter) {
    writer.write(count)
    for diagnostic in self {
      writer.write(diagnostic.code)
      writer.write(diagnostic.severity.rawValue)
      writer.write(diagnostic.category.rawValue)
      writer.write(diagnostic.message)
      writer.write(diagnostic.span)
      writer.write(diagnostic.labels.count)
      for label in diagnostic.labels {
        writer.write(label.span)
        writer.write(label.text)
      }
      writer.write(diagnostic.hints.count)
      for hint in diagnostic.hints { writer.write(hint) }
    }
  }

  /// - Throws: `DamagedState`.
  init(from reader: inout StateReader) throws {
    self = try (0..<reader.readCount()).map { _ in
      let code = try reader.readText()
      guard let severity = Diagnostic.Severity(rawValue: try reader.readText()),
        let category = Diagnostic.Category(rawValue: try reader.readText())
      else { throw DamagedState() }
      let message = try reader.readText()
      let span = try reader.readSpan()
      let labels = try (0..<reader.readCount()).map { _ in
        Diagnostic.Label(try reader.readSpan(), try reader.readText())
      }
      let hints = try (0..<reader.readCount()).map { _ in try reader.readText() }
      return Diagnostic(
        code, category, message, at: span, severity: severity, labels: labels, hints: hints)
    }
  }
}

extension StateWriter {
  fileprivate mutating func write(_ span: Span) {
    write(Int(span.start))
    write(Int(span.end))
    write(Int(span.file))
  }
}

extension StateReader {
  fileprivate mutating func readSpan() throws -> Span {
    Span(start: try readInt(), end: try readInt(), file: try readInt())
  }
}
