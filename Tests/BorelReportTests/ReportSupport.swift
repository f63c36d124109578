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
    (0..<count).map { index -> Double in
      let rank = Double((index * 7) % count) - 20
      return rank * step + 0.1
    }
  }
  func remainders(_ divisor: Int) -> [Double] {
    (0..<count).map { index -> Double in Double(index % divisor) }
  }
  let levels: [Variable] = (0..<10).map { index -> Variable in
    Variable(name: "level[\(index)]", kind: .real, values: values(Double(index + 1)))
  }
  let isLate: [Bool] = (0..<count).map { index -> Bool in index % 3 != 0 }
  let far: [Double] = (0..<count).map { index -> Double in index == 3 ? .infinity : 1.5 }
  let logWeights: [Double] = (0..<count).map { index -> Double in
    index == 5 ? -.infinity : Double(index % 4) / 8 - 3
  }
  let lineages: [Int32] = (0..<Int32(count)).map { index -> Int32 in index / 2 }
  let scalars: [Variable] = [
    Variable(name: "x", kind: .real, values: values(0.25)),
    Variable(name: "k", kind: .int, values: remainders(5)),
    Variable(name: "flag", kind: .bool, values: remainders(2)),
    Variable(name: "color", kind: .enumeration(["red", "blue"]), values: remainders(2)),
    Variable(name: "name", kind: .text(["a,b", "\"q\""]), values: remainders(2)),
    Variable(name: "late", kind: .real, values: values(1), present: isLate),
    Variable(name: "m[0,1]", kind: .real, values: values(2)),
    Variable(name: "p.x", kind: .real, values: values(3)),
    Variable(name: "far", kind: .real, values: far),
  ]
  var posterior = Posterior(
    model: "m", method: "smc(particles: 40)", seed: 7,
    variables: scalars + levels, logWeights: logWeights, drawCount: count,
    dependence: .lineages(lineages),
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
  posterior.steps = (0..<10).map { step -> WeightStep in
    let isWorst = step == 4
    return WeightStep(
      observation: 0, logEvidence: isWorst ? -8 : -0.5, essShare: isWorst ? 0.25 : 0.9,
      essShareBefore: 1, lanesKilled: step == 6 ? 3 : 0, isResampled: isWorst)
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
