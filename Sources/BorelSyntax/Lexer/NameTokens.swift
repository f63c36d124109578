import BorelBase

/// The identifiers and shorthand names of a text with their places, in order, whatever they mean.
package func nameTokens(
  of file: SourceFile, fileIndex: Int = 0
) -> [(name: String, span: Span)] {
  Lexer.tokens(of: file, fileIndex: fileIndex).tokens.compactMap { token in
    guard token.kind == .identifier || token.kind == .shorthand else { return nil }
    let span = Span(start: Int(token.start), end: Int(token.end), file: fileIndex)
    return (file.text(in: span), span)
  }
}
