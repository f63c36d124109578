/// Makes random well-typed programs with finitely many executions: branches, loops, helper
/// functions that draw and score, bounded recursion, closures chosen by chance, `mem`, redraws,
/// missing data, `observe`, `factor`, `require`, `tally`, early returns.
///
/// The model is the last one, has no parameters, and returns a pair of a Bool and an Int.
package struct ProgramGenerator {
  var random: SeededRandom
  private var nextName = 0
  /// Names that can be read, by type.
  var scope = Scope()
  /// Choices that may still be written.
  var choiceBudget = 6

  struct Scope {
    var bools: [String] = []
    var ints: [String] = []
    /// Functions of one Int to Bool, and calls that give an Int.
    var boolFunctions: [String] = []
    var intFunctions: [String] = []
    /// Closures of one Int to Int.
    var closures: [String] = []
    /// `var` names that may be assigned, and those that were drawn.
    var boolVariables: [String] = []
    var drawnVariables: [String] = []
    var isInFunction = false
  }

  package init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// A program.
  package mutating func program() -> SourceNode {
    var declarations: [SourceNode] = []
    if chance(0.5) { declarations.append(helper()) }
    if chance(0.4) { declarations.append(recursion()) }
    let body = block(depth: 2, count: 3 + random.index(4)) { generator in
      [SourceNode(.statement, "return (#, #)", generator.bool(2), generator.int(2))]
    }
    declarations.append(SourceNode(.statement, "model m() #", body))
    return SourceNode(.program, declarations.map { .node($0) })
  }

  mutating func chance(_ probability: Double) -> Bool { random.uniform() < probability }

  mutating func name(_ stem: String) -> String {
    nextName += 1
    return "\(stem)\(nextName)"
  }

  /// Takes a choice from the budget.
  mutating func spend() -> Bool {
    guard choiceBudget > 0 else { return false }
    choiceBudget -= 1
    return true
  }

  // MARK: Declarations

  private mutating func helper() -> SourceNode {
    let name = name("f")
    let outer = scope
    scope = Scope(bools: ["a"], ints: ["k"], isInFunction: true)
    let body = block(depth: 1, count: 1 + random.index(3)) { generator in
      [SourceNode(.statement, "return #", generator.int(2))]
    }
    scope = outer
    scope.intFunctions.append(name + "(#, #)")
    return SourceNode(.statement, "func \(name)(a: Bool, k: Int) -> Int #", body)
  }

  /// A function that calls itself while a coin shows heads, a bounded number of times.
  private mutating func recursion() -> SourceNode {
    let name = name("r")
    let outer = scope
    scope = Scope(ints: ["n"], isInFunction: true)
    _ = spend()
    let stop = SourceNode(.block, [.node(SourceNode(.statement, "return 0"))])
    let body = block(depth: 0, count: random.index(2)) { generator in
      [
        SourceNode(
          .statement, "return if sample Bernoulli(#) { 1 + \(name)(n - 1) } else { # }",
          generator.probability(1), generator.int(1))
      ]
    }
    scope = outer
    scope.intFunctions.append("\(name)(2)")
    let first = SourceNode(.statement, "if n < 1 #", stop)
    return SourceNode(
      .statement, "func \(name)(n: Int) -> Int #",
      SourceNode(.block, [.node(first)] + body.pieces))
  }

  // MARK: Statements

  /// Statements in a scope of their own, then those that `ending` makes in it.
  mutating func block(
    depth: Int, count: Int, ending: (inout ProgramGenerator) -> [SourceNode] = { _ in [] }
  ) -> SourceNode {
    let outer = scope
    var statements: [SourceNode] = []
    for _ in 0..<count { statements += statement(depth) }
    statements += ending(&self)
    scope = outer
    return SourceNode(.block, statements.map { .node($0) })
  }

  private mutating func statement(_ depth: Int) -> [SourceNode] {
    switch random.index(depth > 0 ? 18 : 10) {
    case 0: return binding()
    case 1, 2: return draw()
    case 3, 4, 5: return [observation()]
    case 6: return [weight()]
    case 7: return [SourceNode(.statement, "tally total += #", real(1))]
    case 8: return assignment()
    case 9: return redraw()
    case 10, 11, 12: return [branch(depth)]
    case 13: return [loop(depth)]
    case 14: return memo()
    case 15: return closure()
    case 16: return [gaps()]
    default: return earlyReturn()
    }
  }

  private mutating func binding() -> [SourceNode] {
    if chance(0.5) {
      let value = bool(2)
      let name = name("b")
      scope.bools.append(name)
      if chance(0.4) {
        scope.boolVariables.append(name)
        return [SourceNode(.statement, "var \(name) = #", value)]
      }
      return [SourceNode(.statement, "let \(name) = #", value)]
    }
    let value = int(2)
    let name = name("i")
    scope.ints.append(name)
    return [SourceNode(.statement, "let \(name) = #", value)]
  }

  private mutating func draw() -> [SourceNode] {
    guard spend() else { return binding() }
    if chance(0.6) {
      let name = name("x")
      let distribution = coin()
      scope.bools.append(name)
      if chance(0.4) {
        scope.drawnVariables.append(name)
        return [SourceNode(.statement, "var \(name) ~ #", distribution)]
      }
      return [SourceNode(.statement, "\(name) ~ #", distribution)]
    }
    let name = name("k")
    let distribution = die()
    scope.ints.append(name)
    return [SourceNode(.statement, "\(name) ~ #", distribution)]
  }

  private mutating func redraw() -> [SourceNode] {
    guard let variable = scope.drawnVariables.randomElement(using: &random), spend() else {
      return draw()
    }
    return [SourceNode(.statement, "\(variable) ~ #", coin())]
  }

  private mutating func assignment() -> [SourceNode] {
    guard let variable = scope.boolVariables.randomElement(using: &random) else {
      return binding()
    }
    return [SourceNode(.statement, "\(variable) = #", bool(2))]
  }

  mutating func observation() -> SourceNode {
    switch random.index(3) {
    case 0:
      return SourceNode(
        .statement, "observe \(number()) ~ Normal(#, \(positive()))", real(2))
    case 1: return SourceNode(.statement, "observe \(chance(0.5)) ~ Bernoulli(#)", probability(2))
    default:
      return SourceNode(.statement, "observe \(random.index(3)) ~ Poisson(rate: 0.5 + #)", size(1))
    }
  }

  private mutating func weight() -> SourceNode {
    if chance(0.3) { return SourceNode(.statement, "require (# || #)", bool(1), bool(1)) }
    return SourceNode(.statement, "factor #", real(2))
  }

  private mutating func branch(_ depth: Int) -> SourceNode {
    let condition = bool(2)
    let then = block(depth: depth - 1, count: 1 + random.index(2))
    if chance(0.3) { return SourceNode(.statement, "if # #", condition, then) }
    let otherwise = block(depth: depth - 1, count: 1 + random.index(2))
    return SourceNode(.statement, "if # # else #", condition, then, otherwise)
  }

  private mutating func loop(_ depth: Int) -> SourceNode {
    let name = name("t")
    let saved = scope
    scope.ints.append(name)
    choiceBudget /= 2
    let body = block(depth: depth - 1, count: 1 + random.index(2))
    scope = saved
    let count = chance(0.7) ? SourceNode(.int, "\(1 + random.index(3))") : int(1)
    return SourceNode(.statement, "for \(name) in 0..<min(abs(#), 3) #", count, body)
  }

  private mutating func memo() -> [SourceNode] {
    guard spend() else { return [observation()] }
    let name = name("c")
    let made = SourceNode(
      .statement, "let \(name) = mem { (k: Int) in sample Bernoulli(#) }", probability(1))
    scope.boolFunctions.append(name)
    return [made]
  }

  private mutating func closure() -> [SourceNode] {
    func body(_ generator: inout ProgramGenerator) -> SourceNode {
      let saved = generator.scope
      generator.scope.ints.append("k")
      generator.scope.bools.removeAll { saved.boolVariables.contains($0) }
      generator.scope.bools.removeAll { saved.drawnVariables.contains($0) }
      let value = generator.int(2)
      generator.scope = saved
      return value
    }
    let (first, second) = (body(&self), body(&self))
    let condition = bool(1)
    let name = name("g")
    scope.closures.append(name)
    return [
      SourceNode(
        .statement, "let \(name) = if # { { (k: Int) in # } } else { { (k: Int) in # } }",
        condition, first, second)
    ]
  }

  /// Data of which some are missing; their values are used, so the missing ones are drawn.
  private mutating func gaps() -> SourceNode {
    let data = (0..<2).map { _ in ["true", "false", "nil"][random.index(3)] }
    let (datum, value) = (name("y"), name("v"))
    _ = spend()
    let saved = scope
    scope.bools.append(value)
    let probability = probability(1)
    let next = SourceNode(
      .statement, "factor (if \(value) { # } else { # })", real(1), real(1))
    scope = saved
    return SourceNode(
      .statement,
      "for \(datum) in [\(data.joined(separator: ", "))] as [Bool?] #",
      SourceNode(
        .block,
        [
          .node(
            SourceNode(.statement, "let \(value) = observe \(datum) ~ Bernoulli(#)", probability)),
          .node(next),
        ]))
  }

  private mutating func earlyReturn() -> [SourceNode] {
    let condition = bool(2)
    let returned =
      scope.isInFunction
      ? SourceNode(.statement, "return #", int(1))
      : SourceNode(.statement, "return (#, #)", bool(1), int(1))
    return [
      SourceNode(.statement, "if # #", condition, SourceNode(.block, [.node(returned)]))
    ]
  }
}
