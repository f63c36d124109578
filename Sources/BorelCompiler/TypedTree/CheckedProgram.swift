import BorelBase

import class BorelIR.HostTable

/// A name that is bound in a function.
package struct TypedLocal: Sendable {
  package enum Role: Hashable, Sendable {
    case parameter, value, variable
    /// Drawn by `~`; also `var x ~ D`, which is a variable as well.
    case latent
  }
  package var name: String
  package var type: StaticType
  package var role: Role
  package var isVariable: Bool
  package var span: Span
  package init(name: String, type: StaticType, role: Role, isVariable: Bool, span: Span) {
    self.name = name
    self.type = type
    self.role = role
    self.isVariable = isVariable
    self.span = span
  }
}

package struct TypedParameter: Sendable {
  package var local: LocalID
  package var name: String
  package var type: StaticType
  package var isLearnable: Bool
  /// Nil without a domain or with an unbounded side.
  package var lower: Double?
  package var isLowerOpen: Bool
  package var upper: Double?
  package var isUpperOpen: Bool
  /// A function without parameters; calls that leave the argument out call it.
  package var defaultFunction: TypedFunctionID?
  package var span: Span

  package init(
    local: LocalID, name: String, type: StaticType, isLearnable: Bool = false,
    lower: Double? = nil, isLowerOpen: Bool = false, upper: Double? = nil,
    isUpperOpen: Bool = false, defaultFunction: TypedFunctionID? = nil, span: Span
  ) {
    self.local = local
    self.name = name
    self.type = type
    self.isLearnable = isLearnable
    self.lower = lower
    self.isLowerOpen = isLowerOpen
    self.upper = upper
    self.isUpperOpen = isUpperOpen
    self.defaultFunction = defaultFunction
    self.span = span
  }
}

/// A function, a model, the default of a parameter, or the script.
package struct TypedFunction: Sendable {
  package enum Role: Hashable, Sendable { case function, model, defaultValue, script }
  package var name: String
  package var role: Role
  /// Constraints of the generic parameters, by position; nil for none.
  package var generics: [GenericConstraint?]
  package var parameters: [TypedParameter]
  package var result: StaticType
  package var locals: [TypedLocal]
  package var body: TypedBlock
  package var effects: Effects
  package var documentation: String
  package var span: Span

  package init(
    name: String, role: Role, generics: [GenericConstraint?], parameters: [TypedParameter],
    result: StaticType, locals: [TypedLocal], body: TypedBlock, effects: Effects,
    documentation: String, span: Span
  ) {
    self.name = name
    self.role = role
    self.generics = generics
    self.parameters = parameters
    self.result = result
    self.locals = locals
    self.body = body
    self.effects = effects
    self.documentation = documentation
    self.span = span
  }
}

package struct StructInfo: Sendable {
  package var name: String
  package var fields: [StaticType.Field]
  package var span: Span
  package init(name: String, fields: [StaticType.Field], span: Span) {
    self.name = name
    self.fields = fields
    self.span = span
  }
}

package struct EnumInfo: Sendable {
  package struct Case: Sendable {
    package var name: String
    /// Labels may be empty.
    package var payload: [StaticType.Field]
    package init(name: String, payload: [StaticType.Field]) {
      self.name = name
      self.payload = payload
    }
  }
  package var name: String
  package var cases: [Case]
  package var span: Span
  package init(name: String, cases: [Case], span: Span) {
    self.name = name
    self.cases = cases
    self.span = span
  }
}

/// A program without errors: input of the lowering.
package struct CheckedProgram: Sendable {
  /// By `TypedFunctionID`. Holds the functions of the standard library that are used; a generic
  /// function is lowered once per list of generic arguments that is reached.
  package var functions: [TypedFunction]
  /// Models of the program, in source order.
  package var models: [TypedFunctionID]
  /// Moves of the program, in source order.
  package var moves: [CheckedMove]
  package var structs: [StructInfo]
  package var enums: [EnumInfo]
  /// Structs that contain themselves are kept as the only case of an enum, which no program names.
  package var boxes: [StructID: EnumID]
  /// Names of the tallies, by number.
  package var tallies: [String]
  /// The top-level statements; nil when there are none.
  package var script: TypedFunctionID?
  package var sourceMap: SourceMap
  /// What the app adds to the language.
  package var host: HostTable

  package init(
    functions: [TypedFunction], models: [TypedFunctionID],
    moves: [CheckedMove], structs: [StructInfo], enums: [EnumInfo], boxes: [StructID: EnumID],
    tallies: [String], script: TypedFunctionID?,
    sourceMap: SourceMap, host: HostTable = .empty
  ) {
    self.functions = functions
    self.models = models
    self.moves = moves
    self.structs = structs
    self.enums = enums
    self.boxes = boxes
    self.tallies = tallies
    self.script = script
    self.sourceMap = sourceMap
    self.host = host
  }
}
