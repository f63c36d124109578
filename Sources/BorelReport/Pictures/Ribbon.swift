import BorelData
import BorelInference

/// An array over its index as quantiles, with data of the same length behind it.
struct Ribbon: Sendable {
  static let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95]
  /// Shorter arrays are shown as intervals.
  static let leastLength = 10

  var name: String
  /// From 0; ascending.
  var indices: [Int]
  /// Five quantiles for each index.
  var quantiles: [[Double]]
  /// The name of the data, and a value for each index; nil where it is missing.
  var data: (name: String, values: [Double?])?

  /// All arrays of numbers with one index that are long enough.
  static func all(_ document: ResultDocument, _ variables: [Variable]) -> [Ribbon] {
    var order: [String] = []
    var members: [String: [(index: Int, variable: Variable)]] = [:]
    for variable in variables where variable.kind.isNumeric && variable.probabilities == nil {
      let name = ElementName(variable.name)
      guard name.indices.count == 1 else { continue }
      if members[name.array] == nil { order.append(name.array) }
      members[name.array, default: []].append((name.indices[0], variable))
    }
    return order.compactMap { name in
      let elements = (members[name] ?? []).sorted { $0.index < $1.index }
      guard elements.count >= leastLength else { return nil }
      var ribbon = Ribbon(name: name, indices: [], quantiles: [])
      for (index, variable) in elements {
        let found = document.posterior.quantiles(of: variable, at: probabilities)
        guard found.count == 5, found.allSatisfy(\.isFinite) else { continue }
        ribbon.indices.append(index)
        ribbon.quantiles.append(found)
      }
      guard ribbon.indices.count >= leastLength else { return nil }
      ribbon.data = ribbon.matchingData(document)
      return ribbon
    }
  }

  /// Data with a value for each index that lie where the array does: those of the same name, or an
  /// observed array of which at least half is near.
  private func matchingData(_ document: ResultDocument) -> (String, [Double?])? {
    let observed = document.posterior.observations.map { ElementName($0.name).array }
    for candidate in [name] + observed {
      guard case .array(let elements)? = document.argument(candidate),
        let last = indices.last, elements.count > last
      else { continue }
      let values = indices.map { Self.number(elements[$0]) }
      if candidate == name || isNear(values) { return (candidate, values) }
    }
    return nil
  }

  private static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .number(let number): number
    case .integer(let number): Double(number)
    case .bool(let flag): flag ? 1 : 0
    default: nil
    }
  }

  private func isNear(_ values: [Double?]) -> Bool {
    guard let low = quantiles.map({ $0[0] }).min(), let high = quantiles.map({ $0[4] }).max()
    else { return false }
    let present = values.compactMap { $0 }
    let near = present.filter { $0 >= low - (high - low) && $0 <= high + (high - low) }
    return 2 * near.count >= present.count && !near.isEmpty
      && (present.max() ?? 0) - (present.min() ?? 0) > (high - low) / 10
  }

  /// The range of everything that is drawn.
  var range: (low: Double, high: Double) {
    var values = quantiles.flatMap { [$0[0], $0[4]] }
    values += data?.values.compactMap { $0 } ?? []
    return (values.min() ?? 0, values.max() ?? 1)
  }
}
