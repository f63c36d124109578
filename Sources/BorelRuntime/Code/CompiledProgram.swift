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
  case memoEnter
  case memoFind
  case memoStore
  case infer
  case host
}

/// An instruction with everything resolved: fixed size, no references to count.
struct CompiledInstruction {
  var kind: OperationKind
  /// What the kernel does, where that is simple.
  var scalar = ScalarOperation.none
  var kernel: borel_kernel?
  var operands: RegisterList
  var results: RegisterList
  /// Registers that are dead afterwards.
  var releases: RegisterList
  /// Meaning depends on the kind: index into a side table of the program, or a number.
  var payload: Int
  /// Whether a lane may fail in it.
  var canFail: Bool
  /// The word of a constant.
  var bits: UInt64
}

/// What `sample`, `score` and `fork` need to know. A class, so that handing it on costs one count.
final class DistributionUse {
  /// Number of the family; -1 when the distribution is a value.
  let family: Int
  /// Its name in the program; nil when the distribution is a value.
  let name: String?
  let type: (any Family.Type)?
  /// The family when its density has an upper bound.
  let bound: (any HasDensityBound.Type)?
  /// The family when its values can be taken back to standard variates.
  let noise: (any HasStandardNoise.Type)?
  let site: Site
  let parameterCount: Int
  let layout: [IRType]
  let isOptional: Bool
  let span: Span
  /// Per parameter; empty when the family is not known or has a joint condition.
  let domains: [SimpleDomain]
  /// Whether the distribution is a mixture, or a value that can be one.
  let mayBeMixture: Bool

  init(
    family: Int, name: String?, type: (any Family.Type)?, site: Site, parameterCount: Int,
    layout: [IRType], isOptional: Bool, span: Span, domains: [SimpleDomain]
  ) {
    self.family = family
    self.name = name
    self.type = type
    bound = type as? any HasDensityBound.Type
    noise = isOptional ? nil : type as? any HasStandardNoise.Type
    self.site = site
    self.parameterCount = parameterCount
    self.layout = layout
    self.isOptional = isOptional
    self.span = span
    self.domains = domains
    mayBeMixture = type == nil ? layout.count == 1 : MixtureColumns.isMixture(family)
  }
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

/// A list of register numbers in memory that the function owns: copying it counts no references.
struct RegisterList {
  let start: UnsafePointer<Int32>
  let count: Int

  @inline(__always)
  subscript(index: Int) -> Int { Int(start[index]) }
}

/// An edge of the control-flow graph.
struct CompiledTarget {
  var block: Int
  /// Registers read, for the parameters of the block, in order.
  var arguments: RegisterList
  /// Parameters written; -1 for one that nothing reads.
  var parameters: RegisterList
  /// Registers that die on the edge.
  var releases: RegisterList
  var loops: LoopStep
}

/// Where a call or a suspension goes on.
struct CompiledContinuation {
  var block: Int
  /// Parameters that take the results; -1 for one that nothing reads.
  var results: RegisterList
  /// Registers kept over the call, and the registers that hold them afterwards.
  var saved: RegisterList
  var restored: RegisterList
  var loops: LoopStep
}

enum TerminatorKind: UInt8 {
  case jump, branch, call, apply, returnValues, tailCall, checkpoint, fork
}

struct CompiledTerminator {
  var kind: TerminatorKind
  /// The condition of a branch, or the closure of an `apply`.
  var register = 0
  /// The function of a call, the number of a checkpoint, or the distribution use of a fork.
  var number = 0
  /// Arguments of a call, operands of a fork, or returned values.
  var arguments: RegisterList
  /// Where a jump or checkpoint leads, or a branch when the condition holds.
  var target: UnsafePointer<CompiledTarget>
  var otherwise: UnsafePointer<CompiledTarget>
  var continuation: UnsafePointer<CompiledContinuation>
}

struct CompiledBlock {
  var instructions: UnsafePointer<CompiledInstruction>
  var instructionCount: Int
  var terminator: UnsafePointer<CompiledTerminator>
  /// Registers that hold something at the start, parameters included.
  var liveAtStart: RegisterList
  /// Registers that hold something before the terminator.
  var liveBeforeTerminator: RegisterList
  /// Position in reverse postorder.
  var order: Int32
  /// Several edges lead here: strands may meet.
  var isMeetingPoint: Bool
}

final class CompiledFunction: @unchecked Sendable {
  let name: String
  /// The number of the function in addresses: that of the original of a version.
  let addressNumber: Int
  let registerCount: Int
  let types: [IRType]
  let isHandle: [Bool]
  /// Registers of the parameters; -1 for one that nothing reads.
  let parameters: RegisterList
  let blocks: UnsafePointer<CompiledBlock>
  let blockCount: Int
  /// Spans by block and instruction; the terminator's is the last of its block.
  let spans: [[Span]]
  let valueNames: [Int32: String]
  private let storage: FunctionStorage

  init(
    name: String, addressNumber: Int, types: [IRType], parameters: RegisterList,
    blocks: [CompiledBlock], spans: [[Span]], valueNames: [Int32: String], storage: FunctionStorage
  ) {
    self.name = name
    self.addressNumber = addressNumber
    self.registerCount = types.count
    self.types = types
    self.isHandle = types.map(\.isHandle)
    self.parameters = parameters
    self.blocks = storage.make(blocks)
    self.blockCount = blocks.count
    self.spans = spans
    self.valueNames = valueNames
    self.storage = storage
  }
}

/// Memory of a compiled function.
final class FunctionStorage {
  private var pieces: [UnsafeMutableRawPointer] = []

  deinit { for piece in pieces { piece.deallocate() } }

  /// A copy of trivial values that lives as long as the storage.
  func make<T: BitwiseCopyable>(_ values: [T]) -> UnsafePointer<T> {
    let copy = UnsafeMutablePointer<T>.allocate(capacity: max(values.count, 1))
    copy.initialize(from: values, count: values.count)
    pieces.append(UnsafeMutableRawPointer(copy))
    return UnsafePointer(copy)
  }

  func list(_ registers: [Int32]) -> RegisterList {
    RegisterList(start: make(registers), count: registers.count)
  }
}

/// A program as the machine runs it.
package final class CompiledProgram: @unchecked Sendable {
  let functions: [CompiledFunction]
  let uses: [DistributionUse]
  let operations: [ColumnOperation]
  let effects: [EffectUse]
  package let source: Program
  /// The words of each report.
  let reportTypes: [[IRType]]
  /// The blocks of each function, to be had without counting references.
  let blocks: UnsafeMutablePointer<UnsafePointer<CompiledBlock>>

  init(
    functions: [CompiledFunction], uses: [DistributionUse], operations: [ColumnOperation],
    effects: [EffectUse], source: Program
  ) {
    self.functions = functions
    self.uses = uses
    self.operations = operations
    self.effects = effects
    self.source = source
    reportTypes = source.reports.map { $0.shape.layout(source.enumerations) }
    blocks = .allocate(capacity: max(functions.count, 1))
    for (index, function) in functions.enumerated() {
      (blocks + index).initialize(to: function.blocks)
    }
  }

  deinit { blocks.deallocate() }

  /// The number by which replays know the draw of an instruction; nil when it does not draw.
  package func use(function: Int, block: Int, instruction: Int) -> Int? {
    let code = functions[function].blocks[block].instructions + instruction
    return code.pointee.kind == .sample ? code.pointee.payload : nil
  }

  /// Number, name and family of what draws.
  package func family(ofUse use: Int) -> (any Family.Type)? { uses[use].type }

  /// Whether what an instruction draws is made from a standard variate that can be found again.
  package func hasNoise(ofUse use: Int) -> Bool { uses[use].noise != nil }

  /// Types of the words of a choice.
  package func layout(ofUse use: Int) -> [IRType] { uses[use].layout }
}
