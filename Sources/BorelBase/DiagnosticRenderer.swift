/// A diagnostic as text for people: heading, place, excerpt with the place underlined, labels and
/// hints. No line break at the end.
///
///     error[E0207]: parameter 'rate' of 'gamma' must be positive, found -2
///       --> model.ppl:4:23
///        |
///      4 |   x ~ Gamma(shape: 2, rate: 1 - k)
///        |                             ^^^^^
///        = hint: 'k' is drawn from poisson(3) at line 3, so 1 - k can be negative
///
/// - Parameters:
///   - color: Whether to colour with ANSI escapes. Program text cannot bring in escapes of its own.
package func render(_ diagnostic: Diagnostic, in map: SourceMap, color: Bool = false) -> String {
  DiagnosticRenderer(map: map, style: DiagnosticStyle(isEnabled: color)).render(diagnostic)
}

/// Several diagnostics with an empty line between them.
package func render(_ diagnostics: [Diagnostic], in map: SourceMap, color: Bool = false) -> String {
  diagnostics.map { render($0, in: map, color: color) }.joined(separator: "\n\n")
}

struct DiagnosticRenderer {
  /// A line of an excerpt is cut to this many columns around what is underlined.
  static let widestExcerpt = 160

  let map: SourceMap
  let style: DiagnosticStyle

  /// A part of one line to underline.
  private struct Mark {
    var line: Int
    var start: Int
    var end: Int
    var isPrimary: Bool
    var text: String
  }

  func render(_ diagnostic: Diagnostic) -> String {
    var lines = [heading(diagnostic)]
    let gutter = gutterWidth(diagnostic)
    let blank = String(repeating: " ", count: gutter)
    var fileIndices: [Int32] = [diagnostic.span.file]
    for label in diagnostic.labels where !fileIndices.contains(label.span.file) {
      fileIndices.append(label.span.file)
    }
    for fileIndex in fileIndices {
      lines += excerpt(diagnostic, fileIndex: fileIndex, gutter: gutter)
    }
    for label in diagnostic.labels where map.file(of: label.span) == nil {
      lines.append("\(blank) \(style.gutter("=")) \(style.bold("note")): \(safe(label.text))")
    }
    for hint in diagnostic.hints {
      lines.append("\(blank) \(style.gutter("=")) \(style.hint("hint")): \(safe(hint))")
    }
    return lines.joined(separator: "\n")
  }

  private func heading(_ diagnostic: Diagnostic) -> String {
    let head = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
    return style.severity(head, diagnostic.severity) + style.bold(": " + safe(diagnostic.message))
  }

  private func safe(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { DisplayLine(String($0)).text }.joined(separator: "\n")
  }

  private func gutterWidth(_ diagnostic: Diagnostic) -> Int {
    let spans = [diagnostic.span] + diagnostic.labels.map(\.span)
    let widths = spans.map { span in
      map.file(of: span).map { String($0.position(of: Int(span.start)).line).count } ?? 0
    }
    return (widths.max() ?? 0) + 1
  }

  // MARK: Excerpts

  private func excerpt(
    _ diagnostic: Diagnostic, fileIndex: Int32, gutter: Int
  ) -> [String] {
    let labels = diagnostic.labels.filter { $0.span.file == fileIndex }
    let isPrimary = diagnostic.span.file == fileIndex
    guard let span = isPrimary ? diagnostic.span : labels.first?.span, let file = map.file(of: span)
    else { return [] }
    var marks = labels.map { mark($0.span, in: file, isPrimary: false, text: $0.text) }
    if isPrimary { marks.insert(mark(span, in: file, isPrimary: true, text: ""), at: 0) }
    let blank = String(repeating: " ", count: gutter)
    let place = file.position(of: Int(span.start))
    let arrow = style.gutter(isPrimary ? "-->" : ":::")
    var lines = [
      "\(blank)\(arrow) \(safe(file.name)):\(place.line):\(place.column)",
      "\(blank) \(style.gutter("|"))",
    ]
    var previous: Int?
    for number in Set(marks.map(\.line)).sorted() {
      if let previous, number > previous + 1 { lines.append("\(blank)\(style.gutter("..."))") }
      previous = number
      let lineMarks = marks.filter { $0.line == number }
      lines += underlined(number, file.line(number), lineMarks, gutter: gutter)
    }
    return lines
  }

  /// The part of a span on its first line, in display columns.
  private func mark(_ span: Span, in file: SourceFile, isPrimary: Bool, text: String) -> Mark {
    let start = min(max(Int(span.start), 0), file.utf8.count)
    let line = file.position(of: start).line
    let lineStart = file.lineStarts[line - 1]
    let display = DisplayLine(file.line(line))
    let first = display.column(at: start - lineStart)
    let last = display.column(at: Int(span.end) - lineStart)
    return Mark(
      line: line, start: first, end: max(first + 1, last), isPrimary: isPrimary, text: safe(text))
  }

  private func underlined(
    _ number: Int, _ line: String, _ marks: [Mark], gutter: Int
  ) -> [String] {
    let display = DisplayLine(line)
    let focus = marks.first { $0.isPrimary } ?? marks[0]
    let (text, shift) = window(display, around: focus)
    let blank = String(repeating: " ", count: gutter)
    let numeral = String(number)
    let padding = String(repeating: " ", count: max(0, gutter - numeral.count))
    var lines = ["\(padding)\(style.gutter(numeral)) \(style.gutter("|")) \(text)"]
    for mark in marks {
      let start = max(0, mark.start - shift)
      let limit = Self.widestExcerpt + 6
      guard start <= limit else { continue }
      let length = max(1, min(mark.end - shift, limit) - start)
      let line = String(repeating: mark.isPrimary ? "^" : "-", count: length)
      let shown = mark.isPrimary ? style.primary(line) : style.gutter(line)
      let label = mark.text.isEmpty ? "" : " " + style.gutter(mark.text)
      let indent = String(repeating: " ", count: start)
      lines.append("\(blank) \(style.gutter("|")) \(indent)\(shown)\(label)")
    }
    return lines
  }

  /// A long line cut around a mark, and the number of columns that its marks move to the left.
  private func window(_ display: DisplayLine, around mark: Mark) -> (String, Int) {
    let width = display.columns.last ?? 0
    guard width > Self.widestExcerpt else { return (display.text, 0) }
    let low = max(0, min(mark.start - 40, width - Self.widestExcerpt))
    let high = low + Self.widestExcerpt
    var text = ""
    var column = 0
    for character in display.text {
      if column >= low, column < high { text.append(character) }
      column += displayWidth(character)
    }
    let prefix = low > 0 ? "..." : ""
    return (prefix + text + (high < width ? "..." : ""), low - prefix.count)
  }
}

/// ANSI colours, or none.
struct DiagnosticStyle {
  var isEnabled: Bool

  private func paint(_ text: String, _ code: String) -> String {
    isEnabled ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  func bold(_ text: String) -> String { paint(text, "1") }
  func gutter(_ text: String) -> String { paint(text, "1;34") }
  func primary(_ text: String) -> String { paint(text, "1;31") }
  func hint(_ text: String) -> String { paint(text, "1;32") }

  func severity(_ text: String, _ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: paint(text, "1;31")
    case .warning: paint(text, "1;33")
    case .note: paint(text, "1;36")
    }
  }
}
