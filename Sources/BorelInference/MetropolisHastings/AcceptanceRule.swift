import BorelKernels

/// The factors of an acceptance ratio, as logs.
package struct AcceptanceFactors {
  /// Likelihoods: all scores and factors of the new and the old trace.
  package var logLikelihoodNew: Double
  package var logLikelihoodOld: Double
  /// Densities of the choices that both traces have, those with a changed value included.
  package var logKeptNew: Double
  package var logKeptOld: Double
  /// q(new -> old) / q(old -> new), Jacobian included.
  package var logHastings: Double
  /// Instances of the static choice that is moved, in the old and the new trace.
  package var countOld: Int
  package var countNew: Int
  /// What a move of the program adds.
  package var move = MoveFactors()
}

/// The factors that only moves of the program have, as logs.
package struct MoveFactors: Sendable {
  /// Old densities of the choices that the move takes away. Those that it gives are among the kept
  /// ones.
  package var logRemoved = 0.0
  /// Densities of the auxiliary draws: of those that lead back, given the new trace, and of those
  /// that were made, given the old one.
  package var logAuxiliaryNew = 0.0
  package var logAuxiliaryOld = 0.0
  /// Of the involution, over all reals of the trace and the auxiliary draws.
  package var logJacobian = 0.0

  /// All of them together.
  package var sum: Double { logAuxiliaryNew - logAuxiliaryOld + logJacobian - logRemoved }
}

/// The parts of a Metropolis-Hastings-Green step, one method per factor of its correctness. Chains
/// use `GreenRatio`; the tests replace single parts by wrong ones to see that the laws notice.
package protocol AcceptanceRule: Sendable {
  /// The log of the acceptance ratio.
  func logRatio(_ factors: AcceptanceFactors) -> Double

  /// Which instance of a static choice each chain moves: -1 for none.
  ///
  /// - Parameters:
  ///   - present: By instance and chain: whether the chain has it.
  ///   - draw: A number below the first argument, drawn by a chain.
  func pick(
    _ present: [UnsafeMutablePointer<Bool>], chainCount: Int,
    draw: (_ below: Int, _ chain: Int) -> Int
  ) -> [Int]
}

extension AcceptanceRule {
  /// Choices that appear or vanish are drawn from their prior in one of the two directions, so that
  /// their densities and those of the proposals cancel. An instance is picked with probability
  /// 1/countOld, and with 1/countNew on the way back.
  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    if factors.logLikelihoodNew == -.infinity { return -.infinity }
    let kept = factors.logKeptNew - factors.logKeptOld
    let counts =
      factors.countOld == factors.countNew
      ? 0 : borel_log(Double(factors.countOld)) - borel_log(Double(factors.countNew))
    return (factors.logLikelihoodNew - factors.logLikelihoodOld) + kept + factors.logHastings
      + counts + factors.move.sum
  }

  /// Each chain picks one of its own instances, uniformly.
  package func pick(
    _ present: [UnsafeMutablePointer<Bool>], chainCount: Int,
    draw: (_ below: Int, _ chain: Int) -> Int
  ) -> [Int] {
    var rest = [Int](repeating: 0, count: chainCount)
    for column in present { for chain in 0..<chainCount where column[chain] { rest[chain] += 1 } }
    for chain in 0..<chainCount { rest[chain] = rest[chain] == 0 ? -1 : draw(rest[chain], chain) }
    var picked = [Int](repeating: -1, count: chainCount)
    for (instance, column) in present.enumerated() {
      for chain in 0..<chainCount where column[chain] {
        if rest[chain] == 0 { picked[chain] = instance }
        rest[chain] -= 1
      }
    }
    return picked
  }
}

/// The right ratio.
///
/// Source: Green (1995), equation 7.
package struct GreenRatio: AcceptanceRule {
  package init() {}
}
