import Synchronization

/// Unused memory of columns, by size. Pieces are chained through their first words, so that giving
/// and taking allocate nothing.
struct ColumnMemory: ~Copyable {
  private struct Chain {
    var capacity: Int
    var count: Int
    var first: UnsafeMutablePointer<UInt64>
  }

  private var chains: [Chain] = []
  /// Kernels may write so many words past the end.
  private static let slack = 16

  static func allocate(capacity: Int) -> UnsafeMutablePointer<UInt64> {
    if let kept = KeptMemory.shared.take(capacity: capacity) { return kept }
    return UnsafeMutableRawPointer.allocate(
      byteCount: (capacity + slack) * 8, alignment: 64
    ).bindMemory(to: UInt64.self, capacity: capacity + slack)
  }

  static func release(_ data: UnsafeMutablePointer<UInt64>) {
    UnsafeMutableRawPointer(data).deallocate()
  }

  mutating func give(_ data: UnsafeMutablePointer<UInt64>, capacity: Int) {
    for index in chains.indices where chains[index].capacity == capacity {
      data[0] = UInt64(UInt(bitPattern: chains[index].first))
      chains[index].first = data
      chains[index].count += 1
      return
    }
    data[0] = 0
    chains.append(Chain(capacity: capacity, count: 1, first: data))
  }

  mutating func take(capacity: Int) -> UnsafeMutablePointer<UInt64>? {
    for index in chains.indices where chains[index].capacity == capacity {
      let data = chains[index].first
      if let next = UnsafeMutablePointer<UInt64>(bitPattern: UInt(data[0])) {
        chains[index].first = next
        chains[index].count -= 1
      } else {
        chains.swapAt(index, chains.count - 1)
        chains.removeLast()
      }
      return data
    }
    return nil
  }

  /// Gives all to the system; returns the number of words.
  mutating func free() -> Int {
    drain { data, _ in Self.release(data) }
  }

  /// Gives all to the machines to come.
  mutating func retire() {
    _ = drain { data, capacity in
      if !KeptMemory.shared.keep(data, capacity: capacity) { Self.release(data) }
    }
  }

  private mutating func drain(
    _ body: (UnsafeMutablePointer<UInt64>, Int) -> Void
  ) -> Int {
    var words = 0
    for chain in chains {
      words += chain.capacity * chain.count
      var next: UnsafeMutablePointer<UInt64>? = chain.first
      while let data = next {
        next = UnsafeMutablePointer<UInt64>(bitPattern: UInt(data[0]))
        body(data, chain.capacity)
      }
    }
    chains.removeAll()
    return words
  }
}

/// Column memory of machines that have ended, for the next ones: fresh pages of the system cost
/// more than what many programs do with them.
private final class KeptMemory: Sendable {
  static let shared = KeptMemory()

  private struct Piece: @unchecked Sendable {
    let data: UnsafeMutablePointer<UInt64>
    let capacity: Int
  }

  private struct State: Sendable {
    var pieces: [Piece] = []
    var words = 0
  }

  private let state = Mutex(State())
  /// 64 MiB.
  private static let limit = 8 << 20
  private static let smallest = 4096

  func take(capacity: Int) -> UnsafeMutablePointer<UInt64>? {
    if capacity < Self.smallest { return nil }
    let piece = state.withLock { state -> Piece? in
      guard let index = state.pieces.lastIndex(where: { $0.capacity == capacity }) else {
        return nil
      }
      state.words -= capacity
      state.pieces.swapAt(index, state.pieces.count - 1)
      return state.pieces.removeLast()
    }
    return piece?.data
  }

  func keep(_ data: UnsafeMutablePointer<UInt64>, capacity: Int) -> Bool {
    if capacity < Self.smallest { return false }
    let piece = Piece(data: data, capacity: capacity)
    return state.withLock { state in
      if state.words + capacity > Self.limit { return false }
      state.words += capacity
      state.pieces.append(piece)
      return true
    }
  }
}
