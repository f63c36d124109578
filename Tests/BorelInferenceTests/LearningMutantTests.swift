import BorelBase
import BorelInference
import BorelTransforms
import Foundation
import Testing

/// Wrong factors of the steps of `learn`, and the maxima that they miss (`Tests/Mutants.md`).
struct LearningMutantTests {
  private func learn(
    _ source: String, _ method: String, _ settings: LearnSettings = LearnSettings(),
    _ change: (inout InferenceProbe) -> Void
  ) throws -> Learned {
    let program = try compiled(source)
    var request = InferenceRequest(
      program: program, model: 0, arguments: program.models[0].parameters.map { _ in nil },
      method: try MethodSpecification(parsing: method))
    request.learning = settings
    change(&request.probe)
    return try #require(try infer(request).learned)
  }

  // MARK: Gradients

  /// Six data from Normal(0, sd): sd is the root of the mean square and its error sd / sqrt(12).
  private static let deviation = """
    model m(param sd: Real in 0<.. = 1) {
      observe [1.4, 2.9, 0.3, 1.8, 2.2, 3.1] ~ Normal(0, sd)
      return sd
    }
    """

  private func errors(_ rule: any LearningRule) throws -> (value: Double, error: Double) {
    let learned = try learn(Self.deviation, "enumerate") { $0.learning = rule }
    let sd = (28.15 / 6.0).squareRoot()
    let parameter = learned.parameters[0]
    return (
      abs(parameter.value - sd),
      abs((parameter.standardError ?? .infinity) - sd / 12.squareRoot())
    )
  }

  @Test func gradientsHaveJacobianScaleAndSign() throws {
    let right = try errors(StandardLearning())
    #expect(right.value < 1e-6 && right.error < 1e-5)
    #expect(try errors(WithoutJacobian()).error > 0.1)
    #expect(try errors(TwiceTheScore()).error > 0.1)
    #expect(try errors(Descent()).value > 0.1)
  }

  // MARK: Expectation-maximisation

  /// Without latents one step leads to the maximum.
  @Test func maximisationHasItsTerms() throws {
    func distance(_ rule: any LearningRule) throws -> Double {
      let learned = try learn(
        Self.deviation.replacingOccurrences(of: "return sd", with: ""), "enumerate",
        LearnSettings(steps: 1, schedule: .em)
      ) { $0.learning = rule }
      return abs(learned.parameters[0].trajectory[1] - (28.15 / 6.0).squareRoot())
    }
    #expect(try distance(StandardLearning()) < 1e-9)
    #expect(try distance(WithoutWeight()) > 0.1)
    #expect(try distance(OneNewtonStep()) > 0.1)
  }

  /// The mean and the deviation of the same data together.
  @Test func deviationsCountTheMoveOfTheirMean() throws {
    let source = """
      model m(param mu: Real = 0, param sd: Real in 0<.. = 1) {
        observe [1.4, 2.9, 0.3, 1.8, 2.2, 3.1] ~ Normal(mu, sd)
      }
      """
    func distance(_ rule: any LearningRule) throws -> Double {
      let learned = try learn(source, "enumerate", LearnSettings(steps: 1, schedule: .em)) {
        $0.learning = rule
      }
      return abs(learned.parameters[1].trajectory[1] - (28.15 / 6.0 - 1.95 * 1.95).squareRoot())
    }
    #expect(try distance(StandardLearning()) < 1e-9)
    #expect(try distance(AroundTheOldMean()) > 0.1)
  }

  // MARK: Conditional sweeps

  private static let series = (0..<60).map { t in
    let (slow, fast) = (sin(0.13 * Double(t)), sin(2.9 * Double(t) + 0.05 * Double(t * t)))
    return (100 * (2 * slow + fast)).rounded() / 100
  }

  private static let level = """
    model level(param q: Real in 0<.. = 0.6) {
      var x ~ Normal(0, 2)
      for (t, y) in \(series).enumerated() {
        if t > 0 { x ~ Normal(x, q) }
        observe y ~ Normal(x, 0.8)
      }
      return x
    }
    """

  /// The log-likelihood by the Kalman filter.
  private static func kalman(_ q: Double) -> Double {
    var (mean, variance, total) = (0.0, 4.0, 0.0)
    for (t, y) in series.enumerated() {
      if t > 0 { variance += q * q }
      let s = variance + 0.64
      total -= 0.5 * (log(s) + (y - mean) * (y - mean) / s)
      let gain = variance / s
      mean += gain * (y - mean)
      variance *= 1 - gain
    }
    return total
  }

  private static let maximum =
    (1...3000).map { Double($0) / 1000 }
    .max { kalman($0) < kalman($1) } ?? 0

  /// Two particles: a filter of them is far from the smoothing law, and one sweep from its path as
  /// well; a path that is kept from step to step gets there.
  @Test func thePathIsKeptFromStepToStep() throws {
    func distance(_ rule: any SweepRule) throws -> Double {
      let learned = try learn(
        Self.level, "ppg(particles: 2, sweeps: 1, burnIn: 0, groups: 16, threshold: 1)",
        LearnSettings(steps: 300)
      ) { $0.sweep = rule }
      return abs(log(learned.parameters[0].value / Self.maximum))
    }
    let (right, wrong) = (try distance(StandardSweep()), try distance(ForgetsThePath()))
    #expect(right < 0.1, "\(right)")
    #expect(wrong > 0.12, "\(wrong)")
  }
}

// MARK: The mutants

private struct WithoutJacobian: LearningRule {
  func gradient(score: Double, slope: Double) -> Double { score }
}

private struct TwiceTheScore: LearningRule {
  func gradient(score: Double, slope: Double) -> Double { 2 * score * slope }
}

private struct Descent: LearningRule {
  func gradient(score: Double, slope: Double) -> Double { -score * slope }
}

/// The sum of the weights is forgotten.
private struct WithoutWeight: LearningRule {
  func maximum(_ form: ClosedForm, from value: Double, score: Double, weight: Double) -> Double {
    form.maximum(from: value, score: score, weight: 1)
  }
}

/// A step in the parameter itself, not in the mean of its statistic.
private struct OneNewtonStep: LearningRule {
  func maximum(_ form: ClosedForm, from value: Double, score: Double, weight: Double) -> Double {
    value + 0.5 * value * value * score / weight
  }
}

/// Squares are taken around the mean before the step.
private struct AroundTheOldMean: LearningRule {
  func change(ofSquares change: Double) -> Double { 0 }
}

private struct ForgetsThePath: SweepRule { var keepsPath: Bool { false } }
