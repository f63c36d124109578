import BorelBase

package struct Instruction: Hashable, Sendable {
  package var operation: Operation
  package var operands: [ValueID]
  package var results: [ValueID]
  package var span: Span
  package init(
    _ operation: Operation, _ operands: [ValueID], results: [ValueID], span: Span
  ) {
    self.operation = operation
    self.operands = operands
    self.results = results
    self.span = span
  }
}

/// A jump to a block with the values of its parameters.
package struct Target: Hashable, Sendable {
  package var block: BlockID
  package var arguments: [ValueID]
  package init(_ block: BlockID, _ arguments: [ValueID] = []) {
    self.block = block
    self.arguments = arguments
  }
}

/// How a block ends. Calls, checkpoints and forks end blocks, so that a lane always stands
/// between two blocks when it waits.
package indirect enum Terminator: Hashable, Sendable {
  case jump(Target)
  case branch(ValueID, then: Target, otherwise: Target)
  /// The results become the first parameters of the continuation; the target's arguments follow.
  case call(FunctionID, [ValueID], continuation: Target)
  /// A call of a closure, or of a model that is run in place (without parameters). The words of the
  /// closure's own parameters; captures are added.
  case apply(ValueID, [ValueID], continuation: Target)
  case returnValues([ValueID])
  /// A tail call: the frame is reused.
  case tailCall(FunctionID, [ValueID])
  /// Lanes stop here; the driver goes on. Inserted by `Sequential`.
  case checkpoint(Int, continuation: Target)
  /// A `sample` from a finite family, forked: operands and site of the sample; the words of the
  /// value become the first parameters of the continuation. Inserted by `Enumerated`.
  case fork(
    family: String?, Site, operands: [ValueID], parameterCount: Int, [IRType],
    continuation: Target)
}

package struct Block: Hashable, Sendable {
  package var parameters: [ValueID]
  package var instructions: [Instruction]
  package var terminator: Terminator
  package var terminatorSpan: Span
  package init(
    parameters: [ValueID] = [], instructions: [Instruction] = [], terminator: Terminator,
    terminatorSpan: Span = .none
  ) {
    self.parameters = parameters
    self.instructions = instructions
    self.terminator = terminator
    self.terminatorSpan = terminatorSpan
  }
}

package struct Function: Hashable, Sendable {
  /// Unique in the program: `model nile`, `func geometric`, `closure nile.1`.
  package var name: String
  /// The first block's parameters are the function's.
  package var blocks: [Block]
  /// The type of each value, by `ValueID.index`.
  package var valueTypes: [IRType]
  package var results: [IRType]
  package var span: Span
  /// Source names of values, where they have one: for diagnostics and `plan`.
  package var valueNames: [Int32: String]
  /// The function that this one is a version of, which leaves something out: its choices have the
  /// addresses of those of the original, block by block. Not part of the text form.
  package var original: FunctionID?

  package init(
    name: String, blocks: [Block] = [], valueTypes: [IRType] = [], results: [IRType] = [],
    span: Span = .none, valueNames: [Int32: String] = [:]
  ) {
    self.name = name
    self.blocks = blocks
    self.valueTypes = valueTypes
    self.results = results
    self.span = span
    self.valueNames = valueNames
  }

  package var parameters: [ValueID] { blocks.first?.parameters ?? [] }
}

/// A named value that a program reports: a latent, or an explicit `emit`.
package struct Report: Hashable, Sendable {
  /// `level`, `sub.x`.
  package var name: String
  package var shape: Shape
  package var span: Span
  /// Whether a missing datum drew it: reported only where it was drawn.
  package var isImputed: Bool
  package init(name: String, shape: Shape, span: Span, isImputed: Bool = false) {
    self.name = name
    self.shape = shape
    self.span = span
    self.isImputed = isImputed
  }
}

/// A model as its callers see it.
package struct ModelInfo: Hashable, Sendable {
  package struct Parameter: Hashable, Sendable {
    package var name: String
    package var shape: Shape
    package var isLearnable: Bool
    package var lower: Double?
    package var isLowerOpen: Bool
    package var upper: Double?
    package var isUpperOpen: Bool
    /// A function without parameters that computes the default; nil when it must be given.
    /// Defaults may not refer to other parameters.
    package var defaultFunction: FunctionID?
    package var span: Span
    package init(
      name: String, shape: Shape, isLearnable: Bool = false, lower: Double? = nil,
      isLowerOpen: Bool = false, upper: Double? = nil, isUpperOpen: Bool = false,
      defaultFunction: FunctionID? = nil, span: Span
    ) {
      self.name = name
      self.shape = shape
      self.isLearnable = isLearnable
      self.lower = lower
      self.isLowerOpen = isLowerOpen
      self.upper = upper
      self.isUpperOpen = isUpperOpen
      self.defaultFunction = defaultFunction
      self.span = span
    }
  }
  package var name: String
  package var function: FunctionID
  package var parameters: [Parameter]
  package var result: Shape
  package var span: Span
  package var documentation: String
  package init(
    name: String, function: FunctionID, parameters: [Parameter], result: Shape, span: Span,
    documentation: String = ""
  ) {
    self.name = name
    self.function = function
    self.parameters = parameters
    self.result = result
    self.span = span
    self.documentation = documentation
  }
}

/// What the effects of a program still mean: the representation it is in (design of transforms:
/// `docs/architecture.md`).
package enum Representation: String, Hashable, Sendable, CaseIterable {
  case sampled, weighted, reduced, simulated, sequential, enumerated, traced, differentiated
  case streamed
}

/// A whole program in SSA form.
package struct Program: Hashable, Sendable {
  package var functions: [Function]
  package var models: [ModelInfo]
  /// A later one replaces those before it with the same name.
  package var moves: [MoveInfo] = []
  /// The top-level statements, as a function without parameters; nil when there are none.
  package var script: FunctionID?
  package var enumerations: [EnumerationInfo]
  package var reports: [Report]
  package var tallies: [String]
  /// The transforms that were applied, in order.
  package var representations: [Representation]
  /// By site number, the parametrisation that the source text uses where it is not the first one of
  /// the family: messages speak of its parameters. Like places in the text, not part of the text
  /// form.
  package var writtenForms: [Int: Int] = [:]
  /// What the app adds to the registries.
  package var host = HostTable.empty

  package init(
    functions: [Function] = [], models: [ModelInfo] = [], script: FunctionID? = nil,
    enumerations: [EnumerationInfo] = [], reports: [Report] = [], tallies: [String] = [],
    representations: [Representation] = [.sampled]
  ) {
    self.functions = functions
    self.models = models
    self.script = script
    self.enumerations = enumerations
    self.reports = reports
    self.tallies = tallies
    self.representations = representations
  }
}
