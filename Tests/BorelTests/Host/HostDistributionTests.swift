import Borel
import Foundation
import Testing

/// Normal, Bernoulli and Binomial of the app's own, and a normal with a wrong density.
private func library(slip: Double = 0) throws -> HostLibrary {
  var library = HostLibrary()
  try library.define(
    distribution: "MyNormal", parameters: ["mean", .positive("sd")],
    sample: { (random: inout HostRandom, mean: Double, sd: Double) in
      mean + sd * random.normal()
    },
    logDensity: { (x: Double, mean: Double, sd: Double) in
      let z = (x - mean) / sd
      return -0.5 * (1 + slip) * z * z - log(sd) - 0.5 * log(2 * Double.pi)
    },
    mean: { (mean: Double, _: Double) in mean })
  try library.define(
    distribution: "MyExponential", parameters: [.positive("rate")], support: .above(0),
    sample: { (random: inout HostRandom, rate: Double) in random.exponential() / rate },
    logDensity: { (x: Double, rate: Double) in log(rate) - rate * x },
    cumulative: { (x: Double, rate: Double) in 1 - exp(-rate * max(x, 0)) })
  try library.define(
    distribution: "MyUniform", parameters: ["low", "high"], support: .between("low", "high"),
    sample: { (random: inout HostRandom, low: Double, high: Double) in
      low + (high - low) * random.uniform()
    },
    logDensity: { (_: Double, low: Double, high: Double) in -log(high - low) })
  try library.define(
    distribution: "Flip", parameters: [.between("p", 0...1)],
    sample: { (random: inout HostRandom, p: Double) in random.uniform() < p },
    logDensity: { (x: Bool, p: Double) in log(x ? p : 1 - p) })
  try library.define(
    distribution: "Die", parameters: [.positive("sides")], support: .range(1, "sides"),
    sample: { (random: inout HostRandom, sides: Int) in Int.random(in: 1...sides, using: &random) },
    logDensity: { (_: Int, sides: Int) in -log(Double(sides)) })
  try library.define(
    distribution: "Count", parameters: [.positive("rate")], support: .naturalNumbers,
    sample: { (random: inout HostRandom, rate: Double) in
      var (k, left) = (0, rate)
      while true {
        left -= random.exponential()
        if left < 0 { return k }
        k += 1
      }
    },
    logDensity: { (k: Int, rate: Double) in
      Double(k) * log(rate) - rate - lgamma(Double(k) + 1)
    })
  try library.define(
    distribution: "Noise", parameters: ["means"],
    sample: { (random: inout HostRandom, means: [Double]) in
      means.map { $0 + random.normal() }
    },
    logDensity: { (x: [Double], means: [Double]) in
      guard x.count == means.count else { return -.infinity }
      return zip(x, means).reduce(0) {
        $0 - 0.5 * ($1.0 - $1.1) * ($1.0 - $1.1) - 0.5 * log(2 * Double.pi)
      }
    })
  return library
}

private func model(_ source: String, slip: Double = 0) throws -> Model {
  try Program(source: source, library: try library(slip: slip)).model()
}

/// A random walk seen with noise: Kalman filters know its evidence.
private let walk = """
  model walk(ys: [Real]) {
    x ~ NORMAL(0, 1)
    var level = x
    for y in ys {
      level = sample NORMAL(level, 0.5)
      observe y ~ NORMAL(level, 0.7)
    }
    return level
  }
  """
private let seen = [0.3, 0.9, 1.4, 0.8, 1.9, 2.2]

private func error(_ estimate: Estimate) -> Double { estimate.monteCarloError ?? 0 }

/// The mean of the last level and the log-evidence.
private func kalman() -> (mean: Double, logEvidence: Double) {
  var (mean, variance, evidence) = (0.0, 1.0, 0.0)
  for y in seen {
    variance += 0.25
    let total = variance + 0.49
    evidence -= 0.5 * log(2 * Double.pi * total) + 0.5 * (y - mean) * (y - mean) / total
    mean += variance / total * (y - mean)
    variance *= 0.49 / total
  }
  return (mean, evidence)
}

/// How many standard errors results are away from the Kalman filter; densities and draws of the app.
private func deviations(_ method: Method, slip: Double = 0) throws -> [Double] {
  let fit = try model(walk.replacing("NORMAL", with: "MyNormal"), slip: slip)
    .given(["ys": seen]).infer(method, seed: 11)
  let exact = kalman()
  let result = fit["result"]
  var list = [abs(result.mean - exact.mean) / error(result)]
  if let deviation = fit.logEvidence.standardError {
    list.append(abs(fit.logEvidence.value - exact.logEvidence) / deviation)
  }
  return list
}

// Bounds of 7 standard errors. Errors from 32 groups have 31 degrees of freedom: a false alarm has
// probability 8e-8; those of the chains and sweeps are smaller.
@Test(arguments: [
  Method.smc(particles: 2_000, groups: 32),
  .importance(particles: 200_000),
  .mh(chains: 8, draws: 4_000),
  .mh(kernel: .singleSite(), chains: 8, draws: 8_000),
  .pg(particles: 100, draws: 2_000),
])
func aNormalOfTheAppIsTheNormal(_ method: Method) throws {
  for deviation in try deviations(method) {
    #expect(deviation < 7, "\(method)")
  }
}

@Test func aWrongDensityIsNoticed() throws {
  let found = try deviations(.smc(particles: 2_000, groups: 32), slip: 0.2)
  #expect(found.contains { $0 > 7 })
}

@Test func densitiesAgreeWithTheLanguage() throws {
  let source = """
    model m() {
      k ~ Categorical([0.5, 0.5])
      x ~ Normal(Real(k), 1)
      observe 0.3 ~ NORMAL(x, 2)
      observe [1.5, 2.5] ~ NORMAL([x, 0], 1.5)
      factor logDensity(NORMAL(0, 1), x)
      return x
    }
    """
  let own = try model(source.replacing("NORMAL", with: "MyNormal")).infer(
    .smc(particles: 1_000), seed: 4)
  let language = try model(source.replacing("NORMAL", with: "Normal")).infer(
    .smc(particles: 1_000), seed: 4)
  #expect(abs(own.logEvidence.value - language.logEvidence.value) < 1e-12)
  #expect(abs(own["x"].mean - language["x"].mean) < 1e-12)
}

@Test func finiteDistributionsAreEnumerated() throws {
  let source = """
    model m() {
      a ~ FLIP(0.3)
      k ~ DIE
      n ~ Binomial(k, if a { 0.5 } else { 0.2 })
      observe n ~ Poisson(1)
      return {k: k, both: a && n > 1}
    }
    """
  let own = try model(source.replacing("FLIP", with: "Flip").replacing("DIE", with: "Die(6)"))
    .infer(.enumerate())
  let language = try model(
    source.replacing("FLIP", with: "Bernoulli").replacing("DIE", with: "DiscreteUniform(1, 6)")
  ).infer(.enumerate())
  #expect(own.isExact)
  #expect(abs(own.logEvidence.value - language.logEvidence.value) < 1e-12)
  for name in ["a", "k", "both"] {
    #expect(abs(own[name].mean - language[name].mean) < 1e-12)
  }
  let refused = diagnostics {
    _ = try model("model m() {\n  n ~ Count(2)\n  return n\n}").infer(.enumerate())
  }
  #expect(refused.first?.message.contains("'Count'") == true, "\(refused)")
}

@Test func drawsDependOnNothingButTheSeed() throws {
  let source = """
    model m() {
      n ~ Count(3)
      xs ~ Noise([1, 2])
      y ~ MyNormal(mean: xs[0], sd: 1)
      for i in 0..<n { z ~ MyExponential(1) }
      observe 0.5 ~ MyNormal(y, 1)
      return y + xs[1]
    }
    """
  for method in [
    Method.smc(particles: 10_000), .mh(draws: 200), .pg(particles: 50, draws: 20, burnIn: 5),
  ] {
    let one = try model(source).infer(method, seed: 9, threads: 1)
    for threads in 2...4 {
      let other = try model(source).infer(method, seed: 9, threads: threads)
      #expect(one.draws("result") == other.draws("result"), "\(method)")
      #expect(one.weights == other.weights, "\(method)")
    }
    let next = try model(source).infer(method, seed: 10)
    #expect(one.draws("result") != next.draws("result"), "\(method)")
  }
}

// Bounds of 7 Monte Carlo errors of chains: below 1e-8 each.
@Test func randomWalksKnowTheSupport() throws {
  let source = """
    model m() {
      rate ~ EXPONENTIAL(2)
      place ~ UNIFORM(1, 3)
      observe 2.2 ~ Normal(place, 0.4)
      observe 3 ~ Poisson(rate)
      return rate
    }
    """
  let own = try model(
    source.replacing("EXPONENTIAL", with: "MyExponential")
      .replacing("UNIFORM", with: "MyUniform"))
  // Gamma(4, 3).
  for kernel in [Kernel.randomWalk(), .singleSite()] {
    let fit = try own.infer(.mh(kernel: kernel, chains: 8, draws: 5_000), seed: 2)
    let rate = fit["rate"]
    #expect(abs(rate.mean - 4.0 / 3) < 7 * error(rate))
    #expect(fit.draws("rate").allSatisfy { ($0 ?? -1) > 0 })
    #expect(fit.draws("place").allSatisfy { (1...3).contains($0 ?? 0) })
  }
}

@Test func distributionsOfTheAppAreValues() throws {
  let source = """
    func chosen(heavy: Bool) -> Dist<Real> {
      return if heavy { MyNormal(0, 3) } else { Normal(0, 1) }
    }
    model m() {
      heavy ~ Bernoulli(0.5)
      let d = chosen(heavy)
      x ~ IID(d, 2)
      y ~ Truncated(MyExponential(1), lower: 0, upper: 2)
      z ~ Mixture([0.5, 0.5], [MyNormal(0, 1), Normal(5, 1)])
      observe 2.5 ~ d
      return x[0]
    }
    """
  // The ratio of two normal densities at 2.5.
  let odds = exp(-0.5 * 2.5 * 2.5 / 9 + 0.5 * 2.5 * 2.5) / 3
  let fit = try model(source).infer(.importance(particles: 40_000), seed: 7)
  let heavy = fit["heavy"]
  #expect(abs(heavy.mean - odds / (1 + odds)) < 7 * error(heavy))
}

@Test func definitionsThatDoNotFitAreRefused() throws {
  var library = HostLibrary()
  func problem(
    _ parameters: [HostLibrary.Parameter], _ support: HostLibrary.Support? = nil,
    _ name: String = "Odd"
  ) -> String? {
    diagnostics {
      try library.define(
        distribution: name, parameters: parameters, support: support,
        sample: { (random: inout HostRandom, a: Double, b: [Double]) in a },
        logDensity: { (x: Double, a: Double, b: [Double]) in 0 })
    }.first?.message
  }
  #expect(problem(["a"]) == "'Odd' has 1 labels for the 2 parameters of its functions")
  #expect(problem(["a", "a"]) == "'Odd' has two parameters 'a'")
  #expect(problem(["a", "b"], .integers) == "the support of 'Odd' is not one of its values")
  #expect(
    problem(["a", "b"], .above("c")) == "the support of 'Odd' names 'c', which is no parameter")
  #expect(problem(["a", "b"], .above("b")) == "the support of 'Odd' names 'b', which is no number")
  #expect(problem(["a", "b"], nil, "Gamma") == "the language has a 'Gamma' already")
  #expect(problem(["a", "b"], .above("a")) == nil)
  let texts = diagnostics {
    try library.define(
      distribution: "Texts", parameters: ["a"],
      sample: { (random: inout HostRandom, a: String) in 0.5 },
      logDensity: { (x: Double, a: String) in 0 })
  }
  #expect(texts.first?.message == "the parameter 'a' of 'Texts' cannot be String")
  let program = diagnostics {
    _ = try Program(
      source: "model m() {\n  x ~ Odd(a: 1, c: 2)\n  y ~ Odd(true, [1])\n}", library: library)
  }
  #expect(program.map(\.code) == ["E0225", "E0202"])
}
