import BorelBase
import BorelCompiler
import Testing

@Test func dataAreObservedNotDrawn() {
  expectDiagnostics("model m(y: Real) { §y ~ Normal(0, 1)\n return y }", "E0220", hint: "observe y")
  expectDiagnostics("func f(y: Real) { §y ~ Normal(0, 1)\n return y }", "E0220")
  expectDiagnostics(
    "model m(ys: [Real]) { for y in ys { §y ~ Normal(0, 1) } }", "E0220", hint: "observe y")
}

@Test func distributionsAreNotValues() {
  expectDiagnostics("model m() -> Real { §Normal(0, 1) }", "E0221", hint: "sample")
  expectDiagnostics("model m() { let x = Normal(0, 1)\n return §x + 1 }", "E0221", hint: "~")
  expectDiagnostics("model m() { return exp(§Normal(0, 1)) }", "E0221")
  expectDiagnostics("model m() { x ~ §3\n return x }", "E0226")
}

@Test func immutableNamesAreDrawnOnce() {
  expectDiagnostics(
    "model m() { x ~ Normal(0, 1)\n §x ~ Normal(1, 1)\n return x }", "E0222", hint: "observe")
  expectDiagnostics("model m() { let x = 1.0\n §x ~ Normal(1, 1)\n return x }", "E0222")
  expectDiagnostics(
    "model m() { x ~ Normal(0, 1)\n if x > 0 { §x ~ Normal(1, 1) }\n return x }", "E0223",
    hint: "var x ~")
  expectChecked("model m() { var x ~ Normal(0, 1)\n x ~ Normal(x, 1)\n return x }")
  expectChecked(
    "model m(n: Int) { for i in 0..<n { x ~ Normal(0, 1)\n observe 1 ~ Normal(x, 1) } }")
}

@Test func latentsOfBranchesStayThere() {
  expectDiagnostics(
    "model m(c: Bool) { if c { x ~ Normal(0, 1)\n debug x }\n return §x }", "E0201",
    hint: "if c { A } else { B }")
  expectChecked("model m(c: Bool) { x ~ if c { Normal(0, 1) } else { Cauchy(0, 1) }\n return x }")
}

@Test func redrawsKeepTheType() {
  expectDiagnostics(
    "model m() { var x = 0\n x ~ §Normal(0, 1)\n return x }", "E0202", hint: "0.0")
}

@Test func observedValuesFitTheDistribution() {
  expectDiagnostics("model m() { observe §3.0 ~ Poisson(rate: 2) }", "E0227")
  expectDiagnostics("model m(y: Int) { observe §y ~ Bernoulli(0.5) }", "E0227", hint: "Bool")
  expectChecked("model m(y: Real?) -> Real { observe y ~ Normal(0, 1) }")
  expectChecked("model m(y: Int) { observe y ~ Normal(0, 1) }")
}

@Test func observingAChoiceIsAWarning() {
  expectDiagnostics(
    "model m() { x ~ Normal(0, 1)\n §observe x + 1 ~ Normal(0, 1)\n return x }", "W0202",
    hint: "factor logDensity")
  expectChecked("model m(y: Real) { x ~ Normal(0, 1)\n let z = y + 1\n observe z ~ Normal(x, 1) }")
}

@Test func choicesThatDecideWhatIsObservedAreFollowed() {
  let observation = "observe v ~ Normal(0, 1)"
  let branches = [
    "if x > 0 { v = y } else { v = 1.0 }", "if x > 0 { v += 1 }",
    "while sample Bernoulli(0.5) { v += 1 }",
    "match x > 0 { case true: v = y\n case false: v = 1.0 }",
    "for i in 0..<k { v += 1 }", "if x > 0 { for i in 0..<3 { v += 1 } }",
  ]
  for branch in branches {
    expectDiagnostics(
      "model m(y: Real) { x ~ Normal(0, 1)\n k ~ Poisson(rate: 1)\n var v = 0.0\n \(branch)\n "
        + "§\(observation)\n return x + k }", "W0202")
  }
  // Inside the branch the value is what it is, and data decide without chance.
  let harmless = [
    "if x > 0 { let w = y\n observe w ~ Normal(0, 1) }", "if y > 0 { v = y }",
    "for i in 0..<3 { v += 1 }",
  ]
  for branch in harmless {
    expectChecked(
      "model m(y: Real) { x ~ Normal(0, 1)\n var v = 0.0\n \(branch)\n \(observation)\n "
        + "return x }")
  }
}

@Test func continuousEqualitiesAreErrors() {
  expectDiagnostics(
    "model m() { x ~ Normal(0, 1)\n require §x == 3\n return x }", "E0228", hint: "tol")
  expectDiagnostics(
    "model m() { x ~ Normal(0, 1)\n §observe x ~ Delta(3)\n return x }", "E0228", hint: "tol")
  expectChecked("model m() { x ~ Poisson(rate: 1)\n require x == 3\n return x }")
}

@Test func factorsAreLogWeightsAndRequirementsConditions() {
  expectDiagnostics("model m(x: Real) { factor §exp(x) }", "W0203")
  expectDiagnostics("model m(x: Real) { factor §x > 0 }", "E0202", hint: "require")
  expectDiagnostics("model m(x: Real) { require §x }", "E0202", hint: "factor")
}

@Test func talliesAreWriteOnly() {
  expectDiagnostics("model m(x: Real) { tally s += x\n return §s }", "E0234")
  expectDiagnostics("model m(x: Real) { var s = 0.0\n tally §s += x\n return s }", "E0203")
}

@Test func familiesWithSeveralConventionsNeedLabels() {
  expectDiagnostics(
    "model m() { x ~ Gamma(§2, 1)\n return x }", "E0224", hint: "Gamma(shape:, scale:)")
  expectDiagnostics(
    "model m() { x ~ Normal(0, §sdd: 1)\n return x }", "E0225", hint: "sd")
  expectDiagnostics("model m() { x ~ §Normal(0)\n return x }", "E0225")
  expectDiagnostics(
    "model m() { x ~ Bernoulli(§logit: 0.5)\n return x }", "E0225", hint: "BernoulliLogit(logit:)")
  expectDiagnostics("model m() { x ~ Normal(0, §\"a\")\n return x }", "E0202")
  expectChecked(
    "model m() { x ~ Gamma(shape: 2, scale: 1)\n y ~ Normal(sd: 1, mean: x)\n return y }")
}

@Test func arraysMakePlates() {
  let source = """
    model m(x: [Real], y: [Real?]) {
      a ~ Normal(0, 1)
      theta ~ Normal(x, 1)
      observe y ~ Normal(a + x, 1)
      observe x ~ Normal(a, 1)
      return theta
    }
    """
  let program = expectChecked(source)
  let model = program.flatMap { program in program.models.first.map { program.functions[$0.index] }
  }
  #expect(model?.result == .array(.real))
  var plates = 0
  for statement in model?.body.statements ?? [] {
    switch statement.kind {
    case .draw(_, let draw, _) where draw.isPlate: plates += 1
    case .expression(let value):
      if case .observe(let observation) = value.kind, observation.isPlate { plates += 1 }
    default: break
    }
  }
  #expect(plates == 3)
}

@Test func domainsOfLearnedParametersAreOpen() {
  expectChecked("model m(param s: Real in 0<.. = 1) { s }")
  expectDiagnostics("model m(param s: Real in §0...1 = 1) { s }", "E0235", hint: "0<..")
  expectDiagnostics("model m(param §s: Int) { s }".replacing("§s: Int", with: "s: §Int"), "E0236")
  expectDiagnostics("func f(param §s: Real) { s }", "E0236")
}

@Test func hostOperationsBelongToTheTopLevel() {
  expectDiagnostics("model m() { §print(1) }", "E0232", hint: "debug")
  expectDiagnostics("func f() { §readJSON(\"a\") }", "E0232")
  expectDiagnostics("§debug 1", "E0233", hint: "print")
  expectDiagnostics("§observe 1 ~ Normal(0, 1)", "E0232")
  expectDiagnostics("§return 1", "E0241")
}

@Test func modelsRunInPlaceOrAreInferred() {
  expectChecked(
    """
    model inner(y: Real) { x ~ Normal(0, 1)\n observe y ~ Normal(x, 1)\n return x }
    model outer(y: Real) {
      a ~ inner(y)
      b ~ infer(inner(a))
      factor infer(inner(b)).logEvidence
      return a + b
    }
    let fit = infer(outer(1), importance(particles: 100))
    print(fit.summary, fit.logEvidence, fit.mean("a"), fit.expectation { $0 * 2 })
    """)
  expectDiagnostics("let f = infer(§1)\nprint(f)", "E0202")
}

@Test func methodsAreJudgedByTheHost() {
  let text =
    "model m() { x ~ Normal(0, 1)\n return x }\nlet f = infer(m(), smx())\nprint(f.summary)"
  let (_, diagnostics) = check(SourceFile(name: "t", text: text)) { method, _ in
    method == "smx()" ? ("unknown method 'smx'", "did you mean 'smc'?") : nil
  }
  #expect(diagnostics.map(\.code) == ["E0237"])
}
