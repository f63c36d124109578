import BorelBase

/// A move of the program: an involution on traces of a model and auxiliary draws.
package struct CheckedMove: Sendable {
  package var name: String
  package var model: TypedFunctionID
  /// Draws the auxiliary choices; its parameters are the trace and the arguments. Nil without any.
  package var proposal: TypedFunctionID?
  /// Gives the new trace and, with auxiliary draws, those of the way back.
  package var involution: TypedFunctionID
  /// Positions of the arguments among the parameters of the model.
  package var arguments: [Int]
  /// The choices of the model that have a name of their own, in the order of the record.
  package var trace: [TraceField]
  package var auxiliary: [TraceField]
  package var span: Span
}

/// A named choice as a field of a record: a trace is a record of these.
package struct TraceField: Hashable, Sendable {
  package var name: String
  /// Of one value: a number, a Bool, a String or an enum without payload.
  package var value: StaticType
  /// Drawn in a loop or as a plate: an array by the index of the iteration or element.
  package var isIndexed: Bool
  /// Not drawn in every execution, or not in every iteration.
  package var isOptional: Bool

  package var type: StaticType {
    let one = isOptional ? StaticType.optional(value) : value
    return isIndexed ? .array(one) : one
  }
}

extension [TraceField] {
  package var record: StaticType { .record(map { StaticType.Field($0.name, $0.type) }) }
}
