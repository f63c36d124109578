import BorelBase
import BorelIR
import Synchronization

/// The data files that a script has opened, and parts of them, by number.
///
/// A script holds the number; the contents get a type only when they are decoded.
package final class Documents: Sendable {
  private struct Document {
    var node: DataNode
    /// As the script reached it, `data/nile.json.flow[3]`, for messages.
    var path: String
  }

  private struct State {
    var documents: [Document] = []
    var files: [SourceFile] = []
  }

  private let state = Mutex(State())
  private let firstFileIndex: Int
  private let register: (@Sendable (SourceFile) -> Int)?
  private let load: @Sendable (String) throws(Diagnostics) -> SourceFile

  /// - Parameters:
  ///   - firstFileIndex: The number of the first file in the source map.
  ///   - load: Reads the text of a file; throws E0402 when it cannot.
  package init(
    firstFileIndex: Int, load: @escaping @Sendable (String) throws(Diagnostics) -> SourceFile
  ) {
    self.firstFileIndex = firstFileIndex
    register = nil
    self.load = load
  }

  /// Documents whose texts belong to a source map of somebody else.
  ///
  /// - Parameters:
  ///   - register: Adds a text to the source map and gives its number there.
  ///   - load: Reads the text of a file; throws E0402 when it cannot.
  package init(
    register: @escaping @Sendable (SourceFile) -> Int,
    load: @escaping @Sendable (String) throws(Diagnostics) -> SourceFile
  ) {
    firstFileIndex = 0
    self.register = register
    self.load = load
  }

  /// The texts read so far, for the source map, numbered from `firstFileIndex`.
  package var files: [SourceFile] { state.withLock { $0.files } }

  /// Opens a file.
  ///
  /// - Returns: The number of the document.
  /// - Throws: E0401 to E0405.
  package func open(_ path: String, format: DataSet.Format) throws(Diagnostics) -> Int {
    let file = try load(path)
    let index =
      register.map { $0(file) }
      ?? state.withLock { state in
        state.files.append(file)
        return firstFileIndex + state.files.count - 1
      }
    let node: DataNode
    switch format {
    case .json: node = try JSONReader.document(file, fileIndex: index)
    case .csv:
      let table = try CSVReader.read(file, fileIndex: index)
      node = DataNode(.table(table), at: table.headerSpan)
    }
    return add(Document(node: node, path: path))
  }

  /// What a document is, in short: `data/nile.json {flow}`, `speeds.csv [3 elements]`.
  package func summary(of document: Int) -> String {
    let whole = self.document(document)
    switch whole.node.content {
    case .object(let fields): return "\(whole.path) {\(Self.list(fields.map(\.name)))}"
    case .table(let table): return "\(whole.path) {\(Self.list(table.columns.map(\.name)))}"
    case .array(let elements):
      return "\(whole.path) [\(elements.count) element\(elements.count == 1 ? "" : "s")]"
    default: return whole.path
    }
  }

  private static func list(_ names: [String]) -> String {
    let most = 8
    let rest = names.count > most ? ", and \(names.count - most) more" : ""
    return names.prefix(most).joined(separator: ", ") + rest
  }

  /// The field of an object or the column of a table.
  ///
  /// - Returns: The number of the part.
  /// - Throws: E0410 when there is none.
  package func field(_ name: String, of document: Int) throws(Diagnostics) -> Int {
    let whole = self.document(document)
    let fields: [DataNode.Field]
    switch whole.node.content {
    case .object(let found): fields = found
    case .table(let table): fields = table.columns
    default: throw Diagnostics([.hasNoFields(whole.path, whole.node)])
    }
    guard let field = fields.first(where: { $0.name == name }) else {
      throw Diagnostics([
        .hasNoField(name, whole.path, whole.node.span, among: fields.map(\.name))
      ])
    }
    return add(Document(node: field.node, path: "\(whole.path).\(name)"))
  }

  /// The element of an array or the row of a table.
  ///
  /// - Returns: The number of the part.
  /// - Throws: E0410 when there is none.
  package func element(_ index: Int64, of document: Int) throws(Diagnostics) -> Int {
    let whole = self.document(document)
    let elements: [DataNode]
    switch whole.node.content {
    case .array(let found): elements = found
    case .table(let table): elements = table.records
    default: throw Diagnostics([.hasNoElements(whole.path, whole.node)])
    }
    guard index >= 0, index < Int64(elements.count) else {
      throw Diagnostics([.hasNoElement(index, whole.path, elements.count, whole.node.span)])
    }
    return add(Document(node: elements[Int(index)], path: "\(whole.path)[\(index)]"))
  }

  /// The number of elements of an array or of rows of a table; nil for other documents.
  package func count(of document: Int) -> Int? {
    switch self.document(document).node.content {
    case .array(let elements): elements.count
    case .table(let table): table.rows.count
    default: nil
    }
  }

  /// The contents as a value of a type.
  ///
  /// - Throws: E0410 to E0416, all that are found up to a limit.
  package func decode(
    _ document: Int, as shape: Shape, enumerations: [EnumerationInfo]
  ) throws(Diagnostics) -> Value {
    let whole = self.document(document)
    var conversion = DataConversion(enumerations: enumerations)
    let value = conversion.value(whole.node, as: shape, path: whole.path)
    guard let value, conversion.problems.isEmpty else {
      throw Diagnostics(conversion.problems)
    }
    return value
  }

  private func add(_ document: Document) -> Int {
    state.withLock { state in
      state.documents.append(document)
      return state.documents.count - 1
    }
  }

  private func document(_ number: Int) -> Document {
    state.withLock { state in
      guard state.documents.indices.contains(number) else {
        internalError("there is no document \(number)")
      }
      return state.documents[number]
    }
  }
}

extension Diagnostic {
  fileprivate static func hasNoFields(_ path: String, _ node: DataNode) -> Diagnostic {
    Diagnostic("E0410", .data, "'\(path)' is \(node.found) and has no fields", at: node.span)
  }

  fileprivate static func hasNoField(
    _ name: String, _ path: String, _ span: Span, among names: [String]
  ) -> Diagnostic {
    Diagnostic(
      "E0410", .data, "'\(path)' has no field '\(name)'", at: span,
      hints: Spelling.hint(for: name, among: names, kind: "fields").map { [$0] } ?? [])
  }

  fileprivate static func hasNoElements(_ path: String, _ node: DataNode) -> Diagnostic {
    Diagnostic("E0410", .data, "'\(path)' is \(node.found) and has no elements", at: node.span)
  }

  fileprivate static func hasNoElement(
    _ index: Int64, _ path: String, _ count: Int, _ span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0410", .data, "'\(path)' has \(count) elements, so there is no element \(index)", at: span)
  }
}
