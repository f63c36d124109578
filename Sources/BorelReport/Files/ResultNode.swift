import BorelBase
import BorelData

/// A part of a file of results, read with checks: what is missing or of the wrong kind is an error
/// with its place.
struct ResultNode {
  let node: DataNode
  /// How the part is called in messages.
  let name: String

  init(_ node: DataNode, _ name: String) {
    self.node = node
    self.name = name
  }

  private func mismatch(_ expected: String) -> Diagnostic {
    Diagnostic(
      "E0431", .data, "'\(name)' must be \(expected), found \(node.found)", at: node.span)
  }

  var isNull: Bool { if case .null = node.content { true } else { false } }

  func fields() throws(Diagnostic) -> [(name: String, node: ResultNode)] {
    guard case .object(let fields) = node.content else { throw mismatch("an object") }
    return fields.map { ($0.name, ResultNode($0.node, $0.name)) }
  }

  /// A field that may be absent.
  func optional(_ name: String) throws(Diagnostic) -> ResultNode? {
    let found = try fields().first { $0.name == name }?.node
    return found.map { ResultNode($0.node, self.name == "" ? name : "\(self.name).\(name)") }
  }

  subscript(_ name: String) -> ResultNode {
    get throws(Diagnostic) {
      if let found = try optional(name) { return found }
      let whole = self.name.isEmpty ? name : "\(self.name).\(name)"
      throw Diagnostic("E0431", .data, "the file has no field '\(whole)'", at: node.span)
    }
  }

  func elements() throws(Diagnostic) -> [ResultNode] {
    guard case .array(let elements) = node.content else { throw mismatch("an array") }
    return elements.map { ResultNode($0, name) }
  }

  func string() throws(Diagnostic) -> String {
    guard case .string(let text) = node.content else { throw mismatch("a string") }
    return text
  }

  func bool() throws(Diagnostic) -> Bool {
    guard case .bool(let value) = node.content else { throw mismatch("true or false") }
    return value
  }

  func integer() throws(Diagnostic) -> Int {
    guard case .integer(let value) = node.content, let number = Int(exactly: value) else {
      throw mismatch("a whole number")
    }
    return number
  }

  /// A count or index that fits 32 bits.
  func index() throws(Diagnostic) -> Int32 {
    guard case .integer(let value) = node.content, let number = Int32(exactly: value), number >= 0
    else { throw mismatch("a whole number from 0") }
    return number
  }

  /// A number, or an infinity as text.
  func number() throws(Diagnostic) -> Double {
    switch node.content {
    case .integer(let value): return Double(value)
    case .number(let value): return value
    case .string("Infinity"): return .infinity
    case .string("-Infinity"): return -.infinity
    default: throw mismatch("a number")
    }
  }

  func optionalNumber() throws(Diagnostic) -> Double? { isNull ? nil : try number() }

  func numbers() throws(Diagnostic) -> [Double] {
    guard case .array(let elements) = node.content else { throw mismatch("an array") }
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for element in elements { numbers.append(try ResultNode(element, name).number()) }
    return numbers
  }

  func strings() throws(Diagnostic) -> [String] {
    var texts: [String] = []
    for element in try elements() { texts.append(try element.string()) }
    return texts
  }

  /// Fails unless an array has as many elements as there are draws.
  func checkCount(_ count: Int, _ expected: Int) throws(Diagnostic) {
    guard count == expected else {
      throw Diagnostic(
        "E0431", .data, "'\(name)' must have \(expected) elements, found \(count)", at: node.span)
    }
  }
}
