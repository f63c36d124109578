import BorelBase
import BorelInference
import Testing

/// Nothing is silent: each failure has its code and its line.
struct AlgorithmFailureTests {
  private func failure(_ source: String, _ method: String = "importance") throws -> Diagnostic {
    let error = try #require(throws: Diagnostics.self) { try infer(source, method) }
    return try #require(error.list.first)
  }

  @Test func anImpossibleObservationIsNamed() throws {
    let source = """
      model m() {
        p ~ Beta(1, 1)
        observe -1.0 ~ Exponential(rate: p)
        return p
      }
      """
    let found = try failure(source)
    #expect(found.code == "E0502")
    #expect(found.hints.contains { $0.contains("-1") })
    #expect(!found.span.isNone)
  }

  @Test func aConditionThatAlwaysFailsIsNamed() throws {
    let found = try failure("model m() { x ~ Normal(0, 1)\n require x > 100\n return x }")
    #expect(found.code == "E0502")
    #expect(found.message.contains("condition"))
  }

  @Test func aParameterOutsideItsDomainIsReportedForTheSmallestLane() throws {
    let found = try failure(
      "model m() { s ~ Normal(0, 1)\n observe 1.0 ~ Normal(0, s)\n return s }")
    #expect(found.code == "E0301")
    #expect(found.message.contains("'sd' of 'Normal'"))
  }

  @Test func aConditionProtectsTheNextLine() throws {
    let posterior = try infer(
      "model m() { s ~ Normal(0, 1)\n require s > 0\n observe 1.0 ~ Normal(0, s)\n return s }",
      "importance(particles: 2_000)")
    #expect(posterior.evidence != nil)
  }

  @Test func aNaNIsReportedWithTheExpressionThatMadeIt() throws {
    let found = try failure(
      "model m() { x ~ Normal(0, 1)\n let y = sqrt(x - 100)\n factor y\n return x }")
    #expect(found.code == "E0311")
    #expect(found.labels.contains { $0.text.contains("NaN") })
  }

  @Test func anIndexOutOfRangeInOneLaneStopsTheRun() throws {
    let found = try failure(
      "model m() { k ~ DiscreteUniform(0, 3)\n let a = [1.0, 2.0, 3.0]\n return a[k] }")
    #expect(found.code == "E0302")
  }

  @Test func enumerationRefusesWhatIsNotFinite() throws {
    let found = try failure("model m() { x ~ Normal(0, 1)\n return x }", "enumerate")
    #expect(found.code == "E0593")
  }
}
