import BorelDistributions
import Foundation
import Testing

/// One log-density of `Reference/vector.json`.
struct VectorReference: Sendable, CustomStringConvertible {
  var family: String
  var arguments: [VectorArgument]
  var value: VectorArgument
  var logDensity: Double

  var description: String { "\(family) \(value)" }

  static let all: [VectorReference] = load()

  private static func load() -> [VectorReference] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Reference/vector.json")
    guard let data = try? Data(contentsOf: file),
      let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = root["cases"] as? [[String: Any]]
    else { return [] }
    return cases.compactMap { entry in
      guard let name = entry["family"] as? String,
        let family = FamilyRegistry.family(named: name),
        let arguments = entry["arguments"] as? [[String: Any]]
      else { return nil }
      return VectorReference(
        family: name, arguments: arguments.compactMap { $0.first.map { read($0.value, $0.key) } },
        value: read(entry["value"] ?? "", kind(family.signature.value)),
        logDensity: number(entry["logDensity"] ?? ""))
    }
  }

  private static func kind(_ value: ValueKind) -> String {
    switch value {
    case .intArray: "ints"
    case .matrix: "matrix"
    default: "reals"
    }
  }

  private static func read(_ value: Any, _ kind: String) -> VectorArgument {
    switch kind {
    case "real": .real(number(value))
    case "int": .int(Int64(number(value)))
    case "ints": .ints((value as? [Any] ?? []).map { Int64(number($0)) })
    case "matrix": .matrix((value as? [[Any]] ?? []).map { $0.map(number) })
    default: .reals((value as? [Any] ?? []).map(number))
    }
  }

  private static func number(_ value: Any) -> Double {
    if let text = value as? String { return Double(text) ?? .nan }
    return (value as? NSNumber)?.doubleValue ?? .nan
  }
}

@Test func vectorReferenceTableIsComplete() {
  let named = Set(VectorReference.all.map(\.family))
  for name in [
    "Multinomial", "Dirichlet", "DirichletMultinomial", "MultivariateNormal",
    "MultivariateStudentT", "Wishart", "InverseWishart", "LKJ", "StickBreaking", "AR",
    "RandomWalk",
  ] {
    #expect(named.contains(name), "no reference values for '\(name)'")
  }
}

/// scipy works in double precision, so the tolerance covers the rounding of both sides.
@Test(arguments: VectorReference.all)
func vectorLogDensityAgreesWithReference(reference: VectorReference) {
  let instance = VectorInstance(reference.family, reference.arguments)
  #expect(instance.violation == nil)
  let found = instance.logDensity(reference.value)
  let expected = reference.logDensity
  if expected.isInfinite {
    #expect(found == expected)
  } else {
    #expect(
      abs(found - expected) <= 2e-11 * (1 + abs(expected)), "\(found), expected \(expected)")
  }
}
