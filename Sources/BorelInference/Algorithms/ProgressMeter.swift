import BorelRuntime

/// Turns the lane-steps that machines report into what the caller is told, a few times a second.
///
/// Results do not depend on it. The whole is estimated by running a few lanes to the end, which is
/// done only once a run has turned out to be long.
final class ProgressMeter {
  private let tell: @Sendable (RunProgress) -> Void
  private let start = ContinuousClock.now
  private var nextTime: ContinuousClock.Instant
  /// The machine whose steps count. Only its identity: a weak reference would make every retain of
  /// the machine slow.
  private var machine: ObjectIdentifier?
  private var pilot: (() -> Double?)?
  /// Lane-steps of the whole; nil when not known.
  private var whole: Double?
  private var isEstimating = false
  /// Iterations that another run has done, when this one goes on from it.
  private var firstCount: Int?
  /// Of the machine whose steps count, as its driver says.
  private var effectiveShare: Double?

  /// Runs that end before this are not reported.
  private static let delay = Duration.milliseconds(500)
  private static let interval = Duration.milliseconds(200)

  init(_ tell: @escaping @Sendable (RunProgress) -> Void) {
    self.tell = tell
    nextTime = start + Self.delay
  }

  /// The next steps that are reported are those of this machine.
  ///
  /// - Parameter pilot: Estimates the lane-steps of one lane.
  func expect(of machine: Machine, pilot: @escaping () -> Double?) {
    if isEstimating { return }
    self.machine = ObjectIdentifier(machine)
    self.pilot = pilot
    whole = nil
    effectiveShare = nil
  }

  /// The effective sample size of the lanes of a machine over their number.
  func note(effectiveShare share: Double, of machine: Machine) {
    if ObjectIdentifier(machine) == self.machine { effectiveShare = share }
  }

  func note(_ laneSteps: UInt64, of machine: Machine) {
    guard ObjectIdentifier(machine) == self.machine, !isEstimating else { return }
    let now = ContinuousClock.now
    guard now >= nextTime else { return }
    nextTime = now + Self.interval
    if let pilot {
      self.pilot = nil
      isEstimating = true
      whole = pilot().map { $0 * Double(machine.laneCount) }
      isEstimating = false
    }
    let count = Double(laneSteps)
    report(
      count, "lane-steps", share: whole.map { min(count / max($0, 1), 0.99) },
      effectiveShare.map { .effectiveSampleSize($0) })
  }

  /// Reports the iterations of a method that has more than one machine run.
  ///
  /// - Parameter quality: Asked only when something is reported.
  func note(
    iterations count: Int, of total: Int, unit: String, quality: () -> RunProgress.Quality?
  ) {
    machine = nil
    if firstCount == nil { firstCount = count - 1 }
    let now = ContinuousClock.now
    guard now >= nextTime else { return }
    nextTime = now + Self.interval
    let first = firstCount ?? 0
    report(
      Double(count - first), unit,
      share: total > first ? Double(count - first) / Double(total - first) : nil, quality())
  }

  private func report(
    _ count: Double, _ unit: String, share: Double?, _ quality: RunProgress.Quality?
  ) {
    let seconds = Double((ContinuousClock.now - start).nanoseconds) * 1e-9
    tell(
      RunProgress(count: count, unit: unit, share: share, seconds: seconds, quality: quality))
  }
}
