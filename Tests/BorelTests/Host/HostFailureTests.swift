import Borel
import Foundation
import Testing

private func failing() throws -> HostLibrary {
  var library = HostLibrary()
  try library.define("lookup") { (x: Double) in
    if x > 0.5 { throw Refusal() }
    return x
  }
  try library.define("root") { (x: Double) in x.squareRoot() }
  try library.define(column: "lookupColumn") {
    (results: HostResults<Double>, xs: HostColumn<Double>) in
    for lane in results.indices {
      if xs[lane] > 0.5 { throw Refusal() }
      results[lane] = xs[lane]
    }
  }
  try library.define(column: "rootColumn") {
    (results: HostResults<Double>, xs: HostColumn<Double>) in
    for lane in results.indices { results[lane] = xs[lane].squareRoot() }
  }
  try library.define(
    distribution: "Broken", parameters: [.positive("sd")],
    sample: { (random: inout HostRandom, sd: Double) in
      let z = random.normal()
      if z > 2 { throw Refusal() }
      return sd * z
    },
    logDensity: { (x: Double, sd: Double) in x < 0 ? .nan : -x })
  try library.define(
    distribution: "Outside", parameters: [], support: .between(0, 1),
    sample: { (random: inout HostRandom) in random.uniform() + 0.5 },
    logDensity: { (_: Double) in 0 })
  try library.define(
    distribution: "Throwing", parameters: [],
    sample: { (random: inout HostRandom) in random.next() % 2 == 0 },
    logDensity: { (_: Bool) in throw Refusal() })
  return library
}

private let methods: [Method] = [
  .importance(particles: 2_000), .smc(particles: 2_000), .mh(chains: 4, draws: 200, warmup: 100),
  .mh(kernel: .singleSite(), chains: 4, draws: 200, warmup: 100),
]

/// What a program stops with, and the line, under each method.
private func failures(
  _ source: String, _ methods: [Method] = methods
) throws -> [(Method, Diagnostic, Int)] {
  let program = try Program(source: source, library: try failing())
  return methods.compactMap { method in
    let found = diagnostics { _ = try program.model().infer(method, seed: 2) }
    guard let first = found.first else { return nil }
    return (method, first, line(first, of: source))
  }
}

@Test(arguments: ["lookup", "lookupColumn"])
func errorsOfFunctionsHaveTheLineOfTheCall(_ name: String) throws {
  let source = """
    model m() {
      x ~ Uniform(0, 1)
      let y = 1 + \(name)(x)
      observe 1.2 ~ Normal(y, 1)
    }
    """
  let particles = Array(methods.prefix(2))
  let found = try failures(source, particles)
  #expect(found.count == particles.count)
  for (method, diagnostic, line) in found {
    #expect(diagnostic.code == "E0320", "\(method): \(diagnostic.message)")
    #expect(diagnostic.message.hasPrefix("'\(name)' failed for (0."))
    #expect(diagnostic.message.hasSuffix("): the table has no such entry"))
    #expect(line == 3, "\(method)")
  }
  // In a chain, and where failures are rejections, only what works is left: uniform up to a half.
  let program = try Program(source: source, library: try failing())
  var limits = Limits()
  limits.rejectsFailures = true
  let rejected = try program.model().infer(.importance(particles: 20_000), limits: limits)
  let chains = try program.model().infer(.mh(draws: 5_000))
  #expect(zip(rejected.draws("x"), rejected.weights).allSatisfy { $1 == 0 || ($0 ?? 1) <= 0.5 })
  #expect(chains.draws("x").allSatisfy { ($0 ?? 1) <= 0.5 })
}

@Test(arguments: ["root", "rootColumn"])
func aNaNOfAFunctionStopsEveryMethod(_ name: String) throws {
  let source = """
    model m() {
      x ~ Normal(0, 1)
      let y = \(name)(x)
      observe 1.2 ~ Normal(y, 1)
    }
    """
  let found = try failures(source)
  #expect(found.count == methods.count)
  for (method, diagnostic, line) in found {
    #expect(diagnostic.code == "E0320", "\(method): \(diagnostic.message)")
    #expect(diagnostic.message.hasPrefix("'\(name)' gave NaN for (-"), "\(diagnostic.message)")
    #expect(line == 3, "\(method)")
  }
}

@Test func aCallWithDataFailsToo() throws {
  let source = "model m() {\n  let y = lookup(0.75)\n  x ~ Normal(y, 1)\n}"
  let found = try failures(source, Array(methods.prefix(2)))
  #expect(found.map(\.2) == [2, 2])
  #expect(
    found.allSatisfy {
      $0.1.message == "'lookup' failed for (0.75): the table has no such entry"
    })
}

@Test func samplersThatThrowHaveTheLineOfTheDraw() throws {
  let source = """
    model m() {
      y ~ Normal(0, 1)
      x ~ Broken(exp(y))
    }
    """
  let found = try failures(source, Array(methods.prefix(2)))
  #expect(found.count == 2)
  for (method, diagnostic, line) in found {
    #expect(diagnostic.code == "E0320", "\(method)")
    #expect(
      diagnostic.message == "the sampler of 'Broken' failed: the table has no such entry")
    #expect(line == 3, "\(method)")
  }
}

@Test func drawsOutsideTheSupportAreNoticed() throws {
  let found = try failures("model m() {\n  x ~ Outside()\n}")
  #expect(found.count == methods.count)
  for (_, diagnostic, line) in found {
    #expect(diagnostic.code == "E0320")
    #expect(diagnostic.message.hasPrefix("the sampler of 'Outside' gave 1."))
    #expect(diagnostic.message.hasSuffix("is outside its support (reals from 0 to 1)"))
    #expect(line == 2)
  }
}

@Test func densitiesThatAreNaNHaveTheLineOfTheObservation() throws {
  let source = """
    model m() {
      x ~ Normal(0, 1)
      observe x - 1 ~ Broken(2)
    }
    """
  let found = try failures(source)
  #expect(found.count == methods.count)
  for (method, diagnostic, line) in found {
    #expect(diagnostic.code == "E0320", "\(method)")
    #expect(diagnostic.message.hasPrefix("log-density of 'Broken' is NaN, at -"))
    #expect(diagnostic.message.hasSuffix(" for sd 2"))
    #expect(line == 3, "\(method)")
  }
}

@Test func densitiesThatThrowAreNoticed() throws {
  let found = try failures(
    "model m() {\n  x ~ Throwing()\n  observe true ~ Throwing()\n}", methods + [.enumerate()])
  #expect(found.count == methods.count + 1)
  for (method, diagnostic, line) in found {
    #expect(diagnostic.code == "E0320", "\(method)")
    #expect(diagnostic.message.hasPrefix("log-density of 'Throwing' failed: the table has"))
    #expect(line == 3 || line == 2, "\(method)")
  }
}

@Test func parametersOutsideTheirDomainsAreNamed() throws {
  let found = try failures(
    "model m() {\n  y ~ Normal(0, 1)\n  x ~ Broken(y)\n}", Array(methods.prefix(2)))
  #expect(found.count == 2)
  for (_, diagnostic, line) in found {
    #expect(diagnostic.code == "E0301")
    #expect(
      diagnostic.message.hasPrefix(
        "parameter 'sd' of 'Broken' must be positive and finite, found -"),
      "\(diagnostic.message)")
    #expect(line == 3)
  }
}
