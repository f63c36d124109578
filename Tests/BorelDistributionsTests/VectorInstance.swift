import BorelDistributions
import BorelHeap
import Foundation

/// An argument of a vector family or a combinator in a test.
indirect enum VectorArgument: Sendable {
  case real(Double)
  case int(Int64)
  case reals([Double])
  case ints([Int64])
  case matrix([[Double]])
  case distribution(String, [VectorArgument])
  case distributions([VectorArgument])
  /// One value, or several, of the same kind.
  case values([VectorArgument])

  func word(in arena: Arena) -> UInt64 {
    switch self {
    case .real(let x): return x.bitPattern
    case .int(let n): return UInt64(bitPattern: n)
    case .reals(let values): return arena.makeArray(values).object.bits
    case .ints(let values): return arena.makeArray(values).object.bits
    case .matrix(let rows):
      let matrix = arena.makeMatrix(rows: rows.count, columns: rows.first?.count ?? 0)
      for (index, x) in rows.joined().enumerated() { matrix.elements[index] = x }
      return matrix.object.bits
    case .distribution(let name, let arguments):
      let family = FamilyRegistry.index(of: name) ?? 0
      return DistributionValue.make(
        family: family, arguments.map { $0.word(in: arena) }, in: arena)
    case .distributions(let list): return array(list, pointerMask: 1, in: arena)
    case .values(let list):
      switch list.first {
      case .real, .int, nil: return array(list, pointerMask: 0, in: arena)
      default: return array(list, pointerMask: 1, in: arena)
      }
    }
  }

  private func array(_ list: [VectorArgument], pointerMask: UInt64, in arena: Arena) -> UInt64 {
    let words = list.map { $0.word(in: arena) }
    let array = arena.makeArray(count: words.count, pointerMask: pointerMask)
    for (index, word) in words.enumerated() { array.elements[index] = word }
    return array.object.bits
  }
}

/// A family with parameters and the memory that holds them.
final class VectorInstance {
  let arena = Arena()
  let distribution: DistributionValue
  let name: String
  /// The parameter words.
  let fields: UnsafeMutablePointer<UInt64>

  init(_ name: String, _ arguments: [VectorArgument]) {
    self.name = name
    let box = VectorArgument.distribution(name, arguments).word(in: arena)
    guard let value = DistributionValue(bits: box) else {
      preconditionFailure("no family \(name)")
    }
    distribution = value
    fields = BoxObject(bits: box).fields
  }

  /// Asks the distribution while its memory is certain to be alive.
  func ask<Result>(_ body: (DistributionValue) -> Result) -> Result {
    withExtendedLifetime(self) { body(distribution) }
  }

  var violation: String? { ask { $0.violation } }

  func logDensity(_ value: VectorArgument) -> Double { logDensity(word: value.word(in: arena)) }

  func logDensity(word: UInt64) -> Double {
    withUnsafePointer(to: word) { word in ask { $0.logDensity(LaneWords(word)) } }
  }

  /// The words of draws with addressed streams, one column per word of the value.
  func draw(_ count: Int, draw: UInt32 = 3) -> [[UInt64]] {
    var columns = [[UInt64]](
      repeating: [UInt64](repeating: 0, count: count),
      count: distribution.valueLayout.wordCount)
    let width = distribution.family.signature.parametrisations[0].parameters.count
    let operands = (0..<width).map {
      ColumnOperand(base: fields + $0, stride: 0)
    }
    let key: UInt64 = 0x5851_F42D_4C95_7F2D
    let pointers = columns.indices.map { index in
      let pointer = arena.allocate(words: max(1, count))
      pointer.update(repeating: 0, count: max(1, count))
      return (index, pointer)
    }
    withUnsafePointer(to: key) { key in
      withUnsafePointer(to: draw) { draw in
        let streams = LaneStreams(
          keys: key, keyStride: 0, lanes: nil, firstLane: 64, generation: 1, draws: draw,
          drawStride: 0)
        let targets = pointers.map(\.1)
        distribution.family.drawColumn(
          count: count, parameters: operands, streams: streams, arena: arena, into: targets)
      }
    }
    for (index, pointer) in pointers {
      columns[index] = (0..<count).map { pointer[$0] }
    }
    return columns
  }

  /// Draws whose value is an array of reals or integers, a matrix or a number, as reals.
  func numbers(_ count: Int, draw number: UInt32 = 3) -> [[Double]] {
    let signature = distribution.family.signature
    return draw(count, draw: number)[0].map { word in
      switch signature.value {
      case .realArray, .elementArray: return Array(ArrayObject(bits: word).reals)
      case .intArray:
        let array = ArrayObject(bits: word)
        return (0..<array.count).map { Double(array.int($0)) }
      case .matrix:
        let matrix = MatrixObject(bits: word)
        return (0..<matrix.rows * matrix.columns).map { matrix.elements[$0] }
      default:
        let isReal = distribution.numberKind != .int && distribution.numberKind != .bool
        return [isReal ? Double(bitPattern: word) : Double(Int64(bitPattern: word))]
      }
    }
  }

  /// The values of a finite support with their probabilities.
  func support() -> [(words: [UInt64], probability: Double)] {
    let count = distribution.supportCount ?? 0
    let width = distribution.valueLayout.wordCount
    return (0..<count).map { index in
      let words = arena.allocate(words: max(1, width))
      distribution.supportValue(index, arena: arena, into: words)
      let density = distribution.logDensity(LaneWords(words))
      return ((0..<width).map { words[$0] }, exp(density))
    }
  }
}
