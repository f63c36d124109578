import Borel
import Foundation
import Testing

private let curve = """
  model curve(xs: [Real], ys: [Real], param slope: Real = 0.5) {
    for (x, y) in zip(xs, ys) {
      observe y ~ Normal(CURVE, 0.1)
    }
    return slope
  }
  """
private let xs = [0.0, 1, 2, 3]
private let ys = [0.1, 0.8, 0.95, 1.0]

private func learned(_ text: String, _ library: HostLibrary) throws -> LearnedParameter {
  let fit = try Program(source: curve.replacing("CURVE", with: text), library: library).model()
    .given(["xs": xs, "ys": ys]).learn()
  return try #require(fit.learned.first)
}

@Test func derivativesOfTheAppAreUsed() throws {
  var library = HostLibrary()
  let slopes: @Sendable (Double, Double) -> [Double] = { x, slope in
    [slope * exp(-slope * x), x * exp(-slope * x)]
  }
  try library.define("saturated", derivatives: slopes) { (x: Double, slope: Double) in
    1 - exp(-slope * x)
  }
  let own = try learned("saturated(x, slope)", library)
  let language = try learned("1 - exp(-slope * x)", HostLibrary())
  #expect(abs(own.value - language.value) < 1e-9)
  #expect(own.trajectory.count > 1)
}

@Test func whatHasNoDerivativeIsNamed() throws {
  var library = HostLibrary()
  try library.define("saturated") { (x: Double, slope: Double) in 1 - exp(-slope * x) }
  try library.define(
    distribution: "MyNormal", parameters: ["mean"],
    sample: { (random: inout HostRandom, mean: Double) in mean + random.normal() },
    logDensity: { (x: Double, mean: Double) in -0.5 * (x - mean) * (x - mean) })
  let function = diagnostics { _ = try learned("saturated(x, slope)", library) }
  #expect(function.first?.code == "E0572")
  #expect(
    function.first?.message == "'saturated' has no derivative with respect to 'slope'")
  let source = "model m(param a: Real = 1) {\n  observe 2 ~ MyNormal(a)\n}"
  let density = diagnostics { _ = try Program(source: source, library: library).model().learn() }
  #expect(
    density.first?.message == "the density of 'MyNormal' has no derivative with respect to 'a'")
}

@Test func derivativesHaveToFit() {
  var library = HostLibrary()
  let found = diagnostics {
    let slopes: @Sendable (Double) -> [Double] = { _ in [0] }
    try library.define("rounded", derivatives: slopes) { (x: Double) in Int(x) }
  }
  #expect(found.first?.message == "'rounded' cannot have derivatives")
}
