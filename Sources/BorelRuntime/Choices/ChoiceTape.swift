/// Replays and records the random choices of a machine: what `Traced` and `Conditioned` mean.
///
/// Use: make the machine with `MachineOptions.tracksAddresses`, set `machine.tape`, and advance.
/// `source`, `sourceLanes`, `sink` and `missing` may be changed between two advances.
///
///     let tape = ChoiceTape(laneCount: machine.laneCount)
///     tape.sink = ChoiceStore(laneCount: machine.laneCount)     // record a step
///     machine.tape = tape
///     try machine.advance()
///     tape.logFresh[i]                                          // log q of lane i's step
///
///     tape.source = tape.sink                                // replay lane i's step in lane l
///     tape.sink = nil
///     tape.sourceLanes = lanes                                  // lanes[l] = i
///     tape.missing = .stop
///     tape.resetSums()
///     machine.resetLogWeights()
///     try machine.advance()                                        // from the state before the step
///     tape.logReplayed[l], the log-weight of l                  // log q(l, i), log g(l, i)
///
/// A choice is found by its address, which does not involve lanes or generations: a step that is
/// replayed from a copy of the state before it meets the same addresses. A lane that meets other
/// ones goes another way; it draws them, or stops, as `missing` says. A replayed choice uses no
/// randomness, though its draw number is spent, so that the choices after it do not change. A
/// replayed value outside the support makes the weight zero. Sums are formed in program order, lane
/// by lane.
///
/// Choices that were drawn where a datum is missing are recorded like others. Nested inferences
/// are not choices here: whoever replays must refuse those that are not exact.
package final class ChoiceTape {
  /// What happens to a choice that the source does not have.
  package enum Missing: Sendable {
    /// It is drawn.
    case draw
    /// The weight of the lane becomes zero.
    case stop
  }

  package let laneCount: Int
  /// Where choices are replayed from; nil draws all.
  package var source: ChoiceStore?
  /// The lane of the source that each lane replays; -1 draws. Nil: lane i replays lane i.
  package var sourceLanes: [Int32]?
  /// Where choices are recorded; nothing may be in it for the lanes that run, see `removeAll`.
  package var sink: ChoiceStore?
  package var missing = Missing.draw
  /// Sums by lane of the log-densities of replayed choices, under the parameters that they meet now.
  package let logReplayed: UnsafeMutablePointer<Double>
  /// Sums by lane of the log-densities that the source has for the same tape.
  package let logSource: UnsafeMutablePointer<Double>
  /// Sums by lane of the log-densities of choices that were drawn.
  package let logFresh: UnsafeMutablePointer<Double>
  /// How often a lane has met an address that it had met before. Always 0: asserted by tests.
  package internal(set) var repeatedAddresses = 0

  package init(laneCount: Int) {
    self.laneCount = laneCount
    logReplayed = .allocate(capacity: max(1, laneCount))
    logSource = .allocate(capacity: max(1, laneCount))
    logFresh = .allocate(capacity: max(1, laneCount))
    resetSums()
  }

  deinit {
    logReplayed.deallocate()
    logSource.deallocate()
    logFresh.deallocate()
  }

  package func resetSums() {
    logReplayed.initialize(repeating: 0, count: laneCount)
    logSource.initialize(repeating: 0, count: laneCount)
    logFresh.initialize(repeating: 0, count: laneCount)
  }
}

/// Where one recorded choice is replayed from and recorded to: instances of the two stores, for all
/// rows or by row of the strand; -1 for none.
struct TracedChoice {
  var source: Int32 = -1
  var sink: Int32 = -1
  var sourceRows: UnsafeMutablePointer<Int32>?
  var sinkRows: UnsafeMutablePointer<Int32>?

  func source(row: Int) -> Int { Int(sourceRows?[row] ?? source) }
  func sink(row: Int) -> Int { Int(sinkRows?[row] ?? sink) }

  func deallocate() {
    sourceRows?.deallocate()
    sinkRows?.deallocate()
  }
}
