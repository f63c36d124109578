import BorelBase
import BorelCompiler
import BorelInference
import BorelRuntime
import Foundation
import Testing

/// One wrong variant per factor of a conditional sweep, of its backward draws and of the tallies
/// that they smooth. The law: with all choices enumerated the new path has the law of the old one,
/// and smoothed tallies the mean of the old path (`ConditionalSweepTests`).
struct SweepMutantTests {
  /// Ways in which a new path is made.
  enum Path: String, CaseIterable, Sendable { case ancestors, backward, parisian }

  private static func settings(_ path: Path, _ rule: any SweepRule) -> SweepTrial.Settings {
    var settings = SweepTrial.Settings()
    switch path {
    case .ancestors: settings.samplesAncestors = true
    case .backward: settings.samplesBackward = true
    case .parisian: settings.backwardDraws = 1
    }
    settings.rule = rule
    return settings
  }

  private func difference(_ path: Path, _ rule: any SweepRule) throws -> Double {
    try ConditionalSweepTests.compare(
      ConditionalSweepTests.current, Self.settings(path, rule)
    ).difference
  }

  @Test(arguments: Path.allCases)
  func weightsLeftOutOfTheLawOfPredecessorsAreNoticed(path: Path) throws {
    #expect(try difference(path, WeightsLeftOut()) > 1e-3)
  }

  @Test(arguments: Path.allCases)
  func transitionDensitiesLeftOutAreNoticed(path: Path) throws {
    #expect(try difference(path, DensitiesLeftOut()) > 1e-3)
  }

  @Test(arguments: Path.allCases)
  func uniformPredecessorsAreNoticed(path: Path) throws {
    #expect(try difference(path, UniformPredecessors()) > 1e-3)
  }

  @Test(arguments: Path.allCases)
  func scoresThatReadThePreviousStateBelongToTheLawOfPredecessors(path: Path) throws {
    let law = try ConditionalSweepTests.compare(
      ConditionalSweepTests.previous,
      Self.settings(path, ConditionalSweepTests.ScoresLeftOut()))
    #expect(law.difference > 1e-3)
  }

  @Test(arguments: Path.allCases)
  func aPathOfALaneThatIgnoresTheWeightsIsNoticed(path: Path) throws {
    #expect(try difference(path, UniformLastLane()) > 1e-3)
  }

  // MARK: Smoothed tallies

  /// Two data: several backward draws can fall in many ways.
  private static let short = ConditionalSweepTests.current.replacingOccurrences(
    of: "[0.2, 1.1, 0.7]", with: "[0.2, 1.1]")

  private func bias(
    _ rule: any SweepRule, draws: Int, method: String = "exact"
  ) throws -> Double {
    var settings = Self.settings(.parisian, rule)
    settings.backwardDraws = draws
    settings.backwardMethod = method
    let law = try ConditionalSweepTests.compare(Self.short, settings)
    return abs(try #require(law.tallies.first))
  }

  @Test func meansOverSeveralBackwardDrawsAreUnbiased() throws {
    #expect(try bias(StandardSweep(), draws: 2) < 1e-12)
    #expect(try bias(SumOverDraws(), draws: 2) > 1e-3)
  }

  @Test func pastsThatAreAllTheRetainedOneAreNoticed() throws {
    #expect(try bias(RetainedPastForAll(), draws: 1) > 1e-3)
    #expect(try difference(.parisian, RetainedPastForAll()) > 1e-3)
  }

  /// The past of the retained path has the law of a backward draw already: its update helps mixing
  /// and is not needed for the law.
  @Test func aFrozenLaneWithoutAnUpdateKeepsTheLaw() throws {
    #expect(try bias(FrozenLaneKeepsItsAncestor(), draws: 1) < 1e-12)
    #expect(try difference(.parisian, FrozenLaneKeepsItsAncestor()) < 1e-12)
  }

  @Test func talliesThatIgnoreTheWeightsAreNoticed() throws {
    #expect(try bias(UnweightedTallies(), draws: 1) > 1e-3)
  }

  /// The second draw is the Metropolis move.
  @Test func metropolisDrawsAreAcceptedByTheDensities() throws {
    #expect(try bias(StandardSweep(), draws: 2, method: "metropolis") < 1e-12)
    #expect(try bias(DensitiesLeftOut(), draws: 2, method: "metropolis") > 1e-3)
    #expect(try bias(WeightsLeftOut(), draws: 2, method: "metropolis") > 1e-3)
  }

  /// Accept-reject has no bound on the number of its draws, so that it is compared with the Kalman
  /// smoother: beyond 5 standard errors with probability 6e-7.
  @Test(arguments: ["paris(backward: reject,", "ffbsi(draws: 50, backward: reject,"])
  func acceptRejectUsesWeightsAndDensities(method: String) throws {
    func z(_ rule: any SweepRule) throws -> Double {
      let program = try compiled(ParticleSmoothingTests.linear)
      var request = InferenceRequest(
        program: program, model: 0, arguments: [],
        method: try MethodSpecification(parsing: "\(method) particles: 100, groups: 60)"))
      request.probe.sweep = rule
      let tally = try #require(try infer(request).tallies.first)
      return abs(tally.value - ParticleSmoothingTests.products)
        / (try #require(tally.standardError))
    }
    #expect(try z(StandardSweep()) < 5)
    #expect(try z(WeightsLeftOut()) > 6)
    #expect(try z(DensitiesLeftOut()) > 6)
  }
}

// MARK: The mutants

private func levelled(_ values: [Double]) -> [Double] { values.map { $0 > -.infinity ? 0 : $0 } }

private struct WeightsLeftOut: SweepRule {
  func logWeightsOfPredecessors(_ logWeights: [Double]) -> [Double] { levelled(logWeights) }
}

private struct DensitiesLeftOut: SweepRule {
  func take(logDensities: inout [Double]) { logDensities = levelled(logDensities) }
}

private struct UniformPredecessors: SweepRule {
  func logWeightsOfPredecessors(_ logWeights: [Double]) -> [Double] { levelled(logWeights) }
  func take(logDensities: inout [Double]) { logDensities = levelled(logDensities) }
}

private struct UniformLastLane: SweepRule {
  func drawLane(
    _ weights: UnsafeBufferPointer<Double>, total: Double, using choices: inout any DriverChoices
  ) -> Int {
    let alive = weights.indices.filter { weights[$0] > 0 }
    return alive[choices.uniformIndex(alive.count)]
  }
}

private struct SumOverDraws: SweepRule {
  func divisor(drawCount: Int) -> Double { 1 }
}

/// Every lane continues the past of the retained path.
private struct RetainedPastForAll: SweepRule {
  func take(
    predecessors drawn: inout [Int32], count: Int, of targets: [Int32], ancestors: [Int32],
    frozen: [Int32]
  ) {
    guard let path = frozen.first else { return }
    for draw in drawn.indices { drawn[draw] = ancestors[Int(path)] }
  }
}

private struct FrozenLaneKeepsItsAncestor: SweepRule {
  func take(
    predecessors drawn: inout [Int32], count: Int, of targets: [Int32], ancestors: [Int32],
    frozen: [Int32]
  ) {
    for (position, target) in targets.enumerated() where frozen.contains(target) {
      for draw in 0..<count { drawn[position * count + draw] = ancestors[Int(target)] }
    }
  }
}

private struct UnweightedTallies: SweepRule {
  func total(of weights: inout [Double], _ sums: GroupWeights) -> Double {
    weights = weights.map { $0 > 0 ? 1 : 0 }
    return weights.reduce(0, +)
  }
}
