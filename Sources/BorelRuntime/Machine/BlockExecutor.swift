import BorelDistributions
import BorelHeap

/// Where an operand of a traced operation lies while a block runs.
struct ResolvedOperand {
  /// The uniform word, or the whole column; nil for scratch memory.
  var base: UnsafeMutablePointer<UInt64>?
  /// Scratch slot when `base` is nil.
  var scratch: Int32
  /// 1 for a column, 0 for a uniform word.
  var stride: Int32
}

/// The instruction that made a weight zero.
struct KillSite: Hashable {
  let function: Int32
  let block: Int32
  let instruction: Int32
}

/// A row in which an operation failed.
struct RowFailure {
  /// Row of the strand.
  let row: Int
  /// Number of the operation in its record or plan.
  let operation: Int
  /// The operand words of the row when it failed.
  let operands: [UInt64]
  /// What a sampler of the app said.
  var problem: String?
}

/// How many lanes an instruction has stopped, and the operand words of the first one.
package struct KillRecord: Sendable {
  package var count: Int
  package var words: [UInt64]
}

/// Memory and threads for running traces block by block.
///
/// Temporary columns live in scratch memory of one block per worker; only columns that are needed
/// afterwards have memory for all lanes.
final class BlockExecutor {
  /// Scratch memory and an arena of one worker.
  final class Worker {
    let arena: Arena
    @exclusivity(unchecked) private(set) var scratch: UnsafeMutablePointer<UInt64>
    @exclusivity(unchecked) private var capacity = 0
    let lanes: UnsafeMutablePointer<UInt32>
    let keys: UnsafeMutablePointer<UInt64>
    let draws: UnsafeMutablePointer<UInt32>
    let partial: UnsafeMutablePointer<Double>
    let discard: UnsafeMutablePointer<UInt64>
    /// The mixtures that the block has scored last.
    let mixtures = MixtureColumns()
    /// Whether there is a failure, a lane with a new weight zero, or a rejection to be gathered.
    @exclusivity(unchecked) var hasNotes = false
    /// The failure of the smallest row of the blocks this worker ran.
    @exclusivity(unchecked) var failure: RowFailure?
    @exclusivity(unchecked) var sawDeadLane = false
    /// Lanes whose weight became zero, by the instruction that did it.
    @exclusivity(unchecked) var kills: [KillSite: KillRecord] = [:]
    /// Lanes that failed and were rejected, by the instruction that failed.
    @exclusivity(unchecked) var rejections: [KillSite: KillRecord] = [:]
    /// What operations took, in a run with a profile.
    @exclusivity(unchecked) var times: [TimedSite: RunProfile.Cost] = [:]
    /// Choices recorded at an address that the lane had already.
    @exclusivity(unchecked) var repeatedAddresses = 0

    init(arena: Arena, blockWidth: Int) {
      self.arena = arena
      let width = blockWidth + BlockExecutor.slack
      scratch = .allocate(capacity: 1)
      lanes = .allocate(capacity: width)
      keys = .allocate(capacity: width)
      draws = .allocate(capacity: width)
      partial = .allocate(capacity: width)
      discard = .allocate(capacity: width)
    }

    deinit {
      scratch.deallocate()
      lanes.deallocate()
      keys.deallocate()
      draws.deallocate()
      partial.deallocate()
      discard.deallocate()
    }

    func reserve(words: Int) {
      if words <= capacity { return }
      scratch.deallocate()
      capacity = words + words / 2
      scratch = UnsafeMutableRawPointer.allocate(byteCount: capacity * 8, alignment: 64)
        .bindMemory(to: UInt64.self, capacity: capacity)
    }
  }

  static let slack = 32
  let blockWidth: Int
  /// Words from one scratch slot to the next.
  let scratchStride: Int
  @exclusivity(unchecked) var resolved: UnsafeMutablePointer<ResolvedOperand>
  @exclusivity(unchecked) private var resolvedCapacity = 256
  @exclusivity(unchecked) private var freeScratch: UnsafeMutablePointer<Int32>
  @exclusivity(unchecked) private var freeScratchCount = 0
  @exclusivity(unchecked) private var freeScratchCapacity = 64
  @exclusivity(unchecked) private(set) var scratchCount: Int32 = 0
  @exclusivity(unchecked) var workers: [Worker] = []

  init(options: MachineOptions) {
    blockWidth = max(1, options.blockWidth)
    scratchStride = (blockWidth + 15) & ~15 + 16
    resolved = .allocate(capacity: resolvedCapacity)
    freeScratch = .allocate(capacity: freeScratchCapacity)
  }

  deinit {
    resolved.deallocate()
    freeScratch.deallocate()
  }

  func reserve(operands: Int) {
    if operands <= resolvedCapacity { return }
    resolved.deallocate()
    resolvedCapacity = operands * 2
    resolved = .allocate(capacity: resolvedCapacity)
  }

  /// No scratch slot is in use; at most so many will be.
  func restartScratch(atMost count: Int) {
    freeScratchCount = 0
    scratchCount = 0
    if count <= freeScratchCapacity { return }
    freeScratch.deallocate()
    freeScratchCapacity = 2 * count
    freeScratch = .allocate(capacity: freeScratchCapacity)
  }

  func takeScratch() -> Int32 {
    if freeScratchCount > 0 {
      freeScratchCount -= 1
      return freeScratch[freeScratchCount]
    }
    scratchCount += 1
    return scratchCount - 1
  }

  func giveScratch(_ slot: Int32) {
    freeScratch[freeScratchCount] = slot
    freeScratchCount += 1
  }
}
