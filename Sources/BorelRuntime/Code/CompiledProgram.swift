import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels

/// What the machine does for an instruction.
enum OperationKind: UInt8 {
  case constant
  case kernel
  case column
  case sample
  case score
  case factor
  case require
  case tally
  case emit
  case print
  case debug
  case fail
  case memoMake
  case memoFind
  case memoStore
  case infer
  case host
}

/// An instruction with everything resolved: fixed size, no references to count.
struct CompiledInstruction {
  var kind: OperationKind
  var kernel: borel_kernel?
  /// Ranges in the tables of the function: registers read, written, and dead afterwards.
  var operands: Int32
  var operandCount: Int32
  var results: Int32
  var resultCount: Int32
  var releases: Int32
  var releaseCount: Int32
  /// Meaning depends on the kind: index into a side table of the program, or a number.
  var payload: Int32
  /// Whether a lane may fail in it.
  var canFail: Bool
  /// The word of a constant.
  var bits: UInt64
}

/// What `sample`, `score` and `fork` need to know.
struct DistributionUse {
  /// Number of the family; -1 when the distribution is a value.
  var family: Int
  var type: (any Family.Type)?
  var site: Site
  var parameterCount: Int
  var layout: [IRType]
  var isOptional: Bool
  var span: Span
}

/// An operation over columns together with what an error message needs.
struct ColumnOperation {
  var name: String
  var function: ColumnFunction
  var failure: FailureText
}

/// An `emit`, `print`, `debug`, `infer`, `host` or memo instruction.
struct EffectUse {
  var number: Int = 0
  var loopCount: Int = 0
  var shape: Shape = .unit
  var text: String = ""
  var key: [IRType] = []
  var value: [IRType] = []
}

/// An edge of the control-flow graph.
struct CompiledTarget {
  var block: Int32
  /// Registers read, for the parameters of the block, in order.
  var arguments: [Int32]
  /// Parameters written; -1 for one that nothing reads.
  var parameters: [Int32]
  /// Registers that die on the edge.
  var releases: [Int32]
}

/// Where a call or a suspension goes on.
struct CompiledContinuation {
  var block: Int32
  /// Parameters that take the results; -1 for one that nothing reads.
  var results: [Int32]
  /// Registers kept over the call, and the registers that hold them afterwards.
  var saved: [Int32]
  var restored: [Int32]
}

enum CompiledTerminator {
  case jump(CompiledTarget)
  case branch(Int32, CompiledTarget, CompiledTarget)
  case call(function: Int32, arguments: [Int32], CompiledContinuation)
  case apply(closure: Int32, arguments: [Int32], CompiledContinuation)
  case returnValues([Int32])
  case tailCall(function: Int32, arguments: [Int32])
  case checkpoint(number: Int32, CompiledTarget)
  /// Operands of the sample; the index of its `DistributionUse`.
  case fork(use: Int32, operands: [Int32], CompiledContinuation)
}

struct CompiledBlock {
  var instructions: UnsafeBufferPointer<CompiledInstruction>
  var terminator: CompiledTerminator
  /// Registers that hold something at the start, parameters included.
  var liveAtStart: [Int32]
  /// Registers that hold something before the terminator.
  var liveBeforeTerminator: [Int32]
  /// Position in reverse postorder.
  var order: Int32
  var terminatorSpan: Span
  /// Several edges lead here: strands may meet.
  var isMeetingPoint: Bool
}

final class CompiledFunction: @unchecked Sendable {
  let name: String
  let registerCount: Int
  let isHandle: [Bool]
  let types: [IRType]
  let parameters: [Int32]
  let blocks: [CompiledBlock]
  let spans: [[Span]]
  let valueNames: [Int32: String]
  /// Register numbers that the ranges of instructions point into.
  let registers: UnsafeMutableBufferPointer<Int32>
  private let instructionStorage: UnsafeMutableBufferPointer<CompiledInstruction>

  init(
    name: String, types: [IRType], parameters: [Int32], blocks: [CompiledBlock],
    spans: [[Span]], valueNames: [Int32: String],
    registers: UnsafeMutableBufferPointer<Int32>,
    instructionStorage: UnsafeMutableBufferPointer<CompiledInstruction>
  ) {
    self.name = name
    self.registerCount = types.count
    self.isHandle = types.map(\.isHandle)
    self.types = types
    self.parameters = parameters
    self.blocks = blocks
    self.spans = spans
    self.valueNames = valueNames
    self.registers = registers
    self.instructionStorage = instructionStorage
  }

  deinit {
    registers.deallocate()
    instructionStorage.deallocate()
  }
}

/// A program as the machine runs it.
package final class CompiledProgram: @unchecked Sendable {
  let functions: [CompiledFunction]
  let uses: [DistributionUse]
  let operations: [ColumnOperation]
  let effects: [EffectUse]
  package let source: Program

  init(
    functions: [CompiledFunction], uses: [DistributionUse], operations: [ColumnOperation],
    effects: [EffectUse], source: Program
  ) {
    self.functions = functions
    self.uses = uses
    self.operations = operations
    self.effects = effects
    self.source = source
  }
}
