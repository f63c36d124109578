/// Programs whose choices are reached in every way: what addresses have to tell apart.
enum TapePrograms {
  static let all: [(name: String, source: String)] =
    DivergentPrograms.all + [
      (
        "straight line",
        """
        model m() {
          mean ~ Normal(0, 1)
          sd ~ Exponential(rate: 1)
          theta ~ Normal([mean, mean + 1, mean + 2], sd)
          observe 0.5 ~ Normal(theta[0] + theta[2], sd + 0.1)
          return theta[1]
        }
        """
      ),
      (
        "tail recursion",
        """
        func walk(x: Real, steps: Int) -> Real {
          if steps == 0 || x > 3 { x } else { walk(x + sample Normal(0.2, 1), steps - 1) }
        }
        model m() {
          n ~ Poisson(4)
          let x = walk(0.0, n) + walk(1.0, 2)
          observe 1.0 ~ Normal(x, 1)
          return x
        }
        """
      ),
      (
        "a closure in a loop of its caller",
        """
        func total(n: Int, f: (Int) -> Real) -> Real {
          var sum = 0.0
          for i in 0..<n { sum = sum + f(i) }
          return sum
        }
        model m() {
          n ~ Poisson(2)
          let a = total(3) { (i: Int) in sample Normal(i, 1) }
          let b = total(n) { (i: Int) in if sample Bernoulli(0.5) { sample Normal(a, 1) } else { 1.0 } }
          observe 2.0 ~ Normal(a + b, 1)
          return a - b
        }
        """
      ),
      (
        "recursion in a loop",
        """
        func tree(depth: Int) -> Real {
          var sum = sample Normal(0, 1)
          if depth < 3 {
            for i in 0..<2 { if sample Bernoulli(0.7) { sum = sum + tree(depth + 1) } }
          }
          return sum
        }
        model m() {
          let x = tree(0) + tree(1)
          observe 1.0 ~ Normal(x, 1)
          return x
        }
        """
      ),
      (
        "memoised functions with keys of their own",
        """
        model m() {
          let f = mem { (k: Int) in sample Normal(k, 1) }
          let g = mem { (k: [Int]) in f(k.count) + sample Normal(0, 1) }
          var sum = 0.0
          for i in 0..<4 {
            let k = sample DiscreteUniform(0, 2)
            sum = sum + f(k) + g([k, i])
          }
          observe 3.0 ~ Normal(sum, 2)
          return sum
        }
        """
      ),
      (
        "values on the heap",
        """
        model m() {
          weights ~ Dirichlet([1.0, 1.0, 1.0])
          var sum = 0.0
          for i in 0..<3 {
            k ~ Categorical(weights)
            shares ~ Dirichlet([1.0 + k, 1.0, 2.0])
            sum = sum + shares[0] * k
          }
          observe 1.0 ~ Normal(sum, 1)
          return sum
        }
        """
      ),
      (
        "missing data",
        """
        model m() {
          x ~ Normal(0, 1)
          var sum = 0.0
          for y in [1.0, nil, 2.0, nil] as [Real?] {
            let v = observe y ~ Normal(x, 1)
            sum = sum + v
          }
          return sum
        }
        """
      ),
    ]
}
