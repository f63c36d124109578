import BorelHeap
import BorelKernels

/// The default column forms: one lane after the other, without allocation.
///
/// They suit families whose value is one word. A family with a wider value (`Delta` and its kin)
/// passes its own width to `accumulateByLane` and `drawByLane`.
extension Family {
  package static func violation(_ parameters: LaneWords) -> String? { nil }

  package static func accumulateLogDensity(
    count: Int, value: UnsafePointer<ColumnOperand>, parameters: UnsafePointer<ColumnOperand>,
    into logWeights: UnsafeMutablePointer<Double>
  ) {
    accumulateByLane(
      count: count, value: value, valueWidth: 1, parameters: parameters,
      parameterCount: parameterCount, into: logWeights)
  }

  package static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    drawByLane(
      count: count, parameters: parameters, parameterCount: parameterCount, streams: streams,
      arena: arena, valueWidth: 1, into: value)
  }

  /// Number of parameters of the family, at most `LaneBuffer.capacity`.
  @inlinable
  package static var parameterCount: Int { signature.parametrisations[0].parameters.count }

  /// Adds `logDensity` of each lane's value to `logWeights`.
  package static func accumulateByLane(
    count: Int, value: UnsafePointer<ColumnOperand>, valueWidth: Int,
    parameters: UnsafePointer<ColumnOperand>, parameterCount: Int,
    into logWeights: UnsafeMutablePointer<Double>
  ) {
    LaneBuffer.withBuffer { words in
      LaneBuffer.withBuffer { valueWords in
        let varying = LaneBuffer.loadUniform(parameters, parameterCount, into: words)
        for lane in 0..<count {
          if varying { LaneBuffer.load(parameters, parameterCount, lane, into: words) }
          for k in 0..<valueWidth { valueWords[k] = value[k].word(lane) }
          logWeights[lane] += logDensity(LaneWords(valueWords), LaneWords(words))
        }
      }
    }
  }

  /// Writes `draw` of each lane into the columns of the value's words.
  package static func drawByLane(
    count: Int, parameters: UnsafePointer<ColumnOperand>, parameterCount: Int,
    streams: LaneStreams, arena: Arena, valueWidth: Int,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    LaneBuffer.withBuffer { words in
      LaneBuffer.withBuffer { valueWords in
        let varying = LaneBuffer.loadUniform(parameters, parameterCount, into: words)
        for lane in 0..<count {
          if varying { LaneBuffer.load(parameters, parameterCount, lane, into: words) }
          var random = streams.random(lane)
          draw(LaneWords(words), using: &random, arena: arena, into: valueWords)
          for k in 0..<valueWidth { value[k][lane] = valueWords[k] }
        }
      }
    }
  }
}

extension HasCumulative {
  package static func cumulativeColumn(
    _ x: Double, count: Int, parameters: UnsafePointer<ColumnOperand>,
    into result: UnsafeMutablePointer<Double>
  ) {
    LaneBuffer.withBuffer { words in
      let varying = LaneBuffer.loadUniform(parameters, parameterCount, into: words)
      for lane in 0..<count {
        if varying { LaneBuffer.load(parameters, parameterCount, lane, into: words) }
        result[lane] = cumulative(x, LaneWords(words))
      }
    }
  }
}

extension HasMoments {
  package static func momentColumns(
    count: Int, parameters: UnsafePointer<ColumnOperand>, means: UnsafeMutablePointer<Double>,
    variances: UnsafeMutablePointer<Double>
  ) {
    LaneBuffer.withBuffer { words in
      let varying = LaneBuffer.loadUniform(parameters, parameterCount, into: words)
      for lane in 0..<count {
        if varying { LaneBuffer.load(parameters, parameterCount, lane, into: words) }
        means[lane] = mean(LaneWords(words))
        variances[lane] = variance(LaneWords(words))
      }
    }
  }
}

/// Words of one lane on the stack.
package enum LaneBuffer {
  /// Room for the widest element and for the most parameters of a family. A constant, so that
  /// the memory is taken from the stack.
  package static let capacity = 64

  @inlinable @inline(__always)
  package static func withBuffer<Result>(
    _ body: (UnsafeMutablePointer<UInt64>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 64) { buffer in
      body(buffer.baseAddress.unsafelyUnwrapped)
    }
  }

  /// Loads the words that are the same for all lanes; true when there are others.
  @inlinable @inline(__always)
  static func loadUniform(
    _ operands: UnsafePointer<ColumnOperand>, _ operandCount: Int,
    into words: UnsafeMutablePointer<UInt64>
  ) -> Bool {
    var varying = false
    for k in 0..<operandCount {
      if operands[k].stride == 0 { words[k] = operands[k].base[0] } else { varying = true }
    }
    return varying
  }

  @inlinable @inline(__always)
  static func load(
    _ operands: UnsafePointer<ColumnOperand>, _ operandCount: Int, _ lane: Int,
    into words: UnsafeMutablePointer<UInt64>
  ) {
    for k in 0..<operandCount { words[k] = operands[k].word(lane) }
  }
}
