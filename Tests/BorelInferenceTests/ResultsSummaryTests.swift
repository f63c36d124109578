import BorelBase
import BorelData
import BorelIR
import BorelInference
import Testing

private func posterior(
  _ variables: [Variable], logWeights: [Double] = [], count: Int,
  dependence: Posterior.Dependence = .independent, isExact: Bool = false,
  evidence: Evidence? = nil
) -> Posterior {
  Posterior(
    model: "m", method: "importance(particles: \(count))", seed: 1, variables: variables,
    logWeights: logWeights, drawCount: count, dependence: dependence, isExact: isExact,
    evidence: evidence,
    manifest: Manifest(
      version: "0", seed: 1, method: "importance", instructionSet: "baseline", threadCount: 1))
}

@Test func weightsDecideMeanQuantilesAndProbabilities() throws {
  let x = Variable(name: "x", kind: .int, values: [1, 2, 3])
  // Probabilities 1/2, 1/4, 1/4.
  let fit = posterior([x], logWeights: [700 + 0.693_147_180_559_945_3, 700, 700], count: 3)
  let summary = fit.summary(of: x)
  #expect(abs(try #require(summary.mean) - 1.75) < 1e-12)
  #expect(summary.q5 == 1)
  #expect(summary.q50 == 1)
  #expect(summary.q95 == 3)
  #expect(summary.probabilities.map(\.label) == ["1", "2", "3"])
  #expect(abs(fit.essWeights - 1 / 0.375) < 1e-12)
}

@Test func equalWeightsGiveTheUsualStandardError() throws {
  let values = (0..<100).map { Double($0) }
  let x = Variable(name: "x", kind: .real, values: values)
  let summary = posterior([x], count: 100).summary(of: x)
  // Of the numbers from 0 to 99.
  let variance = 83_325.0 / 99
  #expect(abs(try #require(summary.sd) - variance.squareRoot()) < 1e-12)
  #expect(abs(try #require(summary.mcse) - (variance / 100).squareRoot()) < 1e-12)
}

@Test func drawsOfOneLineageCountOnce() throws {
  // Ten values, each ten times: the error is that of ten draws.
  let values = (0..<100).map { Double($0 / 10) }
  let x = Variable(name: "x", kind: .real, values: values)
  let lineages = (0..<100).map { Int32($0 / 10) }
  let summary = posterior([x], count: 100, dependence: .lineages(lineages)).summary(of: x)
  // Of the numbers from 0 to 9.
  let variance = 82.5 / 9
  #expect(abs(try #require(summary.mcse) - (variance / 10).squareRoot()) < 1e-12)
  let few = (0..<100).map { Int32($0 / 50) }
  #expect(posterior([x], count: 100, dependence: .lineages(few)).summary(of: x).mcse == nil)
}

@Test func exactResultsHaveNoError() throws {
  let x = Variable(name: "x", kind: .bool, values: [0, 1], probabilities: [0.25, 0.75])
  let summary = posterior([x], count: 2, isExact: true).summary(of: x)
  #expect(summary.mcse == 0)
  #expect(summary.mean == 0.75)
  #expect(summary.sd == (0.25 * 0.75).squareRoot())
  #expect(summary.probabilities.map(\.standardError) == [0, 0])
}

@Test func deadDrawsDoNotSpoilTheSummary() {
  let x = Variable(name: "x", kind: .real, values: [1, .infinity, 3])
  let summary = posterior([x], logWeights: [0, -.infinity, 0], count: 3).summary(of: x)
  #expect(summary.mean == 2)
  let dead = posterior([x], logWeights: [-.infinity, -.infinity, -.infinity], count: 3)
  #expect(dead.summary(of: x).mean == nil)
}

@Test func absentVariablesAreSummarisedWhereTheyExist() {
  let x = Variable(
    name: "x", kind: .real, values: [1, 0, 3, 0], present: [true, false, true, false])
  let summary = posterior([x], count: 4).summary(of: x)
  #expect(summary.present == 0.5)
  #expect(summary.mean == 2)
}

@Test func compoundValuesBecomeScalars() {
  let color = EnumerationInfo(
    name: "Color", cases: [.init(name: "red", payload: []), .init(name: "blue", payload: [])])
  let shape = Shape.record([
    Shape.Field("xs", .array(.real)), Shape.Field("c", .enumeration(0)),
    Shape.Field("o", .optional(.int)), Shape.Field("t", .tuple([.bool, .string])),
  ])
  func draw(_ xs: [Double], _ color: String, _ o: Value?, _ text: String) -> Value {
    .record([
      .init("xs", .array(xs.map { .real($0) })), .init("c", .variant(color, [])),
      .init("o", .optional(o)), .init("t", .tuple([.bool(true), .string(text)])),
    ])
  }
  let variables = Variable.expandingResult(
    shape, draws: [draw([1, 2], "blue", nil, "b"), draw([3], "red", .int(7), "a")],
    enumerations: [color])
  #expect(variables.map(\.name) == ["xs[0]", "xs[1]", "c", "o", "t.0", "t.1"])
  #expect(variables[0].values == [1, 3])
  #expect(variables[1].present == [true, false])
  #expect(variables[2].kind == .enumeration(["red", "blue"]))
  #expect(variables[2].values == [1, 0])
  #expect(variables[3].present == [false, true])
  #expect(variables[5].kind == .text(["b", "a"]))
  let scalar = Variable.expandingResult(.int, draws: [.int(3)], enumerations: [])
  #expect(scalar.map(\.name) == ["result"])
}

@Test func independentChainsAgree() throws {
  // Chains of a linear congruential generator: close to independent draws.
  var state: UInt64 = 1
  let draws = (0..<4000).map { _ -> Double in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53)
  }
  let good = try #require(Convergence(draws, chainCount: 4))
  #expect(good.rHat < 1.01)
  #expect(good.essBulk > 2500)
  let shifted = draws.enumerated().map { $1 + ($0 < 1000 ? 1 : 0) }
  let bad = try #require(Convergence(shifted, chainCount: 4))
  #expect(bad.rHat > 1.2)
  #expect(bad.essBulk < 50)
}

@Test func longArraysAreCutAndSaySo() {
  let variables = (0..<100).map {
    Variable(name: "level[\($0)]", kind: .real, values: [1, 2, 3])
  }
  let fit = posterior(
    variables, count: 3,
    evidence: Evidence(logValue: -12.345678, standardError: 0.0123))
  let text = ResultTable(fit).text(variables: variables, isComplete: false)
  #expect(text.contains("(not shown: 92 more of 'level')"))
  #expect(text.contains("log evidence -12.346 ± 0.012"))
  #expect(!text.contains("level[50]"))
  #expect(ResultTable(fit).text(variables: variables, isComplete: true).contains("level[50]"))
}

@Test func returnedFieldsReplaceLatentsOfTheSameName() {
  let variables = [
    Variable(name: "a", kind: .real, values: [1]), Variable(name: "b", kind: .real, values: [2]),
    Variable(name: "a", kind: .real, values: [3]),
  ]
  let kept = Variable.withoutRepeatedNames(variables)
  #expect(kept.map(\.name) == ["a", "b"])
  #expect(kept[0].values == [3])
}

@Test func elementsOfArraysStandTogether() {
  let variables = (0..<6).map { index in
    Variable(
      name: index % 2 == 0 ? "a[\(index / 2)]" : "b[\(index / 2)]", kind: .real, values: [1, 2])
  }
  let text = ResultTable(posterior(variables, count: 2)).text(
    variables: variables, isComplete: false)
  let names = text.split(separator: "\n").dropFirst(2).map { $0.prefix { $0 != " " } }
  #expect(names == ["a[0]", "a[1]", "a[2]", "b[0]", "b[1]", "b[2]"])
}

@Test func evidenceWithoutErrorGivesTheReason() {
  let fit = posterior(
    [], count: 1,
    evidence: Evidence(logValue: -1, standardError: nil, reason: "one group"))
  let text = ResultTable(fit).text(variables: [], isComplete: false)
  #expect(text.contains("log evidence -1 (no standard error: one group)"))
  #expect(
    fit.json(variables: [], in: SourceMap([])).text.contains(
      #""logEvidence": {"value": -1, "standardError": null, "reason": "one group"}"#))
}
