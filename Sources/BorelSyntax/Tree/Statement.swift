import BorelBase

/// Statements between braces. The value of a block used as an expression is that of its last
/// statement, when that is an expression statement.
package struct Block: Sendable {
  package var statements: [Statement]
  package var span: Span
  package init(_ statements: [Statement], _ span: Span) {
    self.statements = statements
    self.span = span
  }
}

package struct Statement: Sendable {
  package var kind: Kind
  package var span: Span
  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  package indirect enum Kind: Sendable {
    /// `let p = e`, `var x: T = e`.
    case binding(isVariable: Bool, Pattern, TypeExpression?, Expression)
    /// `x ~ D`: a new latent, or a redraw of an enclosing `var x`.
    /// `var x ~ D` declares a variable by a draw.
    case draw(isVariable: Bool, Name, Expression, DrawOptions)
    /// `x = e`, `a[i] = e`, `r.f = e`; with an operator for `+=` and its kin.
    case assign(Expression, BinaryOperator?, Expression)
    /// `factor w`: adds a log-weight.
    case factor(Expression)
    /// `require c`: a hard constraint.
    case require(Expression)
    /// `tally name += e`.
    case tally(Name, Expression)
    /// `debug e`: prints lane 0.
    case debug(Expression)
    case forIn(Pattern, Expression, Block)
    case whileLoop(Condition, Block)
    case returnValue(Expression?)
    case breakLoop
    case continueLoop
    case expression(Expression)
    /// A function declared inside a block.
    case function(FunctionDeclaration)
    case error
  }
}
