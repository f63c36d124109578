import BorelBase

/// A whole file: declarations and, in a script, statements, in source order.
package struct Program: Sendable {
  package var items: [Item]
  package init(_ items: [Item]) { self.items = items }
}

package struct Item: Sendable {
  package var kind: Kind
  package var span: Span
  /// The `///` lines before it, without the slashes; empty when there are none.
  package var documentation: String
  package init(_ kind: Kind, _ span: Span, documentation: String = "") {
    self.kind = kind
    self.span = span
    self.documentation = documentation
  }

  package enum Kind: Sendable {
    case model(FunctionDeclaration)
    case function(FunctionDeclaration)
    case structure(StructDeclaration)
    case enumeration(EnumDeclaration)
    case move(MoveDeclaration)
    case statement(Statement)
  }
}

/// `model m(...) { }` and `func f<T>(...) -> R { }`.
package struct FunctionDeclaration: Sendable {
  package var name: Name
  package var generics: [GenericParameter]
  package var parameters: [Parameter]
  package var result: TypeExpression?
  package var body: Block
  package init(
    name: Name, generics: [GenericParameter], parameters: [Parameter], result: TypeExpression?,
    body: Block
  ) {
    self.name = name
    self.generics = generics
    self.parameters = parameters
    self.result = result
    self.body = body
  }
}

/// `move split(t: Trace of m, y: [Real]) with u { ... } -> { ... }`.
package struct MoveDeclaration: Sendable {
  package var name: Name
  /// What the body calls the trace.
  package var trace: Name
  package var model: Name
  /// Arguments of the model that the move reads.
  package var arguments: [Parameter]
  /// Nil without auxiliary draws.
  package var proposal: Proposal?
  package var involution: Block
  package init(
    name: Name, trace: Name, model: Name, arguments: [Parameter], proposal: Proposal?,
    involution: Block
  ) {
    self.name = name
    self.trace = trace
    self.model = model
    self.arguments = arguments
    self.proposal = proposal
    self.involution = involution
  }

  /// `with u { ... }`: the auxiliary draws.
  package struct Proposal: Sendable {
    package var name: Name
    package var body: Block
    package init(name: Name, body: Block) {
      self.name = name
      self.body = body
    }
  }
}

/// `T` or `T: Number` (Int or Real) or `T: Equatable`.
package struct GenericParameter: Sendable {
  package var name: Name
  package var constraint: Name?
  package init(name: Name, constraint: Name?) {
    self.name = name
    self.constraint = constraint
  }
}

package struct Parameter: Sendable {
  package var name: Name
  package var type: TypeExpression
  /// `param sd: Real`: learnable.
  package var isLearnable: Bool
  /// `in 0<..`.
  package var domain: DomainExpression?
  package var defaultValue: Expression?
  package init(
    name: Name, type: TypeExpression, isLearnable: Bool, domain: DomainExpression?,
    defaultValue: Expression?
  ) {
    self.name = name
    self.type = type
    self.isLearnable = isLearnable
    self.domain = domain
    self.defaultValue = defaultValue
  }
}

/// An interval: `0<..` (open at 0, unbounded above), `0<..<1`, `..<1`, `0...1`, `0...`.
package struct DomainExpression: Sendable {
  package var lower: Expression?
  package var isLowerOpen: Bool
  package var upper: Expression?
  package var isUpperOpen: Bool
  package var span: Span
  package init(
    lower: Expression?, isLowerOpen: Bool, upper: Expression?, isUpperOpen: Bool, span: Span
  ) {
    self.lower = lower
    self.isLowerOpen = isLowerOpen
    self.upper = upper
    self.isUpperOpen = isUpperOpen
    self.span = span
  }
}

/// `struct Point { x: Real, y: Real }` (commas or line breaks; `var`/`let` before a field allowed).
package struct StructDeclaration: Sendable {
  package var name: Name
  package var fields: [TypedName]
  package init(name: Name, fields: [TypedName]) {
    self.name = name
    self.fields = fields
  }
}

/// `enum Tree { case leaf, node(Tree, Tree) }`.
package struct EnumDeclaration: Sendable {
  package struct Case: Sendable {
    package var name: Name
    /// Payload labels are optional and only documentation: `node(left: Tree, right: Tree)`.
    package var payload: [TypedName]
    package init(name: Name, payload: [TypedName]) {
      self.name = name
      self.payload = payload
    }
  }
  package var name: Name
  package var cases: [Case]
  package init(name: Name, cases: [Case]) {
    self.name = name
    self.cases = cases
  }
}

package struct TypedName: Sendable {
  /// Empty for an unlabelled payload.
  package var name: Name
  package var type: TypeExpression
  package init(name: Name, type: TypeExpression) {
    self.name = name
    self.type = type
  }
}

package struct TypeExpression: Sendable {
  package var kind: Kind
  package var span: Span
  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  package indirect enum Kind: Sendable {
    /// `Real`, `Tree`, `Dist<Real>`, `Posterior<Real>`.
    case name(String, [TypeExpression])
    case array(TypeExpression)
    case optional(TypeExpression)
    /// `()` is the unit type.
    case tuple([TypeExpression])
    /// `{a: Real, b: Int}`.
    case record([TypedName])
    case function([TypeExpression], TypeExpression)
    case error
  }
}
