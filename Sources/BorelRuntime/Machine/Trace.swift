import BorelKernels

/// An instruction that was met and is still to be run over all lanes of the strand.
struct TracedOperation {
  var kind: OperationKind
  var kernel: borel_kernel?
  /// Positions in the trace's lists of operands and results.
  var operands: Int
  var operandCount: Int
  var results: Int
  var resultCount: Int
  var payload: Int
  /// Draw number, relative to the strand's.
  var draw: UInt32
  /// Where the instruction stands, for messages.
  var function: Int32
  var block: Int32
  var instruction: Int32
  var canFail: Bool
  /// Position in the trace's list of choices, or -1.
  var choice: Int32 = -1
  /// The product that a draw takes its mean from and nothing else reads, or -1: both are done in one
  /// pass where that is possible. Plans only.
  var product: Int32 = -1
  /// Whether a draw does this product.
  var isFolded = false
  /// Result columns that nothing reads and no lane can fail in: skipped.
  var isDead = false
}

/// The straight-line record of what a strand has to do for varying values.
///
/// Uniform control flow runs at once and leaves a record of the varying instructions it passes,
/// through branches, loops and calls; the record is run block by block when a value is needed.
final class Trace {
  @exclusivity(unchecked) private(set) var operations: UnsafeMutablePointer<TracedOperation>
  @exclusivity(unchecked) private(set) var count = 0
  @exclusivity(unchecked) private var capacity = 256
  @exclusivity(unchecked) private(set) var operands: UnsafeMutablePointer<Slot>
  @exclusivity(unchecked) private(set) var operandCount = 0
  @exclusivity(unchecked) private var operandCapacity = 1024
  @exclusivity(unchecked) private(set) var results: UnsafeMutablePointer<Int32>
  @exclusivity(unchecked) private(set) var resultCount = 0
  @exclusivity(unchecked) private var resultCapacity = 512
  /// An operation that allocates objects or calls back is in the record.
  @exclusivity(unchecked) var usesHeap = false
  /// Where the choices in the record are replayed from and recorded.
  @exclusivity(unchecked) private(set) var choices: [TracedChoice] = []
  @exclusivity(unchecked) var mustRunOnOneThread = false

  /// Longer records are run before more is added.
  static let limit = 512

  init() {
    operations = .allocate(capacity: capacity)
    operands = .allocate(capacity: operandCapacity)
    results = .allocate(capacity: resultCapacity)
  }

  deinit {
    operations.deallocate()
    operands.deallocate()
    results.deallocate()
  }

  @inline(__always)
  var isEmpty: Bool { count == 0 }

  @inline(__always)
  func append(_ operation: TracedOperation) {
    if count == capacity {
      operations = Self.grow(operations, count, &capacity)
    }
    operations[count] = operation
    count += 1
  }

  @inline(__always)
  func appendOperand(_ slot: Slot) {
    if operandCount == operandCapacity {
      operands = Self.grow(operands, operandCount, &operandCapacity)
    }
    operands[operandCount] = slot
    operandCount += 1
  }

  @inline(__always)
  func appendResult(_ column: Int32) {
    if resultCount == resultCapacity {
      results = Self.grow(results, resultCount, &resultCapacity)
    }
    results[resultCount] = column
    resultCount += 1
  }

  /// Ties the newest operation to the places of its choice.
  func attach(_ choice: TracedChoice) {
    operations[count - 1].choice = Int32(choices.count)
    choices.append(choice)
  }

  func removeAll() {
    if !choices.isEmpty {
      for choice in choices { choice.deallocate() }
      choices.removeAll(keepingCapacity: true)
    }
    count = 0
    operandCount = 0
    resultCount = 0
    usesHeap = false
    mustRunOnOneThread = false
  }

  private static func grow<T>(
    _ old: UnsafeMutablePointer<T>, _ count: Int, _ capacity: inout Int
  ) -> UnsafeMutablePointer<T> {
    capacity *= 2
    let larger = UnsafeMutablePointer<T>.allocate(capacity: capacity)
    larger.moveInitialize(from: old, count: count)
    old.deallocate()
    return larger
  }
}
