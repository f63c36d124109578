import BorelBase

/// A local name within one `TypedFunction`: a position in its `locals`. Closures inside the
/// function share the numbering; a captured local keeps its number in the closure.
package struct LocalID: Hashable, Sendable {
  package var index: Int
  package init(_ index: Int) { self.index = index }
}

/// A function or model of the program, by position in `CheckedProgram.functions`.
package struct TypedFunctionID: Hashable, Sendable {
  package var index: Int
  package init(_ index: Int) { self.index = index }
}

/// A function with the types for its generic parameters (which may be rigid parameters of the
/// function that refers to it).
package struct FunctionReference: Hashable, Sendable {
  package var id: TypedFunctionID
  package var genericArguments: [StaticType]
  package init(_ id: TypedFunctionID, _ genericArguments: [StaticType] = []) {
    self.id = id
    self.genericArguments = genericArguments
  }
}

/// An expression with its type; names, overloads, defaults and conversions are resolved.
package struct TypedExpression: Sendable {
  package var kind: Kind
  package var type: StaticType
  package var span: Span

  package init(_ kind: Kind, _ type: StaticType, _ span: Span) {
    self.kind = kind
    self.type = type
    self.span = span
  }

  package indirect enum Kind: Sendable {
    case integer(Int64)
    case real(Double)
    case bool(Bool)
    case string(String)
    case nilValue
    case unit
    /// Parts of any printable type, joined as text.
    case interpolation([TypedExpression])
    case local(LocalID)
    /// A named function as a value.
    case function(FunctionReference)
    /// A primitive as a value of function type (`map(xs, exp)`).
    case primitiveFunction(String)
    case array([TypedExpression])
    case tuple([TypedExpression])
    /// In the order of the fields of the record type. Evaluated in this order.
    case record([TypedExpression])
    /// A field of a record, struct or tuple, by position in its type.
    case field(TypedExpression, Int)
    /// In declaration order.
    case structure(StructID, [TypedExpression])
    case enumCase(EnumID, Int, [TypedExpression])
    /// A primitive by its registry name: `add.real`. Equality is `equal`/`notEqual` below.
    case primitive(String, [TypedExpression])
    /// An operation on a generic number or ordered type: `add` of `T` is the primitive `add.int`
    /// or `add.real` (or `less.string`) after substitution.
    case overloaded(String, [TypedExpression])
    /// A scalar operation over arrays of equal length; arguments that are not arrays stretch.
    case broadcast(ScalarOperation, [TypedExpression], isArray: [Bool])
    case call(FunctionReference, [TypedExpression])
    case apply(TypedExpression, [TypedExpression])
    case builtin(Builtin, [TypedExpression])
    case and(TypedExpression, TypedExpression)
    case or(TypedExpression, TypedExpression)
    /// `a ?? b`: the right side is evaluated only when the left one is nil.
    case coalesce(TypedExpression, TypedExpression)
    /// Branches whose type is `never` do not complete. Without `otherwise` the type is `Unit`.
    case conditional(TypedCondition, then: TypedBlock, otherwise: TypedBlock?)
    /// Exhaustive: the last case that could match does.
    case match(TypedExpression, [TypedMatchCase])
    case block(TypedBlock)
    case closure(TypedClosure)
    case distribution(DistributionConstruction)
    /// `sample D`, without a name.
    case sample(TypedDraw)
    case observe(TypedObservation)
    /// A memoised function; the type is that of the function.
    case mem(TypedExpression)
    /// A model with all its arguments; the type is `Model<T>`.
    case model(FunctionReference, [TypedExpression])
    /// The posterior of a model by a method, as text. `isOptional`: `inferOrNil`.
    case infer(TypedExpression, method: String, methodSpan: Span, isOptional: Bool)
    /// log-density of a distribution at a value, in nats.
    case logDensity(TypedExpression, TypedExpression)
    case coercion(Coercion, TypedExpression)
    /// An operation of the host by name (`HostOperation` lists them); effects by name.
    case host(HostOperation, [TypedExpression])
  }
}

/// What a broadcast does for each element.
package enum ScalarOperation: Hashable, Sendable {
  case primitive(String)
  /// Conversion of `Int` to `Real`.
  case intToReal
}

/// An implicit conversion. The operand has the type that is converted from.
package indirect enum Coercion: Hashable, Sendable {
  /// From `Int`, or from a generic number, which after substitution may be `Real` already.
  case intToReal
  /// `T` to `T?`.
  case wrapOptional
  /// Each element of an array.
  case elements(Coercion)
  /// The value of an optional, when there is one.
  case wrapped(Coercion)
  /// Each field of a tuple or record; nil for those that stay.
  case fields([Coercion?])
  /// First one, then the other.
  case both(Coercion, Coercion)
  case posteriorToDistribution
  /// External data to the type of the node.
  case decode
}

/// Operations on structure that no primitive has, because they work for every element type.
package enum Builtin: String, Hashable, Sendable, CaseIterable {
  /// ([T]) -> Int
  case arrayCount
  /// ([T]) -> Bool
  case arrayIsEmpty
  /// ([T], Int) -> T; fails out of range.
  case arrayGet
  /// ([T]) -> T?
  case arrayFirst, arrayLast
  /// ([T], Int, T) -> [T]
  case arraySet
  /// ([T], T) -> [T]
  case arrayAppend
  /// ([T], [T]) -> [T]
  case arrayConcat
  /// ([T], from: Int, to: Int) -> [T]; half-open; fails out of range.
  case arraySlice
  /// (T, count: Int) -> [T]; fails on negative counts.
  case arrayFill
  /// ([T]) -> [(Int, T)]
  case enumerated
  /// ([A], [B]) -> [(A, B)]; fails on unequal lengths.
  case zip
  /// (Int, Int) -> [Int]: half-open and closed ranges.
  case range, closedRange
  /// (T, T) -> Bool: structural.
  case equal, notEqual
  /// (T?) -> Bool
  case isNil
  /// (T?) -> T; fails on nil.
  case unwrap
  /// (T) -> String
  case describe
  /// (String) -> never: stops the run with a message.
  case fail
  /// (Bool, String) -> Unit
  case assert
}

/// A call of a distribution's constructor.
package struct DistributionConstruction: Sendable {
  /// As in `FamilyRegistry`.
  package var family: String
  /// Index into the signature's `parametrisations`; its parameters carry the conversions.
  package var parametrisation: Int
  /// In the order of that parametrisation, with defaults filled in.
  package var arguments: [TypedExpression]
  /// Which arguments are arrays where the parameter is a scalar. When any is, the expression has
  /// type `Dist<[T]>` and means independent elements: under `~` and `observe` a plate, elsewhere
  /// `Product` of the elements.
  package var isArray: [Bool]
  /// Element type of the value: `T` of `Dist<T>` without broadcasting.
  package var elementType: StaticType

  package init(
    family: String, parametrisation: Int, arguments: [TypedExpression], isArray: [Bool],
    elementType: StaticType
  ) {
    self.family = family
    self.parametrisation = parametrisation
    self.arguments = arguments
    self.isArray = isArray
    self.elementType = elementType
  }

  package var isPlate: Bool { isArray.contains(true) }
}

/// A choice: `x ~ D` or `sample D`.
package struct TypedDraw: Sendable {
  package enum Source: Sendable {
    /// One draw from a value of type `Dist<T>` (often a `.distribution` node itself).
    case distribution(TypedExpression)
    /// One draw per element; at least one argument is an array. The result is an array.
    case plate(DistributionConstruction)
    /// `IID(d, n)` written directly: `n` draws from `d`, one address each.
    case repeated(TypedExpression, count: TypedExpression)
    /// A model value (type `Model<T>`) run in place, weights included, names prefixed.
    case model(TypedExpression)
  }
  package var source: Source
  /// Replaces the name in the address; type `String`.
  package var address: TypedExpression?
  package var proposal: TypedProposal?
  /// Type of the result.
  package var type: StaticType
  package var span: Span

  package init(
    source: Source, address: TypedExpression?, proposal: TypedProposal?, type: StaticType,
    span: Span
  ) {
    self.source = source
    self.address = address
    self.proposal = proposal
    self.type = type
    self.span = span
  }

  package var isPlate: Bool {
    switch source {
    case .plate, .repeated: true
    case .distribution, .model: false
    }
  }
}

/// What `with` suggests.
package enum TypedProposal: Sendable {
  /// `Drift(scale)`: a random walk with this standard deviation.
  case drift(TypedExpression)
  /// A distribution to propose from independently.
  case independent(TypedExpression)
}

/// `observe v ~ D`.
package struct TypedObservation: Sendable {
  /// The datum: `T`, `T?`, `[T]` or `[T?]`.
  package var value: TypedExpression
  /// Type `Dist<T>`, or `Dist<[T]>` for a broadcast construction.
  package var distribution: TypedExpression
  /// Every element of the value is observed on its own. Array arguments of a direct construction
  /// (`DistributionConstruction.isArray`) are read in step with the value, whose length they must
  /// have; a scalar distribution serves all elements.
  package var isPlate: Bool
  /// The value (or each element in a plate) may be nil, which is then missing.
  package var isOptional: Bool
  /// The path of the data argument without indices that names a missing draw: `y`.
  package var name: String?
  package var address: TypedExpression?
  /// Type of the result: `T`, or `[T]` in a plate.
  package var type: StaticType
  package var span: Span

  package init(
    value: TypedExpression, distribution: TypedExpression, isPlate: Bool, isOptional: Bool,
    name: String?, address: TypedExpression?, type: StaticType, span: Span
  ) {
    self.value = value
    self.distribution = distribution
    self.isPlate = isPlate
    self.isOptional = isOptional
    self.name = name
    self.address = address
    self.type = type
    self.span = span
  }
}

/// A function value with its environment.
package struct TypedClosure: Sendable {
  package var parameters: [LocalID]
  /// Locals of the enclosing function or closure, copied when the closure is made.
  package var captures: [LocalID]
  /// For a `func` inside a block: the local that denotes the closure itself in its body.
  package var selfLocal: LocalID?
  package var result: StaticType
  package var body: TypedBlock
  package var effects: Effects
  /// For names in traces: `nile.1`, or the name of the inner function.
  package var name: String

  package init(
    parameters: [LocalID], captures: [LocalID], selfLocal: LocalID?, result: StaticType,
    body: TypedBlock, effects: Effects, name: String
  ) {
    self.parameters = parameters
    self.captures = captures
    self.selfLocal = selfLocal
    self.result = result
    self.body = body
    self.effects = effects
    self.name = name
  }
}
