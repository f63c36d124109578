/// What a token does in its construct, where its kind alone does not say it.
enum TokenRole: UInt8 {
  case plain
  /// An infix operator with blanks around it.
  case infix
  /// `-` or `!` before its operand.
  case prefix
  /// A sign of a range or a domain: no blanks around it.
  case range
  /// The dot of a member.
  case dot
  /// The dot of a case whose type is known.
  case leadingDot
  /// A `(` or `[` that belongs to what stands before it.
  case suffix
  /// `<` or `>` around types.
  case generic
  /// `?` or `??` after a type.
  case typeSuffix
  /// A name, also when it is spelled like a keyword.
  case name
  /// The `{` of a record.
  case record
  /// The `{` of `match`.
  case match
  /// `case` or `default` in `match`.
  case caseLabel
}

/// Notes that the parser takes for the formatter, one per token.
struct TokenNotes {
  var roles: [TokenRole]
  /// Whether a statement, a field of a struct or a case starts at the token.
  var starts: [Bool]

  init(count: Int) {
    roles = Array(repeating: .plain, count: count)
    starts = Array(repeating: false, count: count)
  }
}
