import BorelBase
import BorelIR

/// How types of the language are laid out in words.
struct TypeLowering {
  let enumerations: [EnumerationInfo]
  private let structs: [StructInfo]
  private let enums: [EnumInfo]

  /// Structs that contain themselves (in an array or an optional) are boxes with one case; the
  /// number of the enumeration that stands for each.
  private let boxes: [StructID: Int]

  init(_ checked: CheckedProgram) {
    let enums = checked.enums
    func enumerations(_ shape: (StaticType) -> Shape) -> [EnumerationInfo] {
      enums.map { info in
        EnumerationInfo(
          name: info.name,
          cases: info.cases.map { item in
            EnumerationInfo.Case(name: item.name, payload: item.payload.map { shape($0.type) })
          })
      }
    }
    // Layouts ask of an enum only whether it is plain, and need it before the payloads are known.
    let boxes = checked.boxes.mapValues(\.index)
    let first = TypeLowering(
      structs: checked.structs, enums: enums, boxes: boxes,
      enumerations: enumerations { _ in .unit })
    self.init(
      structs: checked.structs, enums: enums, boxes: boxes,
      enumerations: enumerations { first.shape($0) })
  }

  private init(
    structs: [StructInfo], enums: [EnumInfo], boxes: [StructID: Int],
    enumerations: [EnumerationInfo]
  ) {
    self.structs = structs
    self.enums = enums
    self.boxes = boxes
    self.enumerations = enumerations
  }

  /// The number of the enumeration that a struct is a box of; nil for what is flattened.
  func box(_ type: StaticType) -> Int? {
    if case .structure(let id) = type { boxes[id] } else { nil }
  }

  func shape(_ type: StaticType) -> Shape {
    switch type {
    case .int: .int
    case .real: .real
    case .bool: .bool
    case .string: .string
    case .unit, .never, .error, .variable, .rigid: .unit
    case .matrix: .matrix
    case .array(let element): .array(shape(element))
    case .optional(let wrapped): .optional(shape(wrapped))
    case .tuple(let parts): .tuple(parts.map { shape($0) })
    case .record(let fields):
      .record(fields.map { Shape.Field($0.name, shape($0.type)) })
    case .structure(let id):
      boxes[id].map { .enumeration($0) }
        ?? .record(structs[id.index].fields.map { Shape.Field($0.name, shape($0.type)) })
    case .enumeration(let id): .enumeration(id.index)
    case .function, .distribution, .posterior, .model: .opaque(word(type))
    // The number of a document of the host.
    case .data: .int
    }
  }

  func layout(_ type: StaticType) -> [IRType] { shape(type).layout(enumerations) }

  func layout(_ types: [StaticType]) -> [IRType] { types.flatMap { layout($0) } }

  /// The type of the handle of a function, distribution, posterior or model.
  private func word(_ type: StaticType) -> IRType {
    switch type {
    case .function(let parameters, let result):
      .function(parameters.flatMap { layout($0) }, layout(result))
    case .distribution(let value): .distribution(layout(value))
    case .posterior(let value): .posterior(layout(value))
    case .model(let value): .model(layout(value))
    default: internalError("a type without a handle")
    }
  }

  /// The fields of a tuple, record or struct, in order.
  func fields(_ type: StaticType) -> [StaticType] {
    switch type {
    case .tuple(let parts): parts
    case .record(let fields): fields.map(\.type)
    case .structure(let id): structs[id.index].fields.map(\.type)
    default: []
    }
  }

  /// The words of a field within those of the whole.
  func range(ofField index: Int, in type: StaticType) -> Range<Int> {
    var first = 0
    for (position, field) in fields(type).enumerated() {
      let count = layout(field).count
      if position == index { return first..<first + count }
      first += count
    }
    return first..<first
  }

  func isPlain(_ id: EnumID) -> Bool { enumerations[id.index].isPlain }

  /// The types of the payload of a case.
  func payload(_ id: EnumID, _ index: Int) -> [StaticType] {
    enums[id.index].cases[index].payload.map(\.type)
  }

  /// The type as programs write it, for names of instances.
  func text(_ type: StaticType) -> String {
    switch type {
    case .int: "Int"
    case .real: "Real"
    case .bool: "Bool"
    case .string: "String"
    case .unit: "()"
    case .matrix: "Matrix"
    case .array(let element): "[\(text(element))]"
    case .optional(let wrapped): "\(text(wrapped))?"
    case .tuple(let parts): "(\(parts.map { text($0) }.joined(separator: ",")))"
    case .record(let fields):
      "{\(fields.map { "\($0.name):\(text($0.type))" }.joined(separator: ","))}"
    case .structure(let id): structs[id.index].name
    case .enumeration(let id): enums[id.index].name
    case .function(let parameters, let result):
      "(\(parameters.map { text($0) }.joined(separator: ",")))->\(text(result))"
    case .distribution(let value): "Dist<\(text(value))>"
    case .posterior(let value): "Posterior<\(text(value))>"
    case .model(let value): "Model<\(text(value))>"
    case .data: "Data"
    case .rigid(_, let name): name
    case .variable, .never, .error: "Never"
    }
  }
}

extension StaticType {
  /// How deep type constructors are nested in the type.
  var nesting: Int {
    switch self {
    case .int, .real, .bool, .string, .unit, .matrix, .structure, .enumeration, .data, .rigid,
      .variable, .never, .error:
      0
    case .array(let inner), .optional(let inner), .distribution(let inner),
      .posterior(let inner), .model(let inner):
      inner.nesting + 1
    case .tuple(let parts): (parts.map(\.nesting).max() ?? 0) + 1
    case .record(let fields): (fields.map(\.type.nesting).max() ?? 0) + 1
    case .function(let parameters, let result):
      max(parameters.map(\.nesting).max() ?? 0, result.nesting) + 1
    }
  }
}
