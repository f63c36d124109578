import BorelBase
import BorelInference
import Foundation
import Testing

private func learned(
  _ text: String, _ data: [String: Value], _ method: String, steps: Int = 300, seed: UInt64 = 1
) throws -> Learned {
  let program = try compiled(text)
  var request = InferenceRequest(
    program: program, model: 0,
    arguments: program.models[0].parameters.map { data[$0.name] },
    method: try MethodSpecification(parsing: method), seed: seed)
  request.learning = LearnSettings(steps: steps, schedule: .em)
  return try #require(try infer(request).learned)
}

private struct FormCase: Sendable {
  let distribution: String
  let type: String
  let data: [Double?]
  let maximum: Double

  init(_ distribution: String, _ type: String, _ data: [Double?], _ maximum: Double) {
    self.distribution = distribution
    self.type = type
    self.data = data
    self.maximum = maximum
  }

  static let all: [FormCase] = [
    FormCase("Normal(p, 2)", "Real", [1, 4, nil, 2.5], 2.5),
    FormCase("Normal(1, p)", "Real", [1, 4, nil, 2], (10.0 / 3).squareRoot()),
    FormCase("LogNormal(meanLog: p, sdLog: 2)", "Real", [1, nil, exp(3)], 1.5),
    FormCase("LogNormal(meanLog: 0.5, sdLog: p)", "Real", [1, nil, exp(1)], 0.5),
    FormCase("HalfNormal(p)", "Real", [1, 7], 5),
    FormCase("Laplace(1, p)", "Real", [1, 4, nil, -3.5], 2.5),
    FormCase("Exponential(rate: p)", "Real", [1, 3, nil, 0.5], 3 / 4.5),
    FormCase("Gamma(shape: 2.5, rate: p)", "Real", [1, 3, nil], 1.25),
    FormCase("Poisson(p)", "Int", [1, 3, nil, 5], 3),
    FormCase("Binomial(10, p)", "Int", [1, 3, nil, 5], 0.3),
    FormCase("Bernoulli(p)", "Bool", [1, 0, nil, 0, 0], 0.25),
  ]

  var domain: String { distribution.hasPrefix("B") ? "0<..<1" : "0<.." }

  var values: [Value] {
    data.map { datum in
      guard let datum else { return .optional(nil) }
      switch type {
      case "Int": return .optional(.int(Int64(datum)))
      case "Bool": return .optional(.bool(datum == 1))
      default: return .optional(.real(datum))
      }
    }
  }
}

/// Without latents one step leads to the maximum likelihood.
@Test(arguments: FormCase.all.indices)
func oneStepFindsTheMaximumOfCompleteData(index: Int) throws {
  let form = FormCase.all[index]
  let text = """
    model m(y: [\(form.type)?], param p: Real in \(form.domain) = 0.6) {
      for v in y { observe v ~ \(form.distribution) }
    }
    """
  let trajectory = try learned(text, ["y": .array(form.values)], "enumerate", steps: 2)
    .parameters[0].trajectory
  #expect(abs(trajectory[1] - form.maximum) < 1e-9, "\(form.distribution) \(trajectory)")
}

/// A mixture of two normal laws: every iterate is that of the textbook.
@Test func iteratesAreThoseOfTheFormulas() throws {
  let text = """
    model m(y: [Real], param share: Real in 0<..<1 = 0.4, param high: Real = 1.5) {
      for v in y {
        let isHigh = sample Bernoulli(share)
        if isHigh { observe v ~ Normal(high, 1) } else { observe v ~ Normal(-1, 1) }
      }
    }
    """
  let data = [-1.2, 0.3, 2.1, 1.7, -0.4, 2.8]
  let parameters = try learned(
    text, ["y": .array(data.map { .real($0) })], "enumerate", steps: 6
  ).parameters
  var (share, high) = (0.4, 1.5)
  for step in 1...6 {
    let chances = data.map { y in
      let up = share * exp(-0.5 * (y - high) * (y - high))
      let down = (1 - share) * exp(-0.5 * (y + 1) * (y + 1))
      return up / (up + down)
    }
    let sum = chances.reduce(0, +)
    high = zip(chances, data).reduce(0) { $0 + $1.0 * $1.1 } / sum
    share = sum / Double(data.count)
    #expect(abs(parameters[0].trajectory[step] - share) < 1e-9)
    #expect(abs(parameters[1].trajectory[step] - high) < 1e-9)
  }
}

/// The local level model of the Nile (Durbin and Koopman 2012, section 2.10.3): expectations are
/// smoothed by Parisian particle Gibbs.
@Test func smoothedExpectationsLeadToTheMaximumLikelihood() throws {
  let flow = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960,
    1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694,
    940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821,
    768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010,
    771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986,
    797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
  ]
  let text = """
    model nile(flow: [Real], param sdLevel: Real in 0<.. = 60, param sdFlow: Real in 0<.. = 90) {
      var level ~ Normal(flow[0], sdFlow)
      for t in 1..<flow.count {
        level ~ Normal(level, sdLevel)
        observe flow[t] ~ Normal(level, sdFlow)
      }
    }
    """
  let parameters = try learned(
    text, ["flow": .array(flow.map { .real(Double($0)) })],
    "ppg(particles: 32, sweeps: 4, burnIn: 1, groups: 4)", steps: 300
  ).parameters
  #expect(abs(parameters[0].value / 38.33 - 1) < 0.05, "\(parameters[0].value)")
  #expect(abs(parameters[1].value / 122.88 - 1) < 0.02, "\(parameters[1].value)")
}

@Test(arguments: [
  ("observe v ~ Normal(exp(p), 1)", "it is used here otherwise"),
  (
    "observe v ~ Exponential(rate: 2 * p)",
    "its maximum is not known for a parameter of 'Exponential'"
  ),
  ("observe v ~ StudentT(3, p, 1)", "its maximum is not known for a parameter of 'StudentT'"),
  ("observe v ~ Normal(p * q, 1)", "another parameter of the same distribution is learned"),
  ("observe v ~ Normal(p + q, 1)", "another parameter of the same distribution is learned"),
  (
    "observe v ~ Normal(p, q)\n observe v ~ Normal(p, 1)",
    "it enters here in another way than before"
  ),
  ("observe v ~ Normal(0, p)\n observe v ~ Laplace(0, p)", "it enters here in another way"),
])
func parametersWithoutAClosedFormAreRefused(line: String, reason: String) throws {
  let text = """
    model m(y: [Real], param p: Real in 0<.. = 1, param q: Real in 0<.. = 1) {
      for v in y { \(line) }
      observe y[0] ~ HalfNormal(q)
    }
    """
  do {
    _ = try learned(text, ["y": .array([.real(1)])], "enumerate", steps: 2)
    Issue.record("nothing was refused")
  } catch let problems as Diagnostics {
    let first = try #require(problems.list.first)
    #expect(first.code == "E0579" && first.message.contains(reason), "\(first.message)")
  }
}

private let lineData = [1.4, 2.1, 2.2, 4.0, 4.4]

/// Coefficient and deviation of a regression line together, in one step: least squares, and the mean
/// square around it.
@Test func oneStepFindsLeastSquares() throws {
  let text = """
    model line(y: [Real], param b: Real = 0.2, param s: Real in 0<.. = 3) {
      for (t, v) in y.enumerated() { observe v ~ Normal(1 - b * t * 2, s) }
    }
    """
  let data = ["y": Value.array(lineData.map { .real($0) })]
  let parameters = try learned(text, data, "enumerate", steps: 2).parameters
  let regressors = lineData.indices.map { -2 * Double($0) }
  let products = zip(regressors, lineData).reduce(0) { $0 + $1.0 * ($1.1 - 1) }
  let slope = products / regressors.reduce(0) { $0 + $1 * $1 }
  let squares = zip(regressors, lineData).reduce(0) { sum, pair in
    let residual = pair.1 - 1 - slope * pair.0
    return sum + residual * residual
  }
  #expect(abs(parameters[0].trajectory[1] - slope) < 1e-9)
  #expect(abs(parameters[1].trajectory[1] - (squares / 5).squareRoot()) < 1e-9)
}

/// A linear Gaussian state-space model: the coefficient and the deviation of the states against the
/// maximum by the Kalman filter.
@Test func coefficientsOfStatesAreLearned() throws {
  let series = (0..<60).map { t -> Double in
    let noise = sin(3.7 * Double(t) + 0.11 * Double(t * t))
    return (100 * (1.5 * sin(0.21 * Double(t)) + 0.8 * noise)).rounded() / 100
  }
  let text = """
    model linear(y: [Real], param a: Real in -1<..<1 = 0.3, param q: Real in 0<.. = 1) {
      var x ~ Normal(0, 1)
      for (t, v) in y.enumerated() {
        if t > 0 { x ~ Normal(a * x, q) }
        observe v ~ Normal(x, 0.6)
      }
    }
    """
  func logLikelihood(_ a: Double, _ q: Double) -> Double {
    var (mean, variance, total) = (0.0, 1.0, 0.0)
    for (t, y) in series.enumerated() {
      if t > 0 { (mean, variance) = (a * mean, a * a * variance + q * q) }
      let spread = variance + 0.36
      total -= 0.5 * (log(spread) + (y - mean) * (y - mean) / spread)
      let gain = variance / spread
      mean += gain * (y - mean)
      variance *= 1 - gain
    }
    return total
  }
  var best = (a: 0.5, q: 0.5)
  for step in [0.1, 0.03, 0.01, 0.003, 0.001] {
    var isBetter = true
    while isBetter {
      isBetter = false
      for (da, dq) in [(step, 0), (-step, 0), (0, step), (0, -step), (step, -step), (-step, step)] {
        let other = (a: min(best.a + da, 0.999), q: max(best.q + dq, 0.01))
        if logLikelihood(other.a, other.q) > logLikelihood(best.a, best.q) {
          (best, isBetter) = (other, true)
        }
      }
    }
  }
  let parameters = try learned(
    text, ["y": .array(series.map { .real($0) })],
    "ppg(particles: 24, sweeps: 3, burnIn: 1, groups: 4)", steps: 150
  ).parameters
  let errors = try parameters.map { try #require($0.monteCarloError) }
  // Beyond 5 errors of the average with probability 6e-7; the bias of smoothed expectations and
  // the step of the search add less than 0.01.
  #expect(
    abs(parameters[0].value - best.a) < 5 * errors[0] + 0.01, "\(parameters[0].value) \(best)")
  #expect(
    abs(parameters[1].value - best.q) < 5 * errors[1] + 0.01, "\(parameters[1].value) \(best)")
  #expect(errors[0] < 0.02 && errors[1] < 0.02)
}
