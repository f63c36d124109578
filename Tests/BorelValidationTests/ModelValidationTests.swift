import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import BorelRuntime
import BorelTestSupport
import BorelValidation
import Testing

/// `borel validate` accepts what is right and rejects what is wrong.
@Suite struct ModelValidationTests {
  private static let chain = """
    model chain(y: [Real]) {
      var s ~ Bernoulli(0.3)
      for (t, v) in y.enumerated() {
        if t > 0 { s ~ Bernoulli(if s { 0.8 } else { 0.25 }) }
        observe v ~ Normal(if s { 1.0 } else { 0.0 }, 0.6)
      }
      return s
    }
    """

  private static let normal = """
    model normal(y: [Real]) {
      mu ~ Normal(0, 2)
      observe y ~ Normal(mu, 1)
      return mu
    }
    """

  private func report(
    _ source: String, _ method: String, _ data: [Double], alpha: Double,
    probe: InferenceProbe = InferenceProbe()
  ) throws -> ValidationReport {
    let program = try #require(
      compile(source: SourceFile(name: "validated.ppl", text: source)).program)
    var request = InferenceRequest(
      program: program, model: 0, arguments: [.array(data.map { .real($0) })],
      method: try MethodSpecification(parsing: method), seed: 3)
    request.probe = probe
    var options = ModelValidation.Options()
    options.alpha = alpha
    options.referenceParticles = 2_000
    return try ModelValidation(request, options: options).run()
  }

  private func verdicts(
    _ report: ValidationReport
  ) -> [String: ValidationReport.Law.Verdict] {
    Dictionary(report.laws.map { ($0.name, $0.verdict) }, uniquingKeysWith: { first, _ in first })
  }

  @Test func aFilterOnAFiniteChainIsAccepted() throws {
    let report = try report(
      Self.chain, "smc(particles: 200)", [0.2, 1.1, 0.7],
      alpha: FalseAlarms.alpha("validation of models") / 4)
    let verdicts = verdicts(report)
    #expect(report.isAccepted, "\(report.text)")
    for law in ["replay", "counters", "measure", "evidence", "expectations"] {
      #expect(verdicts[law] == .holds, "\(report.text)")
    }
  }

  @Test func importanceSamplingOfANormalMeanIsAcceptedAndCalibrated() throws {
    let report = try report(
      Self.normal, "importance(particles: 1_000)", [0.3, -0.4],
      alpha: FalseAlarms.alpha("validation of models") / 4)
    let verdicts = verdicts(report)
    #expect(report.isAccepted, "\(report.text)")
    #expect(verdicts["measure"] == .notApplicable)
    for law in ["replay", "counters", "evidence", "expectations", "calibration"] {
      #expect(verdicts[law] == .holds, "\(report.text)")
    }
  }

  @Test func enumerationIsAccepted() throws {
    let report = try report(
      Self.chain, "enumerate", [0.2, 1.1, 0.7],
      alpha: FalseAlarms.alpha("validation of models") / 4)
    #expect(report.isAccepted, "\(report.text)")
    #expect(verdicts(report)["measure"] == .holds)
  }

  /// Mass that was left out, called exact.
  @Test func enumerationThatLeavesOutMassIsRejected() throws {
    let rare = """
      model rare(y: [Real]) {
        x ~ Bernoulli(0.01)
        observe y ~ Normal(if x { 1.0 } else { 0.0 }, 1)
        return x
      }
      """
    let report = try report(rare, "enumerate(tolerance: 0.2)", [1.1, 0.7], alpha: 1e-6)
    #expect(verdicts(report)["measure"] == .violated, "\(report.text)")
    #expect(!report.isAccepted)
  }

  /// The mutant: weights stay after a resampling. Rejected by the exact law and by the evidence.
  @Test func aFilterThatKeepsItsWeightsIsRejected() throws {
    struct KeepsWeights: ResamplingRule {
      func replaceLanes(of machine: Machine, by ancestors: [Int32], groups isResampled: [Bool]) {
        machine.replaceLanes(by: ancestors, count: ancestors.count, keepsWeights: true)
      }
    }
    var probe = InferenceProbe()
    probe.resampling = KeepsWeights()
    let report = try report(
      Self.chain, "smc(particles: 200, threshold: 1)", [0.2, 1.1, 0.7], alpha: 1e-6, probe: probe)
    let verdicts = verdicts(report)
    #expect(verdicts["measure"] == .violated)
    #expect(verdicts["evidence"] == .violated, "\(report.text)")
    let evidence = try #require(report.laws.first { $0.name == "evidence" })
    #expect(evidence.seed != nil)
    #expect((evidence.pValue ?? 1) < 1e-6)
  }

  /// The mutant: ancestors do not depend on weights. The evidence stays unbiased by its own
  /// factor; expectations and the exact law find it.
  @Test func aFilterThatIgnoresWeightsIsRejected() throws {
    struct Uniform: ResamplingRule {
      func drawAncestors(
        _ resampler: Resampler, _ sums: GroupWeights, _ weights: UnsafePointer<Double>,
        into ancestors: UnsafeMutablePointer<Int32>, using choices: inout any DriverChoices
      ) {
        for lane in 0..<sums.count { ancestors[lane] = Int32(choices.uniformIndex(sums.count)) }
      }
    }
    var probe = InferenceProbe()
    probe.resampling = Uniform()
    let report = try report(
      Self.chain, "smc(particles: 200, threshold: 1)", [0.2, 1.1, 0.7], alpha: 1e-6, probe: probe)
    let verdicts = verdicts(report)
    #expect(verdicts["measure"] == .violated)
    #expect(verdicts["expectations"] == .violated, "\(report.text)")
    #expect(report.text.contains("rejected"))
  }

  @Test func reportsAreReadableByMachines() throws {
    let report = ValidationReport(
      model: "m", method: "smc", seed: 1, alpha: 1e-6,
      laws: [.init("replay", .violated, "a weight differs", seed: 7)])
    for part in [#""verdict""#, #""rejected""#, #""violated""#, #""seed""#, #""pValue""#] {
      #expect(report.json.text.contains(part))
    }
    #expect(report.text.hasSuffix("rejected\n"))
  }
}
