import BorelHeap
import BorelIR

/// The array operations of the IR, lane by lane. Arrays are immutable values on the heap.
enum ArrayOperations {
  static func make(_ layout: [IRType]) -> ColumnOperation {
    let stride = layout.count
    let mask = layout.pointerMask
    return ColumnOperation(
      name: "array.make",
      function: { call in
        let words = call.operandCount
        let count = stride == 0 ? 0 : words / stride
        for lane in 0..<call.count {
          let array = call.arena.makeArray(count: count, stride: stride, pointerMask: mask)
          let elements = array.elements
          for k in 0..<words { elements[k] = call.operands[k].word(lane) }
          call.results[0][lane] = array.object.bits
        }
        return -1
      }, failure: .missingObject)
  }

  static func fill(_ layout: [IRType]) -> ColumnOperation {
    let stride = layout.count
    let mask = layout.pointerMask
    return ColumnOperation(
      name: "array.fill",
      function: { call in
        forEachLane(call) { lane in
          let count = call.operands[0].int(lane)
          guard count >= 0, count < 1 << 31 else {
            call.results[0][lane] = 0
            return false
          }
          let array = call.arena.makeArray(count: Int(count), stride: stride, pointerMask: mask)
          let elements = array.elements
          for index in 0..<Int(count) {
            for k in 0..<stride { elements[index * stride + k] = call.operands[1 + k].word(lane) }
          }
          call.results[0][lane] = array.object.bits
          return true
        }
      }, failure: .negativeCount)
  }

  static func count() -> ColumnOperation {
    ColumnOperation(
      name: "array.count",
      function: { call in
        forEachLane(call) { lane in
          let bits = call.operands[0].word(lane)
          call.results[0][lane] = UInt64(ArrayObject(bits: bits).count)
          return bits != 0
        }
      }, failure: .missingObject)
  }

  static func get(_ layout: [IRType]) -> ColumnOperation {
    let stride = layout.count
    return ColumnOperation(
      name: "array.get",
      function: { call in
        forEachLane(call) { lane in
          let array = ArrayObject(bits: call.operands[0].word(lane))
          let index = call.operands[1].int(lane)
          guard index >= 0, index < array.count else {
            for k in 0..<stride { call.results[k][lane] = 0 }
            return false
          }
          let element = array.elements + Int(index) * stride
          for k in 0..<stride { call.results[k][lane] = element[k] }
          return true
        }
      }, failure: .indexOutOfRange)
  }

  static func set(_ layout: [IRType]) -> ColumnOperation {
    let stride = layout.count
    let mask = layout.pointerMask
    return ColumnOperation(
      name: "array.set",
      function: { call in
        forEachLane(call) { lane in
          let array = ArrayObject(bits: call.operands[0].word(lane))
          let index = call.operands[1].int(lane)
          guard index >= 0, index < array.count else {
            call.results[0][lane] = 0
            return false
          }
          let copy = call.arena.makeArray(count: array.count, stride: stride, pointerMask: mask)
          copy.elements.update(from: array.elements, count: array.count * stride)
          let element = copy.elements + Int(index) * stride
          for k in 0..<stride { element[k] = call.operands[2 + k].word(lane) }
          call.results[0][lane] = copy.object.bits
          return true
        }
      }, failure: .indexOutOfRange)
  }

  static func append(_ layout: [IRType]) -> ColumnOperation {
    let stride = layout.count
    let mask = layout.pointerMask
    return ColumnOperation(
      name: "array.append",
      function: { call in
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: HeapLimits.elementWords) {
          buffer in
          let element = buffer.baseAddress.unsafelyUnwrapped
          return forEachLane(call) { lane in
            let bits = call.operands[0].word(lane)
            if bits == 0 {
              call.results[0][lane] = 0
              return false
            }
            for k in 0..<stride { element[k] = call.operands[1 + k].word(lane) }
            call.results[0][lane] =
              call.arena.append(
                ArrayObject(bits: bits), element: element, stride: stride, pointerMask: mask,
                mayShareBuffer: call.mayShareBuffers
              ).object.bits
            return true
          }
        }
      }, failure: .missingObject)
  }

  static func concat(_ layout: [IRType]) -> ColumnOperation {
    let stride = layout.count
    let mask = layout.pointerMask
    return ColumnOperation(
      name: "array.concat",
      function: { call in
        forEachLane(call) { lane in
          let first = ArrayObject(bits: call.operands[0].word(lane))
          let second = ArrayObject(bits: call.operands[1].word(lane))
          guard !first.object.isNull, !second.object.isNull else {
            call.results[0][lane] = 0
            return false
          }
          let joined = call.arena.makeArray(
            count: first.count + second.count, stride: stride, pointerMask: mask)
          let split = first.count * stride
          joined.elements.update(from: first.elements, count: split)
          (joined.elements + split).update(from: second.elements, count: second.count * stride)
          call.results[0][lane] = joined.object.bits
          return true
        }
      }, failure: .missingObject)
  }

  static func slice(_ layout: [IRType]) -> ColumnOperation {
    let stride = layout.count
    let mask = layout.pointerMask
    return ColumnOperation(
      name: "array.slice",
      function: { call in
        forEachLane(call) { lane in
          let array = ArrayObject(bits: call.operands[0].word(lane))
          let from = call.operands[1].int(lane)
          let to = call.operands[2].int(lane)
          guard !array.object.isNull, from >= 0, from <= to, to <= array.count else {
            call.results[0][lane] = 0
            return false
          }
          let part = call.arena.makeArray(
            count: Int(to - from), stride: stride, pointerMask: mask)
          part.elements.update(
            from: array.elements + Int(from) * stride, count: Int(to - from) * stride)
          call.results[0][lane] = part.object.bits
          return true
        }
      }, failure: .rangeOutOfBounds)
  }
}
