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
  let records = AsyncStream<[String: Double]> { continuation in
    for flow in [1120.0, 1160, 963] { continuation.yield(["flow": flow]) }
    continuation.finish()
  }
  for try await state in try program.model("nile").filter(particles: 1_000, records) {
    let forecast = state.forecast("flow")
    print(state["level"].mean, forecast?.mean ?? .nan, forecast?.pit ?? .nan)
  }
}
