/// The unknowns of one function body and what is known about them.
struct Inference {
  private(set) var solutions: [StaticType?] = []

  mutating func fresh() -> StaticType {
    solutions.append(nil)
    return .variable(solutions.count - 1)
  }

  /// The type with a solved variable at its root replaced.
  func resolve(_ type: StaticType) -> StaticType {
    var type = type
    while case .variable(let index) = type, let solution = solutions[index] { type = solution }
    return type
  }

  /// The type with all solved variables replaced.
  func resolveFully(_ type: StaticType) -> StaticType {
    if !type.hasVariable { return type }
    return type.mapLeaves { leaf in
      guard case .variable(let index) = leaf, let solution = solutions[index] else { return nil }
      return resolveFully(solution)
    }
  }

  mutating func solve(_ index: Int, _ type: StaticType) {
    solutions[index] = type
  }

  /// Whether two types can be made equal; solves variables on the way, also when it fails.
  mutating func unify(_ first: StaticType, _ second: StaticType) -> Bool {
    let a = resolve(first)
    let b = resolve(second)
    switch (a, b) {
    case (.variable(let i), .variable(let j)) where i == j: return true
    case (.variable(let i), let other), (let other, .variable(let i)):
      if occurs(i, in: other) { return false }
      solutions[i] = other
      return true
    case (.error, _), (_, .error): return true
    case (.array(let x), .array(let y)), (.optional(let x), .optional(let y)),
      (.distribution(let x), .distribution(let y)), (.posterior(let x), .posterior(let y)),
      (.model(let x), .model(let y)):
      return unify(x, y)
    case (.tuple(let xs), .tuple(let ys)): return unify(xs, ys)
    case (.record(let xs), .record(let ys)):
      return xs.map(\.name) == ys.map(\.name) && unify(xs.map(\.type), ys.map(\.type))
    case (.function(let xs, let x), .function(let ys, let y)): return unify(xs, ys) && unify(x, y)
    default: return a == b
    }
  }

  private mutating func unify(_ xs: [StaticType], _ ys: [StaticType]) -> Bool {
    guard xs.count == ys.count else { return false }
    for (x, y) in zip(xs, ys) where !unify(x, y) { return false }
    return true
  }

  private func occurs(_ index: Int, in type: StaticType) -> Bool {
    resolveFully(type).containsLeaf { $0 == .variable(index) }
  }
}
