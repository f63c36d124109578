import BorelHeap
import BorelKernels

/// Families whose value is one real.
protocol RealFamily: Family {
  static func logDensity(at x: Double, _ parameters: LaneWords) -> Double
  static func sample(_ parameters: LaneWords, using random: inout LaneRandom) -> Double
}

extension RealFamily {
  static func logDensity(_ value: LaneWords, _ parameters: LaneWords) -> Double {
    logDensity(at: value.real(0), parameters)
  }

  static func draw(
    _ parameters: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = sample(parameters, using: &random).bitPattern
  }
}

/// Families whose value is one integer.
protocol IntegerFamily: Family {
  static func logMass(at n: Int64, _ parameters: LaneWords) -> Double
  static func sample(_ parameters: LaneWords, using random: inout LaneRandom) -> Int64
}

extension IntegerFamily {
  static func logDensity(_ value: LaneWords, _ parameters: LaneWords) -> Double {
    logMass(at: value.int(0), parameters)
  }

  static func draw(
    _ parameters: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(bitPattern: sample(parameters, using: &random))
  }
}
