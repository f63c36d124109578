import BorelBase

/// The tokens and comments of a text, for tools that show or search programs.
package func tokens(of file: SourceFile, fileIndex: Int = 0) -> TokenList {
  Lexer.tokens(of: file, fileIndex: fileIndex)
}

/// Splits UTF-8 text into tokens in one pass, without allocating per token.
///
/// Every input gives a token list: a byte that starts no token becomes a diagnostic and a token of
/// kind `invalid`. The delimiters of strings and interpolations are tokens of their own, so the
/// parser sees one flat list.
struct Lexer {
  /// An open string: inside its text, or inside an interpolation with open parentheses.
  struct OpenString {
    var start: Int
    var isMultiline: Bool
    /// Open parentheses of the interpolation that is being read.
    var parentheses: Int
    var interpolationStart: Int
  }

  let bytes: [UInt8]
  let fileIndex: Int
  var position = 0
  var flags: Token.Flags = []
  var tokens: [Token] = []
  var comments: [Comment] = []
  var diagnostics: [Diagnostic] = []
  var openStrings: [OpenString] = []
  private let keywords = KeywordTable.shared

  init(_ file: SourceFile, fileIndex: Int) {
    bytes = file.utf8
    self.fileIndex = fileIndex
    tokens.reserveCapacity(bytes.count / 4 + 1)
  }

  /// Reads the whole text.
  static func tokens(of file: SourceFile, fileIndex: Int) -> TokenList {
    guard file.utf8.count < Int(Int32.max) else {
      let end = Token(.endOfFile, start: 0, end: 0, flags: [.afterNewline])
      return TokenList(
        tokens: [end], comments: [],
        diagnostics: [.fileTooLarge(byteCount: file.utf8.count, fileIndex: fileIndex)])
    }
    var lexer = Lexer(file, fileIndex: fileIndex)
    lexer.run()
    return TokenList(
      tokens: lexer.tokens, comments: lexer.comments, diagnostics: lexer.diagnostics)
  }

  private mutating func run() {
    skipByteOrderMarkAndShebang()
    flags = [.afterNewline, .afterSpace]
    while true {
      skipTrivia()
      if position >= bytes.count { break }
      readToken()
    }
    while let open = openStrings.popLast() { closeUnfinished(open) }
    emit(.endOfFile, from: position)
  }

  // MARK: Access

  @inline(__always)
  func byte(_ ahead: Int = 0) -> UInt8 {
    let index = position &+ ahead
    return index < bytes.count ? bytes[index] : 0
  }

  func span(from start: Int) -> Span { Span(start: start, end: position, file: fileIndex) }

  @inline(__always)
  mutating func emit(_ kind: TokenKind, from start: Int) {
    tokens.append(Token(kind, start: start, end: position, flags: flags))
    flags = []
  }

  @inline(__always)
  private mutating func emit(_ kind: TokenKind, length: Int) {
    let start = position
    position &+= length
    emit(kind, from: start)
  }

  // MARK: Trivia

  private mutating func skipByteOrderMarkAndShebang() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    guard byte() == UInt8(ascii: "#"), byte(1) == UInt8(ascii: "!") else { return }
    let start = position
    skipToLineEnd()
    record(.shebang, from: start)
  }

  private mutating func skipTrivia() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0B, 0x0C:
        flags.insert(.afterSpace)
        position += 1
      case UInt8(ascii: "\n"):
        if !openStrings.isEmpty { endInterpolationsAtNewline() }
        flags.formUnion([.afterNewline, .afterSpace])
        position += 1
      case UInt8(ascii: "/"):
        if byte(1) == UInt8(ascii: "/") {
          let start = position
          let isDocumentation = byte(2) == UInt8(ascii: "/") && byte(3) != UInt8(ascii: "/")
          skipToLineEnd()
          record(isDocumentation ? .documentation : .line, from: start)
          flags.insert(.afterSpace)
        } else if byte(1) == UInt8(ascii: "*") {
          skipBlockComment()
          flags.insert(.afterSpace)
        } else {
          return
        }
      default: return
      }
    }
  }

  private mutating func record(_ kind: Comment.Kind, from start: Int) {
    var end = position
    if kind != .block, end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    comments.append(Comment(kind: kind, start: Int32(start), end: Int32(end)))
  }

  private mutating func skipToLineEnd() {
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
  }

  /// Block comments nest.
  private mutating func skipBlockComment() {
    let start = position
    var depth = 0
    while position < bytes.count {
      let first = bytes[position]
      if first == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
        depth += 1
        position += 2
      } else if first == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
        depth -= 1
        position += 2
        if depth == 0 {
          record(.block, from: start)
          return
        }
      } else {
        if first == UInt8(ascii: "\n") { flags.insert(.afterNewline) }
        position += 1
      }
    }
    record(.block, from: start)
    diagnostics.append(
      .unterminatedComment(Span(start: start, end: start + 2, file: fileIndex)))
  }

  // MARK: Tokens

  private mutating func readToken() {
    let first = bytes[position]
    switch ByteClass.table[Int(first)] {
    case .letter: readWord()
    case .digit: readNumber()
    case .punctuation: readPunctuation(first)
    case .nonASCII: readWord()
    case .other: readInvalidCharacter()
    }
  }

  private mutating func readWord() {
    let start = position
    var packed: UInt64 = 0
    while position < bytes.count {
      let next = bytes[position]
      if ByteClass.isASCIIWord(next) {
        packed = packed << 8 | UInt64(next)
        position &+= 1
      } else if next >= 0x80, let (scalar, length) = scalar(at: position),
        position == start ? scalar.properties.isXIDStart : scalar.properties.isXIDContinue
      {
        packed = UInt64.max
        position += length
      } else {
        break
      }
    }
    let length = position - start
    if length == 0 { return readInvalidCharacter() }
    if length == 1, bytes[start] == UInt8(ascii: "_") { return emit(.underscore, from: start) }
    let keyword = length <= KeywordTable.longest ? keywords[packed] : nil
    emit(keyword ?? .identifier, from: start)
  }

  /// Decodes the scalar that starts at an offset; nil when the bytes are not UTF-8.
  func scalar(at offset: Int) -> (Unicode.Scalar, Int)? {
    let lead = bytes[offset]
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard offset + length <= bytes.count else { return nil }
    let text = String(decoding: bytes[offset..<offset + length], as: UTF8.self)
    guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else { return nil }
    return (scalar, length)
  }

  private mutating func readPunctuation(_ first: UInt8) {
    let second = byte(1)
    switch first {
    case UInt8(ascii: "("):
      if !openStrings.isEmpty { openStrings[openStrings.count - 1].parentheses += 1 }
      emit(.leftParenthesis, length: 1)
    case UInt8(ascii: ")"): readRightParenthesis()
    case UInt8(ascii: "["): emit(.leftBracket, length: 1)
    case UInt8(ascii: "]"): emit(.rightBracket, length: 1)
    case UInt8(ascii: "{"): emit(.leftBrace, length: 1)
    case UInt8(ascii: "}"): emit(.rightBrace, length: 1)
    case UInt8(ascii: ","): emit(.comma, length: 1)
    case UInt8(ascii: ":"): emit(.colon, length: 1)
    case UInt8(ascii: ";"): emit(.semicolon, length: 1)
    case UInt8(ascii: "~"): emit(.tilde, length: 1)
    case UInt8(ascii: "@"): emit(.at, length: 1)
    case UInt8(ascii: "\""): openString()
    case UInt8(ascii: "$"): readShorthand()
    case UInt8(ascii: "."):
      guard second == UInt8(ascii: ".") else { return emit(.dot, length: 1) }
      switch byte(2) {
      case UInt8(ascii: "."): emit(.closedRange, length: 3)
      case UInt8(ascii: "<"): emit(.halfOpenRange, length: 3)
      default: emit(.twoDots, length: 2)
      }
    case UInt8(ascii: "?"):
      second == UInt8(ascii: "?") ? emit(.coalesce, length: 2) : emit(.question, length: 1)
    default: readOperator(first, second)
    }
  }

  private mutating func readOperator(_ first: UInt8, _ second: UInt8) {
    let isAssignment = second == UInt8(ascii: "=")
    func pick(_ plain: TokenKind, _ compound: TokenKind) -> (TokenKind, Int) {
      isAssignment ? (compound, 2) : (plain, 1)
    }
    let (kind, length): (TokenKind, Int)
    switch first {
    case UInt8(ascii: "="):
      (kind, length) = second == UInt8(ascii: ">") ? (.fatArrow, 2) : pick(.assign, .equal)
    case UInt8(ascii: "-"):
      (kind, length) =
        second == UInt8(ascii: ">") ? (.arrow, 2) : pick(.minus, .subtractAssign)
    case UInt8(ascii: "+"): (kind, length) = pick(.plus, .addAssign)
    case UInt8(ascii: "*"): (kind, length) = pick(.star, .multiplyAssign)
    case UInt8(ascii: "/"): (kind, length) = pick(.slash, .divideAssign)
    case UInt8(ascii: "%"): (kind, length) = pick(.percent, .remainderAssign)
    case UInt8(ascii: "^"): (kind, length) = pick(.caret, .powerAssign)
    case UInt8(ascii: "!"): (kind, length) = pick(.exclamation, .notEqual)
    case UInt8(ascii: "<"): (kind, length) = pick(.less, .lessEqual)
    case UInt8(ascii: ">"): (kind, length) = pick(.greater, .greaterEqual)
    case UInt8(ascii: "&") where second == first: (kind, length) = (.and, 2)
    case UInt8(ascii: "|") where second == first: (kind, length) = (.or, 2)
    default: return readInvalidCharacter()
    }
    emit(kind, length: length)
  }

  /// A `)` ends an interpolation when it matches the parenthesis of its `\(`.
  private mutating func readRightParenthesis() {
    guard let open = openStrings.last else { return emit(.rightParenthesis, length: 1) }
    openStrings[openStrings.count - 1].parentheses -= 1
    if open.parentheses > 1 { return emit(.rightParenthesis, length: 1) }
    emit(.interpolationClose, length: 1)
    readStringText()
  }

  private mutating func readShorthand() {
    let start = position
    position += 1
    while byte() >= UInt8(ascii: "0"), byte() <= UInt8(ascii: "9") { position += 1 }
    if position - start == 1 || position - start > 5 {
      diagnostics.append(.invalidShorthand(span(from: start)))
      return emit(.invalid, from: start)
    }
    emit(.shorthand, from: start)
  }

  private mutating func readInvalidCharacter() {
    let start = position
    position += scalar(at: position)?.1 ?? 1
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let scalar = text.unicodeScalars.first, scalar.properties.isWhitespace {
      flags.insert(.afterSpace)
      return
    }
    diagnostics.append(.invalidCharacter(text, span(from: start)))
    emit(.invalid, from: start)
  }
}

extension Diagnostic {
  static func fileTooLarge(byteCount: Int, fileIndex: Int) -> Diagnostic {
    Diagnostic(
      "E0100", .limit, "the file has \(byteCount) bytes, expected fewer than 2147483647",
      at: Span(start: 0, end: 0, file: fileIndex))
  }

  static func unterminatedComment(_ span: Span) -> Diagnostic {
    Diagnostic(
      "E0103", .check, "the comment that starts here is never closed", at: span,
      hints: ["close it with '*/'; block comments nest"])
  }

  static func invalidShorthand(_ span: Span) -> Diagnostic {
    Diagnostic(
      "E0101", .check, "expected a number from 0 to 9999 after '$'", at: span,
      hints: ["'$0' is the first parameter of a closure without a parameter list"])
  }

  static func invalidCharacter(_ text: String, _ span: Span) -> Diagnostic {
    let replacements: [String: String] = [
      "≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "–": "-", "×": "*", "·": "*", "÷": "/",
      "∼": "~", "“": "\"", "”": "\"", "‘": "\"", "’": "\"", "'": "\"", "→": "->", "…": "...",
      "&": "&&", "|": "||", "`": "\"",
    ]
    var hints: [String] = []
    if let replacement = replacements[text] {
      hints = ["write \(replacement)"]
    } else if text == "#" {
      hints = ["a comment starts with '//'"]
    } else if text == "\\" {
      hints = ["a line continues by itself inside brackets and before an operator"]
    }
    return Diagnostic(
      "E0101", .check, "unexpected character '\(printable(text))'", at: span, hints: hints)
  }

  /// Control characters by their number, so that they cannot disturb a terminal.
  private static func printable(_ text: String) -> String {
    guard let scalar = text.unicodeScalars.first, scalar.value < 0x20 || scalar.value == 0x7F
    else { return text }
    return "\\u{" + String(scalar.value, radix: 16) + "}"
  }
}
