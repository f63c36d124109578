import BorelBase

/// The data of one run: files and single values, each with its place.
package struct DataSet: Sendable {
  package enum Format: Sendable {
    case json, csv

    /// By the extension of a file name; JSON when it says nothing.
    package init(fileName: String) {
      let name = fileName.lowercased()
      self = [".csv", ".tsv", ".tab"].contains { name.hasSuffix($0) } ? .csv : .json
    }
  }

  /// What the contents of one file are.
  enum Source: Sendable {
    case object([DataNode.Field], span: Span)
    case list([DataNode], span: Span)
    case table(CSVReader.Table)
  }

  private(set) var sources: [Source] = []
  /// Values given one by one; they win over files.
  private(set) var overrides: [DataNode.Field] = []
  /// The texts read, for the source map, numbered from `firstFileIndex`.
  package private(set) var files: [SourceFile] = []
  private let firstFileIndex: Int

  /// - Parameter firstFileIndex: The number of the first data file in the source map.
  package init(firstFileIndex: Int = 0) {
    self.firstFileIndex = firstFileIndex
  }

  package var isEmpty: Bool { sources.isEmpty && overrides.isEmpty }

  /// Adds a file.
  ///
  /// - Throws: E0401 to E0405 for text that is not of the format.
  package mutating func add(_ file: SourceFile, format: Format) throws(Diagnostics) {
    let index = firstFileIndex + files.count
    files.append(file)
    switch format {
    case .csv: sources.append(.table(try CSVReader.read(file, fileIndex: index)))
    case .json:
      let root = try JSONReader.document(file, fileIndex: index)
      switch root.content {
      case .object(let fields): sources.append(.object(fields, span: root.span))
      case .array(let elements): sources.append(.list(elements, span: root.span))
      default: throw Diagnostics([.rootIsScalar(root)])
      }
    }
  }

  /// Adds one value from the text `name=value`. The value is JSON; text that does not start like
  /// JSON is a string.
  ///
  /// - Throws: E0406 without '=', E0401 for malformed JSON, E0413 for a name given twice.
  package mutating func add(setting: String) throws(Diagnostics) {
    let index = firstFileIndex + files.count
    let file = SourceFile(name: "--set", text: setting)
    files.append(file)
    guard let separator = setting.utf8.firstIndex(of: UInt8(ascii: "=")),
      separator != setting.utf8.startIndex
    else {
      throw Diagnostics([.malformedSetting(setting, file: index)])
    }
    let name = String(setting[..<separator])
    let text = String(setting[setting.index(after: separator)...])
    let offset = name.utf8.count + 1
    let nameSpan = Span(start: 0, end: offset - 1, file: index)
    if let first = overrides.first(where: { $0.name == name }) {
      throw Diagnostics([.givenTwice(name, at: nameSpan, first: first.span)])
    }
    var node: DataNode
    do {
      node = try JSONReader.read(
        SourceFile(name: "--set", text: String(repeating: " ", count: offset) + text),
        fileIndex: index)
    } catch {
      guard let first = text.first, !"[{\"".contains(first) else { throw Diagnostics([error]) }
      node = DataNode(.cell(text), at: Span(start: offset, end: setting.utf8.count, file: index))
    }
    if text.isEmpty { node.content = .string("") }
    overrides.append(DataNode.Field(name: name, node: node, span: nameSpan))
  }

  /// Adds one value from a program that embeds the language.
  package mutating func add(name: String, _ node: DataNode) {
    overrides.removeAll { $0.name == name }
    overrides.append(DataNode.Field(name: name, node: node, span: .none))
  }
}

extension Diagnostic {
  fileprivate static func rootIsScalar(_ root: DataNode) -> Diagnostic {
    Diagnostic(
      "E0402", .data, "a data file must hold an object or an array, found \(root.found)",
      at: root.span, hints: ["write {\"name\": \(root.found)} with the name of a parameter"])
  }

  fileprivate static func malformedSetting(_ setting: String, file: Int) -> Diagnostic {
    Diagnostic(
      "E0406", .usage, "expected name=value, found '\(setting)'",
      at: Span(start: 0, end: setting.utf8.count, file: file), hints: ["write --set sd=2.5"])
  }

  fileprivate static func givenTwice(_ name: String, at span: Span, first: Span) -> Diagnostic {
    Diagnostic(
      "E0413", .data, "'\(name)' is given twice", at: span,
      labels: [Label(first, "first given here")])
  }
}
