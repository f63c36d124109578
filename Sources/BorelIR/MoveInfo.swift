import BorelBase

/// A move of a model that the program declares: auxiliary draws, and an involution on the trace and
/// them.
///
/// The functions take and give records of choices: the trace first, then the auxiliary draws, then
/// the arguments of the model that the move reads. The proposal takes no auxiliary draws and gives
/// nothing: what it draws is found by site.
package struct MoveInfo: Hashable, Sendable {
  /// A choice with a field in such a record.
  package struct Choice: Hashable, Sendable {
    package var name: String
    /// `int`, or `[int]` where it is drawn in a loop or as a plate; `int?` and `[int?]` where it may
    /// be absent.
    package var shape: Shape
    /// Number of the `sample` that draws it.
    package var site: Int
    package init(name: String, shape: Shape, site: Int) {
      self.name = name
      self.shape = shape
      self.site = site
    }
  }

  package var name: String
  package var model: FunctionID
  package var proposal: FunctionID?
  package var involution: FunctionID
  /// Positions among the parameters of the model.
  package var arguments: [Int]
  package var trace: [Choice]
  package var auxiliary: [Choice]
  package var span: Span

  package init(
    name: String, model: FunctionID, proposal: FunctionID?, involution: FunctionID,
    arguments: [Int], trace: [Choice], auxiliary: [Choice], span: Span
  ) {
    self.name = name
    self.model = model
    self.proposal = proposal
    self.involution = involution
    self.arguments = arguments
    self.trace = trace
    self.auxiliary = auxiliary
    self.span = span
  }
}

extension MoveInfo.Choice {
  /// Whether the field holds one value per iteration or element.
  package var isIndexed: Bool { if case .array = shape { true } else { false } }

  private var element: Shape { if case .array(let element) = shape { element } else { shape } }

  package var isOptional: Bool { if case .optional = element { true } else { false } }

  /// The shape of one value: a single word.
  package var value: Shape { if case .optional(let value) = element { value } else { element } }

  /// Whether the value is a coordinate of the Jacobian.
  package var isReal: Bool { value == .real }
}
