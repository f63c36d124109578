import BorelBase
import BorelHeap
import BorelIR

/// Translates between values outside the machine and register words.
package struct ValueCoding {
  private let enumerations: [EnumerationInfo]

  package init(enumerations: [EnumerationInfo]) { self.enumerations = enumerations }

  /// The words of a value of a shape. Objects are allocated in the arena.
  ///
  /// - Precondition: the value has the shape: binding has checked it.
  package func encode(_ value: Value, _ shape: Shape, in arena: Arena) -> [UInt64] {
    switch (shape, value) {
    case (.unit, _): return []
    case (.real, .real(let x)): return [x.bitPattern]
    case (.real, .int(let n)): return [Double(n).bitPattern]
    case (.int, .int(let n)): return [UInt64(bitPattern: n)]
    case (.bool, .bool(let b)): return [b ? 1 : 0]
    case (.string, .string(let text)):
      return [UInt64(bitPattern: StringTable.shared.number(of: text))]
    case (.array(let element), .array(let values)):
      return [encode(values, element, in: arena)]
    case (.matrix, .matrix(let rows, let columns, let entries)):
      let matrix = arena.makeMatrix(rows: rows, columns: columns)
      for (index, entry) in entries.enumerated() { matrix.elements[index] = entry }
      return [matrix.object.bits]
    case (.tuple(let parts), .tuple(let values)):
      return zip(parts, values).flatMap { encode($1, $0, in: arena) }
    case (.record(let fields), .record(let values)):
      return zip(fields, values).flatMap { encode($1.value, $0.shape, in: arena) }
    case (.optional(let wrapped), .optional(let content)):
      guard let content else {
        return [0] + [UInt64](repeating: 0, count: wrapped.layout(enumerations).count)
      }
      return [1] + encode(content, wrapped, in: arena)
    case (.optional(let wrapped), _):
      return [1] + encode(value, wrapped, in: arena)
    case (.enumeration(let index), .variant(let name, let payload)):
      return encodeVariant(name, payload, enumerations[index], in: arena)
    default: internalError("a value does not have its shape")
    }
  }

  private func encode(_ values: [Value], _ element: Shape, in arena: Arena) -> UInt64 {
    let layout = element.layout(enumerations)
    let words = values.map { encode($0, element, in: arena) }
    let array = arena.makeArray(
      count: values.count, stride: layout.count, pointerMask: layout.pointerMask)
    for (index, item) in words.enumerated() {
      for (k, word) in item.enumerated() { array.elements[index * layout.count + k] = word }
    }
    return array.object.bits
  }

  private func encodeVariant(
    _ name: String, _ payload: [Value], _ info: EnumerationInfo, in arena: Arena
  ) -> [UInt64] {
    let tag = info.cases.firstIndex { $0.name == name } ?? 0
    if info.isPlain { return [UInt64(tag)] }
    let shapes = info.cases[tag].payload
    let words = zip(shapes, payload).flatMap { encode($1, $0, in: arena) }
    let layout = shapes.flatMap { $0.layout(enumerations) }
    let box = arena.makeBox(tag: tag, fieldCount: layout.count, pointerMask: layout.pointerMask)
    for (k, word) in words.enumerated() { box.fields[k] = word }
    return [box.object.bits]
  }

  /// The value behind the words of a shape.
  package func decode(_ words: ArraySlice<UInt64>, _ shape: Shape) -> Value {
    var rest = words
    return decode(&rest, shape)
  }

  package func decode(_ words: [UInt64], _ shape: Shape) -> Value { decode(words[...], shape) }

  private func decode(_ words: inout ArraySlice<UInt64>, _ shape: Shape) -> Value {
    switch shape {
    case .unit: return .unit
    case .real: return .real(Double(bitPattern: words.popFirst() ?? 0))
    case .int: return .int(Int64(bitPattern: words.popFirst() ?? 0))
    case .bool: return .bool((words.popFirst() ?? 0) != 0)
    case .string:
      return .string(StringTable.shared[Int64(bitPattern: words.popFirst() ?? 0)])
    case .array(let element): return decodeArray(words.popFirst() ?? 0, element)
    case .matrix: return decodeMatrix(words.popFirst() ?? 0)
    case .tuple(let parts): return .tuple(parts.map { decode(&words, $0) })
    case .record(let fields):
      return .record(fields.map { Value.Field($0.name, decode(&words, $0.shape)) })
    case .optional(let wrapped):
      let isPresent = (words.popFirst() ?? 0) != 0
      if isPresent { return .optional(decode(&words, wrapped)) }
      words = words.dropFirst(wrapped.layout(enumerations).count)
      return .optional(nil)
    case .enumeration(let index):
      return decodeVariant(words.popFirst() ?? 0, enumerations[index])
    case .opaque(let type):
      words = words.dropFirst()
      return .opaque(Self.name(of: type))
    }
  }

  private func decodeArray(_ bits: UInt64, _ element: Shape) -> Value {
    let array = ArrayObject(bits: bits)
    let width = element.layout(enumerations).count
    if array.count == 0 { return .array([]) }
    return .array(
      (0..<array.count).map { index in
        decode(
          Array(UnsafeBufferPointer(start: array.elements + index * width, count: width)), element)
      })
  }

  private func decodeMatrix(_ bits: UInt64) -> Value {
    let matrix = MatrixObject(bits: bits)
    let count = matrix.rows * matrix.columns
    return .matrix(
      rows: matrix.rows, columns: matrix.columns,
      count == 0 ? [] : Array(UnsafeBufferPointer(start: matrix.elements, count: count)))
  }

  private func decodeVariant(_ bits: UInt64, _ info: EnumerationInfo) -> Value {
    if info.isPlain {
      let tag = Int(truncatingIfNeeded: bits)
      return .variant(info.cases.indices.contains(tag) ? info.cases[tag].name : "?", [])
    }
    let box = BoxObject(bits: bits)
    guard info.cases.indices.contains(box.tag) else { return .variant("?", []) }
    let item = info.cases[box.tag]
    var words = Array(UnsafeBufferPointer(start: box.fields, count: box.fieldCount))[...]
    return .variant(item.name, item.payload.map { decode(&words, $0) })
  }

  private static func name(of type: IRType) -> String {
    switch type {
    case .function: "function"
    case .distribution: "distribution"
    case .posterior: "posterior"
    case .model: "model"
    default: "value"
    }
  }
}
