import BorelREPL
import Foundation
import Testing

@Suite struct SessionTests {
  @Test func valuesAreShownWithTheirTypesAndNumbered() {
    let desk = Desk()
    #expect(desk.enter("1 + 2") == "$1: Int = 3\n")
    #expect(desk.enter("it * 2.5") == "$2: Real = 7.5\n")
    #expect(desk.enter("$1 + $2") == "$3: Real = 10.5\n")
    #expect(desk.enter("let x = [1, 2, 3]") == "x: [Int] = [1, 2, 3]\n")
    #expect(
      desk.enter("(x.count, \"a\", nil as Int?)") == "$4: (Int, String, Int?) = (3, \"a\", nil)\n")
    #expect(desk.enter("Normal(0, 2)") == "$5: Dist<Real> = Normal(mean: 0.0, sd: 2.0)\n")
  }

  @Test func dataAreShownByTheirFields() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("session-\(UUID().uuidString).json")
    try #"{"flow": [1, 2], "name": "x"}"#.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let desk = Desk()
    #expect(
      desk.enter("let data = readJSON(\"\(file.path)\")")
        == "data: Data = \(file.path) {flow, name}\n")
    #expect(desk.enter("data.flow") == "$1: Data = \(file.path).flow [2 elements]\n")
  }

  @Test func longArraysAreCut() {
    let desk = Desk()
    #expect(
      desk.enter("fill(0, 1000)")
        == "$1: [Int] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ... 0] (1000 elements)\n")
  }

  @Test func variablesMayBeAssignedAndHidden() {
    let desk = Desk()
    #expect(desk.enter("var n = 1") == "n: Int = 1\n")
    #expect(desk.enter("n += 41") == "n: Int = 42\n")
    #expect(desk.enter("n") == "$1: Int = 42\n")
    #expect(desk.enter("let n = \"text\"") == "n: String = \"text\"\n")
    #expect(desk.enter("n = \"other\"").hasPrefix("E02"))
    #expect(desk.enter("for i in 0..<3 { print(i) }") == "0\n1\n2\n")
    #expect(desk.enter("var s = 0") == "s: Int = 0\n")
    #expect(desk.enter("for i in 0..<4 { s += i }") == "s: Int = 6\n")
  }

  /// A draw, a printed line and a file that is read happen once.
  @Test func whatHasRunIsNotRunAgain() {
    let desk = Desk()
    let first = desk.enter("x ~ Normal(0, 1)")
    #expect(first.hasPrefix("x: Real = "))
    let value = first.dropFirst("x: Real = ".count)
    #expect(desk.enter("x") == "$1: Real = \(value)")
    #expect(desk.enter("print(\"once\")") == "once\n")
    #expect(desk.enter("x") == "$2: Real = \(value)")
    let second = desk.enter("x ~ Normal(0, 1)")
    #expect(second.hasPrefix("x: Real = "))
    #expect(second != first)
  }

  @Test func theSameSeedGivesTheSameDraws() {
    func draws(seed: Int) -> [String] {
      let desk = Desk()
      _ = desk.enter(":seed \(seed)")
      return (0..<3).map { _ in desk.enter("sample Normal(0, 1)") }
    }
    #expect(draws(seed: 3) == draws(seed: 3))
    #expect(draws(seed: 3) != draws(seed: 4))
  }

  @Test func definitionsCanBeReplaced() {
    let desk = Desk()
    #expect(desk.enter("func rate(x: Real) -> Real { 2 * x }") == "func rate(x: Real) -> Real\n")
    #expect(desk.enter("func twice(x: Real) -> Real { rate(rate(x)) }").hasPrefix("func twice"))
    #expect(desk.enter("twice(1)") == "$1: Real = 4.0\n")
    #expect(desk.enter("func rate(x: Real) -> Real { 3 * x }").hasPrefix("func rate"))
    // What mentions it uses the new one.
    #expect(desk.enter("twice(1)") == "$2: Real = 9.0\n")
    #expect(desk.enter("let scale = 5.0") == "scale: Real = 5.0\n")
    #expect(desk.enter("func scaled(x: Real) -> Real { scale * x }").hasPrefix("func scaled"))
    #expect(desk.enter("scaled(1)") == "$3: Real = 5.0\n")
    #expect(desk.enter("let scale = 6.0") == "scale: Real = 6.0\n")
    #expect(desk.enter("scaled(1)") == "$4: Real = 6.0\n")
  }

  @Test func definitionsThatDoNotFitAreSetAside() {
    let desk = Desk()
    _ = desk.enter("struct Point { x: Real, y: Real }")
    _ = desk.enter("func radius(p: Point) -> Real { sqrt(p.x * p.x + p.y * p.y) }")
    #expect(desk.enter("let p = Point(x: 3, y: 4)").hasPrefix("p: Point = "))
    #expect(desk.enter("radius(p)") == "$1: Real = 5.0\n")
    #expect(desk.enter("struct Point { r: Real }").hasPrefix("struct Point"))
    #expect(desk.host.takeCodes() == ["W0206"])
    #expect(desk.enter("radius(p)") == "E0201")
    // The value of the old type is still there, under an older name of the type.
    #expect(desk.enter("p.x") == "$2: Real = 3.0\n")
    _ = desk.enter("struct Point { x: Real, y: Real }")
    #expect(desk.enter("radius(Point(x: 6, y: 8))") == "$3: Real = 10.0\n")
  }

  @Test func closuresModelsAndMemoisedFunctionsOutliveTheirEntries() {
    let desk = Desk()
    _ = desk.enter("let a = 10.0")
    #expect(desk.enter("let f = { (x: Real) in a * x }") == "f: (Real) -> Real = a function\n")
    _ = desk.enter("let a = 0.0")
    #expect(desk.enter("f(2)") == "$1: Real = 20.0\n")
    _ = desk.enter("func g(x: Real) -> Real { x + 1 }")
    _ = desk.enter("let h = { (x: Real) in g(x) }")
    _ = desk.enter("func g(x: Real) -> Real { x + 100 }")
    #expect(desk.enter("h(1)") == "$2: Real = 2.0\n")
    _ = desk.enter("let m = mem { (k: Int) in sample Normal(0, 1) }")
    let first = desk.enter("m(3)").drop { $0 != "=" }
    _ = desk.enter("m(4)")
    #expect(desk.enter("m(3)").drop { $0 != "=" } == first)
    _ = desk.enter("model coin(n: Int) { p ~ Bernoulli(0.25)\n return p }")
    _ = desk.enter("let c = coin(n: 3)")
    _ = desk.enter("model coin(n: Int) { p ~ Bernoulli(0.5)\n return p }")
    func probability(_ model: String) -> String {
      desk.enter("let p = infer(\(model), enumerate).probability({ $0 })\nround(1e9 * p)")
    }
    #expect(probability("c").hasSuffix("Int = 250000000\n"))
    #expect(probability("coin(n: 1)").hasSuffix("Int = 500000000\n"))
  }

  @Test func aFailingEntryChangesNothing() {
    let desk = Desk()
    _ = desk.enter("let a = 1")
    #expect(desk.enter("let a = [1][5]") == "E0302")
    #expect(desk.enter("a") == "$1: Int = 1\n")
    #expect(desk.enter("a + undefinedName") == "E0201")
    #expect(desk.enter("a + 1") == "$2: Int = 2\n")
    #expect(desk.enter("func g() -> Int { undefinedName }") == "E0201")
    // A function does not see the variables of the session.
    #expect(desk.enter("func g() -> Int { a + 1 }") == "E0239")
    #expect(desk.enter("g()") == "E0201")
  }

  @Test func posteriorsAreValues() {
    let desk = Desk()
    _ = desk.enter("model coin(flips: [Bool]) { p ~ Beta(1, 1)\n observe flips ~ Bernoulli(p) }")
    let shown = desk.enter(
      "let fit = infer(coin(flips: [true, true]), importance(particles: 1000))")
    #expect(shown.hasPrefix("fit: Posterior<Unit>\ncoin: importance(particles: 1000), seed 1"))
    #expect(desk.enter("fit.mean(\"p\") > 0.6") == "$1: Bool = true\n")
    #expect(desk.enter(":summary fit").contains("\np "))
  }

  @Test func anInterruptEndsAnEntry() {
    let desk = Desk()
    desk.host.interrupt()
    // The prompt forgets what came before the entry.
    #expect(desk.enter("1") == "$1: Int = 1\n")
  }

  @Test func recursiveTypesKeepTheirMeaning() {
    let desk = Desk()
    _ = desk.enter("struct Node { value: Int, next: [Node] }")
    _ = desk.enter("let list = Node(value: 1, next: [Node(value: 2, next: [])])")
    _ = desk.enter("enum Tree { case leaf, node(Tree, Tree) }")
    _ = desk.enter("let tree = Tree.node(Tree.leaf, Tree.leaf)")
    _ = desk.enter("struct Other { value: Int, next: [Other] }")
    #expect(desk.enter("list.value") == "$1: Int = 1\n")
    #expect(
      desk.enter("match tree { case .leaf: 1 case .node(_, _): 2 }").hasSuffix("Int = 2\n"))
  }
}

/// Long sessions do not keep what they cannot reach.
@Suite struct SessionMemoryTests {
  @Test func valuesSurviveTheCollectionOfOthers() {
    let desk = Desk()
    _ = desk.enter("let kept = [1.5, 2.5]")
    _ = desk.enter("let words = [\"a\", \"b\"]")
    _ = desk.enter("struct Node { value: Int, next: [Node] }")
    _ = desk.enter("let list = Node(value: 1, next: [Node(value: 2, next: [])])")
    // Each entry leaves 16 MB of reals; the arena is compacted several times.
    for _ in 0..<8 { _ = desk.enter("var big = fill(0.5, 2_000_000)") }
    #expect(desk.enter("kept") == "$1: [Real] = [1.5, 2.5]\n")
    #expect(desk.enter("words") == "$2: [String] = [\"a\", \"b\"]\n")
    #expect(desk.enter("big.count") == "$3: Int = 2000000\n")
  }

  @Test func functionsAreNumberedAnewWhenNoValueRefersToThem() {
    let desk = Desk()
    _ = desk.enter("func f(x: Int) -> Int { x + 1 }")
    _ = desk.enter("model m() { p ~ Bernoulli(0.5)\n return p }")
    for index in 1...50 { #expect(desk.enter("f(\(index))") == "$\(index): Int = \(index + 1)\n") }
    #expect((desk.session.program?.functions.count ?? .max) < 20)
    #expect(desk.session.program?.models.count == 1)
    _ = desk.enter("let c = m()")
    _ = desk.enter("func f(x: Int) -> Int { x + 2 }")
    #expect(desk.enter("infer(c, enumerate).probability({ $0 })").hasSuffix("= 0.5\n"))
  }
}
