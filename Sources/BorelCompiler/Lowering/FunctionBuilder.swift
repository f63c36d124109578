import BorelBase
import BorelIR

/// A mutable word of the source program while a function is lowered: SSA values stand for it at
/// each point.
package struct WordVariable: Hashable, Sendable {
  package var index: Int32
}

/// Builds one function in SSA form while the typed tree is walked.
///
/// Variables become SSA values on the fly: a block that is entered from several places gets a
/// block parameter for a variable the first time it is read there. A block is *sealed* when all
/// jumps to it are known; a read in a block that is not sealed leaves a parameter whose arguments
/// are filled in when the block is sealed. Parameters that turn out to carry one value only are
/// removed by `finish()`.
///
/// Source: Braun, Buchwald, Hack, Leißa, Mallach, Zwinkau (2013), Simple and efficient
/// construction of static single assignment form, section 2; with block parameters in place of
/// phi functions and a work list in place of recursion.
package struct FunctionBuilder {
  /// A jump into a block: the block it leaves and which of its targets it is.
  struct Edge: Hashable {
    var source: BlockID
    /// 0, or 1 for the `otherwise` target of a branch.
    var slot: Int
  }

  struct PendingBlock {
    var parameters: [ValueID] = []
    var instructions: [Instruction] = []
    var terminator: Terminator?
    var terminatorSpan: Span = .none
    var edges: [Edge] = []
    var isSealed = false
    var definitions: [WordVariable: ValueID] = [:]
    /// Parameters that wait for the block to be sealed.
    var waiting: [(variable: WordVariable, parameter: ValueID)] = []
  }

  var name: String
  var results: [IRType]
  var span: Span
  var blocks: [PendingBlock] = []
  var valueTypes: [IRType] = []
  var valueNames: [Int32: String] = [:]
  var variableTypes: [IRType] = []
  /// The block that instructions are appended to.
  package private(set) var current: BlockID

  /// Starts a function with its entry block; the entry's parameters are the function's.
  package init(name: String, parameters: [IRType], results: [IRType], span: Span) {
    self.name = name
    self.results = results
    self.span = span
    self.current = BlockID(0)
    var entry = PendingBlock()
    entry.isSealed = true
    for type in parameters {
      entry.parameters.append(ValueID(valueTypes.count))
      valueTypes.append(type)
    }
    blocks.append(entry)
  }

  /// The parameters of the function.
  package var parameters: [ValueID] { blocks[0].parameters }

  package func type(of value: ValueID) -> IRType { valueTypes[Int(value.index)] }

  mutating func makeValue(_ type: IRType) -> ValueID {
    valueTypes.append(type)
    return ValueID(valueTypes.count - 1)
  }

  /// Remembers the source name of a value; the first name wins.
  package mutating func setName(_ name: String, of value: ValueID) {
    if valueNames[value.index] == nil { valueNames[value.index] = name }
  }
}

// MARK: - Instructions

extension FunctionBuilder {
  /// Appends an instruction and returns its results.
  @discardableResult
  package mutating func append(
    _ operation: Operation, _ operands: [ValueID], results types: [IRType], at span: Span
  ) -> [ValueID] {
    let values = types.map { makeValue($0) }
    blocks[Int(current.index)].instructions.append(
      Instruction(operation, operands, results: values, span: span))
    return values
  }

  /// Appends an instruction with exactly one result.
  package mutating func appendValue(
    _ operation: Operation, _ operands: [ValueID], _ type: IRType, at span: Span
  ) -> ValueID {
    append(operation, operands, results: [type], at: span)[0]
  }

  package mutating func constant(_ constant: Constant, _ type: IRType, at span: Span) -> ValueID {
    appendValue(.constant(constant), [], type, at: span)
  }

  package mutating func int(_ value: Int64, at span: Span) -> ValueID {
    constant(.int(value), .int, at: span)
  }

  package mutating func real(_ value: Double, at span: Span) -> ValueID {
    constant(.real(value), .real, at: span)
  }

  package mutating func bool(_ value: Bool, at span: Span) -> ValueID {
    constant(.bool(value), .bool, at: span)
  }

  /// The word that stands for "nothing" of a type: the payload of an absent optional.
  package mutating func zero(_ type: IRType, at span: Span) -> ValueID {
    constant(.zero(of: type), type, at: span)
  }
}

// MARK: - Blocks and terminators

extension FunctionBuilder {
  /// Makes a block that is not sealed yet and has explicit parameters of the types given.
  package mutating func makeBlock(parameters types: [IRType] = []) -> BlockID {
    var block = PendingBlock()
    block.parameters = types.map { makeValue($0) }
    blocks.append(block)
    return BlockID(blocks.count - 1)
  }

  package func parameters(of block: BlockID) -> [ValueID] { blocks[Int(block.index)].parameters }

  /// Continues appending in a block.
  package mutating func enter(_ block: BlockID) { current = block }

  /// Whether the current block has ended: nothing may be appended.
  package var isTerminated: Bool { blocks[Int(current.index)].terminator != nil }

  mutating func terminate(_ terminator: Terminator, at span: Span) {
    if isTerminated { internalError("a block of '\(name)' ends twice") }
    let source = current
    blocks[Int(source.index)].terminator = terminator
    blocks[Int(source.index)].terminatorSpan = span
    for (slot, target) in terminator.targets.enumerated() {
      if blocks[Int(target.block.index)].isSealed {
        internalError("a jump to a sealed block of '\(name)'")
      }
      blocks[Int(target.block.index)].edges.append(Edge(source: source, slot: slot))
    }
  }

  package mutating func jump(_ block: BlockID, _ arguments: [ValueID] = [], at span: Span) {
    terminate(.jump(Target(block, arguments)), at: span)
  }

  package mutating func branch(
    _ condition: ValueID, then: BlockID, otherwise: BlockID, at span: Span
  ) {
    terminate(.branch(condition, then: Target(then), otherwise: Target(otherwise)), at: span)
  }

  /// Ends the block by a call, and goes on in a new sealed block; returns the call's results.
  package mutating func call(
    _ function: FunctionID, _ arguments: [ValueID], results types: [IRType], at span: Span
  ) -> [ValueID] {
    let next = makeContinuation(types)
    terminate(.call(function, arguments, continuation: Target(next)), at: span)
    return enterContinuation(next)
  }

  /// Ends the block by applying a closure; as `call`.
  package mutating func apply(
    _ closure: ValueID, _ arguments: [ValueID], results types: [IRType], at span: Span
  ) -> [ValueID] {
    let next = makeContinuation(types)
    terminate(.apply(closure, arguments, continuation: Target(next)), at: span)
    return enterContinuation(next)
  }

  private mutating func makeContinuation(_ types: [IRType]) -> BlockID {
    makeBlock(parameters: types)
  }

  private mutating func enterContinuation(_ next: BlockID) -> [ValueID] {
    seal(next)
    enter(next)
    return parameters(of: next)
  }

  /// Ends the block by a return, and goes on in a block that nothing reaches.
  package mutating func returnValues(_ values: [ValueID], at span: Span) {
    terminate(.returnValues(values), at: span)
    enterUnreachable()
  }

  /// Ends the block by a tail call, and goes on in a block that nothing reaches.
  package mutating func tailCall(_ function: FunctionID, _ arguments: [ValueID], at span: Span) {
    terminate(.tailCall(function, arguments), at: span)
    enterUnreachable()
  }

  /// Goes on in a block without predecessors; `finish()` drops it.
  package mutating func enterUnreachable() {
    let block = makeBlock()
    seal(block)
    enter(block)
  }

  /// Whether control may get to the current block.
  package var isReachable: Bool {
    current.index == 0 || !blocks[Int(current.index)].edges.isEmpty
      || !blocks[Int(current.index)].isSealed
  }
}
