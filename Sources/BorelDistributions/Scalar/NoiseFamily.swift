import BorelHeap
import BorelKernels

/// The standard variate that a draw is made from. It comes from the block of randomness that two
/// lanes share, so that a column costs half as much as lane by lane.
package enum Noise {
  /// Uniform on (0, 1), both ends excluded.
  case uniform
  case normal
  case exponential

  /// The value of one lane: the same bits as in a column.
  @inline(__always)
  func value(_ random: LaneRandom) -> Double {
    withUnsafePointer(to: random) { pointer in
      switch self {
      case .uniform: borel_lane_uniform(pointer)
      case .normal: borel_lane_normal(pointer)
      case .exponential: borel_lane_exponential(pointer)
      }
    }
  }

  /// Fills a column.
  package func fill(
    count: Int, streams: LaneStreams, into target: UnsafeMutablePointer<Double>
  ) {
    let generation = streams.generation
    if streams.isContiguous {
      let (n, key, draw) = (Int64(count), streams.keys[0], streams.draws[0])
      let first = streams.firstLane
      switch self {
      case .uniform: borel_fill_uniform_contiguous(n, target, key, generation, draw, first)
      case .normal: borel_fill_normal_contiguous(n, target, key, generation, draw, first)
      case .exponential: borel_fill_exponential_contiguous(n, target, key, generation, draw, first)
      }
      return
    }
    if let lanes = streams.lanes {
      fill(from: 0, count: count, lanes: lanes, streams: streams, into: target)
      return
    }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { buffer in
      let lanes = buffer.baseAddress.unsafelyUnwrapped
      var start = 0
      while start < count {
        let n = min(256, count - start)
        for i in 0..<n {
          lanes[i] = streams.firstLane &+ UInt32(truncatingIfNeeded: start + i)
        }
        fill(from: start, count: n, lanes: lanes, streams: streams, into: target)
        start += n
      }
    }
  }

  private func fill(
    from start: Int, count: Int, lanes: UnsafePointer<UInt32>, streams: LaneStreams,
    into target: UnsafeMutablePointer<Double>
  ) {
    let n = Int64(count)
    let keys = streams.keys + start * streams.keyStride
    let keyStride = UInt32(streams.keyStride)
    let draws = streams.draws + start * streams.drawStride
    let drawStride = UInt32(streams.drawStride)
    let generation = streams.generation
    switch self {
    case .uniform:
      borel_fill_uniform_lanes(
        n, target + start, keys, keyStride, lanes, draws, drawStride, generation)
    case .normal:
      borel_fill_normal_lanes(
        n, target + start, keys, keyStride, lanes, draws, drawStride, generation)
    case .exponential:
      borel_fill_exponential_lanes(
        n, target + start, keys, keyStride, lanes, draws, drawStride, generation)
    }
  }
}

/// Families that make a draw from one standard variate.
protocol NoiseFamily: Family {
  static var noise: Noise { get }
  /// The word of the value that a variate becomes.
  static func word(from noise: Double, _ parameters: LaneWords) -> UInt64
}

extension NoiseFamily {
  @inline(__always)
  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    drawColumnFromNoise(count: count, parameters: parameters, streams: streams, into: value[0])
  }

  @inline(__always)
  static func drawColumnFromNoise(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams,
    into target: UnsafeMutablePointer<UInt64>
  ) {
    noise.fill(
      count: count, streams: streams,
      into: UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self))
    let parameterCount = parameterCount
    LaneBuffer.withBuffer { words in
      let varying = LaneBuffer.loadUniform(parameters, parameterCount, into: words)
      for lane in 0..<count {
        if varying { LaneBuffer.load(parameters, parameterCount, lane, into: words) }
        target[lane] = word(from: Double(bitPattern: target[lane]), LaneWords(words))
      }
    }
  }
}

/// The operand of an elementwise kernel.
extension ColumnOperand {
  var raw: UnsafeRawPointer { UnsafeRawPointer(base) }
}

extension NoiseFamily where Self: RealFamily {
  static func sample(_ parameters: LaneWords, using random: inout LaneRandom) -> Double {
    Double(bitPattern: word(from: noise.value(random), parameters))
  }
}

extension NoiseFamily where Self: IntegerFamily {
  static func sample(_ parameters: LaneWords, using random: inout LaneRandom) -> Int64 {
    Int64(bitPattern: word(from: noise.value(random), parameters))
  }
}
