import BorelTestSupport
import Foundation
import Testing

/// `borel lsp` as an editor talks to it: JSON-RPC messages on the standard streams.
@Suite struct LanguageServerTests {
  private static let uri = "file:///m.ppl"

  /// A position in the text: the line and the UTF-16 column of the n-th occurrence of a word.
  private func position(of word: String, in text: String, occurrence: Int = 0) -> [String: Int] {
    var start = text.startIndex
    var place = start
    for _ in 0...occurrence {
      guard let range = text.range(of: word, range: start..<text.endIndex) else { break }
      place = range.lowerBound
      start = range.upperBound
    }
    let before = text[..<place]
    let line = before.filter { $0 == "\n" }.count
    let column = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    return ["line": line, "character": column.utf16.count]
  }

  /// Opens a text, sends requests, and gives the answers by id and the diagnostics by publication.
  private func talk(
    _ text: String, _ requests: [(method: String, parameters: [String: Any])]
  ) throws -> (results: [Int: Any], published: [[[String: Any]]], status: Int32) {
    var messages: [[String: Any]] = [
      ["id": 0, "method": "initialize", "params": ["capabilities": [:] as [String: Any]]],
      ["method": "initialized", "params": [:] as [String: Any]],
      [
        "method": "textDocument/didOpen",
        "params": [
          "textDocument": ["uri": Self.uri, "languageId": "borel", "version": 1, "text": text]
        ],
      ],
    ]
    for (index, request) in requests.enumerated() {
      var parameters = request.parameters
      if parameters["textDocument"] == nil { parameters["textDocument"] = ["uri": Self.uri] }
      var message: [String: Any] = ["method": request.method, "params": parameters]
      if !request.method.contains("/did") { message["id"] = index + 1 }
      messages.append(message)
    }
    messages.append(["id": 1_000, "method": "shutdown"])
    messages.append(["method": "exit"])
    var input = ""
    for message in messages {
      var message = message
      message["jsonrpc"] = "2.0"
      let body = try JSONSerialization.data(withJSONObject: message)
      input += "Content-Length: \(body.count)\r\n\r\n" + String(decoding: body, as: UTF8.self)
    }
    let outcome = try BorelExecutable.run(["lsp"], input: input)
    var results: [Int: Any] = [:]
    var published: [[[String: Any]]] = []
    for body in outcome.output.components(separatedBy: "Content-Length: ").dropFirst() {
      let text = body[(try #require(body.range(of: "\r\n\r\n"))).upperBound...]
      let length = Int(body.prefix { $0.isNumber })
      #expect(length == text.utf8.count)
      let object = try #require(
        JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      if let id = object["id"] as? Int { results[id] = object["result"] ?? object["error"] }
      if object["method"] as? String == "textDocument/publishDiagnostics" {
        let parameters = object["params"] as? [String: Any]
        published.append(parameters?["diagnostics"] as? [[String: Any]] ?? [])
      }
    }
    return (results, published, outcome.status)
  }

  private static let text = """
    /// The bias of a coin.
    model coin(flips: [Bool], größe: Real = 1) {
      p ~ Beta(größe, 1)
      observe flips ~ Bernoulli(p)
      return p
    }
    func twice(x: Real) -> Real { x * 2 }
    let y = twice(1.5)

    """

  @Test func diagnosticsFollowTheText() throws {
    let broken = "let α = Norml(0, 1)\n"
    let (_, published, status) = try talk(
      broken,
      [
        (
          "textDocument/didChange",
          [
            "textDocument": ["uri": Self.uri, "version": 2],
            "contentChanges": [["text": "let α = Normal(0, 1)\n"]],
          ]
        )
      ])
    #expect(status == 0)
    #expect(published.count == 2)
    let first = try #require(published.first?.first)
    #expect(first["code"] as? String == "E0201")
    #expect((first["message"] as? String)?.contains("did you mean 'Normal'?") == true)
    let range = try #require(first["range"] as? [String: [String: Int]])
    #expect(range["start"] == ["line": 0, "character": 8])
    #expect(range["end"] == ["line": 0, "character": 13])
    #expect(published.last?.isEmpty == true)
  }

  @Test func hoverShowsTypesAndDocumentation() throws {
    func hover(_ word: String, occurrence: Int = 0) throws -> String {
      let (results, _, _) = try talk(
        Self.text,
        [
          (
            "textDocument/hover",
            ["position": position(of: word, in: Self.text, occurrence: occurrence)]
          )
        ])
      let contents = (results[1] as? [String: Any])?["contents"] as? [String: Any]
      return contents?["value"] as? String ?? ""
    }
    #expect(try hover("p ~").contains("p: Real"))
    #expect(try hover("größe", occurrence: 1).contains("größe: Real"))
    #expect(try hover("flips", occurrence: 1).contains("flips: [Bool]"))
    #expect(try hover("Beta").contains("Beta(alpha: Real, beta: Real)"))
    #expect(try hover("coin(").contains("The bias of a coin."))
    #expect(try hover("twice", occurrence: 1).contains("func twice(x: Real) -> Real"))
    #expect(try hover("y =").contains("y: Real"))
  }

  @Test func namesLeadToTheirDeclarations() throws {
    func target(_ word: String, occurrence: Int) throws -> [String: Int]? {
      let (results, _, _) = try talk(
        Self.text,
        [
          (
            "textDocument/definition",
            ["position": position(of: word, in: Self.text, occurrence: occurrence)]
          )
        ])
      let range = (results[1] as? [String: Any])?["range"] as? [String: [String: Int]]
      return range?["start"]
    }
    #expect(try target("größe", occurrence: 1) == position(of: "größe", in: Self.text))
    #expect(try target("flips", occurrence: 1) == position(of: "flips", in: Self.text))
    #expect(try target("twice", occurrence: 1) == position(of: "twice", in: Self.text))
    #expect(try target("Beta", occurrence: 0) == nil)
  }

  @Test func completionSymbolsAndFormattingAnswer() throws {
    let text = "func  half(x:Real)->Real{x/2}\nlet z = Norma\nlet w = Normal(\n"
    let (results, _, _) = try talk(
      text,
      [
        ("textDocument/completion", ["position": ["line": 1, "character": 13]]),
        ("textDocument/completion", ["position": ["line": 2, "character": 15]]),
        ("textDocument/documentSymbol", [:]),
        ("textDocument/formatting", ["options": ["tabSize": 2, "insertSpaces": true]]),
        ("textDocument/unheardOf", [:]),
      ])
    let names = (results[1] as? [[String: Any]])?.compactMap { $0["label"] as? String } ?? []
    #expect(names == ["Normal"])
    let labels = (results[2] as? [[String: Any]])?.compactMap { $0["label"] as? String } ?? []
    #expect(labels.prefix(2) == ["mean: ", "sd: "])
    let symbols = (results[3] as? [[String: Any]])?.compactMap { $0["name"] as? String } ?? []
    #expect(symbols.first == "half")
    #expect((results[4] as? [Any])?.isEmpty == true)
    #expect((results[5] as? [String: Any])?["code"] as? Int == -32601)
    let (formatted, _, _) = try talk(
      "func  half(x:Real)->Real{x/2}\n",
      [("textDocument/formatting", ["options": ["tabSize": 2, "insertSpaces": true]])])
    let edit = (formatted[1] as? [[String: Any]])?.first
    #expect(edit?["newText"] as? String == "func half(x: Real) -> Real { x / 2 }\n")
  }

  @Test func aTextThatIsNoMessageIsAnswered() throws {
    let outcome = try BorelExecutable.run(
      ["lsp"], input: "Content-Length: 3\r\n\r\n{x}Bad-Header\r\n\r\n")
    #expect(outcome.output.contains("-32700"))
    // The input ended without `exit`.
    #expect(outcome.status == 0)
  }
}
