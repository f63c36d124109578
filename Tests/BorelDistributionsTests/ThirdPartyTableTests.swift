import BorelDistributions
import Foundation
import Testing

/// A table of densities and moments from elsewhere, outside of the package; the test is skipped
/// where it is absent.
private enum ThirdPartyTable {
  static let file: URL = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let candidates = ["../shared/reference", "../../shared/reference"].map {
      root.appendingPathComponent($0).appendingPathComponent("distributions-table-a/case.json")
    }
    return candidates.first { FileManager.default.fileExists(atPath: $0.path) } ?? candidates[0]
  }()

  static var isPresent: Bool { FileManager.default.fileExists(atPath: file.path) }

  /// Names that differ from ours.
  static let names: [String: String] = ["UniformInteger": "DiscreteUniform"]
  static let labels: [String: [String: String]] = [
    "NegativeBinomial": ["r": "successes", "p": "probability"],
    "Hypergeometric": ["white": "successes"],
  ]

  static func rows() -> [[String: Any]] {
    guard let data = try? Data(contentsOf: file),
      let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let expected = root["expected"] as? [String: Any]
    else { return [] }
    return expected["univariate"] as? [[String: Any]] ?? []
  }

  static func law(_ row: [String: Any]) -> LawCase? {
    guard let text = row["distribution"] as? String,
      var parameters = row["parameters"] as? [String: Any]
    else { return nil }
    let written = text.prefix { $0 != " " }
    let name = names[String(written)] ?? String(written)
    for (theirs, ours) in labels[name] ?? [:] {
      parameters[ours] = parameters.removeValue(forKey: theirs)
    }
    guard name == "NegativeBinomial", let successes = parameters["successes"] as? NSNumber,
      let p = parameters["probability"] as? NSNumber
    else { return ReferenceCase.law(name, parameters) }
    let odds = (1 - p.doubleValue) / p.doubleValue
    return LawCase(name, .real(odds * successes.doubleValue), .real(successes.doubleValue))
  }
}

@Test(.enabled(if: ThirdPartyTable.isPresent, "the table is not beside the package"))
func densitiesAgreeWithThirdPartyTable() throws {
  let rows = ThirdPartyTable.rows()
  #expect(rows.count >= 23)
  for row in rows {
    let law = try #require(ThirdPartyTable.law(row), "\(row["distribution"] ?? "")")
    let candidate = law.type as? any (HasCumulative & HasMoments).Type
    let family = try #require(candidate)
    let parameters = ParameterWords(law.arguments)
    for point in row["points"] as? [[String: Any]] ?? [] {
      let x = ReferenceCase.number(point["x"] ?? "")
      // The table has 12 digits.
      for (found, key) in [
        (family.logDensity(ofScalar: x, parameters.words), "log_density"),
        (family.cumulative(x, parameters.words), "cdf"),
      ] {
        let expected = ReferenceCase.number(point[key] ?? "")
        #expect(
          found == expected || abs(found - expected) <= 1e-11 * (1 + abs(expected)),
          "\(law) at \(x): \(key) \(found), expected \(expected)")
      }
    }
    for (found, key) in [
      (family.mean(parameters.words), "mean"), (family.variance(parameters.words), "variance"),
    ] {
      guard let expected = row[key] as? NSNumber else {
        #expect(!found.isFinite, "\(law) \(key)")
        continue
      }
      #expect(
        abs(found - expected.doubleValue) <= 1e-11 * (1 + abs(found)), "\(law) \(key) \(found)")
    }
  }
}
