/// Families whose values can be taken back to the standard variate from which they are made.
///
/// With the variates of a path held fixed, parameters move and take the path along: a
/// non-centred parametrisation of any program.
package protocol HasStandardNoise: Family {
  /// The variate of a value; `word(from:)` with the same parameters gives the value back.
  static func noise(of word: UInt64, _ parameters: LaneWords) -> Double
  /// The word of the value that a variate becomes.
  static func word(from noise: Double, _ parameters: LaneWords) -> UInt64
}

extension Normal: HasStandardNoise {
  static func noise(of word: UInt64, _ p: LaneWords) -> Double {
    (Double(bitPattern: word) - p.real(0)) / p.real(1)
  }
}

extension LogNormal: HasStandardNoise {
  static func noise(of word: UInt64, _ p: LaneWords) -> Double {
    (log(Double(bitPattern: word)) - p.real(0)) / p.real(1)
  }
}

extension HalfNormal: HasStandardNoise {
  static func noise(of word: UInt64, _ p: LaneWords) -> Double {
    Double(bitPattern: word) / p.real(0)
  }
}

extension Exponential: HasStandardNoise {
  static func noise(of word: UInt64, _ p: LaneWords) -> Double {
    Double(bitPattern: word) * p.real(0)
  }
}
