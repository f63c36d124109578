import BorelBase
import BorelCompiler
import BorelData
import BorelDistributions
import BorelInference
import BorelReference

import func BorelSyntax.format

extension TextDocument {
  // MARK: Diagnostics

  /// The diagnostics in the form of the protocol.
  var problems: [JSONValue] {
    index.diagnostics.map { diagnostic in
      let place = diagnostic.span.file == 0 ? diagnostic.span : Span(start: 0, end: 0)
      let severity: Int64 =
        switch diagnostic.severity {
        case .error: 1
        case .warning: 2
        case .note: 3
        }
      let message = ([diagnostic.message] + diagnostic.hints.map { "hint: \($0)" })
        .joined(separator: "\n")
      let related: [JSONValue] = diagnostic.labels.filter { $0.span.file == 0 }.map { label in
        .object([
          ("location", .object([("uri", .string(uri)), ("range", range(label.span))])),
          ("message", .string(label.text)),
        ])
      }
      return .object([
        ("range", range(place)), ("severity", .integer(severity)),
        ("code", .string(diagnostic.code)), ("source", .string("borel")),
        ("message", .string(message)), ("relatedInformation", .array(related)),
      ])
    }
  }

  // MARK: Hover and definition

  func hover(at parameters: DataNode) -> JSONValue? {
    guard let (name, span) = name(at: offset(parameters)) else { return nil }
    guard let text = description(of: name, span) else { return nil }
    return .object([
      ("contents", .object([("kind", .string("markdown")), ("value", .string(text))])),
      ("range", range(span)),
    ])
  }

  private func description(of name: String, _ span: Span) -> String? {
    if let part = index.occurrence(around: span), part.name == name {
      return Self.code("\(name): \(part.type)")
    }
    if let symbol = index.symbol(named: name) {
      let type = index.occurrence(around: symbol.span)?.type
      let isVariable = symbol.kind == .variable
      let head = isVariable ? type.map { "\(name): \($0)" } ?? symbol.signature : symbol.signature
      return Self.code(head) + (symbol.documentation.isEmpty ? "" : "\n\n\(symbol.documentation)")
    }
    let pages = ReferencePages.named(name)
    if !pages.isEmpty { return pages.map { Self.code($0.text) }.joined(separator: "\n\n") }
    return index.occurrence(around: span).map { Self.code("\(file.text(in: $0.span)): \($0.type)") }
  }

  private static func code(_ text: String) -> String {
    "```borel\n\(text.hasSuffix("\n") ? text : text + "\n")```"
  }

  func definition(at parameters: DataNode) -> JSONValue? {
    guard let (name, span) = name(at: offset(parameters)) else { return nil }
    var place: Span?
    if let part = index.occurrence(around: span), part.name == name {
      place = part.declaration
    }
    guard let target = place ?? index.symbol(named: name)?.span, target.file == 0 else {
      return nil
    }
    return .object([("uri", .string(uri)), ("range", range(target))])
  }

  // MARK: Symbols and formatting

  var symbols: JSONValue { .array(index.symbols.map(symbol)) }

  private func symbol(_ symbol: ProgramIndex.Symbol) -> JSONValue {
    let kind: Int64 =
      switch symbol.kind {
      case .model: 5
      case .function: 12
      case .structure: 23
      case .enumeration: 10
      case .constant: 14
      case .variable: 13
      case .field: 8
      case .enumCase: 22
      }
    return .object([
      ("name", .string(symbol.name)), ("detail", .string(symbol.kind.rawValue)),
      ("kind", .integer(kind)), ("range", range(symbol.extent)),
      ("selectionRange", range(symbol.span)),
      ("children", .array(symbol.children.map { self.symbol($0) })),
    ])
  }

  /// One edit that replaces the whole text; none for a text that cannot be formatted.
  var formatting: JSONValue {
    guard case .success(let text) = format(file.text, name: file.name), text != file.text else {
      return .array([])
    }
    return .array([
      .object([
        ("range", range(Span(start: 0, end: file.utf8.count))), ("newText", .string(text)),
      ])
    ])
  }

  // MARK: Completion

  func completion(at parameters: DataNode) -> JSONValue {
    let offset = offset(parameters)
    let word = name(at: offset).map { file.text(in: Span(start: Int($0.span.start), end: offset)) }
    let prefix = word ?? ""
    let start = offset - prefix.utf8.count
    var items: [JSONValue] = []
    var seen: Set<String> = []
    func offer(_ label: String, kind: Int64, detail: String, documentation: String = "") {
      guard label.hasPrefix(prefix), seen.insert(label).inserted else { return }
      items.append(
        .object([
          ("label", .string(label)), ("kind", .integer(kind)), ("detail", .string(detail)),
          (
            "documentation",
            .object([("kind", .string("markdown")), ("value", .string(documentation))])
          ),
        ]))
    }
    for label in labels(before: start) { offer("\(label): ", kind: 5, detail: "parameter") }
    for local in index.locals(before: start) { offer(local.name, kind: 6, detail: local.type) }
    for symbol in index.symbols {
      offer(
        symbol.name, kind: symbol.kind == .variable ? 6 : 3, detail: symbol.signature,
        documentation: symbol.documentation)
    }
    for page in ReferencePages.all {
      offer(
        page.name, kind: page.section == .distribution ? 7 : 3, detail: page.section.rawValue,
        documentation: Self.code(page.text))
    }
    return .array(items)
  }

  /// The parameters of the call whose parenthesis is the last one open on the line.
  private func labels(before offset: Int) -> [String] {
    var depth = 0
    var position = offset
    while position > 0, file.utf8[position - 1] != UInt8(ascii: "\n") {
      position -= 1
      if file.utf8[position] == UInt8(ascii: ")") { depth += 1 }
      guard file.utf8[position] == UInt8(ascii: "(") else { continue }
      if depth > 0 {
        depth -= 1
        continue
      }
      guard let callee = name(at: position)?.text else { return [] }
      if let family = FamilyRegistry.index(of: callee) {
        let all = FamilyRegistry.family(at: family).signature.parametrisations
        return all.flatMap { $0.parameters.map(\.name) }
      }
      return MethodRegistry.method(named: callee)?.options.map(\.name) ?? []
    }
    return []
  }
}
