/// A caller that waits: the registers it needs after the call, and where it goes on.
///
/// Frames are shared by the strands that split inside the call. The columns of a frame keep the
/// rows that its strand had at the time of the call; each strand maps its rows to them, so that a
/// split or a resample never touches the frames below.
final class Frame {
  private(set) var parent: Frame?
  /// The row in the parent frame of each of this frame's rows; uniform means the same row.
  let parentRows: Slot
  let function: Int32
  /// The block that made the call.
  let block: Int32
  /// The registers that the continuation needs, in the order of `CompiledContinuation.saved`.
  private(set) var saved: [Slot]
  /// Rows of the strand at the call.
  let rowCount: Int
  let depth: Int
  /// The path of the caller and those before the loops around the call.
  private(set) var path: Slot
  private(set) var outerPaths: [Slot]
  /// What the scheduler compares, in memory that is read without counting references.
  let link: UnsafeMutablePointer<FrameLink>
  private let pool: ColumnPool

  init(
    parent: Frame?, parentRows: Slot, function: Int32, block: Int32, saved: [Slot], rowCount: Int,
    order: Int32, number: Int, path: Slot, outerPaths: [Slot], pool: ColumnPool
  ) {
    self.parent = parent
    self.parentRows = parentRows
    self.function = function
    self.block = block
    self.saved = saved
    self.rowCount = rowCount
    self.depth = (parent?.depth ?? 0) + 1
    self.path = path
    self.outerPaths = outerPaths
    self.pool = pool
    link = .allocate(capacity: 1)
    link.initialize(
      to: FrameLink(
        parent: parent?.link, depth: depth, order: order, number: number))
  }

  deinit {
    link.deallocate()
    for slot in saved { pool.release(slot) }
    pool.release(parentRows)
    pool.release(path)
    for slot in outerPaths { pool.release(slot) }
  }

  /// Changes a saved word when a collection has moved its object.
  func replace(_ index: Int, by slot: Slot) { saved[index] = slot }

  /// Lets go of a chain of frames one by one: a million nested destructions would overflow the
  /// stack.
  static func discard(_ frame: consuming Frame?) {
    var current = frame
    while current != nil, isKnownUniquelyReferenced(&current) {
      let parent = current?.parent
      current?.parent = nil
      current = parent
    }
  }
}

/// The place of a frame among all frames.
struct FrameLink {
  let parent: UnsafeMutablePointer<FrameLink>?
  let depth: Int
  /// Position of the calling block in the reverse postorder of its function.
  let order: Int32
  /// Order of creation.
  let number: Int
}
