import BorelBase

/// An identifier with its place.
package struct Name: Hashable, Sendable {
  package var text: String
  package var span: Span
  package init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// An expression of the language. Nodes are immutable values; `span` covers the whole text.
package struct Expression: Sendable {
  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  package indirect enum Kind: Sendable {
    case integer(Int64)
    case real(Double)
    case bool(Bool)
    /// String with interpolations `"a \(x) b"`.
    case string([StringPart])
    case nilLiteral
    /// `()`.
    case unit
    /// A variable, function, model, distribution family, or `$0`.
    case name(String)
    /// `.case` or `.case(payload)` where the type is known from the context; the payload is a call.
    case implicitMember(Name)
    case array([Expression])
    /// `(a, b)`; one-element parentheses are not a tuple and leave no node.
    case tuple([Expression])
    /// `{a: 1, b: x}`.
    case record([RecordField])
    /// `e.field`, `e.method`, `Enum.case`, `tuple.0` (the name is then digits).
    case member(Expression, Name)
    /// `a[i]`, `m[i, j]`, `a[1..<3]`.
    case index(Expression, [Expression])
    /// Trailing closures are the last argument, without a label.
    case call(Expression, [Argument])
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    /// `a ..< b` and `a ... b`.
    case range(Expression, Expression, isClosed: Bool)
    /// `if c { } else if d { } else { }`; a nested `else if` is a block with one expression.
    case conditional(Condition, then: Block, otherwise: Block?)
    case match(Expression, [MatchCase])
    /// `do { ... }`: a block as an expression.
    case block(Block)
    /// `{ (k: Int) -> Real in ... }`, `{ x in ... }`, `{ $0 + 1 }`.
    case closure(Closure)
    /// `sample D`, `sample D @ "name"`, `sample D with Drift(0.1)`.
    case sample(Expression, DrawOptions)
    /// `observe v ~ D`, also an expression whose value is the datum or the draw.
    case observe(Expression, Expression, DrawOptions)
    /// `mem f`.
    case mem(Expression)
    /// `e as T`.
    case ascription(Expression, TypeExpression)
    /// Left by error recovery; a diagnostic has been reported.
    case error
  }
}

package enum StringPart: Sendable {
  case text(String)
  case interpolation(Expression)
}

package struct RecordField: Sendable {
  package var name: Name
  package var value: Expression
  package init(name: Name, value: Expression) {
    self.name = name
    self.value = value
  }
}

package struct Argument: Sendable {
  package var label: Name?
  package var value: Expression
  package init(label: Name?, value: Expression) {
    self.label = label
    self.value = value
  }
}

package enum Condition: Sendable {
  case expression(Expression)
  /// `if let x = optional { }`.
  case binding(Name, Expression)
}

package struct MatchCase: Sendable {
  package var pattern: Pattern
  /// `case p where condition:`; nil without one.
  package var guardCondition: Expression?
  package var body: Block
  package var span: Span
  package init(pattern: Pattern, guardCondition: Expression?, body: Block, span: Span) {
    self.pattern = pattern
    self.guardCondition = guardCondition
    self.body = body
    self.span = span
  }
}

/// What a `match` case, a `let` or a `for` binds.
package struct Pattern: Sendable {
  package var kind: Kind
  package var span: Span
  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  package indirect enum Kind: Sendable {
    /// `_`.
    case wildcard
    case binding(Name)
    /// A literal, or `nil`.
    case literal(Expression)
    /// `.node(left, right)` or `Tree.node(left, right)`; payload patterns are positional.
    case enumCase(type: Name?, name: Name, payload: [Pattern])
    case tuple([Pattern])
  }
}

package struct Closure: Sendable {
  package struct Parameter: Sendable {
    package var name: Name
    package var type: TypeExpression?
    package init(name: Name, type: TypeExpression?) {
      self.name = name
      self.type = type
    }
  }
  /// Nil when the parameters are the shorthand names `$0`, `$1` (or there are none).
  package var parameters: [Parameter]?
  package var result: TypeExpression?
  package var body: Block
  package init(parameters: [Parameter]?, result: TypeExpression?, body: Block) {
    self.parameters = parameters
    self.result = result
    self.body = body
  }
}

/// What may follow the distribution of a draw: `@ "name"` and `with Drift(0.1)`.
package struct DrawOptions: Sendable {
  package var address: Expression?
  package var proposal: Expression?
  package init(address: Expression? = nil, proposal: Expression? = nil) {
    self.address = address
    self.proposal = proposal
  }
}

package enum UnaryOperator: String, Sendable {
  case negate = "-"
  case not = "!"
}

/// Binary operators by rising precedence; the grammar file has the table.
package enum BinaryOperator: String, Sendable, CaseIterable {
  case coalesce = "??"
  case or = "||"
  case and = "&&"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  /// `^`: power, right associative, binds tighter than unary minus.
  case power = "^"
}
