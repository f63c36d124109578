import Borel
import BorelBase
import BorelCompiler
import Foundation

extension PromptCommand {
  static let files: [PromptCommand] = [
    PromptCommand("load", "FILE...", "run files; what they define stays", .files) {
      prompt, text throws(SessionFailure) in
      let paths = FileNames.split(text)
      guard !paths.isEmpty else { throw .usage("':load' needs a file") }
      prompt.loaded = paths
      for path in paths { try prompt.load(path) }
    },
    PromptCommand("reload", "", "the last ':load' again", .none) {
      prompt, _ throws(SessionFailure) in
      guard !prompt.loaded.isEmpty else { throw .usage("nothing has been loaded yet") }
      for path in prompt.loaded { try prompt.load(path) }
    },
    PromptCommand("save", "FILE", "write the entries so far as a program", .files) {
      prompt, text throws(SessionFailure) in
      try prompt.save(to: text)
    },
    PromptCommand("write", "FILE [NAME]", "write the draws of a posterior to a file", .files) {
      prompt, text throws(SessionFailure) in
      let words = FileNames.split(text)
      guard let path = words.first, words.count <= 2 else {
        throw .usage("':write' needs a file, and may have the name of a posterior")
      }
      let posterior = try prompt.session.posterior(named: words.dropFirst().first)
      do throws(Diagnostics) {
        try prompt.host.write(posterior, to: path)
      } catch {
        throw SessionFailure(error.list)
      }
    },
    PromptCommand("edit", "[NAME]", "change the last entry or a definition in $EDITOR", .names) {
      prompt, text throws(SessionFailure) in
      try prompt.edit(text)
    },
  ]
}

/// File names on a command line: separated by blanks, which quotes keep.
enum FileNames {
  static func split(_ text: String) -> [String] {
    var names: [String] = []
    var current = ""
    var quote: Character?
    var isInside = false
    for character in text {
      if let open = quote {
        if character == open { quote = nil } else { current.append(character) }
      } else if character == "\"" || character == "'" {
        quote = character
        isInside = true
      } else if character.isWhitespace {
        if isInside { names.append(expanded(current)) }
        (current, isInside) = ("", false)
      } else {
        current.append(character)
        isInside = true
      }
    }
    if isInside { names.append(expanded(current)) }
    return names
  }

  /// With the home directory in the place of `~`.
  static func expanded(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"),
      let home = ProcessInfo.processInfo.environment["HOME"]
    else { return path }
    return home + path.dropFirst()
  }
}

extension Prompt {
  func save(to text: String) throws(SessionFailure) {
    let paths = FileNames.split(text)
    guard let path = paths.first, paths.count == 1 else { throw .usage("':save' needs a file") }
    let program = session.accepted.joined(separator: "\n") + "\n"
    do {
      try Data(program.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw .usage("cannot write '\(path)': \(error.localizedDescription)")
    }
  }

  /// Lets the user change a text in an editor, and runs it when it has changed.
  func edit(_ name: String) throws(SessionFailure) {
    var text = lastEntry
    if !name.isEmpty {
      guard let definition = session.compiler.definitions.first(where: { $0.name == name }) else {
        throw .usage(
          "there is no definition '\(name)'",
          hint: Spelling.hint(
            for: name, among: session.compiler.definitions.map(\.name), kind: "definitions"))
      }
      text = definition.text
    }
    let environment = ProcessInfo.processInfo.environment
    let editor = environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("borel-\(UUID().uuidString).ppl")
    defer { try? FileManager.default.removeItem(at: file) }
    do {
      try Data((text + "\n").utf8).write(to: file)
    } catch {
      throw .usage("cannot write '\(file.path)': \(error.localizedDescription)")
    }
    try Shell.run("\(editor) '\(file.path)'")
    guard let bytes = try? Data(contentsOf: file) else { return }
    let changed = String(decoding: bytes, as: UTF8.self).trimmed
    guard !changed.isEmpty, changed != text.trimmed else { return }
    host.print(changed + "\n")
    if let failure = perform(changed) { throw failure }
  }
}
