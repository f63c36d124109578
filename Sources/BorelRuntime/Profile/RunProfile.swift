import BorelBase
import Synchronization

/// Where the time of a run goes: what instructions over lanes take, by their places in the program,
/// and what drivers do between checkpoints.
///
/// Instructions are timed block by block, which costs some tens of nanoseconds each: small populations
/// look slower than they are.
package final class RunProfile: Sendable {
  /// What an instruction does.
  package enum Work: String, Hashable, Sendable, CaseIterable {
    case draws, densities, arithmetic
    /// Arrays, enums with payloads, distributions as values, memo tables, calls of the host.
    case objects
    case weights
  }

  /// What a driver does.
  package enum Phase: String, Hashable, Sendable, CaseIterable { case resampling, histories }

  /// What one kind of work at one place has taken.
  package struct Cost: Hashable, Sendable {
    package var nanoseconds: Int64 = 0
    /// Executions, summed over lanes.
    package var lanes: Int64 = 0
  }

  package struct Site: Hashable, Sendable {
    package var span: Span
    package var work: Work
  }

  package struct Totals: Sendable {
    package var sites: [Site: Cost] = [:]
    package var phases: [Phase: Int64] = [:]
    /// Records of instructions that were run, and instructions in them.
    package var records = 0
    package var instructions = 0
    /// Lanes of the strands that ran instructions, and of their populations: their ratio is the
    /// occupancy.
    package var activeLanes: Int64 = 0
    package var allLanes: Int64 = 0
    /// The most strands of a population that waited at the same time.
    package var mostStrands = 0
    package var collections = 0
  }

  private let state = Mutex(Totals())

  package init() {}

  package var totals: Totals { state.withLock { $0 } }

  package func add(_ change: (inout Totals) -> Void) { state.withLock { change(&$0) } }

  /// Times what a driver does. Without a profile it costs nothing but what is done.
  @inlinable @inline(__always)
  package static func measure<Result>(
    _ profile: RunProfile?, _ phase: Phase, _ body: () throws -> Result
  ) rethrows -> Result {
    guard let profile else { return try body() }
    return try profile.time(phase, body)
  }

  @usableFromInline
  func time<Result>(_ phase: Phase, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    defer {
      let time = (ContinuousClock.now - start).nanoseconds
      add { $0.phases[phase, default: 0] += time }
    }
    return try body()
  }
}

extension OperationKind {
  var work: RunProfile.Work {
    switch self {
    case .sample: .draws
    case .score: .densities
    case .kernel, .constant: .arithmetic
    case .factor, .require, .tally: .weights
    default: .objects
    }
  }
}
