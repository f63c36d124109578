import BorelBase

extension PromptCommand {
  static let general: [PromptCommand] = [
    PromptCommand("help", "[COMMAND]", "what can be done here", .commands) {
      prompt, text throws(SessionFailure) in
      prompt.host.print(text.isEmpty ? helpText : try help(for: text))
    },
    PromptCommand("quit", "", "leave; so does Ctrl-D", .none) {
      prompt, _ throws(SessionFailure) in
      prompt.finish()
    },
    PromptCommand("set", "[NAME VALUE]", "show or change the settings", .settings) {
      prompt, text throws(SessionFailure) in
      try prompt.change(text)
    },
    PromptCommand("seed", "[N]", "show or set the seed of what follows", .none) {
      prompt, text throws(SessionFailure) in
      if !text.isEmpty { try prompt.change("seed \(text)") }
      prompt.host.print("seed \(prompt.session.settings.seed)\n")
    },
    PromptCommand("time", "EXPRESSION", "run an entry and say how long it takes", .expression) {
      prompt, text throws(SessionFailure) in
      let start = ContinuousClock.now
      try prompt.enter(text)
      let duration = ContinuousClock.now - start
      prompt.host.print("\(seconds(duration)) s\n")
    },
    PromptCommand("history", "[TEXT]", "the entries so far, or those with a text", .none) {
      prompt, text throws(SessionFailure) in
      let entries = prompt.history.entries.enumerated().filter {
        text.isEmpty || $0.element.contains(text)
      }
      for (index, entry) in entries.suffix(50) {
        let lines = entry.split(separator: "\n", omittingEmptySubsequences: false)
        prompt.host.print("\(index + 1)  \(lines.joined(separator: "\n     "))\n")
      }
    },
  ]

  private static func seconds(_ duration: Duration) -> String {
    let value =
      Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    let thousandths = Int((value * 1_000).rounded())
    let rest = "\(thousandths % 1_000)"
    return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }

  static var helpText: String {
    let heads = all.map { command in
      (":\(command.name) \(command.usage)".trimmed, command.summary)
    }
    let width = heads.map(\.0.count).max() ?? 0
    var text = """
      Enter definitions, statements and expressions; an entry goes on while brackets are open.
      `it` is the last value, `$1`, `$2`, ... are all of them. Tab completes names, fields,
      distributions with their parameters, commands and files, and turns \\alpha into α.
      Ctrl-R searches the history, Ctrl-C stops a computation, Ctrl-D leaves.

      Commands may be shortened as long as they are unique:


      """
    for (head, summary) in heads {
      text += "  \(head)\(String(repeating: " ", count: width - head.count))  \(summary)\n"
    }
    return text
  }

  private static func help(for text: String) throws(SessionFailure) -> String {
    let name = text.hasPrefix(":") ? String(text.dropFirst()) : text
    let command = try named(name)
    return ":\(command.name) \(command.usage)".trimmed + "\n  \(command.summary)\n"
  }
}

extension Prompt {
  /// The settings by name: how they are shown and changed.
  private struct Setting: Sendable {
    var name: String
    var summary: String
    var text: @Sendable (Session.Settings) -> String
    /// False for a value that is none.
    var change: @Sendable (inout Session.Settings, String) -> Bool
  }

  private static let settings: [Setting] = [
    Setting(
      name: "seed", summary: "a whole number, not negative", text: { "\($0.seed)" },
      change: { settings, text in
        guard let seed = UInt64(text) else { return false }
        settings.seed = seed
        return true
      }),
    Setting(
      name: "threads", summary: "at least 1", text: { "\($0.threads)" },
      change: { settings, text in
        guard let threads = Int(text), threads >= 1 else { return false }
        settings.threads = threads
        return true
      }),
    Setting(
      name: "method", summary: "an inference method", text: { $0.method },
      change: { settings, text in
        settings.method = text
        return true
      }),
    Setting(
      name: "time-limit", summary: "seconds, or off",
      text: { $0.timeLimit.map { "\($0)" } ?? "off" },
      change: { settings, text in
        if text == "off" {
          settings.timeLimit = nil
          return true
        }
        guard let seconds = Double(text), seconds > 0 else { return false }
        settings.timeLimit = seconds
        return true
      }),
    bytes("memory-limit", \.memoryLimit),
    bytes("output-limit", \.outputLimit),
  ]

  /// A setting that is a number of bytes or nothing.
  private static func bytes(
    _ name: String, _ path: WritableKeyPath<Session.Settings, Int?> & Sendable
  ) -> Setting {
    Setting(
      name: name, summary: "bytes such as 500M or 2G, or off",
      text: { $0[keyPath: path].map { "\($0)" } ?? "off" },
      change: { settings, text in
        let bytes = ByteCount.parse(text)
        guard bytes != nil || text == "off" else { return false }
        settings[keyPath: path] = bytes
        return true
      })
  }

  static var settingNames: [String] { settings.map(\.name) }

  /// `NAME VALUE`; without text shows all settings.
  func change(_ text: String) throws(SessionFailure) {
    if text.isEmpty {
      let width = Self.settingNames.map(\.count).max() ?? 0
      for setting in Self.settings {
        let padding = String(repeating: " ", count: width - setting.name.count)
        host.print("\(setting.name)\(padding)  \(setting.text(session.settings))\n")
      }
      return
    }
    let name = String(text.prefix { !$0.isWhitespace && $0 != "=" })
    let value = text.dropFirst(name.count).drop { $0 == "=" || $0.isWhitespace }.trimmed
    guard let setting = Self.settings.first(where: { $0.name == name }) else {
      throw .usage(
        "there is no setting '\(name)'",
        hint: Spelling.hint(for: name, among: Self.settingNames, kind: "settings"))
    }
    if value.isEmpty {
      host.print("\(setting.text(session.settings))\n")
      return
    }
    if setting.name == "method" { try checkMethod(value) }
    guard setting.change(&session.settings, value) else {
      throw .usage("'\(name)' is \(setting.summary), found '\(value)'")
    }
  }
}
