import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import BorelRuntime
import BorelValidation
import Foundation
import Testing

/// One wrong variant per factor of the resampling step. The law that kills them: on finite programs
/// the expected output of `smc` equals the exact measure (`Tests/Mutants.md`).
@Suite struct ResamplingMutantTests {
  /// Lanes that finish at different checkpoints.
  static let source = """
    model m() {
      x ~ Bernoulli(0.3)
      observe true ~ Bernoulli(if x { 0.9 } else { 0.2 })
      if x { return 1 }
      y ~ Bernoulli(0.5)
      observe 0.5 ~ Normal(if y { 1 } else { -1 }, 1)
      return if y { 2 } else { 3 }
    }
    """

  static let methods = [
    "smc(particles: 2, threshold: 1, checkpoints: all)",
    "smc(particles: 2, threshold: 0.9, resampler: multinomial, checkpoints: all)",
  ]

  private func difference(
    _ rule: any ResamplingRule, _ method: String, _ source: String = Self.source
  ) throws -> String? {
    let program = try #require(
      compile(source: SourceFile(name: "mutant.ppl", text: source)).program)
    let exact = try ExactSemantics(program, model: 0, arguments: [])
    var request = InferenceRequest(
      program: program, model: 0, arguments: [], method: try MethodSpecification(parsing: method))
    request.probe.resampling = rule
    let measure = try #require(try Measure.ofAlgorithm(request))
    return measure.difference(from: exact.measure)
  }

  @Test(arguments: methods)
  func theStandardRuleIsExact(method: String) throws {
    #expect(try difference(StandardResampling(), method) == nil)
  }

  @Test(arguments: methods)
  func weightsNotResetAfterResampling(method: String) throws {
    #expect(try difference(KeepsWeights(), method) != nil)
  }

  /// With threshold 1 every lane is resampled at its last score, so that none returns with a weight
  /// and the mutant is right.
  @Test(arguments: methods.map { $0.replacing("threshold: 1,", with: "threshold: 0.9,") })
  func finishedLanesKeepTheirWeight(method: String) throws {
    let source = """
      model m() {
        x ~ Bernoulli(0.5)
        if x { factor -1.0; return 1 }
        observe true ~ Bernoulli(0.7)
        y ~ Bernoulli(0.5)
        observe true ~ Bernoulli(if y { 0.9 } else { 0.2 })
        return if y { 2 } else { 3 }
      }
      """
    #expect(try difference(StandardResampling(), method, source) == nil)
    #expect(try difference(KeepsWeightsOfFinishedLanes(), method, source) != nil)
  }

  @Test(arguments: methods)
  func incrementsThatAssumeUniformWeights(method: String) throws {
    #expect(try difference(AssumesUniformWeights(), method) != nil)
  }

  @Test(arguments: methods)
  func ancestorsThatIgnoreTheWeights(method: String) throws {
    #expect(try difference(UniformAncestors(), method) != nil)
  }

  @Test(arguments: methods)
  func ancestorsThatTakeTheHeaviestLane(method: String) throws {
    #expect(try difference(HeaviestAncestor(), method) != nil)
  }

  @Test(arguments: methods)
  func evidenceThatForgetsTheResampling(method: String) throws {
    #expect(try difference(ForgetsEvidence(), method) != nil)
  }

  @Test(arguments: methods)
  func evidenceOfTheSumInsteadOfTheMean(method: String) throws {
    #expect(try difference(SumOfWeights(), method) != nil)
  }

  /// A lane that finishes early with a small weight: log Z is log((1 + e^-10) / 2), not 0.
  @Test(arguments: ["smc(particles: 2, threshold: 1)", "smc(particles: 2, threshold: 0.5)"])
  func aLaneThatFinishesEarlyCounts(method: String) throws {
    let source = """
      model early() {
        if sample Bernoulli(0.5) { factor -10.0; return 0 }
        observe true ~ Bernoulli(1.0)
        return 1
      }
      """
    #expect(try difference(StandardResampling(), method, source) == nil)
    let program = try #require(
      compile(source: SourceFile(name: "early.ppl", text: source)).program)
    let exact = try ExactSemantics(program, model: 0, arguments: [])
    #expect(abs(exact.measure.total.value - log((1 + exp(-10.0)) / 2)) < 1e-13)
  }

  /// The resampler that was asked for is the one that is used: they differ in how many ways the
  /// choices can fall.
  @Test func theChosenResamplerIsUsed() throws {
    let program = try #require(
      compile(source: SourceFile(name: "mutant.ppl", text: Self.source)).program)
    func ways(_ resampler: String, _ rule: any ResamplingRule) throws -> Int {
      var request = InferenceRequest(
        program: program, model: 0, arguments: [],
        method: try MethodSpecification(
          parsing: "smc(particles: 3, threshold: 1, checkpoints: all, resampler: \(resampler))"))
      request.probe.resampling = rule
      var count = 0
      _ = try inferEveryPath(request, limit: 200_000) { _, _ in count += 1 }
      return count
    }
    let names = ["systematic", "stratified", "multinomial", "residual"]
    let counts = try names.map { try ways($0, StandardResampling()) }
    #expect(Set(counts).count == 4, "\(counts)")
    #expect(try ways("multinomial", AlwaysSystematic()) == counts[0])
  }

  /// A NaN weight stops the run with a diagnostic instead of taking over the population.
  @Test func aNaNWeightIsAnError() throws {
    let source = """
      model m() {
        x ~ Bernoulli(0.5)
        factor (if x { 0.0 } else { log(-1.0 * (if x { 1.0 } else { 2.0 })) })
        observe true ~ Bernoulli(0.5)
        return x
      }
      """
    let program = try #require(
      compile(source: SourceFile(name: "nan.ppl", text: source)).program)
    let request = InferenceRequest(
      program: program, model: 0, arguments: [],
      method: try MethodSpecification(parsing: "smc(particles: 50)"))
    let error = try #require(throws: Diagnostics.self) { try infer(request) }
    #expect(error.list.first?.code == "E0311")
  }
}

// MARK: The mutants

private struct KeepsWeights: ResamplingRule {
  func replaceLanes(of machine: Machine, by ancestors: [Int32], groups isResampled: [Bool]) {
    machine.replaceLanes(by: ancestors, count: ancestors.count, keepsWeights: true)
  }
}

/// Resets the weights of lanes that go on, as drivers do that look at unfinished lanes only.
private struct KeepsWeightsOfFinishedLanes: ResamplingRule {
  func replaceLanes(of machine: Machine, by ancestors: [Int32], groups isResampled: [Bool]) {
    machine.replaceLanes(by: ancestors, count: ancestors.count, keepsWeights: true)
    var weights = [Double](repeating: 0, count: machine.laneCount)
    machine.readLogWeights(into: &weights)
    let hasReturned = machine.results(width: 0).present
    for lane in weights.indices where !hasReturned[lane] { weights[lane] = 0 }
    machine.setLogWeights(weights)
  }
}

/// Right where all weights are equal, wrong otherwise.
private struct AssumesUniformWeights: ResamplingRule {
  func logEvidenceIncrement(_ sums: GroupWeights) -> Double {
    sums.logMean + 0.5 * log(sums.effectiveSampleSize / Double(sums.count))
  }
}

struct UniformAncestors: ResamplingRule {
  func drawAncestors(
    _ resampler: Resampler, _ sums: GroupWeights, _ weights: UnsafePointer<Double>,
    into ancestors: UnsafeMutablePointer<Int32>, using choices: inout any DriverChoices
  ) {
    let alive = (0..<sums.count).filter { weights[$0] > 0 }
    for lane in 0..<sums.count { ancestors[lane] = Int32(alive[choices.uniformIndex(alive.count)]) }
  }
}

private struct HeaviestAncestor: ResamplingRule {
  func drawAncestors(
    _ resampler: Resampler, _ sums: GroupWeights, _ weights: UnsafePointer<Double>,
    into ancestors: UnsafeMutablePointer<Int32>, using choices: inout any DriverChoices
  ) {
    let best = (0..<sums.count).max { weights[$0] < weights[$1] } ?? 0
    for lane in 0..<sums.count { ancestors[lane] = Int32(best) }
  }
}

private struct AlwaysSystematic: ResamplingRule {
  func drawAncestors(
    _ resampler: Resampler, _ sums: GroupWeights, _ weights: UnsafePointer<Double>,
    into ancestors: UnsafeMutablePointer<Int32>, using choices: inout any DriverChoices
  ) {
    Resampler.systematic.draw(
      weights, total: sums.sum, count: sums.count, into: ancestors, using: &choices)
  }
}

struct ForgetsEvidence: ResamplingRule {
  func logEvidenceIncrement(_ sums: GroupWeights) -> Double { 0 }
}

struct SumOfWeights: ResamplingRule {
  func logEvidenceIncrement(_ sums: GroupWeights) -> Double {
    sums.logMean + log(Double(sums.count))
  }
}
