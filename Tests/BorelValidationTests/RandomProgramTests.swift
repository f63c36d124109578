import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import BorelTransforms
import BorelValidation
import Foundation
import Testing

/// Every transform and every method against the exact meaning of random programs: no Monte Carlo
/// noise, and no tolerance but that of rounding.
@Suite struct RandomProgramTests {
  /// `BOREL_RANDOM_PROGRAMS=500` looks at more programs.
  static let seeds: [UInt64] = {
    let count = ProcessInfo.processInfo.environment["BOREL_RANDOM_PROGRAMS"].flatMap(UInt64.init)
    return [UInt64](1...(count ?? 12))
  }()

  /// Nil when the law holds, else what is wrong.
  typealias Law = (FiniteProgram) throws -> String?

  /// Checks a law; a program that breaks it is made small and shown.
  private func check(_ seed: UInt64, _ law: Law) {
    let found = FiniteProgram.random(seed: seed)
    func problem(_ program: FiniteProgram) -> String? {
      do { return try law(program) } catch { return "\(error)" }
    }
    guard problem(found) != nil else { return }
    let small = found.source.shrunk { source in
      FiniteProgram(source).map { problem($0) != nil } ?? false
    }
    let text = FiniteProgram(small).flatMap(problem) ?? ""
    Issue.record("\(text)\n\(small.text)")
  }

  private func exact(_ program: Program) throws -> Measure {
    try ExactSemantics(program, model: program.models.count - 1, arguments: []).measure
  }

  @Test(arguments: seeds)
  func transformsKeepTheMeaning(seed: UInt64) {
    check(seed) { found in
      let weighted = try Weighted().apply(found.program)
      var forms = [weighted, try Weighted(dropsDeadChoices: true).apply(found.program)]
      let placements: [Sequential.Placement?] = [nil, .aligned, .all, Sequential.Placement.none]
      for placement in placements { forms.append(try Sequential(at: placement).apply(weighted)) }
      forms.append(try Enumerated(coverage: .partial).apply(weighted))
      forms.append(try Enumerated(coverage: .partial).apply(forms[4]))
      for form in forms {
        let difference = try exact(form).difference(from: found.exact.measure)
        if let difference { return "\(form.representations): \(difference)" }
      }
      return nil
    }
  }

  @Test(arguments: seeds)
  func reducedVersionsHaveTheEvidence(seed: UInt64) {
    check(seed) { found in
      let weighted = try Weighted().apply(found.program)
      let index = weighted.models.count - 1
      let model = weighted.models[index].function
      var reduced = try Reduced(model: model).apply(weighted)
      guard let version = reduced.reducedVersion(of: model) else { return nil }
      reduced.models[index].function = version
      let (mass, truth) = (try exact(reduced).total.value, found.exact.measure.total.value)
      return mass == truth || abs(mass - truth) < 1e-12 ? nil : "\(mass) against \(truth)"
    }
  }

  @Test(arguments: seeds)
  func optimisingKeepsTheMeaning(seed: UInt64) {
    check(seed) { found in
      FiniteProgram(found.source, isOptimised: false)?.exact.measure.difference(
        from: found.exact.measure)
    }
  }

  @Test(arguments: seeds)
  func enumerationIsExact(seed: UInt64) {
    check(seed) { found in
      let posterior: Posterior
      do {
        posterior = try infer(found.request("enumerate"))
      } catch let list as Diagnostics where list.list.first?.code == "E0502" {
        return found.exact.measure.total.value == -.infinity ? nil : "evidence zero"
      }
      for tally in posterior.tallies {
        let value = found.exact.tallies[tally.name] ?? 0
        if abs(tally.value - value) > 1e-12 * max(1, abs(value)) {
          return "tally \(tally.value) against \(value)"
        }
      }
      let scale = posterior.evidence?.logValue ?? 0
      var measure = Measure()
      measure.add(
        posterior.variables,
        logMasses: posterior.normalizedWeights.map { $0 > 0 ? log($0) + scale : -.infinity })
      return measure.difference(
        from: found.exact.measure,
        includesJoint: posterior.variables.allSatisfy { $0.probabilities == nil })
    }
  }

  @Test(
    arguments: [
      "importance(particles: 2)", "smc(particles: 2)",
      "smc(particles: 2, resampler: multinomial, threshold: 1)",
      "smc(particles: 2, resampler: stratified, threshold: 0.9, checkpoints: all)",
      "smc(particles: 2, resampler: residual, threshold: 1, checkpoints: all)",
      "smc(particles: 2, resampler: systematic, threshold: 1, checkpoints: all)",
      "smc(particles: 1, groups: 2, threshold: 1)",
    ])
  func weightedMethodsHaveTheExactMeasure(method: String) {
    var compared = 0
    for seed in Self.seeds {
      check(seed) { found in
        let measure = try Measure.ofAlgorithm(found.request(method), limit: 20_000)
        if measure != nil { compared += 1 }
        return measure?.difference(from: found.exact.measure)
      }
    }
    // Of the others the ways are too many.
    #expect(compared * 2 > Self.seeds.count, "\(compared) of \(Self.seeds.count) programs")
  }

  /// The mutant: a transform that drops every `factor`. It is found, and the program that shows it
  /// is made small.
  @Test func aWrongTransformIsFoundAndTheProgramIsShrunk() throws {
    func withoutFactors(_ program: Program) -> Program {
      var program = program
      for index in program.functions.indices {
        for block in program.functions[index].blocks.indices {
          program.functions[index].blocks[block].instructions.removeAll {
            $0.operation == .factor
          }
        }
      }
      return program
    }
    func isWrong(_ found: FiniteProgram) -> Bool {
      guard let measure = try? exact(withoutFactors(found.program)) else { return false }
      return measure.difference(from: found.exact.measure) != nil
    }
    let found = try #require(
      (1...20).lazy.map { FiniteProgram.random(seed: $0) }.first(where: isWrong))
    let small = found.source.shrunk { source in FiniteProgram(source).map(isWrong) ?? false }
    #expect(small.text.contains("factor"))
    #expect(small.size < found.source.size)
    #expect(small.text.split(separator: "\n").count <= 8, "\(small.text)")
  }

  /// What the programs are made of: every construct turns up.
  @Test func programsUseTheWholeLanguage() {
    let text = (1...60).map { FiniteProgram.random(seed: $0).source.text }.joined()
    for construct in [
      "observe", "factor", "require", "tally", "mem", "for ", "if ", "func r", "func f", "nil",
      "(k: Int) in", "var x", "sample (Binomial", "&&", "let v",
    ] where !text.contains(construct) {
      Issue.record("no program has '\(construct)'")
    }
    if ProcessInfo.processInfo.environment["BOREL_SHOW_PROGRAMS"] != nil { print(text) }
  }
}
