/// Expressions of the random programs.
extension ProgramGenerator {
  mutating func bool(_ depth: Int) -> SourceNode {
    switch random.index(depth > 0 ? 12 : 4) {
    case 0, 1, 2:
      if let name = scope.bools.randomElement(using: &random) { return SourceNode(.bool, name) }
      return SourceNode(.bool, "\(chance(0.5))")
    case 3, 4: return flip()
    case 5: return SourceNode(.bool, "!(#)", bool(depth - 1))
    case 6: return SourceNode(.bool, "(# && #)", bool(depth - 1), bool(depth - 1))
    case 7: return SourceNode(.bool, "(# || #)", bool(depth - 1), bool(depth - 1))
    case 8: return SourceNode(.bool, "(# < #)", int(depth - 1), int(depth - 1))
    case 9: return SourceNode(.bool, "(# == #)", int(depth - 1), int(depth - 1))
    case 10:
      guard let function = scope.boolFunctions.randomElement(using: &random) else { return flip() }
      return SourceNode(.bool, "\(function)(#)", int(depth - 1))
    default:
      return SourceNode(
        .bool, "(if # { # } else { # })", bool(depth - 1), bool(depth - 1), bool(depth - 1))
    }
  }

  private mutating func flip() -> SourceNode {
    guard spend() else { return SourceNode(.bool, "\(chance(0.5))") }
    return SourceNode(.bool, "(sample Bernoulli(#))", probability(1))
  }

  mutating func int(_ depth: Int) -> SourceNode {
    switch random.index(depth > 0 ? 11 : 4) {
    case 0, 1:
      if let name = scope.ints.randomElement(using: &random) { return SourceNode(.int, name) }
      return SourceNode(.int, "\(random.index(3))")
    case 2: return SourceNode(.int, "\(random.index(3))")
    case 3, 4:
      guard spend() else { return SourceNode(.int, "1") }
      return SourceNode(.int, "(sample (#))", die())
    case 5: return SourceNode(.int, "(# + #)", int(depth - 1), int(depth - 1))
    case 6: return SourceNode(.int, "max(#, #)", int(depth - 1), int(depth - 1))
    case 7:
      return SourceNode(
        .int, "(if # { # } else { # })", bool(depth - 1), int(depth - 1), int(depth - 1))
    case 8, 9:
      guard let function = scope.intFunctions.randomElement(using: &random) else {
        return SourceNode(.int, "\(random.index(3))")
      }
      if function.contains("#") {
        return SourceNode(.int, function, bool(depth - 1), int(depth - 1))
      }
      return SourceNode(.int, function)
    default:
      guard let closure = scope.closures.randomElement(using: &random) else {
        return SourceNode(.int, "[1, 0, 2][min(2, abs(#))]", int(depth - 1))
      }
      return SourceNode(.int, "\(closure)(#)", int(depth - 1))
    }
  }

  /// Means and log-weights, a few units in size.
  mutating func real(_ depth: Int) -> SourceNode {
    switch random.index(depth > 0 ? 5 : 2) {
    case 0, 1: return SourceNode(.real, number())
    case 2:
      return SourceNode(
        .real, "(if # { # } else { # })", bool(depth - 1), real(depth - 1), real(depth - 1))
    case 3: return SourceNode(.real, "(0.25 * # - 0.5)", int(depth - 1))
    default: return SourceNode(.real, "(# + #)", real(depth - 1), real(depth - 1))
    }
  }

  /// A size that is not negative.
  mutating func size(_ depth: Int) -> SourceNode {
    SourceNode(.real, "abs(#)", real(depth))
  }

  /// A probability strictly between 0 and 1.
  mutating func probability(_ depth: Int) -> SourceNode {
    if depth > 0, chance(0.4) {
      return SourceNode(
        .real, "(if # { # } else { # })", bool(depth - 1), probability(0), probability(0))
    }
    return SourceNode(.real, ["0.5", "0.25", "0.8", "0.3"][random.index(4)])
  }

  /// A distribution of Bool.
  mutating func coin() -> SourceNode {
    if chance(0.15) {
      return SourceNode(
        .statement, "if # { Bernoulli(#) } else { Bernoulli(#) }", bool(1), probability(0),
        probability(0))
    }
    return SourceNode(.statement, "Bernoulli(#)", probability(2))
  }

  /// A distribution of small Ints.
  mutating func die() -> SourceNode {
    switch random.index(3) {
    case 0: return SourceNode(.statement, "DiscreteUniform(0, 1)")
    case 1: return SourceNode(.statement, "Categorical([0.2, 0.5, 0.3])")
    default: return SourceNode(.statement, "Binomial(2, #)", probability(1))
    }
  }

  mutating func number() -> String { ["0.5", "-0.75", "1.25", "0.0", "-1.5"][random.index(5)] }

  mutating func positive() -> String { ["0.5", "1.0", "2.0"][random.index(3)] }
}
