import Borel
import Testing

struct Refusal: Error, CustomStringConvertible {
  var description: String { "the table has no such entry" }
}

/// The diagnostics that something throws, rendered with lines where there is a program.
func diagnostics(_ body: () throws -> Void) -> [Diagnostic] {
  do {
    try body()
    return []
  } catch let found as Diagnostics {
    return found.list
  } catch {
    Issue.record("not a diagnostic: \(error)")
    return []
  }
}

/// The line of a program, from 1, that a diagnostic is about.
func line(_ diagnostic: Diagnostic, of source: String) -> Int {
  1 + source.utf8.prefix(Int(diagnostic.span.start)).filter { $0 == UInt8(ascii: "\n") }.count
}

private func population(_ growth: String) -> String {
  """
  model population(rates: [Real]) {
    var size = 0.5
    for rate in rates {
      size = sample Normal(\(growth), 0.1)
      observe 0.4 ~ Normal(size, 0.2)
    }
    return size
  }
  """
}

@Test func functionsOfValuesAndColumnsGiveTheBitsOfTheLanguage() throws {
  var library = HostLibrary()
  try library.define("growth") { (size: Double, rate: Double) in
    size + rate * size * (1 - size)
  }
  try library.define(column: "growthColumn") {
    (results: HostResults<Double>, sizes: HostColumn<Double>, rates: HostColumn<Double>) in
    for lane in results.indices {
      results[lane] = sizes[lane] + rates[lane] * sizes[lane] * (1 - sizes[lane])
    }
  }
  func draws(_ text: String, threads: Int = 1) throws -> [Double?] {
    try Program(source: population(text), library: library).model()
      .given(["rates": [0.3, 0.2, 0.4]])
      .infer(.smc(particles: 9_000), seed: 3, threads: threads).draws("result")
  }
  let expected = try draws("size + rate * size * (1 - size)")
  #expect(expected.count > 1_000)
  #expect(try draws("growth(size, rate)") == expected)
  #expect(try draws("growthColumn(size, rate)") == expected)
  #expect(try draws("size.growth(rate)") == expected)
  for threads in 2...4 {
    #expect(try draws("growth(size, rate)", threads: threads) == expected)
    #expect(try draws("growthColumn(size, rate)", threads: threads) == expected)
  }
}

@Test func everyTypeGoesInAndOut() throws {
  var library = HostLibrary()
  try library.define("shifted") { (n: Int, by: Int) in n + by }
  try library.define("both") { (a: Bool, b: Bool) in a && b }
  try library.define("greeting") { (name: String) in "hello, \(name)" }
  try library.define("sorted3") { (xs: [Double]) in xs.sorted() }
  try library.define("upTo") { (n: Int) in Array(0..<max(n, 0)) }
  try library.define("flags") { (ns: [Int]) in ns.map { $0 > 1 } }
  try library.define("anyOf") { (flags: [Bool]) in flags.contains(true) }
  try library.define("answer") { () in 42 }
  try library.define("half") { (x: Double) in x / 2 }
  let program = try Program(
    source: """
      model m() {
        k ~ Categorical([1, 1, 1])
        let sorted = sorted3([3, Real(k), 1])
        let list = upTo(k + 1)
        return {
          a: shifted(k, 2), b: both(k > 0, true), c: greeting("you") == "hello, you",
          d: sorted[0], e: list.count, f: anyOf(flags(list)), g: answer(), h: half(k),
          i: half([1, 2, Real(k)])[2], j: map([k, 3], half)[0]
        }
      }
      """, library: library)
  let fit = try program.model().infer(.enumerate())
  // The means over k = 0, 1, 2.
  let expected = [
    "a": 3.0, "b": 2.0 / 3, "c": 1, "d": 2.0 / 3, "e": 2, "f": 1.0 / 3, "g": 42, "h": 0.5,
    "i": 0.5, "j": 0.5,
  ]
  for (name, mean) in expected {
    #expect(abs(fit[name].mean - mean) < 1e-12, "\(name): \(fit[name].mean)")
  }
}

@Test func callsAreCheckedLikeThoseOfTheLanguage() throws {
  var library = HostLibrary()
  try library.define("growth") { (size: Double, rate: Double) in size * rate }
  func codes(_ call: String) -> [String] {
    diagnostics { _ = try Program(source: "model m() { return \(call) }", library: library) }
      .map { "\($0.code) \($0.message)" + $0.hints.map { " | \($0)" }.joined() }
  }
  #expect(
    codes("growth(1)") == [
      "E0207 no form of 'growth' takes (Int) | it has `growth(Real, Real)`"
    ])
  #expect(
    codes("growth(1, true)") == [
      "E0207 no form of 'growth' takes (Int, Bool) | it has `growth(Real, Real)`"
    ])
  #expect(codes("grwth(1, 2)") == ["E0201 unknown name 'grwth' | did you mean 'growth'?"])
  #expect(codes("growth(1, 2)").isEmpty)
  #expect(!diagnostics { _ = try Program(source: "model m() { return growth(1, 2) }") }.isEmpty)
}

@Test func namesThatAreTakenAreRefused() throws {
  var library = HostLibrary()
  try library.define("growth") { (x: Double) in x }
  func problem(_ name: String) -> String? {
    let found = diagnostics { try library.define(name) { (x: Double) in x } }
    return found.first.map { "\($0.code) \($0.message)" }
  }
  for name in ["exp", "Normal", "map", "sum", "count", "infer", "pi", "Real", "arguments"] {
    #expect(problem(name) == "E0720 the language has a '\(name)' already", "\(name)")
  }
  for name in ["model", "if", "two words", "", "1st", "a.b", " x", "x // y", "\"s\""] {
    #expect(problem(name) == "E0720 '\(name)' is no name of the language", "\(name)")
  }
  #expect(problem("growth") == "E0720 the library defines 'growth' already")
  #expect(library.names == ["growth"])
  // What the program declares hides the app's function, as it hides those of the language.
  let program = try Program(
    source: "func growth(x: Real) -> Real { return x + 1 }\nmodel m() { return growth(1) }",
    library: library)
  #expect(try program.model().infer(.enumerate())["result"].mean == 2)
}

@Test func twoLibrariesDoNotSeeEachOther() async throws {
  let source = """
    model m() {
      x ~ Step(1)
      return shift(x)
    }
    """
  func program(_ offset: Double) throws -> Program {
    var library = HostLibrary()
    try library.define("shift") { (x: Double) in x + offset }
    try library.define(
      distribution: "Step", parameters: ["size"],
      sample: { (random: inout HostRandom, size: Double) in size * random.uniform() + offset },
      logDensity: { (x: Double, size: Double) in
        x >= offset && x <= size + offset ? 0 : -.infinity
      })
    return try Program(source: source, library: library)
  }
  let programs = try (0..<4).map { try program(Double($0) * 10) }
  let means = try await withThrowingTaskGroup(of: (Int, Double).self) { group in
    for round in 0..<12 {
      group.addTask {
        let fit = try await programs[round % 4].model()
          .infer(.importance(particles: 4_096), seed: 5, threads: 2)
        return (round, fit["result"].mean)
      }
    }
    return try await group.reduce(into: [Int: Double]()) { $0[$1.0] = $1.1 }
  }
  let first = try #require(means[0])
  #expect(first > 0.4 && first < 0.6)
  for round in 0..<12 {
    let expected = first + 20 * Double(round % 4)
    #expect(abs((means[round] ?? 0) - expected) < 1e-9)
  }
}
