import BorelData
import BorelInference

/// A result as the groups of ArviZ's InferenceData: `posterior`, `log_likelihood` of single data
/// where it was kept, `sample_stats` with the weights, `observed_data` and `constant_data`.
///
/// Arrays keep their shape, absent elements are NaN, enums and texts are numbers whose names are in
/// the attribute `flag_meanings`.
///
/// Source: ArviZ, InferenceData schema specification 0.4.
struct InferenceData {
  let document: ResultDocument
  let variables: [Variable]

  private var posterior: Posterior { document.posterior }

  private var chainCount: Int {
    if case .chains(let count) = posterior.dependence { return max(count, 1) }
    return 1
  }
  private var length: Int { posterior.drawCount / chainCount }

  func files(path: String) -> [WrittenFile] {
    let isPointwise = { (variable: Variable) in variable.name.hasPrefix(LeaveOneOut.prefix) }
    var groups = [
      group("posterior", arrays(variables.filter { !isPointwise($0) }) + coordinates)
    ]
    let densities = variables.filter(isPointwise).map { variable in
      var variable = variable
      variable.name.removeFirst(LeaveOneOut.prefix.count)
      return variable
    }
    if !densities.isEmpty {
      groups.append(group("log_likelihood", arrays(densities) + coordinates))
    }
    if !posterior.logWeights.isEmpty {
      let weights = ZarrArray(
        name: "log_weight", elements: .real(posterior.logWeights), shape: [chainCount, length],
        dimensions: ["chain", "draw"])
      groups.append(group("sample_stats", [weights] + coordinates))
    }
    let observed = Set(posterior.observations.map { ElementName($0.name).array })
    let data = document.data.compactMap { dataArray($0.name, $0.value) }
    for (name, isObserved) in [("observed_data", true), ("constant_data", false)] {
      let members = data.filter { observed.contains($0.name) == isObserved }
      if !members.isEmpty { groups.append(group(name, members)) }
    }
    return ZarrGroup.store(groups, path: path)
  }

  private func group(_ name: String, _ arrays: [ZarrArray]) -> ZarrGroup {
    ZarrGroup(
      name: name, arrays: arrays,
      attributes: [
        ("inference_library", .string("borel")),
        ("inference_library_version", .string(posterior.manifest.version)),
        ("model", .string(posterior.model)), ("method", .string(posterior.method)),
        ("sampling_time", .number(posterior.timing.seconds)),
      ])
  }

  private var coordinates: [ZarrArray] {
    [("chain", chainCount), ("draw", length)].map { name, count in
      ZarrArray(
        name: name, elements: .integer((0..<count).map { Int64($0) }), shape: [count],
        dimensions: [name])
    }
  }

  // MARK: Draws

  /// Variables with the elements of arrays brought together.
  private func arrays(_ variables: [Variable]) -> [ZarrArray] {
    var order: [String] = []
    var members: [String: [(indices: [Int], variable: Variable)]] = [:]
    var ranks: [String: Int] = [:]
    for variable in variables {
      let name = ElementName(variable.name)
      // A name with elements of several ranks, or of several kinds, cannot be one array.
      let isSame = ranks[name.array, default: name.indices.count] == name.indices.count
      let isAlike = members[name.array]?.first.map { $0.variable.kind == variable.kind } ?? true
      let key = isSame && isAlike ? name.array : variable.name
      let indices = isSame && isAlike ? name.indices : []
      ranks[key] = indices.count
      if members[key] == nil { order.append(key) }
      members[key, default: []].append((indices, variable))
    }
    return order.map { array($0, members[$0] ?? []) }
  }

  private func array(
    _ name: String, _ members: [(indices: [Int], variable: Variable)]
  ) -> ZarrArray {
    let rank = members.first?.indices.count ?? 0
    let inner = (0..<rank).map { axis in (members.map { $0.indices[axis] }.max() ?? 0) + 1 }
    let width = inner.reduce(1, *)
    var isComplete = members.count == width
    var values = [Double](repeating: .nan, count: posterior.drawCount * width)
    for (indices, variable) in members {
      let offset = zip(indices, inner).reduce(0) { $0 * $1.1 + $1.0 }
      for draw in 0..<posterior.drawCount {
        if variable.isPresent(draw) {
          values[draw * width + offset] = variable.values[draw]
        } else {
          isComplete = false
        }
      }
    }
    var attributes: [(String, JSONValue)] = []
    var elements = ZarrArray.Element.real(values)
    switch members.first?.variable.kind {
    case .bool where isComplete: elements = .bool(values.map { $0 != 0 })
    case .int where isComplete: elements = .integer(values.map { Int64($0) })
    case .enumeration(let names), .text(let names):
      if isComplete { elements = .integer(values.map { Int64($0) }) }
      attributes = [("flag_meanings", .array(names.map { .string($0) }))]
    default: break
    }
    return ZarrArray(
      name: name, elements: elements, shape: [chainCount, length] + inner,
      dimensions: ["chain", "draw"] + (0..<rank).map { "\(name)_dim_\($0)" },
      attributes: attributes)
  }

  // MARK: Data

  /// A rectangular array of numbers; nil for other data.
  private func dataArray(_ name: String, _ value: JSONValue) -> ZarrArray? {
    var numbers: [Double] = []
    guard let shape = Self.flatten(value, into: &numbers) else { return nil }
    return ZarrArray(
      name: name, elements: .real(numbers), shape: shape,
      dimensions: shape.indices.map { "\(name)_dim_\($0)" })
  }

  private static func flatten(_ value: JSONValue, into numbers: inout [Double]) -> [Int]? {
    switch value {
    case .number(let number): numbers.append(number)
    case .integer(let number): numbers.append(Double(number))
    case .bool(let flag): numbers.append(flag ? 1 : 0)
    case .null: numbers.append(.nan)
    case .array(let elements):
      var inner: [Int]?
      for element in elements {
        guard let shape = flatten(element, into: &numbers), inner == nil || inner == shape else {
          return nil
        }
        inner = shape
      }
      return [elements.count] + (inner ?? [])
    case .string, .object: return nil
    }
    return []
  }
}
