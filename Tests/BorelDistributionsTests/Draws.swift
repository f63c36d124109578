import BorelDistributions
import BorelHeap

/// Draws of scalar families from addressed streams, in the ways that the machine asks for them.
enum Draws {
  /// How lanes are given to `drawColumn`.
  enum Form: CaseIterable {
    /// Lanes in order, one key and one draw number.
    case contiguous
    /// The same lanes in a list.
    case listed
    /// The same lanes, with one key and one draw number per lane.
    case strided
    /// One lane after the other, by `draw`.
    case scalar
  }

  static let key: UInt64 = 0x9E37_79B9_7F4A_7C15
  static let firstLane: UInt32 = 32

  /// The words of `count` draws with the same parameters, or with a column of parameters per
  /// operand.
  static func words<F: Family>(
    _ family: F.Type, count: Int, operands: [ColumnOperand], form: Form, draw: UInt32 = 5,
    key: UInt64 = Draws.key
  ) -> [UInt64] {
    let arena = Arena()
    var result = [UInt64](repeating: 0, count: count)
    let keys = [UInt64](repeating: key, count: count)
    let draws = [UInt32](repeating: draw, count: count)
    let lanes = (0..<count).map { firstLane + UInt32($0) }
    keys.withUnsafeBufferPointer { keys in
      draws.withUnsafeBufferPointer { draws in
        lanes.withUnsafeBufferPointer { lanes in
          let stride = form == .strided ? 1 : 0
          let streams = LaneStreams(
            keys: keys.baseAddress!, keyStride: stride,
            lanes: form == .listed ? lanes.baseAddress! : nil, firstLane: firstLane,
            generation: 3, draws: draws.baseAddress!, drawStride: stride)
          result.withUnsafeMutableBufferPointer { column in
            if form == .scalar {
              var words = [UInt64](repeating: 0, count: max(1, operands.count))
              for lane in 0..<count {
                for k in operands.indices { words[k] = operands[k].word(lane) }
                var random = streams.random(lane)
                words.withUnsafeBufferPointer {
                  F.draw(
                    LaneWords($0.baseAddress!), using: &random, arena: arena,
                    into: column.baseAddress! + lane)
                }
              }
            } else {
              var target = column.baseAddress!
              F.drawColumn(
                count: count, parameters: operands, streams: streams, arena: arena, into: &target)
            }
          }
        }
      }
    }
    return result
  }

  /// Draws as reals.
  static func scalars<F: Family>(
    _ family: F.Type, _ parameters: ParameterWords, count: Int, draw: UInt32 = 5
  ) -> [Double] {
    words(
      family, count: count, operands: parameters.uniformOperands, form: .contiguous, draw: draw
    ).map(F.scalar)
  }
}
