import BorelDistributions
import Foundation
import Testing

/// One distribution of `Reference/scalar.json`.
struct ReferenceCase: Sendable, CustomStringConvertible {
  struct Point: Sendable {
    var x: Double
    var logDensity: Double
    var cumulative: Double
    var logCumulative: Double
    var logSurvival: Double
  }
  var law: LawCase
  var mean: Double
  var variance: Double
  var points: [Point]
  /// Probabilities and quantiles.
  var quantiles: [(Double, Double)]

  var description: String { law.description }

  static let all: [ReferenceCase] = load()

  private static func load() -> [ReferenceCase] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Reference/scalar.json")
    guard let data = try? Data(contentsOf: file),
      let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = root["cases"] as? [[String: Any]]
    else { return [] }
    return cases.compactMap(read)
  }

  private static func read(_ entry: [String: Any]) -> ReferenceCase? {
    guard let name = entry["family"] as? String,
      let parameters = entry["parameters"] as? [String: Any],
      let law = law(name, parameters)
    else { return nil }
    let rows = (entry["points"] as? [[Any]] ?? []).map { $0.map(number) }
    let quantiles = (entry["quantiles"] as? [[Any]] ?? []).map { $0.map(number) }
    return ReferenceCase(
      law: law, mean: number(entry["mean"] ?? ""), variance: number(entry["variance"] ?? ""),
      points: rows.map {
        Point(
          x: $0[0], logDensity: $0[1], cumulative: $0[2], logCumulative: $0[3], logSurvival: $0[4])
      },
      quantiles: quantiles.map { ($0[0], $0[1]) })
  }

  /// The arguments in the order of the first parametrisation that has these names.
  static func law(_ name: String, _ parameters: [String: Any]) -> LawCase? {
    guard let family = FamilyRegistry.family(named: name),
      let list = family.signature.parametrisations.first(where: {
        Set($0.parameters.map(\.name)) == Set(parameters.keys)
      })?.parameters
    else { return nil }
    var law = LawCase(name)
    for parameter in list {
      let value = parameters[parameter.name] ?? ""
      switch parameter.kind {
      case .int: law.arguments.append(.int(Int64(number(value))))
      case .realArray: law.arguments.append(.reals((value as? [Any] ?? []).map(number)))
      default: law.arguments.append(.real(number(value)))
      }
    }
    return law
  }

  static func number(_ value: Any) -> Double {
    if let text = value as? String { return Double(text) ?? .nan }
    return (value as? NSNumber)?.doubleValue ?? .nan
  }
}

/// Whether two numbers agree; infinities and NaN must be equal.
private func agree(_ found: Double, _ expected: Double, _ tolerance: Double) -> Bool {
  if expected.isNaN { return found.isNaN }
  if expected.isInfinite { return found == expected }
  return abs(found - expected) <= tolerance
}

@Test func referenceTableIsComplete() {
  #expect(ReferenceCase.all.count >= 78)
  let named = Set(ReferenceCase.all.map(\.law.family))
  let scalar = Set((LawCase.all).map(\.family))
  #expect(scalar.subtracting(named).isEmpty, "no reference values for these")
}

@Test(arguments: ReferenceCase.all)
func logDensityAgreesWithReference(reference: ReferenceCase) {
  let parameters = ParameterWords(reference.law.arguments)
  let family = reference.law.type
  for point in reference.points {
    let found = family.logDensity(ofScalar: point.x, parameters.words)
    // A log-density is a sum of terms such as lgamma(n) or x log x, each exact to about an ulp:
    // 4e-14 relative to the largest one, which for integer families grows like |x| log |x|.
    let size = 1 + abs(point.logDensity) + logTermSize(reference.law, point.x)
    #expect(
      agree(found, point.logDensity, 4e-15 * size),
      "at \(point.x): \(found), expected \(point.logDensity)")
  }
}

/// The size of the largest term that a log-density is made from.
private func logTermSize(_ law: LawCase, _ x: Double) -> Double {
  let largest = max(largestParameter(law), 1)
  let count = law.type.signature.value == .real ? 1 : abs(x) + 1
  return (largest + count) * (1 + Foundation.log(largest + count))
    + abs(Foundation.log(abs(x) + .leastNormalMagnitude)) * largest
}

private func largestParameter(_ law: LawCase) -> Double {
  law.arguments.map { argument -> Double in
    switch argument {
    case .real(let value): abs(value)
    case .int(let value): abs(Double(value))
    case .reals: 1
    }
  }.max() ?? 0
}

@Test(arguments: ReferenceCase.all)
func cumulativeAgreesWithReference(reference: ReferenceCase) {
  guard let family = reference.law.type as? any HasCumulative.Type else { return }
  let parameters = ParameterWords(reference.law.arguments)
  // Relative in both tails. The functions of Boost.Math and sums of lgamma keep about 1e-13 for
  // parameters up to 1000, and lose in proportion above.
  let relative = 2e-13 * max(1, largestParameter(reference.law) / 1_000)
  for point in reference.points {
    // Conditioning in x is covered by some ulps of x times the density.
    let isReal = family.signature.value == .real
    let ulp = isReal ? point.x.ulp * 4 : 0
    let found = family.cumulative(point.x, parameters.words)
    #expect(
      agree(
        found, point.cumulative,
        relative * point.cumulative + ulp * Foundation.exp(point.logDensity)),
      "cumulative at \(point.x): \(found), expected \(point.cumulative)")
    let lower = family.logCumulative(point.x, parameters.words)
    #expect(
      agree(
        lower, point.logCumulative,
        2 * relative * abs(point.logCumulative)
          + ulp * Foundation.exp(point.logDensity - point.logCumulative)),
      "logCumulative at \(point.x): \(lower), expected \(point.logCumulative)")
    let upper = family.logSurvival(point.x, parameters.words)
    #expect(
      agree(
        upper, point.logSurvival,
        2 * relative * abs(point.logSurvival)
          + ulp * Foundation.exp(point.logDensity - point.logSurvival)),
      "logSurvival at \(point.x): \(upper), expected \(point.logSurvival)")
  }
}

@Test(arguments: ReferenceCase.all)
func quantileAgreesWithReference(reference: ReferenceCase) {
  guard let family = reference.law.type as? any HasQuantile.Type else { return }
  let parameters = ParameterWords(reference.law.arguments)
  for (p, expected) in reference.quantiles {
    let found = family.quantile(p, parameters.words)
    if family.signature.value != .real {
      // Where the distribution function equals p to rounding, either neighbour is right.
      let lower = min(found, expected)
      let isTie = abs(family.cumulative(lower, parameters.words) - p) < 4e-16
      #expect(found == expected || isTie && abs(found - expected) == 1, "\(p): \(found)")
      continue
    }
    // The reference is itself the result of a search with relative tolerance 1e-12 or so; above
    // one half it starts from the rounded 1 - p.
    let slope = Foundation.exp(family.logDensity(ofScalar: expected, parameters.words))
    let tolerance = 1e-9 * abs(expected) + 1e-12 + 1e-15 / slope
    #expect(agree(found, expected, tolerance), "\(p): \(found), expected \(expected)")
  }
}

@Test(arguments: ReferenceCase.all)
func momentsAgreeWithReference(reference: ReferenceCase) {
  guard let family = reference.law.type as? any HasMoments.Type else { return }
  let parameters = ParameterWords(reference.law.arguments)
  let mean = family.mean(parameters.words)
  let variance = family.variance(parameters.words)
  #expect(agree(mean, reference.mean, 1e-13 * abs(reference.mean)), "mean \(mean)")
  #expect(
    agree(variance, reference.variance, 1e-12 * abs(reference.variance)), "variance \(variance)")
}
