import Testing

/// A program in the language, with what the analyses must find out about it.
struct SourceProgram: Sendable, CustomTestStringConvertible {
  var name: String
  var source: String
  /// Placement that `Sequential` chooses for the first model.
  var placement: String
  var checkpointCount: Int
  var testDescription: String { name }
}

let sourcePrograms: [SourceProgram] = [
  SourceProgram(
    name: "local level with gaps and tally",
    source: """
      model nile(flow: [Real?], param sdLevel: Real in 0<.. = 40, param sdFlow: Real in 0<.. = 120) {
        var level ~ Normal(mean: 1000, sd: 300)
        for (t, y) in flow.enumerated() {
          let last = level
          if t > 0 { level ~ Normal(last, sdLevel) }
          observe y ~ Normal(level, sdFlow)
          if t > 0 { tally roughness += square(level - last) }
        }
        return level
      }
      """, placement: "aligned", checkpointCount: 1),
  SourceProgram(
    name: "memoised clusters",
    source: """
      model mixture(y: [Real], alpha: Real = 1) {
        let center = mem { (k: Int) in sample Normal(0, 10) }
        var tables = [] as [Int]
        for v in y {
          k ~ CRP(tables, alpha)
          tables = seat(tables, k)
          observe v ~ Normal(center(k), 1)
        }
        return count(tables)
      }
      """, placement: "aligned", checkpointCount: 1),
  SourceProgram(
    name: "recursion",
    source: """
      func geometric(p: Real) -> Int { if sample Bernoulli(p) { 1 + geometric(p) } else { 0 } }
      model m(y: Real) {
        let n = geometric(0.5)
        observe y ~ Normal(n, 1)
        return n
      }
      """, placement: "all", checkpointCount: 1),
  SourceProgram(
    name: "score under a random branch",
    source: """
      model m(y: [Real]) {
        a ~ Bernoulli(0.5)
        for v in y {
          if a { observe v ~ Normal(0, 1) } else { observe v ~ Normal(2, 1) }
        }
        return a
      }
      """, placement: "all", checkpointCount: 1),
  SourceProgram(
    name: "plates",
    source: """
      model regression(x: [Real], y: [Real]) {
        a ~ Normal(0, 10)
        b ~ Normal(0, 10)
        theta ~ Normal(a + b * x, 1)
        observe y ~ Normal(theta, 2)
        return b
      }
      """, placement: "all", checkpointCount: 1),
  SourceProgram(
    name: "helper that scores, called twice",
    source: """
      func measure(y: Real, x: Real) { observe y ~ Normal(x, 1) }
      model m(u: Real, v: Real) {
        x ~ Normal(0, 1)
        measure(u, x)
        z ~ Normal(x, 1)
        measure(v, z)
        return z
      }
      """, placement: "aligned", checkpointCount: 1),
  SourceProgram(
    name: "closure chosen by chance",
    source: """
      model m(y: Real) {
        s ~ Bernoulli(0.3)
        let f = if s { { (x: Real) in x + 1 } } else { { (x: Real) in 2 * x } }
        x ~ Normal(0, 1)
        observe y ~ Normal(f(x), 1)
        require x > 0
        return x
      }
      """, placement: "all", checkpointCount: 1),
  SourceProgram(
    name: "hidden Markov model",
    source: """
      model hmm(y: [Int]) {
        var s ~ Bernoulli(0.5)
        for v in y {
          s ~ Bernoulli(if s { 0.9 } else { 0.1 })
          observe v ~ Poisson(if s { 4.0 } else { 1.0 })
        }
        return s
      }
      """, placement: "aligned", checkpointCount: 1),
  SourceProgram(
    name: "value of an observation that may be missing",
    source: """
      model ar(y: [Real?]) {
        phi ~ Uniform(0, 1)
        var last = 0.0
        for v in y {
          last = observe v ~ Normal(phi * last, 1)
        }
        return last
      }
      """, placement: "aligned", checkpointCount: 1),
]
