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
}
