/// A set of lanes at one program point with one stack of frames.
///
/// Registers are valid where liveness says so. Every column belongs to the rows of this strand:
/// row `r` is the lane `lanes[r]`.
///
/// The state of a run is used by one thread, and no access to it outlasts a statement: checking that
/// at run time would cost more than a uniform instruction. So in `Machine`, `Trace` and `ColumnPool`.
final class Strand {
  enum State {
    case ready
    /// At a checkpoint with this number, before the block it goes on with.
    case checkpoint(Int)
    /// At the terminator of its block, which forks.
    case fork
    /// Finished; the results are the first registers.
    case returned
  }

  @exclusivity(unchecked) var state = State.ready
  /// Lanes.
  @exclusivity(unchecked) var count: Int
  @exclusivity(unchecked) var function: Int
  @exclusivity(unchecked) var block = 0
  /// Whether it goes on at the terminator of its block instead of at its start.
  @exclusivity(unchecked) var isAtTerminator = false
  @exclusivity(unchecked) var registers: UnsafeMutablePointer<Slot>
  @exclusivity(unchecked) private(set) var capacity: Int
  var frame: Frame? {
    didSet { link = frame?.link }
  }
  /// Of `frame`.
  @exclusivity(unchecked) private(set) var link: UnsafeMutablePointer<FrameLink>?
  /// The row in `frame` of each row; uniform means the same row.
  @exclusivity(unchecked) var frameRows = Slot(uniform: 0)
  /// Lane numbers; uniform means contiguous from that number.
  @exclusivity(unchecked) var lanes: Slot
  /// Log-weights: uniform, or a column that nothing else refers to.
  @exclusivity(unchecked) var weight = Slot(uniform: Double(0).bitPattern)
  /// The log-weight of all lanes, when the column has yet to be filled: the record that adds to it
  /// does that block by block.
  @exclusivity(unchecked) var unfilledWeight: Double?
  /// Draw numbers used so far, to which `drawOffset` is added.
  @exclusivity(unchecked) var draws = Slot(uniform: 0)
  @exclusivity(unchecked) var drawOffset: UInt32 = 0
  /// Memo tables of the lane, a handle.
  @exclusivity(unchecked) var memo = Slot(uniform: 0)
  /// Hash of the calls and iterations that led here, when addresses are tracked.
  var path = Slot(uniform: Address.root)
  /// The paths before the loops and memo tables that the strand is inside of, in this function.
  var outerPaths: [Slot] = []
  /// Sums of the tallies.
  @exclusivity(unchecked) var tallies: [Slot]
  /// Order of creation: breaks ties between strands at the same point.
  let number: Int
  /// Registers that hold results when `state` is `returned`.
  @exclusivity(unchecked) var resultCount = 0
  /// Some lane may have weight zero.
  @exclusivity(unchecked) var mayHaveDeadLanes = false

  init(count: Int, function: Int, registerCount: Int, lanes: Slot, tallyCount: Int, number: Int) {
    self.count = count
    self.function = function
    self.capacity = max(registerCount, 8)
    self.registers = .allocate(capacity: capacity)
    self.lanes = lanes
    self.tallies = Array(repeating: Slot(uniform: Double(0).bitPattern), count: tallyCount)
    self.number = number
  }

  deinit {
    registers.deallocate()
    let top = frame
    frame = nil
    Frame.discard(top)
  }

  /// Room for the registers of a function; what they held is lost.
  func reserve(_ registerCount: Int) {
    if registerCount <= capacity { return }
    registers.deallocate()
    capacity = max(registerCount, capacity * 2)
    registers = .allocate(capacity: capacity)
  }

  /// A register, or the tally `~place` for a negative place.
  subscript(held place: Int32) -> Slot {
    @inline(__always) get { place >= 0 ? registers[Int(place)] : tallies[Int(~place)] }
    @inline(__always) set {
      if place >= 0 { registers[Int(place)] = newValue } else { tallies[Int(~place)] = newValue }
    }
  }

  /// Whether all lanes have the numbers `first ..< first + count`, in order.
  var isContiguous: Bool { lanes.isUniform }
}
