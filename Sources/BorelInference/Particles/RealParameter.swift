import BorelKernels
import BorelRuntime

/// A real parameter with the scale on which it moves.
struct RealParameter {
  let choice: TableChoice
  let scale: FittedFamily.Scale

  /// Nil when the choice is not one real number.
  init?(_ choice: TableChoice, _ program: CompiledProgram) {
    guard choice.width == 1, program.layout(ofUse: choice.use) == [.real],
      let family = program.family(ofUse: choice.use), family.signature.baseMeasure == .lebesgue
    else { return nil }
    self.choice = choice
    switch family.signature.support {
    case .positive, .nonNegative: scale = .log
    case .unitInterval: scale = .logit
    // Points outside other supports have density zero.
    default: scale = .identity
    }
  }

  func location(_ word: UInt64) -> Double {
    let value = Double(bitPattern: word)
    return switch scale {
    case .identity: value
    case .log: borel_log(value)
    case .logit: borel_log(value) - borel_log(1 - value)
    }
  }

  private func value(_ location: Double) -> Double {
    switch scale {
    case .identity: location
    case .log: borel_exp(location)
    case .logit: 1 / (1 + borel_exp(-location))
    }
  }

  func word(_ location: Double) -> UInt64 { value(location).bitPattern }

  /// Log of the derivative of the value with respect to the location.
  func logJacobian(_ location: Double) -> Double {
    switch scale {
    case .identity: return 0
    case .log: return location
    case .logit:
      let value = value(location)
      return borel_log(value) + borel_log(1 - value)
    }
  }
}
