/// Programs whose lanes take different branches, loops and recursion depths.
enum DivergentPrograms {
  static let all: [(name: String, source: String)] = [
    (
      "geometric recursion",
      """
      func geometric(p: Real) -> Int {
        if sample Bernoulli(p) { 1 + geometric(p) } else { 0 }
      }
      model m() {
        let n = geometric(0.7)
        observe 2.0 ~ Normal(n, 1)
        return n
      }
      """
    ),
    (
      "random walk of random length",
      """
      model m() {
        let steps = sample Poisson(5)
        var x = 0.0
        for i in 0..<steps {
          x = x + sample Normal(0, 1)
          if x > 2 { x = x - sample Exponential(rate: 1) }
        }
        observe 1.0 ~ Normal(x, 1)
        return x
      }
      """
    ),
    (
      "tree recursion",
      """
      func leaves(depth: Int) -> Int {
        if depth > 6 || sample Bernoulli(0.6) { 1 } else { leaves(depth + 1) + leaves(depth + 1) }
      }
      model m() {
        let n = leaves(0)
        observe 3 ~ Poisson(n)
        return n
      }
      """
    ),
    (
      "a closure chosen at random",
      """
      model m() {
        let shift = sample Normal(0, 1)
        let add = { (x: Real) in x + shift }
        let draw = { (x: Real) in x + sample Normal(shift, 1) }
        let f = if sample Bernoulli(0.5) { add } else { draw }
        let y = f(f(1.0))
        observe 0.5 ~ Normal(y, 2)
        return y
      }
      """
    ),
    (
      "while loop with constraints",
      """
      model m() {
        var total = 0.0
        var count = 0
        while total < 3 && count < 50 {
          total = total + sample Exponential(rate: 1)
          count = count + 1
          require total < 9
        }
        observe total ~ Normal(3.5, 0.5)
        return count
      }
      """
    ),
    (
      "memoised clusters",
      """
      model m() {
        let centre = mem { (k: Int) in sample Normal(0, 3) }
        var tables = [] as [Int]
        for v in [1.0, 1.2, -3.0, 0.9, -2.8] {
          let k = sample CRP(tables, 1.0)
          tables = seat(tables, k)
          observe v ~ Normal(centre(k), 0.5)
        }
        return tables.count
      }
      """
    ),
  ]
}
