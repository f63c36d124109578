import BorelHeap

/// The operands of one lane, for operations written lane by lane.
///
/// Handles are checked here once: a null handle (a dead lane) reads as nil.
struct LaneOperands {
  let operands: UnsafePointer<ColumnOperand>
  let lane: Int
  let arena: Arena

  func real(_ index: Int) -> Double { operands[index].real(lane) }
  func int(_ index: Int) -> Int64 { operands[index].int(lane) }
  func bool(_ index: Int) -> Bool { operands[index].bool(lane) }

  func array(_ index: Int) -> ArrayObject? {
    let array = ArrayObject(bits: operands[index].word(lane))
    return array.object.isNull ? nil : array
  }

  func matrix(_ index: Int) -> MatrixObject? {
    let matrix = MatrixObject(bits: operands[index].word(lane))
    return matrix.object.isNull ? nil : matrix
  }

  /// A new array of reals whose elements the caller writes.
  func makeReals(_ count: Int) -> (array: ArrayObject, elements: UnsafeMutablePointer<Double>) {
    let array = arena.makeArray(count: count)
    let elements = UnsafeMutableRawPointer(array.elements)
      .assumingMemoryBound(to: Double.self)
    return (array, elements)
  }

  /// A new array of integers whose elements the caller writes.
  func makeInts(_ count: Int) -> (array: ArrayObject, elements: UnsafeMutablePointer<Int64>) {
    let array = arena.makeArray(count: count)
    let elements = UnsafeMutableRawPointer(array.elements)
      .assumingMemoryBound(to: Int64.self)
    return (array, elements)
  }
}

extension ArrayObject {
  /// The elements of an array of integers.
  var ints: UnsafeBufferPointer<Int64> {
    if object.isNull { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(
      start: UnsafeRawPointer(elements).assumingMemoryBound(to: Int64.self), count: count)
  }

  /// The elements of an array of Bools, as words 0 or 1.
  var flags: UnsafeBufferPointer<UInt64> {
    if object.isNull { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: elements, count: count)
  }
}

/// A value that fits into one register word.
protocol RegisterWord: Sendable {
  var registerWord: UInt64 { get }
}

extension Double: RegisterWord { var registerWord: UInt64 { bitPattern } }
extension Int64: RegisterWord { var registerWord: UInt64 { UInt64(bitPattern: self) } }
extension Bool: RegisterWord { var registerWord: UInt64 { self ? 1 : 0 } }
extension ArrayObject: RegisterWord { var registerWord: UInt64 { object.bits } }
extension MatrixObject: RegisterWord { var registerWord: UInt64 { object.bits } }

extension Primitive.Implementation {
  /// A column function from a function of one lane, which gives nil where it fails.
  ///
  /// Operations are pure, so neighbouring lanes with equal operands share one result; values that
  /// are the same for all lanes cost one evaluation.
  static func lanes<Result: RegisterWord>(
    _ body: @escaping @Sendable (LaneOperands) -> Result?
  ) -> Primitive.Implementation {
    .column { call in
      var firstFailure = -1
      let result = call.results[0]
      for lane in 0..<call.count {
        if lane > 0, firstFailure < 0, isRepetition(call, lane) {
          result[lane] = result[lane - 1]
          continue
        }
        let operands = LaneOperands(operands: call.operands, lane: lane, arena: call.arena)
        if let value = body(operands) {
          result[lane] = value.registerWord
        } else {
          result[lane] = 0
          if firstFailure < 0 { firstFailure = lane }
        }
      }
      return firstFailure
    }
  }

  /// Whether every operand has the same word as in the lane before.
  private static func isRepetition(_ call: borrowing ColumnCall, _ lane: Int) -> Bool {
    for index in 0..<call.operandCount {
      let operand = call.operands[index]
      if operand.stride != 0, operand.word(lane) != operand.word(lane - 1) { return false }
    }
    return true
  }

  /// A total function of reals.
  static func map(
    _ body: @escaping @Sendable (Double) -> Double
  ) -> Primitive.Implementation {
    lanes { body($0.real(0)) }
  }

  static func map(
    _ body: @escaping @Sendable (Double, Double) -> Double
  ) -> Primitive.Implementation {
    lanes { body($0.real(0), $0.real(1)) }
  }
}
