import BorelIR
import Testing

@Suite struct LoweringModelTests {
  @Test func redrawnVariableIsReportedWithTheLoopCounter() throws {
    let program = try lowered(
      """
      model walk(y: [Real?]) {
        var level ~ Normal(0, 1)
        for v in y {
          level ~ Normal(level, 1)
          observe v ~ Normal(level, 1)
        }
        return level
      }
      """)
    let text = try text(of: "model walk", in: program)
    #expect(program.reports.map(\.name) == ["level"])
    #expect(text.contains("\"level\" reported\n"))
    #expect(text.contains("\"level\" reported loops("))
    #expect(text.contains("emit #0"))
    #expect(text.contains("present"))
  }

  @Test func plateReadsArraysElementByElement() throws {
    let program = try lowered(
      """
      model regression(x: [Real], y: [Real]) {
        a ~ Normal(0, 1)
        theta ~ Normal(a * x, 1)
        observe y ~ Normal(a + 2 * theta, 1)
      }
      """)
    let text = try text(of: "model regression", in: program)
    #expect(text.contains("\"theta\" reported plate loops("))
    #expect(text.contains("\"y\" plate loops("))
    #expect(program.reports.map(\.shape) == [.real, .array(.real)])
    #expect(text.split(separator: "array.append").count == 2, "no arrays in between")
  }

  @Test func modelInPlaceReportsUnderThePrefix() throws {
    let program = try lowered(
      """
      model inner(m: Real) {
        z ~ Normal(m, 1)
        return z
      }
      model outer() {
        for i in 0..<2 { b ~ inner(0.0) }
        let m = inner(1.0)
        c ~ m
        return c
      }
      """)
    #expect(Set(program.reports.map(\.name)) == ["z", "b", "b.z", "c", "c.z"])
    #expect(try text(of: "model outer", in: program).contains("\"b.z\" reported loops("))
  }

  @Test func drawsOfPlainFunctionsHaveTheCountersOfTheCaller() throws {
    let program = try lowered(
      """
      func jump() -> Real { sample Normal(0, 1) + sample Normal(0, 1) }
      model m() {
        var s = 0.0
        for i in 0..<3 { s += jump() }
        s += jump()
        return s
      }
      """, isOptimised: false)
    let functions = program.functions.filter { $0.name.hasPrefix("func jump") }
    #expect(functions.map(\.parameters.count).sorted() == [0, 1])
    #expect(program.reports.isEmpty)
  }

  @Test func functionThatDrawsAndIsCalledTwiceStaysAFunction() throws {
    let program = try lowered(
      """
      func jump() -> Real { sample Normal(0, 1) }
      model m() { return jump() + jump() }
      """)
    #expect(program.functions.map(\.name) == ["model m", "func jump"])
  }

  @Test func smallBranchesBecomeSelections() throws {
    let program = try lowered(
      """
      model m(a: Bool) {
        x ~ Bernoulli(0.3)
        observe a ~ Bernoulli(if x { 0.8 } else { 0.1 })
      }
      """)
    #expect(try text(of: "model m", in: program).contains("select.word"))
    #expect(program.functions[0].blocks.count == 1)
  }

  @Test func stateIsCountedOnlyWhereAnAddressNeedsIt() throws {
    let program = try lowered(
      """
      func count(n: Int) -> Int {
        var i = 0
        while i < n { i += 1 }
        i
      }
      model m(n: Int) {
        var i = 0
        while i < n {
          u ~ Uniform(0, 1)
          i += 1
        }
        return count(n)
      }
      """, isOptimised: false)
    let plain = try text(of: "func count", in: program)
    #expect(plain.split(separator: "add.int").count == 2)
    let drawing = try text(of: "model m", in: program)
    #expect(drawing.split(separator: "add.int").count == 3)
  }

  @Test func missingDatumWhoseValueIsUsedIsReported() throws {
    let program = try lowered(
      """
      model m(y: [Real?]) {
        let v = observe y ~ Normal(0, 1)
        return v
      }
      """)
    #expect(program.reports.map(\.name) == ["y"])
    #expect(program.reports.map(\.isImputed) == [true])
  }

  @Test func sitesDoNotDependOnOtherFunctions() throws {
    let model = "model m() { x ~ Normal(0, 1) }"
    let alone = try lowered(model)
    let beside = try lowered("func f() -> Real { sample Normal(0, 1) }\n" + model)
    let function = try #require(beside.functions.first { $0.name == "model m" })
    #expect(alone.functions[0].sites.map(\.site.number) == function.sites.map(\.site.number))
  }

  @Test func transformedDrawIsMappedAndScoredAtTheInverse() throws {
    let program = try lowered(
      """
      model m(y: Real, z: [Real?]) {
        x ~ Transformed(
          base: Normal(0, 1), forward: { (u: Real) in exp(u) },
          inverse: { (v: Real) in log(v) }, logDerivative: { (v: Real) in -log(v) })
        observe y ~ Transformed(
          base: Normal(x, 1), forward: { exp($0) }, inverse: { log($0) },
          logDerivative: { -log($0) })
        observe z ~ Transformed(
          base: Normal(x, 1), forward: { exp($0) }, inverse: { log($0) },
          logDerivative: { -log($0) })
      }
      """)
    let text = try text(of: "model m", in: program)
    #expect(program.functions.count == 1, "the maps are inlined")
    let sample = try #require(text.firstRange(of: "sample<real> Normal"))
    let image = try #require(text.firstRange(of: "exp.real"))
    let factor = try #require(text.firstRange(of: "factor"))
    let score = try #require(text.firstRange(of: "observe<real> Normal"))
    #expect(sample.lowerBound < image.lowerBound)
    #expect(factor.lowerBound < score.lowerBound, "the score comes last: one checkpoint")
  }

  @Test func densityOfTransformedCountsTheDerivative() throws {
    try expectPrints(
      """
      model direct(y: Real) {
        observe y ~ LogNormal(meanLog: 0.5, sdLog: 2.0)
      }
      model mapped(y: Real) {
        observe y ~ Transformed(
          base: Normal(0.5, 2.0), forward: { exp($0) }, inverse: { log($0) },
          logDerivative: { -log($0) })
      }
      let a = infer(direct(3.0), enumerate).logEvidence
      let b = infer(mapped(3.0), enumerate).logEvidence
      print(abs(a - b) < 1e-12)  // expect: true
      """)
  }
}
