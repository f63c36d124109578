import BorelBase

/// A variable that an entry of an interactive session has left for those after it.
package struct SessionVariable: Sendable {
  package var name: String
  package var type: StaticType
  /// Whether it may be assigned.
  package var isVariable: Bool
  /// Where the entry has declared it.
  package var span: Span
  package init(name: String, type: StaticType, isVariable: Bool, span: Span = .none) {
    self.name = name
    self.type = type
    self.isVariable = isVariable
    self.span = span
  }
}

/// A local of an entry whose value outlives it.
struct SessionExport {
  /// Nil for the value of the last statement.
  var name: String?
  var local: LocalID
  var isVariable: Bool
}
