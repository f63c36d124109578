import Borel
import BorelBase
import BorelCompiler
import BorelData
import BorelREPL

import func BorelSyntax.needsMoreInput

/// A session for notebooks: each line of its input is a request, each line of its output an answer,
/// both JSON objects.
///
/// Requests have a field `do`:
///
///     {"do": "execute", "code": "..."}             cells of entries and commands
///     {"do": "complete", "code": "...", "cursor": bytes}
///     {"do": "inspect", "code": "...", "cursor": bytes}
///     {"do": "judge", "code": "..."}               whether the text is a complete cell
///
/// While a cell runs, answers with a field `show` tell what it shows: `text` and `problem` with a
/// `text`, `display` with `data` by media type, `progress` with a `text` that replaces the one
/// before. The answer with a field `done`, `ok` or `error`, is the last one to a request.
final class Notebook {
  private let prompt: Prompt
  private let host: NotebookHost
  private var count = 0

  /// - Parameters:
  ///   - settings: Seed, threads and limits of the session.
  ///   - send: Writes an answer. Called on any thread, by one at a time.
  ///   - interruption: What the process knows of the wish to stop.
  init(
    settings: Session.Settings, interruption: NotebookHost.Interruption,
    send: @escaping @Sendable (JSONValue) -> Void
  ) {
    host = NotebookHost(interruption: interruption, send: send)
    let session = Session(host: host, settings: settings)
    prompt = Prompt(
      session: session, host: host, history: History(file: nil), readLine: { _ in .end })
  }

  /// Answers a request. Text that is no request gets `error`.
  func answer(_ line: String) {
    let file = SourceFile(name: "request", text: line)
    guard let request = try? JSONReader.read(file, fileIndex: 0),
      let action = request["do"]?.string, let code = request["code"]?.string
    else {
      return host.send(.object([("done", .string("error")), ("message", .string("no request"))]))
    }
    let cursor = request["cursor"]?.integer ?? code.utf8.count
    let before = String(decoding: code.utf8.prefix(max(0, cursor)), as: UTF8.self)
    switch action {
    case "execute": execute(code)
    case "complete": complete(before)
    case "inspect": inspect(code, before)
    case "judge":
      done([("state", .string(needsMoreInput(code) ? "incomplete" : "complete"))])
    default:
      host.send(
        .object([
          ("done", .string("error")), ("message", .string("unknown request '\(action)'")),
        ]))
    }
  }

  private func done(_ fields: [(String, JSONValue)]) {
    host.send(.object([("done", .string("ok"))] + fields))
  }

  // MARK: Cells

  private func execute(_ code: String) {
    count += 1
    host.clearInterrupt()
    for piece in Self.pieces(of: code) {
      guard let failure = prompt.perform(piece) else { continue }
      let problem = failure.diagnostics.first { $0.severity == .error } ?? failure.diagnostics.first
      return host.send(
        .object([
          ("done", .string("error")), ("count", .integer(Int64(count))),
          ("code", .string(problem?.code ?? "")), ("message", .string(problem?.message ?? "")),
        ]))
    }
    done([("count", .integer(Int64(count)))])
  }

  /// Commands, each of them a line, and the entries between them.
  static func pieces(of code: String) -> [String] {
    var pieces: [String] = []
    var entry = ""
    for line in code.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix(":"), !needsMoreInput(entry) {
        pieces.append(entry)
        pieces.append(String(line))
        entry = ""
      } else {
        entry += entry.isEmpty ? String(line) : "\n" + line
      }
    }
    pieces.append(entry)
    return pieces.filter { $0.contains { !$0.isWhitespace } }
  }

  // MARK: Help

  private func complete(_ before: String) {
    // Completion goes by the line of the cursor.
    let line = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    let completion = Completer(session: prompt.session).complete(String(line))
    let start = before.utf8.count - line.utf8.count + completion.start
    done([
      ("matches", .array(completion.candidates.map { .string($0) })),
      ("start", .integer(Int64(start))), ("end", .integer(Int64(before.utf8.count))),
    ])
  }

  private func inspect(_ code: String, _ before: String) {
    let isPart = { (character: Character) in
      character.isLetter || character.isNumber || character == "_"
    }
    let rest = code.utf8.dropFirst(before.utf8.count)
    let name =
      String(String(before.reversed().prefix(while: isPart)).reversed())
      + String(decoding: rest, as: UTF8.self).prefix(while: isPart)
    host.beginQuiet()
    let failure = name.isEmpty ? nil : prompt.perform(":doc \(name)")
    let text = host.endQuiet()
    let isKnown = !name.isEmpty && failure == nil && !text.isEmpty
    done([("found", .bool(isKnown)), ("text", .string(isKnown ? text : ""))])
  }
}
