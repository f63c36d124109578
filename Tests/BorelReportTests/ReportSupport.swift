import BorelBase
import BorelData
import BorelInference
import BorelReport

/// A particle filter's result with every kind of variable, and its program and data.
func particleDocument() -> ResultDocument {
  let program = SourceFile(
    name: "m.ppl", text: "model m(y: [Real?]) {\n  for v in y { observe v ~ Normal(0, 1) }\n}\n")
  let line = Span(start: 37, end: 61)
  let count = 40
  func values(_ step: Double) -> [Double] {
    (0..<count).map { (Double($0 * 7 % count) - 20) * step + 0.1 }
  }
  var posterior = Posterior(
    model: "m", method: "smc(particles: 40)", seed: 7,
    variables: [
      Variable(name: "x", kind: .real, values: values(0.25)),
      Variable(name: "k", kind: .int, values: (0..<count).map { Double($0 % 5) }),
      Variable(name: "flag", kind: .bool, values: (0..<count).map { Double($0 % 2) }),
      Variable(
        name: "color", kind: .enumeration(["red", "blue"]),
        values: (0..<count).map { Double($0 % 2) }),
      Variable(
        name: "name", kind: .text(["a,b", "\"q\""]), values: (0..<count).map { Double($0 % 2) }),
      Variable(
        name: "late", kind: .real, values: values(1),
        present: (0..<count).map { $0 % 3 != 0 }),
      Variable(name: "m[0,1]", kind: .real, values: values(2)),
      Variable(name: "p.x", kind: .real, values: values(3)),
      Variable(name: "far", kind: .real, values: (0..<count).map { $0 == 3 ? .infinity : 1.5 }),
    ]
      + (0..<10).map { Variable(name: "level[\($0)]", kind: .real, values: values(Double($0 + 1))) },
    logWeights: (0..<count).map { $0 == 5 ? -.infinity : Double($0 % 4) / 8 - 3 },
    drawCount: count, dependence: .lineages((0..<Int32(count)).map { $0 / 2 }),
    evidence: Evidence(logValue: -12.5, standardError: nil, reason: "one group"),
    tallies: [Tally(name: "t", value: 1.5, standardError: 0.1)],
    diagnostics: [
      Diagnostic(
        "W0501", .inference, "few draws", at: line, severity: .warning, hints: ["use more"])
    ],
    observations: [
      ObservationShare(
        span: line, name: "y", logEvidence: -12.5, essDrop: 0.75, lanesKilled: 3, executions: 10,
        killingValue: "-1")
    ], timing: Timing(seconds: 0.25, processorSeconds: 0.5),
    manifest: Manifest(
      seed: 7, method: "smc(particles: 40)", dataHash: 0xABC, instructionSet: "baseline",
      threadCount: 2))
  posterior.steps = (0..<10).map { step in
    WeightStep(
      observation: 0, logEvidence: step == 4 ? -8 : -0.5, essShare: step == 4 ? 0.25 : 0.9,
      essShareBefore: 1, lanesKilled: step == 6 ? 3 : 0, isResampled: step == 4)
  }
  let data: [JSONValue] = (0..<10).map { $0 == 2 ? .null : .number(Double($0) - 4.5) }
  return ResultDocument(posterior, program: program, data: [("y", .array(data))])
}

/// Four chains, one of them elsewhere.
func chainDocument(shift: Double = 0) -> ResultDocument {
  var state: UInt64 = 3
  let draws = (0..<800).map { index -> Double in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53) + (index >= 600 ? shift : 0)
  }
  var posterior = Posterior(
    model: "c", method: "mh(chains: 4)", seed: 1,
    variables: [
      Variable(name: "mu", kind: .real, values: draws),
      Variable(name: "theta[0]", kind: .real, values: draws.map { $0 * 2 }),
      Variable(name: "theta[1]", kind: .real, values: draws.map { 1 - $0 }),
    ], drawCount: 800, dependence: .chains(count: 4),
    manifest: Manifest(seed: 1, method: "mh", instructionSet: "baseline", threadCount: 1))
  posterior.moves = [
    MoveShare(
      span: Span(start: 12, end: 29), name: "mu", kernel: "singleSite", proposals: 800,
      accepted: 200, failed: 10, chainCount: 4, chainsThatNeverMoved: 1)
  ]
  return ResultDocument(
    posterior,
    program: SourceFile(name: "c.ppl", text: "model c() {\n  mu ~ Normal(0, 1)\n}\n"))
}
