extension StaticType {
  /// Whether a part is an unknown of inference.
  var hasVariable: Bool {
    switch self {
    case .variable: true
    case .array(let inner), .optional(let inner), .distribution(let inner),
      .posterior(let inner), .model(let inner):
      inner.hasVariable
    case .tuple(let parts): parts.contains { $0.hasVariable }
    case .record(let fields): fields.contains { $0.type.hasVariable }
    case .function(let parameters, let result):
      result.hasVariable || parameters.contains { $0.hasVariable }
    default: false
    }
  }

  var isNumeric: Bool { self == .int || self == .real }

  var elementOfArray: StaticType? {
    if case .array(let element) = self { return element }
    return nil
  }

  var isOptional: Bool {
    if case .optional = self { return true }
    return false
  }

  /// Whether values can be compared with `==`, given the payloads of structs and enums.
  func isEquatable(_ types: DeclaredTypes) -> Bool {
    switch self {
    case .function, .distribution, .posterior, .model, .data: false
    case .array(let inner), .optional(let inner): inner.isEquatable(types)
    case .tuple(let parts): parts.allSatisfy { $0.isEquatable(types) }
    case .record(let fields): fields.allSatisfy { $0.type.isEquatable(types) }
    case .structure(let id): types.equatableStructs.contains(id)
    case .enumeration(let id): types.equatableEnums.contains(id)
    default: true
    }
  }

  /// Whether external data can be read as this type.
  func isDecodable(_ types: DeclaredTypes) -> Bool {
    switch self {
    case .int, .real, .bool, .string, .matrix, .unit: true
    case .array(let inner), .optional(let inner): inner.isDecodable(types)
    case .tuple(let parts): parts.allSatisfy { $0.isDecodable(types) }
    case .record(let fields): fields.allSatisfy { $0.type.isDecodable(types) }
    case .structure(let id): types.equatableStructs.contains(id)
    case .enumeration(let id): types.equatableEnums.contains(id)
    default: false
    }
  }
}

/// The structs and enums of a program.
struct DeclaredTypes {
  var structs: [StructInfo] = []
  var enums: [EnumInfo] = []
  var equatableStructs: Set<StructID> = []
  var equatableEnums: Set<EnumID> = []
  /// Structs that contain themselves, in an array or an optional, by the enum that holds them.
  var boxes: [StructID: EnumID] = [:]
  /// By name.
  var names: [String: StaticType] = [:]

  /// Finds the types without functions and the like inside: the greatest set that is consistent,
  /// since enums may contain themselves.
  mutating func findEquatableTypes() {
    equatableStructs = Set(structs.indices.map { StructID($0) })
    equatableEnums = Set(enums.indices.map { EnumID($0) })
    var changed = true
    while changed {
      changed = false
      for id in equatableStructs
      where !structs[id.index].fields.allSatisfy({
        $0.type.isEquatable(self)
      }) {
        equatableStructs.remove(id)
        changed = true
      }
      for id in equatableEnums
      where !enums[id.index].cases.allSatisfy({
        $0.payload.allSatisfy { $0.type.isEquatable(self) }
      }) {
        equatableEnums.remove(id)
        changed = true
      }
    }
  }

  /// Gives each struct from `first` on that contains itself an enum with one case.
  mutating func boxRecursiveStructs(from first: Int) {
    for index in first..<structs.count where containsItself(StructID(index)) {
      let info = structs[index]
      boxes[StructID(index)] = EnumID(enums.count)
      enums.append(
        EnumInfo(
          name: info.name, cases: [EnumInfo.Case(name: info.name, payload: info.fields)],
          span: info.span))
    }
  }

  /// Whether the fields of a struct lead back to it. Enums need not be followed: they are boxes.
  private func containsItself(_ id: StructID) -> Bool {
    var seen: Set<StructID> = []
    var work = [id]
    while let next = work.popLast() {
      var isFound = false
      for field in structs[next.index].fields {
        _ = field.type.containsLeaf { leaf in
          guard case .structure(let inner) = leaf else { return false }
          if inner == id { isFound = true }
          if seen.insert(inner).inserted { work.append(inner) }
          return false
        }
      }
      if isFound { return true }
    }
    return false
  }

  /// A value is kept as at most so many words.
  static let widthLimit = 60
  /// The type of a tuple or a record has at most so many types in it, each as often as it is met.
  static let nodeLimit = 5_000

  /// How many words a value has, counted up to a little above the limit.
  func width(_ type: StaticType) -> Int {
    switch type {
    case .unit, .never, .error: return 0
    case .optional(let wrapped): return 1 + width(wrapped)
    case .tuple(let parts): return width(parts)
    case .record(let fields): return width(fields.map(\.type))
    case .structure(let id): return width(structs[id.index].fields.map(\.type))
    default: return 1
    }
  }

  private func width(_ parts: [StaticType]) -> Int {
    var total = 0
    for part in parts {
      total += width(part)
      if total > Self.widthLimit { break }
    }
    return total
  }

  /// The type as it is written in a program.
  func text(_ type: StaticType) -> String {
    switch type {
    case .int: "Int"
    case .real: "Real"
    case .bool: "Bool"
    case .string: "String"
    case .unit: "Unit"
    case .matrix: "Matrix"
    case .array(let element): "[\(text(element))]"
    case .optional(let wrapped):
      if case .function = wrapped { "(\(text(wrapped)))?" } else { "\(text(wrapped))?" }
    case .tuple(let parts): "(\(parts.map(text).joined(separator: ", ")))"
    case .record(let fields):
      "{\(fields.map { "\($0.name): \(text($0.type))" }.joined(separator: ", "))}"
    case .structure(let id): structs[id.index].name
    case .enumeration(let id): enums[id.index].name
    case .function(let parameters, let result):
      "(\(parameters.map(text).joined(separator: ", "))) -> \(text(result))"
    case .distribution(let value): "Dist<\(text(value))>"
    case .posterior(let value): "Posterior<\(text(value))>"
    case .model(let value): "Model<\(text(value))>"
    case .data: "Data"
    case .rigid(_, let name): name
    case .variable: "_"
    case .never: "Never"
    case .error: "an erroneous type"
    }
  }
}

extension StaticType {
  /// Whether the type has at most so many types in it; they are taken off the room.
  func fits(_ room: inout Int) -> Bool {
    room -= 1
    if room < 0 { return false }
    switch self {
    case .array(let part), .optional(let part), .distribution(let part), .posterior(let part),
      .model(let part):
      return part.fits(&room)
    case .tuple(let parts):
      for part in parts where !part.fits(&room) { return false }
      return true
    case .record(let fields):
      for field in fields where !field.type.fits(&room) { return false }
      return true
    case .function(let parameters, let result):
      for parameter in parameters where !parameter.fits(&room) { return false }
      return result.fits(&room)
    default: return true
    }
  }
}
