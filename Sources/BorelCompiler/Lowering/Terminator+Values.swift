import BorelIR

extension Terminator {
  /// The terminator with its targets rewritten; the closure is told which target it is.
  func mapEdges(_ change: (Int, Target) -> Target) -> Terminator {
    var slot = -1
    return mapTargets { target in
      slot += 1
      return change(slot, target)
    }
  }

  /// The terminator with every value rewritten, those of its targets included.
  func mapValues(_ change: (ValueID) -> ValueID) -> Terminator {
    let mapped: Terminator =
      switch self {
      case .branch(let condition, let then, let otherwise):
        .branch(change(condition), then: then, otherwise: otherwise)
      case .call(let function, let arguments, let next):
        .call(function, arguments.map(change), continuation: next)
      case .apply(let closure, let arguments, let next):
        .apply(change(closure), arguments.map(change), continuation: next)
      case .fork(let family, let site, let operands, let count, let layout, let next):
        .fork(
          family: family, site, operands: operands.map(change), parameterCount: count, layout,
          continuation: next)
      case .returnValues(let values): .returnValues(values.map(change))
      case .tailCall(let function, let arguments): .tailCall(function, arguments.map(change))
      case .jump, .checkpoint: self
      }
    return mapped.mapTargets { Target($0.block, $0.arguments.map(change)) }
  }

  /// Whether the first parameters of the continuation are results rather than arguments.
  var hasResults: Bool {
    switch self {
    case .call, .apply, .fork: true
    default: false
    }
  }
}
