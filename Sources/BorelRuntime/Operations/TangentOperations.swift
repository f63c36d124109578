import BorelDistributions
import BorelHeap
import BorelIR

/// Operations of differentiated programs. They are total: where there is no density, or where a
/// dead lane has no object, the result is NaN or null and nothing fails.
enum TangentOperations {
  /// The zero tangent of a value, as large as the value.
  static func zero(_ type: IRType, program: Program) -> ColumnOperation {
    let plan = ZeroPlan(type, TangentTypes(program), program.enumerations)
    return ColumnOperation(
      name: "zero.tangent",
      function: { call in
        for lane in 0..<call.count {
          call.results[0][lane] = plan.word(like: call.operands[0].word(lane), in: call.arena)
        }
        return -1
      }, failure: .missingObject)
  }

  /// The box of the changes of a distribution's parameters.
  static func distribution(family: Int, _ layout: [IRType]) -> ColumnOperation {
    BoxOperations.make(tag: family, layout)
  }

  /// Derivatives of the log-density of a family along changes of its words.
  ///
  /// - Parameters:
  ///   - family: Its number; nil for distributions that are values.
  ///   - words: Parameters and words of the value.
  static func density(
    family: Int?, parameterCount: Int, words: Int, wanted: [Int], directionCount: Int
  ) -> ColumnOperation {
    if let type = family.flatMap({ FamilyRegistry.family(at: $0) as? any HasTangent.Type }) {
      return ColumnOperation(
        name: "density.tangent",
        function: { call in
          type.tangentColumns(
            count: call.count, wordCount: words, wanted: wanted, directionCount: directionCount,
            operands: call.operands, into: call.results)
          return -1
        }, failure: .missingObject)
    }
    return ColumnOperation(
      name: "density.tangent",
      function: { call in
        LaneBuffer.withBuffer { values in
          LaneBuffer.withBuffer { change in
            for lane in 0..<call.count {
              for k in 0..<words {
                values[k] = call.operands[k].word(lane)
                change[k] = 0
              }
              for direction in 0..<directionCount {
                let first = words + direction * wanted.count
                for (position, k) in wanted.enumerated() {
                  change[k] = call.operands[first + position].word(lane)
                }
                let result = DensityTangent.value(
                  family: family, parameterCount: parameterCount, words: LaneWords(values),
                  change: LaneWords(change))
                call.results[direction][lane] = result.bitPattern
              }
            }
          }
        }
        return -1
      }, failure: .missingObject)
  }

  /// The second derivative of the log-density along two changes.
  static func curvature(
    family: Int?, parameterCount: Int, words: Int, wanted: [Int], kinds: [IRType]
  ) -> ColumnOperation {
    let moves = kinds.map { $0 == .real }
    return ColumnOperation(
      name: "density.curvature",
      function: { call in
        LaneBuffer.withBuffer { values in
          LaneBuffer.withBuffer { first in
            LaneBuffer.withBuffer { second in
              for lane in 0..<call.count {
                for k in 0..<words {
                  values[k] = call.operands[k].word(lane)
                  first[k] = 0
                  second[k] = 0
                }
                for (position, k) in wanted.enumerated() {
                  first[k] = call.operands[words + position].word(lane)
                  second[k] = call.operands[words + wanted.count + position].word(lane)
                }
                let result = DensityTangent.curvature(
                  family: family, parameterCount: parameterCount, wordCount: words,
                  words: values, first: LaneWords(first), second: LaneWords(second),
                  isReal: moves, arena: call.arena)
                call.results[0][lane] = result.bitPattern
              }
            }
          }
        }
        return -1
      }, failure: .missingObject)
  }
}

/// How the zero tangent of a word is made.
private indirect enum ZeroPlan: Sendable {
  case none
  case real
  case matrix
  case null
  /// Positions in the element that have tangents, and their plans.
  case array([(position: Int, plan: ZeroPlan)], mask: UInt64, stride: Int)
  /// By type of enumeration: found when needed, since enums may hold themselves.
  case enumeration(Int, EnumerationPlans)

  init(_ type: IRType, _ types: TangentTypes, _ enumerations: [EnumerationInfo]) {
    self.init(type, types, EnumerationPlans(enumerations, types))
  }

  init(_ type: IRType, _ types: TangentTypes, _ plans: EnumerationPlans) {
    guard types.hasTangent(type) else {
      self = .none
      return
    }
    switch type {
    case .real: self = .real
    case .matrix: self = .matrix
    case .array(let element):
      let (parts, mask) = Self.parts(element, types, plans)
      self = .array(parts, mask: mask, stride: element.count)
    case .enumeration(let index): self = .enumeration(index, plans)
    default: self = .null
    }
  }

  static func parts(
    _ words: [IRType], _ types: TangentTypes, _ plans: EnumerationPlans
  ) -> (parts: [(position: Int, plan: ZeroPlan)], mask: UInt64) {
    var parts: [(position: Int, plan: ZeroPlan)] = []
    var mask: UInt64 = 0
    for (position, word) in words.enumerated() where types.hasTangent(word) {
      if word.isHandle { mask |= 1 << UInt64(parts.count) }
      parts.append((position, ZeroPlan(word, types, plans)))
    }
    return (parts, mask)
  }

  func word(like word: UInt64, in arena: Arena) -> UInt64 {
    if word == 0 { return 0 }
    switch self {
    case .none, .real, .null: return 0
    case .matrix:
      let source = MatrixObject(bits: word)
      let result = arena.makeMatrix(rows: source.rows, columns: source.columns)
      result.elements.update(repeating: 0, count: source.rows * source.columns)
      return result.object.bits
    case .array(let parts, let mask, let stride):
      let source = ArrayObject(bits: word)
      let count = source.count
      let result = arena.makeArray(count: count, stride: parts.count, pointerMask: mask)
      result.elements.update(repeating: 0, count: count * parts.count)
      guard mask != 0 else { return result.object.bits }
      for index in 0..<count {
        for (k, part) in parts.enumerated() {
          result.elements[index * parts.count + k] = part.plan.word(
            like: source.elements[index * stride + part.position], in: arena)
        }
      }
      return result.object.bits
    case .enumeration(let index, let plans):
      let source = BoxObject(bits: word)
      let (parts, mask) = plans.parts(index, tag: source.tag)
      let result = arena.makeBox(tag: source.tag, fieldCount: parts.count, pointerMask: mask)
      for (k, part) in parts.enumerated() {
        result.fields[k] = 0
        result.fields[k] = part.plan.word(like: source.fields[part.position], in: arena)
      }
      return result.object.bits
    }
  }
}

/// The payloads of the enums of a program.
private struct EnumerationPlans: Sendable {
  private let enumerations: [EnumerationInfo]
  private let types: TangentTypes

  init(_ enumerations: [EnumerationInfo], _ types: TangentTypes) {
    self.enumerations = enumerations
    self.types = types
  }

  func parts(
    _ index: Int, tag: Int
  ) -> (parts: [(position: Int, plan: ZeroPlan)], mask: UInt64) {
    guard enumerations[index].cases.indices.contains(tag) else { return ([], 0) }
    let words = enumerations[index].cases[tag].payload.flatMap { $0.layout(enumerations) }
    return ZeroPlan.parts(words, types, self)
  }
}
