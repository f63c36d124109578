import BorelHeap
import BorelKernels

/// Uniform work of a plan, done before its blocks run.
struct PlanStep {
  enum Kind: UInt8 {
    /// A kernel for one lane.
    case kernel
    /// A column function for one lane.
    case column
    /// The plan holds only while the word is zero, or only while it is not.
    case isZero, isNotZero
    /// The plan holds only while the word lies in a domain.
    case domain
  }

  var kind: Kind
  var domain = SimpleDomain.any
  var scalar = ScalarOperation.none
  var kernel: borel_kernel?
  /// Index of the operation of a column function.
  var payload = 0
  /// Words: operands of a kernel, or from `list` on those of a column function.
  var operands: (Int32, Int32, Int32) = (-1, -1, -1)
  var operandCount = 0
  /// The first result word; those of a column function follow each other.
  var result: Int32 = -1
  var resultCount = 0
  var list = 0
}

/// A uniform word or a column, by number within the plan.
enum PlanValue {
  case word(Int32)
  case column(Int32)
}

/// A report that a plan makes.
struct PlanEmission {
  let report: Int
  let loops: [PlanValue]
  let values: [PlanValue]
}

/// A draw that a plan makes and a record keeps.
struct PlanDraw {
  let use: Int
  /// Draw number within the step.
  let number: UInt32
  /// Columns by number within the plan.
  let columns: [Int32]
}

/// What a strand does from one checkpoint to the next, with everything resolved, for registers of
/// which the same ones are uniform and uniform branches that are taken in the same direction: the
/// operations that the record would hold, and the uniform work between them.
///
/// A plan changes nothing before all of its conditions are known to hold, so that giving up costs
/// only time.
final class Plan {
  struct Key: Equatable {
    var function: Int
    var block: Int
    /// One bit per live register, then one per tally, that holds a column.
    var columns: UInt64
    var keepsReports: Bool
    var keepsDraws: Bool
  }

  struct Register {
    /// See `Strand.subscript(held:)`.
    var register: Int32
    var index: Int32
  }

  struct Output {
    /// See `Strand.subscript(held:)`.
    var register: Int32
    var value: PlanValue
  }

  struct Column {
    var column: Int32
    /// Registers, tallies, reports and records that hold it afterwards.
    var references: Int32
  }

  let key: Key
  let words: UnsafeMutablePointer<UInt64>
  let wordInputs: [Register]
  let columnInputs: [Register]
  let steps: [PlanStep]
  let stepOperands: [Int32]
  let operations: UnsafeMutablePointer<TracedOperation>
  let operationCount: Int
  let operandCount: Int
  let resolved: UnsafeMutablePointer<ResolvedOperand>
  /// Resolved operands that are whole columns.
  let patches: [Register]
  /// Results that need memory for all lanes.
  let kept: [Column]
  let scratchCount: Int
  /// Columns of the pool by number within the plan.
  let columns: UnsafeMutablePointer<Int32>
  let outputs: [Output]
  let emissions: [PlanEmission]
  /// Empty unless draws are kept.
  let recordedDraws: [PlanDraw]
  let addsWeights: Bool
  let blockCount: Int
  let drawCount: UInt32
  /// Where the strand stands afterwards.
  let target: Int
  let checkpoint: Int

  init(_ parts: PlanParts) {
    key = parts.key
    words = parts.words
    wordInputs = parts.wordInputs
    columnInputs = parts.columnInputs
    steps = parts.steps
    stepOperands = parts.stepOperands
    operations = parts.operations
    operationCount = parts.operationCount
    operandCount = parts.operandCount
    resolved = parts.resolved
    patches = parts.patches
    kept = parts.kept
    scratchCount = parts.scratchCount
    columns = parts.columns
    outputs = parts.outputs
    emissions = parts.emissions
    recordedDraws = parts.recordedDraws
    addsWeights = parts.addsWeights
    blockCount = parts.blockCount
    drawCount = parts.drawCount
    target = parts.target
    checkpoint = parts.checkpoint
  }

  deinit {
    words.deallocate()
    operations.deallocate()
    resolved.deallocate()
    columns.deallocate()
  }

  /// Does the uniform work. False when the plan does not hold.
  func prepare(_ strand: Strand, _ machine: Machine) -> Bool {
    for input in wordInputs { words[Int(input.index)] = strand[held: input.register].bits }
    for step in steps {
      switch step.kind {
      case .kernel:
        let last = step.operandCount > 1 ? step.operands.1 : step.operands.0
        if let word = step.scalar.apply(words[Int(step.operands.0)], words[Int(last)]) {
          words[Int(step.result)] = word
          continue
        }
        let b = step.operandCount > 1 ? UnsafeRawPointer(words + Int(step.operands.1)) : nil
        let c = step.operandCount > 2 ? UnsafeRawPointer(words + Int(step.operands.2)) : nil
        let failed = step.kernel.unsafelyUnwrapped(
          1, words + Int(step.result), words + Int(step.operands.0), b, c, 7)
        if failed >= 0 { return false }
      case .column:
        if !runColumn(step, machine) { return false }
      case .isZero:
        if words[Int(step.operands.0)] != 0 { return false }
      case .isNotZero:
        if words[Int(step.operands.0)] == 0 { return false }
      case .domain:
        if !step.domain.surelyContains(words[Int(step.operands.0)]) { return false }
      }
    }
    return true
  }

  private func runColumn(_ step: PlanStep, _ machine: Machine) -> Bool {
    withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: step.operandCount + 1) {
      views in
      for k in 0..<step.operandCount {
        views[k] = ColumnOperand(
          base: words + Int(stepOperands[step.list + k]), stride: 0)
      }
      return withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<UInt64>.self, capacity: step.resultCount + 1
      ) { targets in
        for k in 0..<step.resultCount { targets[k] = words + Int(step.result) + k }
        let failed = machine.program.operations[step.payload].function(
          ColumnCall(
            count: 1, operands: UnsafePointer(views.baseAddress.unsafelyUnwrapped),
            operandCount: step.operandCount,
            results: UnsafePointer(targets.baseAddress.unsafelyUnwrapped), arena: machine.arena,
            mayShareBuffers: false))
        return failed < 0
      }
    }
  }

  /// The slot of a value after the plan has run.
  func slot(_ value: PlanValue) -> Slot {
    switch value {
    case .word(let index): Slot(uniform: words[Int(index)])
    case .column(let index): Slot(column: columns[Int(index)])
    }
  }
}

/// What a plan is made of.
struct PlanParts {
  var key: Plan.Key
  var words: UnsafeMutablePointer<UInt64>
  var wordInputs: [Plan.Register]
  var columnInputs: [Plan.Register]
  var steps: [PlanStep]
  var stepOperands: [Int32]
  var operations: UnsafeMutablePointer<TracedOperation>
  var operationCount: Int
  var operandCount: Int
  var resolved: UnsafeMutablePointer<ResolvedOperand>
  var patches: [Plan.Register]
  var kept: [Plan.Column]
  var scratchCount: Int
  var columns: UnsafeMutablePointer<Int32>
  var outputs: [Plan.Output]
  var emissions: [PlanEmission]
  var recordedDraws: [PlanDraw]
  var addsWeights: Bool
  var blockCount: Int
  var drawCount: UInt32
  var target: Int
  var checkpoint: Int
}
