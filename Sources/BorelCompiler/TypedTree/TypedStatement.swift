import BorelBase

/// Statements and the value of the last one.
package struct TypedBlock: Sendable {
  package var statements: [TypedStatement]
  /// Nil when the block has the type `Unit` or `never`.
  package var value: TypedExpression?
  /// `never` when the end is not reached.
  package var type: StaticType
  package var span: Span
  package init(
    statements: [TypedStatement], value: TypedExpression?, type: StaticType, span: Span
  ) {
    self.statements = statements
    self.value = value
    self.type = type
    self.span = span
  }
}

package struct TypedStatement: Sendable {
  package var kind: Kind
  package var span: Span
  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  package indirect enum Kind: Sendable {
    /// `let x = e`, `var x = e`.
    case declare(LocalID, TypedExpression)
    /// `let (a, b) = e`; the pattern always matches.
    case destructure(TypedPattern, TypedExpression)
    /// `x ~ D`. A declaration, or a redraw of a `var`; which one is told by `isRedraw`. The value is
    /// reported under the local's name, with the indices of the enclosing loops.
    case draw(LocalID, TypedDraw, isRedraw: Bool)
    /// `x = e`, `x[i].f = e`: a new value for the variable with one part replaced.
    case assign(LocalID, path: [TypedAccess], TypedExpression)
    case factor(TypedExpression)
    case require(TypedExpression)
    /// By number in `CheckedProgram.tallies`; the value is `Real`.
    case tally(Int, TypedExpression)
    case debug(TypedExpression)
    case forIn(TypedPattern, TypedSequence, TypedBlock)
    case whileLoop(TypedCondition, TypedBlock)
    case returnValue(TypedExpression?)
    case breakLoop
    case continueLoop
    /// The value is dropped.
    case expression(TypedExpression)
  }
}

/// One step from a variable to the part that is assigned.
package enum TypedAccess: Sendable {
  case index(TypedExpression)
  case matrixIndex(TypedExpression, TypedExpression)
  /// By position in the record, struct or tuple type of what is reached so far.
  case field(Int, of: StaticType)
}

/// What a `for` loop runs over. Evaluated once; no array is built for ranges and pairs.
package enum TypedSequence: Sendable {
  case range(TypedExpression, TypedExpression, isClosed: Bool)
  case array(TypedExpression)
  /// The pattern is a tuple of index and element.
  case enumerated(TypedExpression)
  /// The pattern is a tuple; lengths must agree.
  case zip(TypedExpression, TypedExpression)
}

package enum TypedCondition: Sendable {
  case expression(TypedExpression)
  /// `if let x = e`: holds when the optional is not nil.
  case binding(LocalID, TypedExpression)
}

package struct TypedMatchCase: Sendable {
  package var pattern: TypedPattern
  package var guardCondition: TypedExpression?
  package var body: TypedBlock
  package var span: Span
  package init(
    pattern: TypedPattern, guardCondition: TypedExpression?, body: TypedBlock, span: Span
  ) {
    self.pattern = pattern
    self.guardCondition = guardCondition
    self.body = body
    self.span = span
  }
}

package struct TypedPattern: Sendable {
  package var kind: Kind
  /// Type of what is matched.
  package var type: StaticType
  package var span: Span
  package init(_ kind: Kind, _ type: StaticType, _ span: Span) {
    self.kind = kind
    self.type = type
    self.span = span
  }

  package indirect enum Kind: Sendable {
    case wildcard
    case binding(LocalID)
    /// A literal of the matched type.
    case literal(TypedExpression)
    /// `nil`, on an optional.
    case absent
    /// `.some(p)`, on an optional.
    case present(TypedPattern)
    case enumCase(EnumID, Int, [TypedPattern])
    case tuple([TypedPattern])
  }
}
