import BorelBase
import BorelData

/// A message of JSON-RPC 2.0: a request, a notification or a response.
struct Message {
  /// Nil for notifications.
  var id: JSONValue?
  /// Empty for responses.
  var method: String
  var parameters: DataNode

  /// Nil for text that is no message.
  init?(_ text: String) {
    let file = SourceFile(name: "message", text: text)
    guard let root = try? JSONReader.read(file, fileIndex: 0), root["jsonrpc"] != nil else {
      return nil
    }
    switch root["id"]?.content {
    case .integer(let number): id = .integer(number)
    case .string(let text): id = .string(text)
    default: id = nil
    }
    method = root["method"]?.string ?? ""
    parameters = root["params"] ?? DataNode(.null, at: .none)
  }

  static func response(_ id: JSONValue, _ result: JSONValue) -> JSONValue {
    .object([("jsonrpc", .string("2.0")), ("id", id), ("result", result)])
  }

  static func failure(_ id: JSONValue, code: Int64, _ message: String) -> JSONValue {
    .object([
      ("jsonrpc", .string("2.0")), ("id", id),
      ("error", .object([("code", .integer(code)), ("message", .string(message))])),
    ])
  }

  static func notification(_ method: String, _ parameters: JSONValue) -> JSONValue {
    .object([
      ("jsonrpc", .string("2.0")), ("method", .string(method)), ("params", parameters),
    ])
  }
}

/// Cuts a stream of bytes into messages: headers, an empty line, `Content-Length` bytes.
struct MessageStream {
  private var buffer: [UInt8] = []

  mutating func append(_ bytes: some Sequence<UInt8>) { buffer += bytes }

  /// The next message when it is complete. A head without a length is skipped.
  mutating func next() -> String? {
    let separator = Array("\r\n\r\n".utf8)
    while let end = buffer.firstRange(of: separator) {
      let head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
      let length = head.split(whereSeparator: \.isNewline).lazy.compactMap { line -> Int? in
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
        return Int(parts[1].filter { !$0.isWhitespace })
      }.first
      guard let length, length >= 0 else {
        buffer.removeSubrange(..<end.upperBound)
        continue
      }
      guard buffer.count - end.upperBound >= length else { return nil }
      let body = buffer[end.upperBound..<(end.upperBound + length)]
      let text = String(decoding: body, as: UTF8.self)
      buffer.removeSubrange(..<(end.upperBound + length))
      return text
    }
    return nil
  }

  static func frame(_ message: JSONValue) -> String {
    let text = message.text
    return "Content-Length: \(text.utf8.count)\r\n\r\n\(text)"
  }
}
