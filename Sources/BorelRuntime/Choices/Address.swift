/// Addresses of choices: 64-bit hashes of the calls, the iterations of the enclosing loops, and the
/// instruction that lead to a choice (semantics, 1.13).
///
/// Two choices of one lane have different addresses. An address does not depend on the lane, the
/// generation, or on what other choices were made, except through the control flow.
enum Address {
  /// The path of the function that a lane starts with.
  static let root: UInt64 = 0x6C62_272E_07BB_0142

  /// The hash after one more step.
  ///
  /// Source: the finaliser of SplitMix64, Steele, Lea, Flood (2014), "Fast splittable pseudorandom
  /// number generators", figure 17.
  @inline(__always)
  static func mix(_ path: UInt64, _ step: UInt64) -> UInt64 {
    var z = (path &* 0xD134_2543_DE82_EF95) ^ (step &+ 0x9E37_79B9_7F4A_7C15)
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// What kind of step leads on; the number tells steps of a kind apart.
  enum Step: UInt64 {
    case call = 1
    case loop, iteration, choice, table, key
  }

  @inline(__always)
  static func step(_ kind: Step, _ number: UInt64) -> UInt64 { kind.rawValue << 56 | number }
}

/// How an edge of the control-flow graph enters, repeats and leaves loops.
struct LoopStep {
  /// Headers of the loops that it enters, outermost first.
  let entered: RegisterList
  /// How many loops it leaves.
  let leaving: Int
  /// Whether it then goes back to the header of the innermost loop that is left.
  let repeats: Bool
  let isTrivial: Bool

  init(_ entered: RegisterList, leaving: Int = 0, repeats: Bool = false) {
    self.entered = entered
    self.leaving = leaving
    self.repeats = repeats
    isTrivial = entered.count == 0 && leaving == 0 && !repeats
  }
}
