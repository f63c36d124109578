import BorelHeap
import BorelIR

/// Enum values with payloads, closures and models: boxes with a tag.
enum BoxOperations {
  static func make(tag: Int, _ layout: [IRType]) -> ColumnOperation {
    let mask = layout.pointerMask
    let count = layout.count
    return ColumnOperation(
      name: "box.make",
      function: { call in
        for lane in 0..<call.count {
          let box = call.arena.makeBox(tag: tag, fieldCount: count, pointerMask: mask)
          let fields = box.fields
          for k in 0..<count { fields[k] = call.operands[k].word(lane) }
          call.results[0][lane] = box.object.bits
        }
        return -1
      }, failure: .missingObject)
  }

  static func tag() -> ColumnOperation {
    ColumnOperation(
      name: "box.tag",
      function: { call in
        forEachLane(call) { lane in
          let box = BoxObject(bits: call.operands[0].word(lane))
          call.results[0][lane] = UInt64(bitPattern: Int64(box.tag))
          return !box.object.isNull
        }
      }, failure: .missingObject)
  }

  static func fields(tag: Int, first: Int, _ layout: [IRType]) -> ColumnOperation {
    let count = layout.count
    return ColumnOperation(
      name: "box.fields",
      function: { call in
        forEachLane(call) { lane in
          let box = BoxObject(bits: call.operands[0].word(lane))
          guard box.tag == tag else {
            for k in 0..<count { call.results[k][lane] = 0 }
            return !box.object.isNull
          }
          let fields = box.fields + first
          for k in 0..<count { call.results[k][lane] = fields[k] }
          return true
        }
      }, failure: .missingObject)
  }

  /// Structural equality of two values that are several words wide.
  static func equal(_ layout: [IRType]) -> ColumnOperation {
    let count = layout.count
    return ColumnOperation(
      name: "equal",
      function: { call in
        for lane in 0..<call.count {
          var areEqual = true
          for k in 0..<count where areEqual {
            areEqual = wordsEqual(
              call.operands[k].word(lane), call.operands[count + k].word(lane), layout[k])
          }
          call.results[0][lane] = areEqual ? 1 : 0
        }
        return -1
      }, failure: .missingObject)
  }
}

/// Equality of two words of a type: reals as numbers (so NaN differs from itself), objects by
/// structure, all else by bits.
package func wordsEqual(_ a: UInt64, _ b: UInt64, _ type: IRType) -> Bool {
  switch type {
  case .real: Double(bitPattern: a) == Double(bitPattern: b)
  case .int, .bool, .string: a == b
  default: structurallyEqual(Object(bits: a), Object(bits: b))
  }
}
