import BorelCompiler
import BorelDistributions
import BorelInference
import BorelReference
import Foundation

/// What Tab offers at a place in a line.
package struct Completion {
  /// Offset in bytes of the text that a candidate replaces; it ends at the cursor.
  package var start: Int
  /// Ascending, without repetitions.
  package var candidates: [String]
}

/// Finds completions: a pure function of the line and what the session knows.
package struct Completer {
  let session: Session

  package init(session: Session) { self.session = session }

  static let keywords = [
    "let", "var", "func", "model", "struct", "enum", "if", "else", "for", "in", "while", "match",
    "case", "return", "observe", "sample", "factor", "require", "tally", "param", "true", "false",
    "nil", "mem", "break", "continue", "do",
  ]

  /// - Parameter line: The text in front of the cursor.
  package func complete(_ line: String) -> Completion {
    let bytes = Array(line.utf8)
    if line.first == ":" { return command(line, bytes) }
    return expression(line, bytes)
  }

  // MARK: Commands

  private func command(_ line: String, _ bytes: [UInt8]) -> Completion {
    let text = line.dropFirst()
    let word = text.prefix { !$0.isWhitespace }
    if word.count == text.count {
      return candidates(
        PromptCommand.all.map { $0.name == "!" ? ":!" : ":\($0.name) " }, at: 0, bytes)
    }
    guard let command = try? PromptCommand.named(String(word)) else {
      return Completion(start: bytes.count, candidates: [])
    }
    let start = Self.wordStart(bytes) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    switch command.arguments {
    case .none: return Completion(start: bytes.count, candidates: [])
    case .commands:
      return candidates(PromptCommand.all.map(\.name), at: start, bytes)
    case .settings: return candidates(Prompt.settingNames.map { $0 + " " }, at: start, bytes)
    case .files: return files(at: start, bytes)
    case .models:
      let models = session.compiler.definitions.filter { $0.kind == .model }.map(\.name)
      let methods = MethodRegistry.methods.map { $0.options.isEmpty ? $0.name : $0.name + "(" }
      let isOption = bytes.contains(UInt8(ascii: "("))
      return isOption ? expression(line, bytes) : candidates(models + methods, at: start, bytes)
    case .names:
      let prediction = session.prediction == nil ? [] : [Session.predictionName]
      return candidates(names.map(\.name) + prediction, at: start, bytes)
    case .expression: return expression(line, bytes)
    }
  }

  // MARK: Expressions

  private func expression(_ line: String, _ bytes: [UInt8]) -> Completion {
    if let quote = Self.openQuote(bytes) { return files(at: quote + 1, bytes) }
    let start = Self.wordStart(bytes) { !Self.isWordByte($0) }
    if start > 0, bytes[start - 1] == UInt8(ascii: "\\") { return symbol(at: start - 1, bytes) }
    if start > 1, bytes[start - 1] == UInt8(ascii: "^") || bytes[start - 1] == UInt8(ascii: "_"),
      bytes[start - 2] == UInt8(ascii: "\\")
    {
      return symbol(at: start - 2, bytes)
    }
    if start > 0, bytes[start - 1] == UInt8(ascii: ".") {
      return candidates(members(before: start - 1, bytes), at: start, bytes)
    }
    var offered = names.map { $0.isCallable ? $0.name + "(" : $0.name } + Self.keywords
    if let callee = Self.openCall(bytes) {
      offered += labels(of: callee)
      if callee == "infer" || callee == "inferOrNil" {
        offered += MethodRegistry.methods.map { $0.options.isEmpty ? $0.name : $0.name + "(" }
      }
      // Right after the parenthesis the parameters alone say what is needed.
      let own = labels(of: callee)
      if start == bytes.count, !own.isEmpty {
        return Completion(start: start, candidates: own)
      }
    }
    return candidates(offered, at: start, bytes)
  }

  private var names: [(name: String, isCallable: Bool)] {
    let variables = session.visibleNames.map { ($0, false) }
    let definitions = session.compiler.definitions.map {
      ($0.name, $0.kind == .function || $0.kind == .model || $0.kind == .structure)
    }
    let pages = ReferencePages.all.filter { $0.section != .method }.map {
      ($0.name, !$0.text.hasPrefix("\($0.name):"))
    }
    let known = Set(variables.map(\.0) + definitions.map(\.0))
    return variables + definitions + pages.filter { !known.contains($0.0) }
  }

  /// The parameters of a distribution, function, model or method.
  private func labels(of callee: String) -> [String] {
    if let definition = session.compiler.definitions.first(where: { $0.name == callee }) {
      return definition.parameters.map { $0 + ": " }
    }
    if let index = FamilyRegistry.index(of: callee) {
      var names: [String] = []
      for parametrisation in FamilyRegistry.family(at: index).signature.parametrisations {
        for parameter in parametrisation.parameters where !names.contains(parameter.name) {
          names.append(parameter.name)
        }
      }
      return names.map { $0 + ": " }
    }
    if let method = MethodRegistry.method(named: callee) {
      return method.options.map { $0.name + ": " }
    }
    return []
  }

  /// Fields of the variable whose path ends at a point.
  private func members(before point: Int, _ bytes: [UInt8]) -> [String] {
    let start = Self.wordStart(Array(bytes[..<point])) { byte in
      !Self.isWordByte(byte) && byte != UInt8(ascii: ".")
    }
    let path = String(decoding: bytes[start..<point], as: UTF8.self).split(separator: ".")
    guard let first = path.first, let value = session.variables[String(first)] else { return [] }
    var type = value.type
    for name in path.dropFirst() {
      guard case .record(let fields) = type, let field = fields.first(where: { $0.name == name })
      else { return [] }
      type = field.type
    }
    return session.compiler.fields(of: type).map(\.name)
  }

  private func symbol(at start: Int, _ bytes: [UInt8]) -> Completion {
    let name = String(decoding: bytes[(start + 1)...], as: UTF8.self)
    if let symbol = LatexSymbols.table[name] {
      return Completion(start: start, candidates: [symbol])
    }
    return candidates(LatexSymbols.table.keys.map { "\\" + $0 }, at: start, bytes)
  }

  private func files(at start: Int, _ bytes: [UInt8]) -> Completion {
    let text = String(decoding: bytes[start...], as: UTF8.self)
    let folder = text.lastIndex(of: "/").map { String(text[...$0]) } ?? ""
    let prefix = text.dropFirst(folder.count)
    let path = folder.isEmpty ? "." : FileNames.expanded(folder)
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let matches = entries.filter {
      $0.hasPrefix(prefix) && ($0.first != "." || prefix.first == ".")
    }
    let found = matches.map { name -> String in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder)
      return folder + name + (isFolder.boolValue ? "/" : "")
    }
    return Completion(start: start, candidates: found.sorted())
  }

  private func candidates(
    _ offered: some Sequence<String>, at start: Int, _ bytes: [UInt8]
  ) -> Completion {
    let prefix = String(decoding: bytes[start...], as: UTF8.self)
    return Completion(
      start: start, candidates: Set(offered.filter { $0.hasPrefix(prefix) }).sorted())
  }

  // MARK: The text before the cursor

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
  }

  private static func wordStart(_ bytes: [UInt8], isBreak: (UInt8) -> Bool) -> Int {
    var start = bytes.count
    while start > 0, !isBreak(bytes[start - 1]) { start -= 1 }
    return start
  }

  /// The quote of a string that is open at the end.
  private static func openQuote(_ bytes: [UInt8]) -> Int? {
    var open: Int?
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\\"), open != nil {
        index += 1
      } else if bytes[index] == UInt8(ascii: "\"") {
        open = open == nil ? index : nil
      }
      index += 1
    }
    return open
  }

  /// The name in front of the innermost parenthesis that is open at the end.
  private static func openCall(_ bytes: [UInt8]) -> String? {
    var depth = 0
    for index in bytes.indices.reversed() {
      switch bytes[index] {
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth += 1
      case UInt8(ascii: "("):
        if depth == 0 {
          let start = wordStart(Array(bytes[..<index])) { !isWordByte($0) }
          return start < index ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
        }
        depth -= 1
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        if depth == 0 { return nil }
        depth -= 1
      default: break
      }
    }
    return nil
  }
}
