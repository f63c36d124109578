import BorelBase
import BorelCompiler
import BorelReference

extension PromptCommand {
  static let definitions: [PromptCommand] = [
    PromptCommand("type", "EXPRESSION", "the type of an expression; runs nothing", .expression) {
      prompt, text throws(SessionFailure) in
      guard !text.isEmpty else { throw .usage("':type' needs an expression") }
      for result in try prompt.session.types(of: text) {
        if result.isVariable, result.name != nil { continue }
        prompt.host.print("\(result.name ?? text): \(result.typeText)\n")
      }
    },
    PromptCommand("info", "NAME", "what a name is, with its text", .names) {
      prompt, text throws(SessionFailure) in
      prompt.host.print(try prompt.information(on: text))
    },
    PromptCommand("doc", "[NAME]", "distributions, functions and methods", .names) {
      prompt, text throws(SessionFailure) in
      prompt.host.print(try prompt.documentation(of: text))
    },
    PromptCommand("browse", "", "what is defined, with types", .none) {
      prompt, _ throws(SessionFailure) in
      prompt.host.print(prompt.overview)
    },
  ]
}

extension Prompt {
  /// The last definition or variable with a name.
  func information(on name: String) throws(SessionFailure) -> String {
    if let definition = session.compiler.definitions.first(where: { $0.name == name }),
      definition.kind != .constant || session.variables[name] == nil
    {
      var text = definition.documentation.isEmpty ? "" : Self.comment(definition.documentation)
      text += definition.text + "\n"
      if definition.isSetAside { text += "// set aside: it does not fit newer definitions\n" }
      return text + place(of: definition)
    }
    if let value = session.variables[name] {
      let shown = session.shown(name, value)
      let word = value.isVariable ? "var" : "let"
      return shown.isPosterior
        ? "\(word) \(name): \(value.typeText)\n\(shown.text)"
        : "\(word) \(name): \(value.typeText) = \(shown.text)\n"
    }
    return try documentation(of: name)
  }

  private static func comment(_ documentation: String) -> String {
    documentation.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "///\n" : "/// \($0)\n" }.joined()
  }

  private func place(of definition: SessionDefinition) -> String {
    guard let file = session.compiler.sources.file(of: definition.span) else { return "" }
    let line = file.position(of: Int(definition.span.start)).line
    return "// \(file.name):\(line)\n"
  }

  /// The reference page of a name, or the list of all.
  func documentation(of name: String) throws(SessionFailure) -> String {
    if name.isEmpty { return ReferencePages.index(ReferencePages.all) }
    if let definition = session.compiler.definitions.first(where: { $0.name == name }),
      definition.kind != .constant
    {
      let text = definition.documentation
      return "\(definition.signature)\n" + (text.isEmpty ? "" : "  \(text)\n")
    }
    let pages = ReferencePages.named(name)
    guard !pages.isEmpty else {
      let names =
        session.compiler.definitions.map(\.name) + session.visibleNames
        + ReferencePages.all.map(\.name)
      throw .usage(
        "there is nothing named '\(name)'",
        hint: names.first { $0.lowercased() == name.lowercased() }.map { "did you mean '\($0)'?" }
          ?? didYouMean(name, among: names).map { "did you mean '\($0)'?" }
          ?? "':doc' lists everything")
    }
    return pages.map(\.text).joined(separator: "\n")
  }

  /// Definitions, then variables.
  var overview: String {
    var text = ""
    for definition in session.compiler.definitions where definition.kind != .constant {
      text += definition.signature + (definition.isSetAside ? "  // set aside" : "") + "\n"
    }
    for name in session.visibleNames where name != "it" && !name.hasPrefix("$") {
      guard let value = session.variables[name] else { continue }
      text += "\(value.isVariable ? "var" : "let") \(name): \(value.typeText)\n"
    }
    return text.isEmpty ? "nothing is defined yet\n" : text
  }
}
