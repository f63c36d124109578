import Testing

@Suite struct LoweringExecutionTests {
  @Test func recursionAndTailCalls() throws {
    try expectPrints(
      """
      enum Tree { case leaf(Int), node(Tree, Tree) }
      func total(t: Tree) -> Int {
        match t {
          case .leaf(x): x
          case .node(l, r): total(l) + total(r)
        }
      }
      func build(d: Int) -> Tree {
        if d == 0 { .leaf(2) } else { .node(build(d - 1), build(d - 1)) }
      }
      func sum(n: Int, acc: Int) -> Int { if n == 0 { acc } else { sum(n - 1, acc + n) } }
      func isEven(n: Int) -> Bool { if n == 0 { true } else { isOdd(n - 1) } }
      func isOdd(n: Int) -> Bool { if n == 0 { false } else { isEven(n - 1) } }
      func factorial(n: Int) -> Int {
        func go(i: Int, acc: Int) -> Int { if i > n { acc } else { go(i + 1, acc * i) } }
        go(1, 1)
      }
      print(total(build(4)))  // expect: 32
      print(sum(100000, 0))  // expect: 5000050000
      print(isEven(10), isOdd(10))  // expect: true false
      print(factorial(10))  // expect: 3628800
      print(build(2) == build(2), build(1) == build(2))  // expect: true false
      """)
  }

  @Test func loopsWithBreakContinueAndReturn() throws {
    try expectPrints(
      """
      func find(xs: [Int], x: Int) -> Int? {
        for (i, v) in xs.enumerated() { if v == x { return i } }
        return nil
      }
      func collatz(n: Int) -> Int {
        var k = n
        var steps = 0
        while k != 1 {
          if k % 2 == 0 { k = quotient(k, 2) } else { k = 3 * k + 1 }
          steps += 1
        }
        steps
      }
      print(find([5, 6, 7], 6), find([1], 2), find([1], 2) ?? 99)  // expect: 1 nil 99
      print(collatz(27))  // expect: 111
      for i in 0..<9 {
        if i == 1 { continue }
        if i == 3 { break }
        print("i", i)
      }
      // expect: i 0
      // expect: i 2
      for (a, b) in zip([1, 2], ["x", "y"]) { print(a, b) }
      // expect: 1 x
      // expect: 2 y
      var (fib, next) = (0, 1)
      for _ in 0..<10 { (fib, next) = (next, fib + next) }
      var ends = [1, 2, 3]
      (ends[0], ends[2]) = (ends[2], ends[0])
      print(fib, next, ends)  // expect: 55 89 [3, 2, 1]
      var n = 0
      for i in 1...3 { for j in i...3 { n += j } }
      print(n)  // expect: 14
      print(0..<4, 1...3, 2..<2)  // expect: [0, 1, 2, 3] [1, 2, 3] []
      """)
  }

  @Test func valuesAreUpdatedInPlaceWithoutAliasing() throws {
    try expectPrints(
      """
      struct P { x: Real, y: Real }
      var p = P(x: 1.0, y: 2.0)
      let before = p
      p.x = 7.5
      var ps = [p, P(x: 0.0, y: 0.0)]
      let old = ps
      ps[1].y = 5.0
      print(before, p)  // expect: {x: 1.0, y: 2.0} {x: 7.5, y: 2.0}
      print(ps[1].y, old[1].y)  // expect: 5.0 0.0
      var m = [[1, 2], [3, 4]]
      m[1][0] = 9
      m[0][1] += 10
      print(m)  // expect: [[1, 12], [9, 4]]
      let r = {a: 1, b: "t"}
      print(r.a, r.b)  // expect: 1 t
      let (u, v) = (1, (2.5, "z"))
      print(u, v.0, v.1)  // expect: 1 2.5 z
      """)
  }

  @Test func closuresCaptureValues() throws {
    try expectPrints(
      """
      var k = 10
      let addK = { (a: Int) in a + k }
      k = 20
      print(addK(5), k)  // expect: 15 20
      print(map([1, 2, 3], addK), map([1.0, 4.0], sqrt))  // expect: [11, 12, 13] [1.0, 2.0]
      print(fold([1, 2, 3], 0) { $0 * 10 + $1 })  // expect: 123
      func compose(f: (Int) -> Int, g: (Int) -> Int) -> (Int) -> Int { { (x: Int) in g(f(x)) } }
      print(compose(addK, { $0 * 2 })(1))  // expect: 22
      let fs = [addK, { (a: Int) in a - 1 }]
      for f in fs { print(f(0)) }
      // expect: 10
      // expect: -1
      let square = mem { (k: Int) in k * k }
      print(square(4), square(4), square(5))  // expect: 16 16 25
      """)
  }

  @Test func elementwiseExpressionsRunPerElement() throws {
    try expectPrints(
      """
      let xs = [1.0, 2.0, 3.0]
      print(xs * 2.0 + 1.0, -xs, xs / 2)  // expect: [3.0, 5.0, 7.0] [-1.0, -2.0, -3.0] [0.5, 1.0, 1.5]
      print([1, 2] + [3, 4], exp(xs * 0.0))  // expect: [4, 6] [1.0, 1.0, 1.0]
      print([1, 2] + 0.5)  // expect: [1.5, 2.5]
      print(xs + [1.0])  // expect: error: arrays of equal length are needed (single values stretch, `concat` joins), found lengths 3 and 1
      """)
  }

  @Test func onlyWhatIsNeededIsEvaluated() throws {
    try expectPrints(
      """
      func loud(x: Bool) -> Bool {
        assert(x, "evaluated")
        x
      }
      print(false && loud(false), true || loud(false))  // expect: false true
      let some = 3 as Int?
      print(some ?? quotient(1, 0))  // expect: 3
      let none = nil as Int?
      print(if let v = none { v } else { -1 })  // expect: -1
      print(match (1, true) {
        case (1, false): "a"
        case (1, _): "b"
        case _: "c"
      })  // expect: b
      print(loud(false))  // expect: error: evaluated
      """)
  }

  @Test func failuresSayWhatWasFound() throws {
    try expectPrints(
      "let n = -1\nfor i in 0..<n { print(i) }\n// expect: error: ends before it starts: the range from 0 to -1"
    )
    try expectPrints(
      "let x = nil as Int?\nprint(1)\nfail(\"stop \\(x)\")\n// expect: 1\n// expect: error: stop nil"
    )
  }

  @Test func genericFunctionsAreLoweredPerType() throws {
    try expectPrints(
      """
      func pick<T>(c: Bool, a: T, b: T) -> T { if c { a } else { b } }
      func twice<T: Number>(x: T) -> T { x + x }
      print(pick(true, 1, 2), pick(false, "a", "b"))  // expect: 1 b
      print(pick(true, (1, 2.0), (3, 4.0)))  // expect: (1, 2.0)
      print(twice(2), twice(2.5))  // expect: 4 5.0
      """)
  }

  @Test func textOfValues() throws {
    try expectPrints(
      """
      enum Color { case red, green }
      let c = Color.green
      print("\\([1.0]) \\(c) \\(nil as Int?) \\({a: 1})")  // expect: [1.0] green nil {a: 1}
      print("pair \\((1, 2))")  // expect: pair (1, 2)
      """)
  }

  @Test func structsMayContainThemselvesInArrays() throws {
    try expectPrints(
      """
      struct Tree { value: Int, children: [Tree] }
      func total(t: Tree) -> Int {
        var sum = t.value
        for c in t.children { sum += total(c) }
        sum
      }
      let leaf = Tree(value: 2, children: [])
      var tree = Tree(value: 1, children: [leaf, leaf])
      tree.children[0].value = 10
      print(total(tree), tree == tree, leaf.value)  // expect: 13 true 2
      """)
  }

  @Test func typesThatGrowWithoutEndAreRefusedWhereTheyAreReached() throws {
    try expectPrints(
      """
      func f<T>(n: Int, x: T) -> Int { if n == 0 { 0 } else { f(n - 1, [x]) } }
      print(f(3, 1))  // expect: 0
      print(f(50, 1))  // expect: error: 'f' calls itself with ever larger types
      """)
  }

  @Test func modelThatRunsInsideItself() throws {
    try expectPrints(
      """
      model tree(n: Int) -> Int {
        b ~ Bernoulli(0.5)
        var s = if b { 1 } else { 0 }
        if n > 0 {
          for i in 0..<2 {
            x ~ tree(n - 1)
            s += x
          }
        }
        return s
      }
      print(infer(tree(1), enumerate).expectation { Real($0) })  // expect: 1.5
      """)
  }
}
