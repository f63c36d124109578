import BorelInference

/// Acceptance ratios that leave out or invert one factor of Green's ratio; the table of factors is
/// `Tests/Mutants.md`.

/// `n/n'` is left out.
package struct WithoutCounts: AcceptanceRule {
  package init() {}

  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    var factors = factors
    factors.countNew = factors.countOld
    return GreenRatio().logRatio(factors)
  }
}

/// `n'/n` in place of `n/n'`.
package struct InverseCounts: AcceptanceRule {
  package init() {}

  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    var factors = factors
    (factors.countOld, factors.countNew) = (factors.countNew, factors.countOld)
    return GreenRatio().logRatio(factors)
  }
}

/// The Hastings term with its Jacobian is left out.
package struct WithoutHastings: AcceptanceRule {
  package init() {}

  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    var factors = factors
    factors.logHastings = 0
    return GreenRatio().logRatio(factors)
  }
}

/// Densities of the choices that both traces have are left out.
package struct WithoutKept: AcceptanceRule {
  package init() {}

  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    var factors = factors
    factors.logKeptNew = factors.logKeptOld
    return GreenRatio().logRatio(factors)
  }
}

/// The ratio of likelihoods is left out, except that impossible data stay impossible.
package struct WithoutLikelihood: AcceptanceRule {
  package init() {}

  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    var factors = factors
    if factors.logLikelihoodNew > -.infinity {
      factors.logLikelihoodNew = factors.logLikelihoodOld
    }
    return GreenRatio().logRatio(factors)
  }
}

/// The likelihood is taken to twice its power: the kernel keeps another target.
package struct TwiceTheLikelihood: AcceptanceRule {
  package init() {}

  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    var factors = factors
    factors.logLikelihoodNew *= 2
    factors.logLikelihoodOld *= 2
    return GreenRatio().logRatio(factors)
  }
}

/// The Jacobian of a move of the program is left out.
package struct WithoutMoveJacobian: AcceptanceRule {
  package init() {}

  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    var factors = factors
    factors.move.logJacobian = 0
    return GreenRatio().logRatio(factors)
  }
}

/// The densities of the auxiliary draws of a move are left out.
package struct WithoutAuxiliary: AcceptanceRule {
  package init() {}

  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    var factors = factors
    (factors.move.logAuxiliaryNew, factors.move.logAuxiliaryOld) = (0, 0)
    return GreenRatio().logRatio(factors)
  }
}

/// The densities of the auxiliary draws change places.
package struct InverseAuxiliary: AcceptanceRule {
  package init() {}

  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    var factors = factors
    (factors.move.logAuxiliaryNew, factors.move.logAuxiliaryOld) = (
      factors.move.logAuxiliaryOld, factors.move.logAuxiliaryNew
    )
    return GreenRatio().logRatio(factors)
  }
}

/// The densities of choices that a move takes away are left out.
package struct WithoutRemoved: AcceptanceRule {
  package init() {}

  package func logRatio(_ factors: AcceptanceFactors) -> Double {
    var factors = factors
    factors.move.logRemoved = 0
    return GreenRatio().logRatio(factors)
  }
}
