import BorelBase

/// A piece of the text: its kind, its UTF-8 range and what stands before it.
package struct Token: Sendable {
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A line break stands between the previous token and this one.
    package static let afterNewline = Flags(rawValue: 1)
    /// A space, line break or comment stands directly before the token.
    package static let afterSpace = Flags(rawValue: 2)
  }

  package var kind: TokenKind
  package var flags: Flags
  package var start: Int32
  package var end: Int32

  package init(_ kind: TokenKind, start: Int, end: Int, flags: Flags) {
    self.kind = kind
    self.flags = flags
    self.start = Int32(truncatingIfNeeded: start)
    self.end = Int32(truncatingIfNeeded: end)
  }

  package var isAfterNewline: Bool { flags.contains(.afterNewline) }
  package var isAfterSpace: Bool { flags.contains(.afterSpace) }
}

/// A comment, kept beside the tokens for documentation and for the formatter.
package struct Comment: Sendable {
  package enum Kind: Sendable {
    /// `// ...`
    case line
    /// `/// ...`
    case documentation
    /// `/* ... */`
    case block
    /// The first line, when it starts with `#!`.
    case shebang
  }
  package var kind: Kind
  package var start: Int32
  /// The line break of a line comment is not part of it.
  package var end: Int32
}

/// The tokens of a text, the last of kind `endOfFile`, and its comments, both in source order.
package struct TokenList: Sendable {
  package var tokens: [Token]
  package var comments: [Comment]
  package var diagnostics: [Diagnostic]
}
