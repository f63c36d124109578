import BorelBase
import BorelCompiler
import BorelInference
import BorelInferenceTestSupport
import Testing

/// Moves that the program declares: reals with their Jacobians, and what is refused.
struct MoveTests {
  /// (x, c) goes to (x c, 1 / c): the Jacobian is 1 / c.
  private static let scale = """
    model m() {
      x ~ Gamma(shape: 2, rate: 1)
      return x
    }
    move scale(t: Trace of m) with u { c ~ Gamma(shape: 3, rate: 2) } -> {
      ({x: t.x * u.c}, {c: 1 / u.c})
    }
    """

  /// One exponential that splits into two, whose number has equal prior probabilities: the Jacobian
  /// is the sum of the two.
  private static let split = """
    model m() {
      isSplit ~ Bernoulli(0.5)
      if isSplit {
        a ~ Exponential(rate: 1)
        b ~ Exponential(rate: 1)
        return {share: 1.0, sum: a + b, split: a + b, product: a * b}
      }
      c ~ Exponential(rate: 1)
      return {share: 0.0, sum: c, split: 0.0, product: 0.0}
    }
    move split(t: Trace of m) with u {
      if !t.isSplit { w ~ Beta(2, 2) }
    } -> {
      if t.isSplit {
        let a = t.a ?? 1
        let b = t.b ?? 1
        return ({isSplit: false, a: nil, b: nil, c: a + b}, {w: a / (a + b)})
      }
      let c = t.c ?? 1
      let w = u.w ?? 0.5
      ({isSplit: true, a: c * w, b: c * (1 - w), c: nil}, {w: nil})
    }
    """

  /// A loop and a plate. The first two numbers of the loop turn with those of the plate, which have
  /// another scale: |det J| is 1, but only when all elements are in their places.
  private static let arrays = """
    model m() {
      var sum = 0.0
      for i in 0..<3 {
        x ~ Normal(0, 1)
        sum += x
      }
      y ~ Normal([1.0, 1.0], 2)
      return {sum: sum, y: y[0]}
    }
    move turn(t: Trace of m) with u { a ~ Uniform(-1, 1) } -> {
      var s = t
      let (c, d) = (cos(u.a), sin(u.a))
      s.x[1] = c * t.x[1] - d * t.y[0]
      s.y[0] = d * t.x[1] + c * t.y[0]
      s.x[0] = t.x[0]
      (s, {a: -u.a})
    }
    """

  private func z(
    _ source: String, _ kernel: String, _ name: String, _ truth: Double,
    _ rule: any AcceptanceRule = GreenRatio(), chainCount: Int = 2000, warmup: Int = 12
  ) throws -> Double {
    let posterior = try chains(
      source, "mh(kernel: \(kernel), chains: \(chainCount), draws: 1, warmup: \(warmup))", seed: 7,
      rule: rule)
    return try ChainMeans(posterior, name).z(truth)
  }

  /// Chains start from the prior, which is the posterior here, and a right move keeps it.
  @Test func theJacobianOfAScaleMoveIsComputed() throws {
    #expect(try z(Self.scale, "scale", "x", 2) < ChainMeans.bound)
    #expect(try z(Self.scale, "scale", "x", 2, WithoutMoveJacobian()) > ChainMeans.bound)
    #expect(try z(Self.scale, "scale", "x", 2, WithoutAuxiliary()) > ChainMeans.bound)
  }

  @Test func aMoveBetweenDimensionsKeepsTheLaw() throws {
    #expect(try z(Self.split, "split", "share", 0.5) < ChainMeans.bound)
    // E[a + b; split] = 2 / 2, E[a b; split] = 1 / 2.
    #expect(try z(Self.split, "split", "split", 1) < ChainMeans.bound)
    #expect(try z(Self.split, "split", "product", 0.5) < ChainMeans.bound)
    // The move keeps the sum, so that a wrong Jacobian shows in how the sum goes with the split, and
    // wrong densities of the draw in how it is shared.
    func isCaught(_ rule: any AcceptanceRule, _ name: String, _ truth: Double) throws -> Bool {
      try z(Self.split, "split", name, truth, rule, chainCount: 8000, warmup: 20)
        > ChainMeans.bound
    }
    #expect(try isCaught(WithoutMoveJacobian(), "split", 1))
    #expect(try isCaught(WithoutAuxiliary(), "product", 0.5))
    #expect(try isCaught(WithoutRemoved(), "share", 0.5))
  }

  @Test func arraysAreMovedElementByElement() throws {
    #expect(try z(Self.arrays, "turn", "sum", 0) < ChainMeans.bound)
    #expect(try z(Self.arrays, "turn", "y", 1) < ChainMeans.bound)
    #expect(try z(Self.arrays, "turn", "y", 1, WithoutKept()) > ChainMeans.bound)
  }

  /// What a chain does depends neither on the other chains nor on threads.
  @Test func chainsDoNotDependOnEachOther() throws {
    func values(_ count: Int, threads: Int = 1) throws -> [Double] {
      let posterior = try chains(
        Self.split, "mh(kernel: cycle(split, independent), chains: \(count), draws: 20, warmup: 0)",
        seed: 3, threads: threads)
      return try #require(posterior.variable("sum")).values
    }
    let few = try values(2)
    #expect(Array(try values(7).prefix(few.count)) == few)
    #expect(try values(7, threads: 2) == values(7))
  }

  /// Resample-move: the evidence is that of the filter, whose mean is exact; the move keeps each
  /// target.
  @Test func movesRejuvenateParticles() throws {
    let source = """
      model m() {
        x ~ Gamma(shape: 2, rate: 1)
        for y in [3.0, 2.0, 4.0, 3.5] { observe y ~ Gamma(shape: 2, rate: x) }
        return x
      }
      move scale(t: Trace of m) with u { c ~ LogNormal(meanLog: 0, sdLog: 0.5) } -> {
        ({x: t.x * u.c}, {c: 1 / u.c})
      }
      """
    let posterior = try chains(
      source, "smc(particles: 4_000, rejuvenate: scale, threshold: 1)", seed: 2)
    // Conjugate: x given the data is Gamma with shape 2 + 4 * 2 and rate 1 + 12.5, and 4,000 moved
    // particles are worth at least 1,000 draws: sd / sqrt(1000) = 0.0074.
    let values = try #require(posterior.variable("x")).values
    let mean = zip(values, posterior.normalizedWeights).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(mean - 10 / 13.5) < 5 * 0.0074)
  }

  // MARK: Errors

  private func failure(
    _ move: String, model: String = Self.pair, kernel: String = "bad"
  ) -> Diagnostic? {
    do {
      _ = try chains(
        model + move, "mh(kernel: \(kernel), chains: 4, draws: 5, warmup: 0)", seed: 1)
      return nil
    } catch let problems as Diagnostics {
      return problems.list.first
    } catch {
      return error as? Diagnostic
    }
  }

  private static let pair = """
    model m() {
      n ~ DiscreteUniform(0, 3)
      x ~ Normal(0, 1)
      for i in 0..<n { y ~ Normal(x, 1) }
      return x
    }

    """

  @Test func whatIsNoInvolutionIsShown() throws {
    let problem = try #require(
      failure("move bad(t: Trace of m) -> { {n: t.n, x: t.x + 1, y: t.y} }"))
    #expect(problem.code == "E0524")
    #expect(problem.hints.first?.hasPrefix("expected {n: ") == true, "\(problem.hints)")
    #expect(problem.hints.dropFirst().first?.hasPrefix("found    {n: ") == true)
  }

  @Test func choicesThatTheModelDoesNotDrawAreNamed() throws {
    let lacking = try #require(
      failure("move bad(t: Trace of m) -> { {n: 3 - t.n, x: t.x, y: t.y} }"))
    #expect(lacking.code == "E0525")
    let other = try #require(
      failure(
        """
        move bad(t: Trace of m) with u { k ~ Bernoulli(0.5)
          if k { z ~ Bernoulli(0.5) } } -> {
          (t, {k: !u.k, z: u.z})
        }
        """))
    #expect(other.code == "E0525")
    #expect(other.message.contains("'z'"), "\(other.message)")
  }

  @Test func theNumberOfRealsIsKept() throws {
    let problem = try #require(
      failure(
        """
        move bad(t: Trace of m) with u { z ~ Normal(0, 1) } -> {
          (if t.n < 3 { {n: t.n + 1, x: t.x, y: appending(t.y, u.z)} } else { t }, u)
        }
        """))
    #expect(problem.code == "E0526")
  }

  @Test func singularMapsAndNaNAreErrors() throws {
    #expect(failure("move bad(t: Trace of m) -> { {n: t.n, x: 0, y: t.y} }")?.code == "E0527")
    #expect(
      failure("move bad(t: Trace of m) -> { {n: t.n, x: log(-1 - t.x * t.x), y: t.y} }")?.code
        == "E0527")
  }

  @Test func realsWithAtomsStay() throws {
    let model = """
      model m() {
        x ~ ZeroInflated(0.5, Exponential(rate: 1))
        return x
      }

      """
    #expect(failure("move bad(t: Trace of m) -> { {x: -t.x} }", model: model)?.code == "E0528")
  }

  @Test func kernelsMustBeMovesOfTheModel() throws {
    let two = "model other() { z ~ Normal(0, 1)\n return z }\n"
    let problem = try #require(
      failure(
        "move flip(t: Trace of other) -> { {z: -t.z} }", model: two + Self.pair, kernel: "flip"))
    #expect(problem.code == "E0711")
    #expect(problem.message.contains("'other'"))
    #expect(failure("", kernel: "nothing")?.code == "E0711")
  }
}
