import BorelBase
import BorelCompiler
import BorelInference
import BorelRuntime
import Foundation
import Testing

/// Conditional sweeps with every choice of program and driver enumerated: the law of the new path
/// is the law of the old one, to rounding. Mutants show that the comparison would notice.
struct ConditionalSweepTests {
  /// The score reads the current state.
  static let current = """
    model m() {
      var s ~ Bernoulli(0.4)
      for (t, y) in [0.2, 1.1, 0.7].enumerated() {
        let last = s
        if t > 0 { s ~ Bernoulli(if last { 0.8 } else { 0.3 }) }
        observe y ~ Normal(if s { 1.0 } else { 0.0 }, 0.5)
        if t > 0 { tally same += if s == last { 1.0 } else { 0.0 } }
      }
      return s
    }
    """

  /// The score reads the previous state too.
  static let previous = """
    model m() {
      var s ~ Bernoulli(0.4)
      for (t, y) in [0.2, 1.1, 0.7].enumerated() {
        let last = s
        if t > 0 { s ~ Bernoulli(if last { 0.8 } else { 0.3 }) }
        observe y ~ Normal((if s { 1.0 } else { 0.0 }) + (if last { 0.7 } else { -0.2 }), 0.5)
        if t > 0 { tally same += if s == last { 1.0 } else { 0.0 } }
      }
      return s
    }
    """

  /// A counter that is carried on: states are compared after replay.
  static let counted = """
    model m() {
      var s = false
      var length = 0
      for (t, y) in [0.2, 1.1, 0.7].enumerated() {
        let stays = sample Bernoulli(if length > 1 { 0.3 } else { 0.7 })
        let fresh = sample Bernoulli(0.5)
        length = if stays { length + 1 } else { 0 }
        observe y ~ Normal((if fresh { 1.0 } else { 0.0 }) + 0.5 * length, 0.5)
      }
      return length
    }
    """

  struct Comparison {
    /// Largest difference between the laws of old and new path.
    var difference = 0.0
    /// Differences of the mean tallies.
    var tallies: [Double] = []
    var evidence = 0.0
  }

  /// Both laws over all ways in which the choices can fall.
  static func compare(
    _ source: String, _ settings: SweepTrial.Settings
  ) throws -> Comparison {
    let compilation = compile(source: SourceFile(name: "test.ppl", text: source))
    let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
    var old: [[UInt64]: Double] = [:]
    var new = old
    var tallies: [Double] = []
    var comparison = Comparison()
    let tree = ChoiceTree()
    var request = InferenceRequest(
      program: program, model: 0, arguments: [], method: try MethodSpecification(parsing: "pg"),
      seed: 1, threads: 1)
    request.probe.choices = tree
    let trial = try SweepTrial(request, settings)
    repeat {
      let outcome = try trial()
      let mass = tree.probability * exp(outcome.logWeight)
      old[outcome.before, default: 0] += mass
      new[outcome.after, default: 0] += mass
      comparison.evidence += mass
      if outcome.smoothed.isEmpty { continue }
      if tallies.isEmpty { tallies = outcome.tallies.map { _ in 0 } }
      for k in tallies.indices {
        tallies[k] += mass * (outcome.smoothed[k] - outcome.tallies[k])
      }
    } while tree.next()
    for path in Set(old.keys).union(new.keys) {
      comparison.difference = max(
        comparison.difference, abs((old[path] ?? 0) - (new[path] ?? 0)) / comparison.evidence)
    }
    comparison.tallies = tallies.map { $0 / comparison.evidence }
    return comparison
  }

  static let programs = ["current": current, "previous": previous]

  @Test(arguments: ["current", "previous"], [0.0, 0.75, 1.0])
  func conditionalFilterIsInvariant(name: String, threshold: Double) throws {
    for resampler in [Resampler.multinomial, .systematic, .stratified] {
      var settings = SweepTrial.Settings()
      settings.threshold = threshold
      settings.resampler = resampler
      let law = try Self.compare(try #require(Self.programs[name]), settings)
      #expect(law.difference < 1e-12, "\(resampler)")
    }
  }

  @Test(arguments: ["current", "previous"], [0.0, 0.75, 1.0])
  func ancestorSamplingIsInvariant(name: String, threshold: Double) throws {
    for resampler in [Resampler.multinomial, .systematic] {
      var settings = SweepTrial.Settings()
      settings.threshold = threshold
      settings.resampler = resampler
      settings.samplesAncestors = true
      let law = try Self.compare(try #require(Self.programs[name]), settings)
      #expect(law.difference < 1e-12, "\(resampler)")
    }
  }

  @Test(arguments: ["current", "previous"], [0.0, 0.75, 1.0])
  func backwardSamplingIsInvariant(name: String, threshold: Double) throws {
    var settings = SweepTrial.Settings()
    settings.threshold = threshold
    settings.resampler = .systematic
    settings.samplesBackward = true
    let law = try Self.compare(try #require(Self.programs[name]), settings)
    #expect(law.difference < 1e-12)
  }

  @Test(arguments: ["current", "previous"], [0.0, 0.75, 1.0])
  func parisianSweepIsInvariantAndUnbiased(name: String, threshold: Double) throws {
    var settings = SweepTrial.Settings()
    settings.threshold = threshold
    settings.backwardDraws = 1
    let law = try Self.compare(try #require(Self.programs[name]), settings)
    #expect(law.difference < 1e-12)
    #expect(abs(try #require(law.tallies.first)) < 1e-12)
  }

  @Test func metropolisDrawsAreInvariant() throws {
    var settings = SweepTrial.Settings()
    settings.backwardDraws = 1
    settings.backwardMethod = "metropolis"
    let law = try Self.compare(Self.previous, settings)
    #expect(law.difference < 1e-12)
    #expect(abs(try #require(law.tallies.first)) < 1e-12)
  }

  @Test func carriedCountersAreCompared() throws {
    var settings = SweepTrial.Settings()
    settings.threshold = 0.9
    settings.samplesAncestors = true
    let law = try Self.compare(Self.counted, settings)
    #expect(law.difference < 1e-12)
  }

  // MARK: Mutants

  struct Dropped: SweepRule { var keepsPath: Bool { false } }
  struct AncestorsAlways: SweepRule {
    func samplesAncestor(whenResampled isResampled: Bool) -> Bool { true }
  }
  struct ScoresLeftOut: SweepRule {
    func cancelsScores(found: Bool) -> Bool { true }
  }
  struct FixedSlot: SweepRule {
    func drawAncestors(
      _ resampler: Resampler, _ weights: UnsafeBufferPointer<Double>, total: Double, frozen: Int,
      slot: Int, into ancestors: UnsafeMutablePointer<Int32>,
      using choices: inout any DriverChoices
    ) -> Int {
      resampler.draw(
        weights.baseAddress.unsafelyUnwrapped, total: total, count: weights.count,
        into: ancestors, using: &choices)
      ancestors[0] = Int32(frozen)
      return 0
    }
  }

  @Test func aDroppedPathIsNoticed() throws {
    var settings = SweepTrial.Settings()
    settings.rule = Dropped()
    #expect(try Self.compare(Self.current, settings).difference > 1e-3)
  }

  @Test func ancestorSamplingWithoutResamplingIsNoticed() throws {
    var settings = SweepTrial.Settings()
    settings.threshold = 0
    settings.samplesAncestors = true
    settings.rule = AncestorsAlways()
    #expect(try Self.compare(Self.current, settings).difference > 1e-3)
  }

  @Test func scoresLeftOutOfBackwardWeightsAreNoticed() throws {
    var settings = SweepTrial.Settings()
    settings.samplesAncestors = true
    settings.rule = ScoresLeftOut()
    #expect(try Self.compare(Self.previous, settings).difference > 1e-3)
  }

  @Test func aFixedSlotWithSystematicResamplingIsNoticed() throws {
    var settings = SweepTrial.Settings()
    settings.resampler = .systematic
    settings.rule = FixedSlot()
    #expect(try Self.compare(Self.current, settings).difference > 1e-3)
  }
}
