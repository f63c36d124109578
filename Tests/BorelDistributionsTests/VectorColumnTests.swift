import BorelDistributions
import BorelHeap
import Testing

private let normal = VectorArgument.distribution("Normal", [.real(0), .real(1)])

private let columnCases: [(String, [VectorArgument])] =
  VectorMoments.all.map { ($0.name, $0.arguments) } + [
    ("CRP", [.ints([3, 0, 1]), .real(0.7)]),
    ("Empirical", [.values([.int(3), .int(5), .int(4)]), .reals([1, 2, 3])]),
    ("Truncated", [normal, .real(-1), .real(2)]),
    ("Censored", [normal, .real(-1), .real(2)]),
    ("ZeroInflated", [.real(0.4), normal]),
    ("IID", [normal, .int(3)]),
    ("Mixture", [.reals([1, 2]), .distributions([normal, normal])]),
  ]

/// Draws and scores of a block are those of its lanes, bit for bit.
@Test(arguments: columnCases.indices)
func blocksOfVectorsEqualTheirLanes(_ index: Int) {
  let (name, arguments) = columnCases[index]
  let instance = VectorInstance(name, arguments)
  let count = 40
  let column = instance.draw(count, draw: 3)[0]
  let key: UInt64 = 0x5851_F42D_4C95_7F2D
  for lane in 0..<count {
    var random = streamOfLane(key, 64 + UInt32(lane))
    var word: UInt64 = 0
    instance.distribution.draw(using: &random, arena: instance.arena, into: &word)
    let isHandle = instance.ask { $0.valueLayout.pointerMask } != 0
    #expect(
      isHandle
        ? structurallyEqual(Object(bits: word), Object(bits: column[lane])) : word == column[lane],
      "\(name), lane \(lane)")
  }
  var weights = [Double](repeating: 0.5, count: count)
  let width = instance.distribution.family.signature.parametrisations[0].parameters.count
  let operands = (0..<width).map { ColumnOperand(base: instance.fields + $0, stride: 0) }
  column.withUnsafeBufferPointer { column in
    guard let start = column.baseAddress else { return }
    var value = ColumnOperand(base: start, stride: 1)
    instance.distribution.family.accumulateLogDensity(
      count: count, value: &value, parameters: operands, into: &weights)
  }
  for lane in 0..<count {
    #expect(weights[lane] == 0.5 + instance.logDensity(word: column[lane]))
  }
}

private func streamOfLane(_ key: UInt64, _ lane: UInt32) -> LaneRandom {
  withUnsafePointer(to: key) { key in
    withUnsafePointer(to: UInt32(3)) { draw in
      LaneStreams(
        keys: key, keyStride: 0, lanes: nil, firstLane: lane, generation: 1, draws: draw,
        drawStride: 0
      ).random(0)
    }
  }
}
