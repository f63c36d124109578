import BorelHeap
import BorelKernels
import BorelPrimitives

/// Applies operations to columns in tests.
struct Application {
  let arena = Arena()

  /// The result words of an operation over columns of `count` words, and the first failing lane.
  func apply(
    _ primitive: Primitive, _ columns: [[UInt64]], count: Int, uniform: Bool = false
  ) -> (words: [UInt64], failure: Int) {
    var columns = columns.isEmpty ? [[0]] : columns
    while columns.count < 3 { columns.append([UInt64](repeating: 0, count: count)) }
    var result = [UInt64](repeating: 0xDEAD, count: count)
    let failure = result.withUnsafeMutableBufferPointer { result -> Int in
      guard let target = result.baseAddress else { return -1 }
      let operands = columns.map { column -> ColumnOperand in
        let copy = arena.allocate(words: max(1, column.count))
        for (index, word) in column.enumerated() { copy[index] = word }
        return ColumnOperand(base: copy, stride: uniform ? 0 : 1)
      }
      switch primitive.implementation {
      case .kernel(let kernel):
        let mask: UInt32 = uniform ? 7 : 0
        return Int(
          kernel(
            Int64(count), target, operands[0].base, operands[1].base, operands[2].base, mask))
      case .column(let function):
        return withUnsafePointer(to: target) { results in
          let call = ColumnCall(
            count: count, operands: operands, operandCount: primitive.parameters.count,
            results: results, arena: arena, mayShareBuffers: true)
          return function(call)
        }
      }
    }
    return (result, failure)
  }

  /// One lane; nil where it fails.
  func one(_ name: String, _ words: [UInt64]) throws -> UInt64? {
    guard let primitive = PrimitiveRegistry.named(name) else { throw UnknownName(name: name) }
    let (result, failure) = apply(primitive, words.map { [$0] }, count: 1)
    return failure < 0 ? result[0] : nil
  }

  func real(_ name: String, _ words: UInt64...) throws -> Double? {
    try one(name, words).map { Double(bitPattern: $0) }
  }

  func int(_ name: String, _ words: UInt64...) throws -> Int64? {
    try one(name, words).map { Int64(bitPattern: $0) }
  }

  func reals(_ name: String, _ words: UInt64...) throws -> [Double]? {
    try one(name, words).map { Array(ArrayObject(bits: $0).reals) }
  }

  func ints(_ name: String, _ words: UInt64...) throws -> [Int64]? {
    try one(name, words).map { bits in
      let array = ArrayObject(bits: bits)
      return (0..<array.count).map { array.int($0) }
    }
  }

  func elements(_ name: String, _ words: UInt64...) throws -> [Double]? {
    try one(name, words).map { bits in
      let matrix = MatrixObject(bits: bits)
      return (0..<matrix.rows * matrix.columns).map { matrix.elements[$0] }
    }
  }

  func array(_ values: [Double]) -> UInt64 { arena.makeArray(values).object.bits }
  func array(_ values: [Int64]) -> UInt64 { arena.makeArray(values).object.bits }
  func matrix(_ rows: [[Double]]) -> UInt64 {
    let result = arena.makeMatrix(rows: rows.count, columns: rows.first?.count ?? 0)
    for (index, value) in rows.joined().enumerated() { result.elements[index] = value }
    return result.object.bits
  }

  struct UnknownName: Error { var name: String }
}

extension Double { var word: UInt64 { bitPattern } }
extension Int64 { var word: UInt64 { UInt64(bitPattern: self) } }

/// A fixed sequence of operands.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Application {
  /// A random operand of a type: small sizes, so that operations apply.
  func operand(_ type: WordType, using random: inout SplitMix) -> UInt64 {
    switch type {
    case .real: return Double.random(in: -3...3, using: &random).word
    case .int: return Int64.random(in: -4...6, using: &random).word
    case .bool: return UInt64.random(in: 0...1, using: &random)
    case .string:
      let text = ["", "a", "beta", "é"][Int.random(in: 0..<4, using: &random)]
      return StringTable.shared.number(of: text).word
    case .realArray:
      let count = Int.random(in: 0...4, using: &random)
      return array((0..<count).map { _ in Double.random(in: -3...3, using: &random) })
    case .intArray:
      let count = Int.random(in: 0...4, using: &random)
      return array((0..<count).map { _ in Int64.random(in: -3...3, using: &random) })
    case .boolArray:
      let count = Int.random(in: 0...4, using: &random)
      return array((0..<count).map { _ in Int64.random(in: 0...1, using: &random) })
    case .matrix:
      let n = Int.random(in: 1...3, using: &random)
      let lower = (0..<n).map { _ in
        (0..<n).map { _ in Double.random(in: -1...1, using: &random) }
      }
      // Half of them symmetric positive definite.
      if Bool.random(using: &random) { return matrix(lower) }
      return matrix(
        (0..<n).map { i in
          (0..<n).map { j in
            zip(lower[i], lower[j]).reduce(i == j ? 1 : 0) { $0 + $1.0 * $1.1 }
          }
        })
    }
  }
}
