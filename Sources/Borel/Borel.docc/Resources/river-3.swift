import Borel

let text = """
  model nile(flow: [Real?]) {
    var level ~ Normal(mean: 1000, sd: 300)
    for (t, y) in flow.enumerated() {
      if t > 0 { level ~ Normal(level, 38) }
      observe y ~ Normal(level, 123)
    }
    return level
  }
  """

func river() async throws {
  let program = try Program(source: text, name: "nile.ppl")
  let flows: [Double?] = [1120, 1160, 963, nil, 1160, 1160, 813]
  let nile = try program.model("nile").given(["flow": flows])
  let fit = try await nile.infer(.smc(particles: 10_000, groups: 8), seed: 1)
  let last = fit["result"]
  print("level \(last.mean) ± \(last.standardDeviation), error \(last.monteCarloError ?? .nan)")
  print("log evidence \(fit.logEvidence.value) ± \(fit.logEvidence.standardError ?? .nan)")
}
