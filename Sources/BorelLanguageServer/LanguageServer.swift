import BorelBase
import BorelCompiler
import BorelData

/// A server of the Language Server Protocol 3.17 without input and output of its own: it is given
/// messages and answers with messages.
package struct LanguageServer {
  private var stream = MessageStream()
  private var documents: [String: TextDocument] = [:]
  private let validateMethod: MethodValidation?
  private var hasShutDown = false
  /// The exit status once the client has asked to leave.
  package private(set) var exitStatus: Int32?

  package init(validateMethod: MethodValidation?) { self.validateMethod = validateMethod }

  /// Takes bytes of the client.
  ///
  /// - Returns: The bytes to send, framed.
  package mutating func receive(_ bytes: some Sequence<UInt8>) -> String {
    stream.append(bytes)
    var output = ""
    while exitStatus == nil, let text = stream.next() {
      for answer in handle(text) { output += MessageStream.frame(answer) }
    }
    return output
  }

  private mutating func handle(_ text: String) -> [JSONValue] {
    guard let message = Message(text) else {
      return [Message.failure(.null, code: -32700, "the message is not JSON-RPC")]
    }
    guard let id = message.id else { return notice(message) }
    // A response to a request of the server, which makes none.
    guard !message.method.isEmpty else { return [] }
    if hasShutDown {
      return [Message.failure(id, code: -32600, "the server has shut down")]
    }
    guard let result = answer(message) else {
      return [Message.failure(id, code: -32601, "there is no method '\(message.method)'")]
    }
    return [Message.response(id, result)]
  }

  // MARK: Notifications

  private mutating func notice(_ message: Message) -> [JSONValue] {
    let parameters = message.parameters
    let uri = parameters["textDocument"]?["uri"]?.string ?? ""
    switch message.method {
    case "exit":
      exitStatus = hasShutDown ? 0 : 1
      return []
    case "textDocument/didOpen":
      return open(uri, parameters["textDocument"]?["text"]?.string ?? "")
    case "textDocument/didChange":
      // Changes are whole texts; the last one counts.
      guard let text = parameters["contentChanges"]?.elements.last?["text"]?.string else {
        return []
      }
      return open(uri, text)
    case "textDocument/didClose":
      documents[uri] = nil
      return [Self.publish(uri, [])]
    default: return []
    }
  }

  private mutating func open(_ uri: String, _ text: String) -> [JSONValue] {
    let document = TextDocument(uri: uri, text: text, validateMethod: validateMethod)
    documents[uri] = document
    return [Self.publish(uri, document.problems)]
  }

  private static func publish(_ uri: String, _ problems: [JSONValue]) -> JSONValue {
    Message.notification(
      "textDocument/publishDiagnostics",
      .object([("uri", .string(uri)), ("diagnostics", .array(problems))]))
  }

  // MARK: Requests

  /// The result of a request; nil for a method that the server does not have.
  private mutating func answer(_ message: Message) -> JSONValue? {
    let uri = message.parameters["textDocument"]?["uri"]?.string ?? ""
    let document = documents[uri]
    switch message.method {
    case "initialize": return Self.capabilities
    case "shutdown":
      hasShutDown = true
      return .null
    case "textDocument/hover":
      return document?.hover(at: message.parameters) ?? .null
    case "textDocument/definition":
      return document?.definition(at: message.parameters) ?? .null
    case "textDocument/completion":
      return document?.completion(at: message.parameters) ?? .null
    case "textDocument/documentSymbol":
      return document?.symbols ?? .null
    case "textDocument/formatting":
      return document?.formatting ?? .null
    default: return nil
    }
  }

  private static let capabilities = JSONValue.object([
    (
      "capabilities",
      .object([
        ("positionEncoding", .string("utf-16")),
        (
          "textDocumentSync",
          .object([("openClose", .bool(true)), ("change", .integer(1))])
        ),
        ("hoverProvider", .bool(true)),
        ("definitionProvider", .bool(true)),
        ("documentSymbolProvider", .bool(true)),
        ("documentFormattingProvider", .bool(true)),
        (
          "completionProvider",
          .object([("triggerCharacters", .array([.string("."), .string("(")]))])
        ),
      ])
    ),
    ("serverInfo", .object([("name", .string("borel"))])),
  ])
}
