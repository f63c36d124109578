/// What a token is. The raw value is its spelling, or a description where the spelling varies.
package enum TokenKind: String, CaseIterable, Sendable {
  case identifier = "a name"
  /// `$0`: a parameter of a closure without a parameter list.
  case shorthand = "a shorthand parameter"
  case integer = "an integer"
  case real = "a number"
  /// `"` or `"""` at the start of a string; text, interpolations and `stringClose` follow.
  case stringOpen = "a string"
  case stringText = "the text of a string"
  case interpolationOpen = "\\("
  case interpolationClose = "the ')' of an interpolation"
  case stringClose = "the end of a string"
  case endOfFile = "the end of the file"
  /// A character that starts no token; the lexer has reported it.
  case invalid = "an invalid character"

  case underscore = "_"
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case dot = "."
  case twoDots = ".."
  case closedRange = "..."
  case halfOpenRange = "..<"
  case tilde = "~"
  case at = "@"
  case question = "?"
  case arrow = "->"
  /// No token of the language; known so that the diagnostic can suggest `->` or `:`.
  case fatArrow = "=>"

  case assign = "="
  case addAssign = "+="
  case subtractAssign = "-="
  case multiplyAssign = "*="
  case divideAssign = "/="
  case remainderAssign = "%="
  case powerAssign = "^="

  case coalesce = "??"
  case or = "||"
  case and = "&&"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case percent = "%"
  case caret = "^"
  case exclamation = "!"

  case keywordModel = "model"
  case keywordFunc = "func"
  case keywordStruct = "struct"
  case keywordEnum = "enum"
  case keywordCase = "case"
  case keywordLet = "let"
  case keywordVar = "var"
  case keywordParam = "param"
  case keywordIf = "if"
  case keywordElse = "else"
  case keywordMatch = "match"
  case keywordDefault = "default"
  case keywordFor = "for"
  case keywordIn = "in"
  case keywordWhile = "while"
  case keywordReturn = "return"
  case keywordBreak = "break"
  case keywordContinue = "continue"
  case keywordDo = "do"
  case keywordTrue = "true"
  case keywordFalse = "false"
  case keywordNil = "nil"
  case keywordSample = "sample"
  case keywordObserve = "observe"
  case keywordFactor = "factor"
  case keywordRequire = "require"
  case keywordTally = "tally"
  case keywordDebug = "debug"
  case keywordMem = "mem"
  case keywordAs = "as"
  case keywordWith = "with"
  case keywordWhere = "where"

  /// The keywords of the language, in the order of the grammar.
  package static let keywords: [TokenKind] = allCases.filter(\.isKeyword)

  /// Whether the token is one of `keywords`.
  package var isKeyword: Bool {
    switch self {
    case .keywordModel, .keywordFunc, .keywordStruct, .keywordEnum, .keywordCase, .keywordLet,
      .keywordVar, .keywordParam, .keywordIf, .keywordElse, .keywordMatch, .keywordDefault,
      .keywordFor, .keywordIn, .keywordWhile, .keywordReturn, .keywordBreak, .keywordContinue,
      .keywordDo, .keywordTrue, .keywordFalse, .keywordNil, .keywordSample, .keywordObserve,
      .keywordFactor, .keywordRequire, .keywordTally, .keywordDebug, .keywordMem, .keywordAs,
      .keywordWith, .keywordWhere:
      true
    default: false
    }
  }
}
