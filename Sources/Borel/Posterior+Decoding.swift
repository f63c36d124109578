import BorelBase
import BorelData
import BorelInference
import Foundation

extension Posterior {
  /// The draws as values of a type: its properties are the names of latents, of fields of a returned
  /// record, or `result`; arrays and matrices are nested arrays, absent elements are null. The draws
  /// count with their `weights`.
  ///
  /// ```swift
  /// struct Draw: Decodable { var level: [Double]; var result: Double }
  /// let draws = try fit.draws(as: Draw.self)
  /// ```
  ///
  /// - Throws: `DecodingError` when the draws are not of the type; E0510 for an exact result whose
  ///   variables have probabilities of their own instead of draws.
  public func draws<Draw: Decodable>(as type: Draw.Type) throws -> [Draw] {
    if let table = result.variables.first(where: { $0.probabilities != nil }) {
      throw Diagnostics([
        Diagnostic(
          "E0510", .usage, "'\(table.name)' has a table of probabilities instead of draws",
          at: .none, hints: ["read `estimate(_:)?.probabilities`"])
      ])
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let paths = result.variables.map { DrawTree.path($0.name) }
    return try (0..<drawCount).map { draw in
      var tree = DrawTree.fields([], [:])
      for (variable, path) in zip(result.variables, paths) {
        let isPresent = variable.present.map { $0[draw] } ?? true
        tree.insert(
          isPresent ? variable.jsonValue(of: variable.values[draw]) : .null, at: path[...])
      }
      return try decoder.decode(type, from: Data(tree.json.text.utf8))
    }
  }
}

/// One draw put together again from its scalars.
private indirect enum DrawTree {
  enum Step: Hashable {
    case field(String)
    case element(Int)
  }
  case leaf(JSONValue)
  case fields([String], [String: DrawTree])
  case elements([DrawTree])

  /// `m[0,1]` and `t.0.a[2]` as steps; the parts of a tuple are elements.
  static func path(_ name: String) -> [Step] {
    var steps: [Step] = []
    for part in name.split(whereSeparator: { ".[],".contains($0) }) {
      if let index = Int(part), !steps.isEmpty {
        steps.append(.element(index))
      } else {
        steps.append(.field(String(part)))
      }
    }
    return steps
  }

  mutating func insert(_ value: JSONValue, at path: ArraySlice<Step>) {
    guard let step = path.first else {
      self = .leaf(value)
      return
    }
    let rest = path.dropFirst()
    switch step {
    case .field(let name):
      var (order, members) = ([String](), [String: DrawTree]())
      if case .fields(let oldOrder, let old) = self { (order, members) = (oldOrder, old) }
      if members[name] == nil { order.append(name) }
      members[name, default: .leaf(.null)].insert(value, at: rest)
      self = .fields(order, members)
    case .element(let index):
      var elements: [DrawTree] = []
      if case .elements(let old) = self { elements = old }
      while elements.count <= index { elements.append(.leaf(.null)) }
      elements[index].insert(value, at: rest)
      self = .elements(elements)
    }
  }

  var json: JSONValue {
    switch self {
    case .leaf(let value): value
    case .fields(let order, let members):
      .object(order.map { ($0, members[$0]?.json ?? .null) })
    case .elements(let elements): .array(elements.map(\.json))
    }
  }
}
