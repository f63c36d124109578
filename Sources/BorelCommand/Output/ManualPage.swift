import BorelData
import BorelInference

/// The manual page in the language of man(7), from what the argument parser knows.
struct ManualPage {
  private let root: DataNode

  /// - Parameter root: The argument parser's description of itself.
  init(_ root: DataNode) { self.root = root }

  var text: String {
    let command = root.field("command")
    let name = command?.text("commandName") ?? "borel"
    var text = ".TH \(name.uppercased()) 1 \"\" \"\(name) \(BorelVersion.text)\"\n"
    text += ".SH NAME\n\(name) \\- \(Self.escaped(command?.text("abstract") ?? ""))\n"
    text += ".SH SYNOPSIS\n.B \(name)\n.RI [ subcommand ]\n.RI [ options ]\n"
    if let discussion = command?.text("discussion") {
      text += ".SH DESCRIPTION\n" + Self.paragraphs(discussion)
    }
    text += ".SH SUBCOMMANDS\n"
    for subcommand in command?.field("subcommands")?.list ?? [] {
      if subcommand.text("commandName") == "help" { continue }
      text += self.subcommand(subcommand, of: name)
    }
    text += ".SH EXIT STATUS\n"
    for (status, meaning) in ExitStatus.meanings {
      text += ".TP\n.B \(status)\n\(Self.escaped(meaning))\n"
    }
    text += ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nTurns colours off.\n"
    text += ".TP\n.B XDG_STATE_HOME\nWhere the history of the prompt is kept.\n"
    text += ".TP\n.B VISUAL, EDITOR\nThe editor that :edit starts.\n"
    return text
  }

  private func subcommand(_ node: DataNode, of name: String) -> String {
    var text = ".SS \(name) \(node.text("commandName") ?? "")\n"
    text += Self.escaped(node.text("abstract") ?? "") + "\n"
    if let discussion = node.text("discussion") { text += ".PP\n" + Self.paragraphs(discussion) }
    for argument in node.field("arguments")?.list ?? [] {
      if argument.text("valueName") == "help" || argument.text("valueName") == "version" {
        continue
      }
      text += ".TP\n" + heading(argument) + "\n"
      text += Self.escaped(argument.text("abstract") ?? "") + "\n"
    }
    return text
  }

  private func heading(_ argument: DataNode) -> String {
    let value = argument.text("valueName") ?? ""
    if argument.text("kind") == "positional" { return ".I \(Self.escaped(value))" }
    let names = (argument.field("names")?.list ?? []).compactMap { name -> String? in
      guard let text = name.text("name") else { return nil }
      return name.text("kind") == "short" ? "\\-\(text)" : "\\-\\-\(Self.escaped(text))"
    }
    let isOption = argument.text("kind") == "option"
    return ".B \(names.joined(separator: ", "))"
      + (isOption ? " \\fI\(Self.escaped(value))\\fR" : "")
  }

  private static func paragraphs(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? ".PP" : escaped(String($0)) }.joined(separator: "\n") + "\n"
  }

  /// Text in which nothing is a request.
  private static func escaped(_ text: String) -> String {
    var result = text.replacing("\\", with: "\\\\").replacing("-", with: "\\-")
    if result.hasPrefix(".") || result.hasPrefix("'") { result = "\\&" + result }
    return result
  }
}

extension DataNode {
  fileprivate func field(_ name: String) -> DataNode? {
    guard case .object(let fields) = content else { return nil }
    return fields.first { $0.name == name }?.node
  }

  fileprivate func text(_ name: String) -> String? {
    guard case .string(let text)? = field(name)?.content else { return nil }
    return text
  }

  fileprivate var list: [DataNode] {
    if case .array(let elements) = content { elements } else { [] }
  }
}
