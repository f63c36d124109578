import BorelBase
import BorelStandardLibrary
import BorelSyntax

/// Reference pages of the functions of the standard library, from their source.
enum LibraryPages {
  static var all: [ReferencePage] {
    StandardLibrary.files.flatMap { name, text in
      let file = SourceFile(name: name, text: text)
      return parse(file).program.items.compactMap { page($0, in: file) }
    }
  }

  private static func page(_ item: Item, in file: SourceFile) -> ReferencePage? {
    guard case .function(let declaration) = item.kind else { return nil }
    let head = Span(start: Int(item.span.start), end: Int(declaration.body.span.start))
    var signature = Substring(file.text(in: head))
    while signature.last?.isWhitespace == true { signature.removeLast() }
    if signature.hasPrefix("func ") { signature = signature.dropFirst(5) }
    let summary = item.documentation.split(separator: "\n").joined(separator: " ")
    return ReferencePage(
      name: declaration.name.text, section: .function, summary: summary,
      text: "\(signature)\n  \(summary)\n")
  }
}
