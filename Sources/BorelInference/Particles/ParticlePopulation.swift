/// Lanes that advance step by step and can be replaced by each other: what the particle
/// algorithms need to know of them. Lanes of a group have consecutive numbers.
///
/// The machine's lanes are one (`LanePopulation`); small discrete models with enumerated choices
/// are another, in the tests.
protocol ParticlePopulation: AnyObject {
  var groups: Int { get }
  /// Lanes in each group.
  var particles: Int { get }
  /// Additive functionals.
  var tallyCount: Int { get }

  /// Puts all lanes at the start.
  func restart() throws

  /// Lets every lane go on to its next checkpoint.
  ///
  /// - Parameters:
  ///   - step: Number of the step, from 0.
  ///   - frozen: The lane of each group that repeats the group's retained choices of this step;
  ///     empty when all lanes draw.
  func advance(step: Int, frozen: [Int32]) throws

  /// Whether all lanes have returned.
  var isFinished: Bool { get }

  /// Steps of the retained paths; 0 without any.
  var retainedSteps: Int { get }

  /// Unnormalised log-weights since the last resampling, one per lane.
  func readLogWeights(into weights: UnsafeMutablePointer<Double>)

  /// Lane i goes on from the state of lane `ancestors[i]`; weights of some groups are reset.
  func replaceLanes(by ancestors: [Int32], resetting isReset: [Bool])

  /// `log q + log g` of the retained choices of a step from the state of each lane before it;
  /// `-infinity` where they do not lead to the state that they lead to from the frozen lane.
  func retainedLogDensities(
    step: Int, frozen: [Int32], into logDensities: UnsafeMutablePointer<Double>
  ) throws

  /// `log q + log g` of the choices that lane `targets[k]` made in a step, from the state of lane
  /// `sources[k]` before it; `-infinity` when they lead to another state. A factor that is the same
  /// for all sources may be left out.
  func pairLogDensities(
    step: Int, sources: [Int32], targets: [Int32],
    into logDensities: UnsafeMutablePointer<Double>
  ) throws

  /// An upper bound of what `pairLogDensities` has just given, for all pairs of the step; nil when
  /// there is none.
  var pairBound: Double? { get }

  /// What the step of each lane added to the tallies: `[tally][lane]`.
  func stepTallies() -> [[Double]]

  /// What the choices of lane `targets[k]` add to the tallies from the state of lane `sources[k]`:
  /// `[tally][pair]`.
  func pairTallies(step: Int, sources: [Int32], targets: [Int32]) throws -> [[Double]]
}
