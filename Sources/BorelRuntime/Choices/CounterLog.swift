import BorelDistributions
import Synchronization

/// The random counters that a run has used, to check that none is used twice (a debug mode: it
/// keeps every counter in memory).
package final class CounterLog: Sendable {
  /// What addresses the randomness of one draw: the key of its stream and three counter words.
  package struct Counter: Hashable, Sendable {
    package var key: UInt64
    package var draw: UInt32
    package var lane: UInt32
    package var generation: UInt32
    package init(key: UInt64, draw: UInt32, lane: UInt32, generation: UInt32) {
      self.key = key
      self.draw = draw
      self.lane = lane
      self.generation = generation
    }
  }

  private struct State {
    var used: Set<Counter> = []
    var repeated: [Counter] = []
  }
  private let state = Mutex(State())

  package init() {}

  package func record(_ counters: some Sequence<Counter>) {
    state.withLock { state in
      for counter in counters where !state.used.insert(counter).inserted {
        state.repeated.append(counter)
      }
    }
  }

  /// How many counters were used.
  package var count: Int { state.withLock { $0.used.count } }
  /// Counters that were used again.
  package var repeated: [Counter] { state.withLock { $0.repeated } }
}

extension LaneStreams {
  /// The counters of the first lanes.
  package func counters(_ count: Int) -> [CounterLog.Counter] {
    (0..<count).map { row in
      let random = random(row)
      return CounterLog.Counter(
        key: random.key, draw: random.draw, lane: random.lane, generation: random.generation)
    }
  }
}
