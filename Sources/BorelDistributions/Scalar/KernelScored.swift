import BorelHeap
import BorelKernels

/// The operands of one call of a log-density kernel.
struct ScoreCall {
  let count: Int64
  let logWeights: UnsafeMutablePointer<Double>
  let value: ColumnOperand
  let parameters: UnsafePointer<ColumnOperand>
  let uniform: UInt32
  /// 1 to write log-densities, 0 to add them.
  let set: Int32

  var x: UnsafePointer<Double> { reals(value) }
  var integers: UnsafePointer<Int64> {
    UnsafeRawPointer(value.base).assumingMemoryBound(to: Int64.self)
  }
  func real(_ parameter: Int) -> UnsafePointer<Double> { reals(parameters[parameter]) }
  func int(_ parameter: Int) -> UnsafePointer<Int64> {
    UnsafeRawPointer(parameters[parameter].base).assumingMemoryBound(to: Int64.self)
  }
  private func reals(_ operand: ColumnOperand) -> UnsafePointer<Double> {
    UnsafeRawPointer(operand.base).assumingMemoryBound(to: Double.self)
  }
}

/// Families whose log-density is a C kernel, the same for one lane and for a column.
///
/// `Family.logDensity` calls `kernelLogDensity`, except where the kernel's convention differs, at
/// the ends of a support.
protocol KernelScored: Family {
  /// -1, or the first element that the kernel refused: it and what follows in its block of 8
  /// and after it are not written.
  static func score(_ call: ScoreCall) -> Int64
  /// Values that the kernel treats differently from `logDensity`.
  static var exceptions: (Double, Double)? { get }
}

extension KernelScored {
  static var exceptions: (Double, Double)? { nil }

  static func accumulateLogDensity(
    count: Int, value: UnsafePointer<ColumnOperand>, parameters: UnsafePointer<ColumnOperand>,
    into logWeights: UnsafeMutablePointer<Double>
  ) {
    if let (low, high) = exceptions {
      var found = 0
      for lane in 0..<(value[0].stride == 0 ? 1 : count) {
        let x = value[0].real(lane)
        found &+= (x == low) || (x == high) ? 1 : 0
      }
      if found > 0 {
        accumulateByLane(
          count: count, value: value, valueWidth: 1, parameters: parameters,
          parameterCount: parameterCount, into: logWeights)
        return
      }
    }
    var uniform: UInt32 = value[0].stride == 0 ? 1 : 0
    let parameterCount = parameterCount
    for k in 0..<parameterCount where parameters[k].stride == 0 { uniform |= 2 << UInt32(k) }
    let refused = score(
      ScoreCall(
        count: Int64(count), logWeights: logWeights, value: value[0], parameters: parameters,
        uniform: uniform, set: 0))
    if refused < 0 { return }
    // A value that is not a number: the scalar form says NaN there and goes on.
    LaneBuffer.withBuffer { words in
      LaneBuffer.withBuffer { valueWords in
        for lane in (Int(refused) & ~7)..<count {
          for k in 0..<parameterCount { words[k] = parameters[k].word(lane) }
          valueWords[0] = value[0].word(lane)
          logWeights[lane] += logDensity(LaneWords(valueWords), LaneWords(words))
        }
      }
    }
  }

  /// The kernel's log-density of one value; NaN where the kernel refuses.
  static func kernelLogDensity(_ value: UInt64, _ parameters: LaneWords) -> Double {
    withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: 3) { operands in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2) { words in
        let base = operands.baseAddress.unsafelyUnwrapped
        for k in 0..<3 { base[k] = ColumnOperand(base: parameters.base + k, stride: 0) }
        let cells = words.baseAddress.unsafelyUnwrapped
        cells[0] = value
        let result = UnsafeMutableRawPointer(cells + 1).assumingMemoryBound(to: Double.self)
        let call = ScoreCall(
          count: 1, logWeights: result, value: ColumnOperand(base: cells, stride: 0),
          parameters: UnsafePointer(base), uniform: 0xF, set: 1)
        return score(call) >= 0 ? .nan : result.pointee
      }
    }
  }
}

extension KernelScored where Self: RealFamily {
  static func logDensity(at x: Double, _ parameters: LaneWords) -> Double {
    kernelLogDensity(x.bitPattern, parameters)
  }
}

extension KernelScored where Self: IntegerFamily {
  static func logMass(at n: Int64, _ parameters: LaneWords) -> Double {
    kernelLogDensity(UInt64(bitPattern: n), parameters)
  }
}
