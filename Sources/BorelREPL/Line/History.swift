import Foundation

/// The entries of this and earlier sessions, each once, in the order of their last use.
///
/// Every entry is appended to the file as soon as it is made, so that a session that is killed
/// loses nothing. Line breaks inside entries are written as `\n`.
package final class History {
  /// So many entries are kept in the file.
  static let limit = 10_000

  package private(set) var entries: [String] = []
  private let file: URL?
  /// Told about changes: the entry added, and the position that it had before.
  var onAdd: ((_ entry: String, _ previous: Int?) -> Void)?

  /// - Parameter file: Nil keeps the history of this session only.
  package init(file: URL?) {
    self.file = file
    guard let file, let data = try? Data(contentsOf: file) else { return }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    var seen: Set<Substring> = []
    let kept = lines.reversed().filter { seen.insert($0).inserted }.prefix(Self.limit).reversed()
    entries = kept.map(Self.unescaped)
    if lines.count > kept.count + kept.count / 4 + 100 { rewrite() }
  }

  /// The file in the state directory of the XDG base directory specification.
  package static var defaultFile: URL? {
    let environment = ProcessInfo.processInfo.environment
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      return URL(fileURLWithPath: state).appendingPathComponent("borel/history")
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return URL(fileURLWithPath: home).appendingPathComponent(".local/state/borel/history")
  }

  package func add(_ entry: String) {
    let text = entry.trimmed
    guard !text.isEmpty, entries.last != text else { return }
    let previous = entries.firstIndex(of: text)
    if let previous { entries.remove(at: previous) }
    entries.append(text)
    onAdd?(text, previous)
    append(Self.escaped(text) + "\n")
  }

  /// One write to the end of the file; a history that cannot be written is no reason to stop.
  private func append(_ line: String) {
    guard let file else { return }
    try? FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var bytes = Array(line.utf8)
    _ = write(descriptor, &bytes, bytes.count)
  }

  private func rewrite() {
    guard let file else { return }
    let text = entries.map { Self.escaped($0) + "\n" }.joined()
    try? Data(text.utf8).write(to: file, options: .atomic)
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\\\"
      case "\n", "\r\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result
  }

  static func unescaped(_ line: Substring) -> String {
    var result = ""
    var isEscape = false
    for character in line {
      if isEscape {
        result.append(character == "n" ? "\n" : character)
        isEscape = false
      } else if character == "\\" {
        isEscape = true
      } else {
        result.append(character)
      }
    }
    return result
  }
}
