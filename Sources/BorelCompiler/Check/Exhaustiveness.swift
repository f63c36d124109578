/// Whether patterns cover all values, and whether one adds anything to those before it.
///
/// Source: Maranget (2007), Warnings for pattern matching, Journal of Functional Programming 17,
/// section 3.1.
///
/// The question is NP-complete; after a bounded number of steps the answer is that cases are
/// missing, which `case _:` always mends.
final class Exhaustiveness {
  let types: DeclaredTypes
  private var steps = 0
  private static let stepLimit = 20_000

  init(types: DeclaredTypes) { self.types = types }

  /// The head of a pattern: what tells values apart at one step.
  private enum Head: Hashable {
    case enumCase(EnumID, Int)
    case present, absent
    case tuple
    case bool(Bool)
    case int(Int64)
    case real(Double)
    case string(String)
  }

  /// Values that no row matches, as patterns; empty when the rows are exhaustive.
  func missing(_ rows: [[TypedPattern]], _ type: StaticType) -> [String] {
    guard let (heads, _) = completeHeads(of: type), heads.count > 1 else {
      return witness(rows, [type]).map { [$0[0]] } ?? []
    }
    return heads.compactMap { head in
      let parts = self.parts(of: head, type)
      let specialised = rows.compactMap { specialise($0, head, parts.count) }
      return witness(specialised, parts).map { text(head, $0, type) }
    }
  }

  /// Whether some value is matched by the pattern vector and by no row.
  func isUseful(_ row: [TypedPattern], beside rows: [[TypedPattern]]) -> Bool {
    steps += 1
    if steps > Self.stepLimit { return true }
    guard let first = row.first else { return rows.isEmpty }
    if let head = head(of: first) {
      let count = subpatterns(of: first).count
      guard let specialised = specialise(row, head, count) else { return false }
      return isUseful(specialised, beside: rows.compactMap { specialise($0, head, count) })
    }
    let used = Set(rows.compactMap { head(of: $0[0]) })
    if let (heads, _) = completeHeads(of: first.type), Set(heads).isSubset(of: used) {
      return heads.contains { head in
        let parts = self.parts(of: head, first.type)
        let wildcards = parts.map { TypedPattern(.wildcard, $0, first.span) }
        return isUseful(
          wildcards + row.dropFirst(),
          beside: rows.compactMap { specialise($0, head, parts.count) })
      }
    }
    return isUseful(
      Array(row.dropFirst()),
      beside: rows.compactMap { head(of: $0[0]) == nil ? Array($0.dropFirst()) : nil })
  }

  /// A vector of values that no row matches; nil when there is none.
  private func witness(_ rows: [[TypedPattern]], _ types: [StaticType]) -> [String]? {
    steps += 1
    if steps > Self.stepLimit { return types.map { _ in "_" } }
    guard let type = types.first else { return rows.isEmpty ? [] : nil }
    let rest = Array(types.dropFirst())
    if rows.isEmpty { return types.map { _ in "_" } }
    let used = Set(rows.compactMap { head(of: $0[0]) })
    if let (heads, _) = completeHeads(of: type), Set(heads).isSubset(of: used) {
      for head in heads {
        let parts = self.parts(of: head, type)
        let specialised = rows.compactMap { specialise($0, head, parts.count) }
        if let found = witness(specialised, parts + rest) {
          let own = Array(found.prefix(parts.count))
          return [text(head, own, type)] + found.dropFirst(parts.count)
        }
      }
      return nil
    }
    let defaults = rows.compactMap { head(of: $0[0]) == nil ? Array($0.dropFirst()) : nil }
    guard let found = witness(defaults, rest) else { return nil }
    let unused = completeHeads(of: type)?.0.first { !used.contains($0) }
    let first = unused.map { text($0, parts(of: $0, type).map { _ in "_" }, type) } ?? "_"
    return [first] + found
  }

  /// The row without its first pattern, but with the parts of it; nil when the heads differ.
  private func specialise(
    _ row: [TypedPattern], _ head: Head, _ count: Int
  ) -> [TypedPattern]? {
    let first = row[0]
    guard let own = self.head(of: first) else {
      let wildcard = TypedPattern(.wildcard, .error, first.span)
      let parts = self.parts(of: head, first.type)
      let wildcards =
        parts.count == count
        ? parts.map { TypedPattern(.wildcard, $0, first.span) }
        : Array(repeating: wildcard, count: count)
      return wildcards + row.dropFirst()
    }
    return own == head ? subpatterns(of: first) + row.dropFirst() : nil
  }

  private func head(of pattern: TypedPattern) -> Head? {
    switch pattern.kind {
    case .wildcard, .binding: return nil
    case .absent: return .absent
    case .present: return .present
    case .enumCase(let id, let index, _): return .enumCase(id, index)
    case .tuple: return .tuple
    case .literal(let value):
      switch value.literal {
      case .bool(let value): return .bool(value)
      case .integer(let value): return .int(value)
      case .real(let value): return .real(value)
      case .string(let value): return .string(value)
      default: return .real(.nan)
      }
    }
  }

  private func subpatterns(of pattern: TypedPattern) -> [TypedPattern] {
    switch pattern.kind {
    case .wildcard, .binding, .absent, .literal: []
    case .present(let inner): [inner]
    case .enumCase(_, _, let parts), .tuple(let parts): parts
    }
  }

  /// All heads that values of a type have; nil when they are not few.
  private func completeHeads(of type: StaticType) -> ([Head], StaticType)? {
    switch type {
    case .bool: ([.bool(true), .bool(false)], type)
    case .optional: ([.absent, .present], type)
    case .tuple: ([.tuple], type)
    case .enumeration(let id):
      (types.enums[id.index].cases.indices.map { .enumCase(id, $0) }, type)
    default: nil
    }
  }

  private func parts(of head: Head, _ type: StaticType) -> [StaticType] {
    switch (head, type) {
    case (.enumCase(let id, let index), _): types.enums[id.index].cases[index].payload.map(\.type)
    case (.present, .optional(let wrapped)): [wrapped]
    case (.tuple, .tuple(let parts)): parts
    default: []
    }
  }

  private func text(_ head: Head, _ parts: [String], _ type: StaticType) -> String {
    let list = parts.joined(separator: ", ")
    switch head {
    case .enumCase(let id, let index):
      let name = ".\(types.enums[id.index].cases[index].name)"
      return parts.isEmpty ? name : "\(name)(\(list))"
    case .present: return ".some(\(list))"
    case .absent: return "nil"
    case .tuple: return "(\(list))"
    case .bool(let value): return "\(value)"
    case .int(let value): return "\(value)"
    case .real(let value): return "\(value)"
    case .string(let value): return "\"\(value)\""
    }
  }
}

extension TypedExpression {
  /// The kind of a literal, with its sign applied.
  var literal: Kind {
    switch kind {
    case .primitive("negate.int", let parts):
      if case .integer(let value) = parts[0].kind { return .integer(0 &- value) }
    case .primitive("negate.real", let parts):
      if case .real(let value) = parts[0].kind { return .real(-value) }
    case .coercion(.intToReal, let inner):
      if case .integer(let value) = inner.literal { return .real(Double(value)) }
    default: break
    }
    return kind
  }
}
