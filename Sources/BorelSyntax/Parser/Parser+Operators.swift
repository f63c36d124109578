import BorelBase

/// How tightly an infix operator binds; the order of the cases is the order of the grammar.
enum Precedence: Int, Comparable {
  case coalesce = 1
  case or
  case and
  case comparison
  case ascription
  case range
  case sum
  case product
  /// Tighter than every infix operator.
  case prefix

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

  /// The least precedence of a right operand of a left-associative operator.
  var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .prefix }
}

extension TokenKind {
  var infixPrecedence: Precedence? {
    switch self {
    case .coalesce: .coalesce
    case .or: .or
    case .and: .and
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: .comparison
    case .keywordAs: .ascription
    case .halfOpenRange, .closedRange: .range
    case .plus, .minus: .sum
    case .star, .slash, .percent: .product
    default: nil
    }
  }

  /// The operator of an infix token that makes a binary node.
  var binaryOperator: BinaryOperator? {
    switch self {
    case .coalesce: .coalesce
    case .or: .or
    case .and: .and
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    case .plus: .add
    case .minus: .subtract
    case .star: .multiply
    case .slash: .divide
    case .percent: .remainder
    case .caret: .power
    default: nil
    }
  }
}

extension Parser {
  /// An expression with all its operators.
  mutating func expression() throws(Abandoned) -> Expression { try infix(.coalesce) }

  /// Operators of a precedence or tighter (precedence climbing).
  mutating func infix(_ least: Precedence) throws(Abandoned) -> Expression {
    let start = current
    let outerHeight = height
    height = 0
    defer { height = max(outerHeight, height) }
    if least == .coalesce, kind == .keywordObserve { return try observe() }
    var left = try prefix()
    var tightest = Precedence.prefix
    while let precedence = kind.infixPrecedence, precedence >= least, precedence <= tightest,
      !startsNewStatement
    {
      let operatorToken = current
      note(precedence == .range ? .range : .infix)
      advance()
      // A right operand takes all tighter operators; after 'as T' there may be some left.
      tightest = precedence
      switch precedence {
      case .coalesce:
        let right = try nested(.coalesce)
        left = make(.binary(.coalesce, left, right), span(from: start))
      case .ascription:
        left = make(.ascription(left, try type()), span(from: start))
      case .range:
        if startsNoOperand { throw fail(.rangeWithoutUpperBound(at: span(of: operatorToken))) }
        let right = try nested(.sum)
        let isClosed = operatorToken.kind == .closedRange
        left = make(.range(left, right, isClosed: isClosed), span(from: start))
        if kind.infixPrecedence == .range {
          throw fail(.expected("one '\(operatorToken.kind.rawValue)'", "", found: "two", at: here))
        }
      default:
        let right = try nested(precedence.next)
        guard let binary = operatorToken.kind.binaryOperator else { return left }
        left = make(.binary(binary, left, right), span(from: start))
        if precedence == .comparison { rejectChain(from: start, operatorToken, right) }
      }
    }
    return left
  }

  private mutating func nested(_ least: Precedence) throws(Abandoned) -> Expression {
    try enter()
    defer { depth -= 1 }
    return try infix(least)
  }

  /// At the start of a line, `-x` without a space starts a statement and `- x` continues one.
  private var startsNewStatement: Bool {
    isAtLineStart && kind == .minus && !peek(1).isAfterSpace
  }

  private var startsNoOperand: Bool {
    switch kind {
    case .rightBracket, .rightParenthesis, .rightBrace, .comma, .endOfFile: true
    case .leftBrace: bracesStartBody
    default: isAtLineStart
    }
  }

  /// Reports `a < b < c`; the chain is still parsed, as `(a < b) < c`.
  private mutating func rejectChain(from start: Token, _ first: Token, _ middle: Expression) {
    guard kind.infixPrecedence == .comparison else { return }
    func text(_ low: Int32, _ high: Int32) -> String {
      String(decoding: bytes[Int(low)..<Int(high)], as: UTF8.self)
    }
    let left = text(start.start, middle.span.end)
    let operand = text(middle.span.start, middle.span.end)
    report(
      .chainedComparison(
        left: left, operand: operand, second: kind.rawValue, at: span(of: current)))
  }

  // MARK: Prefix operators and power

  /// `-e`, `!e`, and the operands of the infix operators.
  mutating func prefix() throws(Abandoned) -> Expression {
    guard kind == .minus || kind == .exclamation else { return try power() }
    if isLeastInteger { return leastInteger() }
    let start = current
    try enter()
    defer { depth -= 1 }
    note(.prefix)
    advance()
    let operand = try prefix()
    return make(.unary(start.kind == .minus ? .negate : .not, operand), span(from: start))
  }

  /// `^` binds tighter than a minus before it and looser than a minus after it.
  private mutating func power() throws(Abandoned) -> Expression {
    let start = current
    let base = try postfix()
    guard kind == .caret else { return base }
    try enter()
    defer { depth -= 1 }
    note(.infix)
    advance()
    let baseHeight = height
    height = 0
    let exponent = try prefix()
    height = max(baseHeight, height)
    return make(.binary(.power, base, exponent), span(from: start))
  }

  // MARK: The least integer

  /// `-9223372036854775808`: the digits alone are too large, the number is not.
  var isLeastInteger: Bool {
    let digits = peek(1)
    guard kind == .minus, digits.kind == .integer, peek(2).kind != .caret else { return false }
    return unsignedInteger(digits) == 1 << 63
  }

  mutating func leastInteger() -> Expression {
    let start = current
    note(.prefix)
    advance()
    advance()
    return make(.integer(.min), span(from: start))
  }
}

extension Diagnostic {
  static func chainedComparison(
    left: String, operand: String, second: String, at span: Span
  ) -> Diagnostic {
    let isShort = left.utf8.count <= 40 && !left.contains("\n")
    let rewritten =
      isShort ? "\(left) && \(operand) \(second) ..." : "a < b && b < c"
    return Diagnostic(
      "E0113", .check, "comparisons cannot be chained", at: span, hints: ["write '\(rewritten)'"])
  }

  static func rangeWithoutUpperBound(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0130", .check, "a range needs an upper bound", at: span,
      hints: ["write 'a..<count(xs)' for the rest of 'xs'"])
  }
}
