extension Terminator {
  /// The targets, in order: of a branch first `then`, of the others the continuation.
  package var targets: [Target] {
    switch self {
    case .jump(let target): [target]
    case .branch(_, let then, let otherwise): [then, otherwise]
    case .call(_, _, let continuation), .apply(_, _, let continuation),
      .checkpoint(_, let continuation), .fork(_, _, _, _, _, let continuation):
      [continuation]
    case .returnValues, .tailCall: []
    }
  }

  /// The values read by the terminator itself, without the arguments of its targets.
  package var operands: [ValueID] {
    switch self {
    case .jump, .checkpoint: []
    case .branch(let condition, _, _): [condition]
    case .call(_, let arguments, _), .tailCall(_, let arguments): arguments
    case .apply(let closure, let arguments, _): [closure] + arguments
    case .returnValues(let values): values
    case .fork(_, _, let operands, _, _, _): operands
    }
  }

  /// The continuation of a terminator at which a lane may wait, with words put in front of its
  /// arguments; nil for jumps, branches, returns and tail calls.
  package var continuation: Target? {
    switch self {
    case .call(_, _, let target), .apply(_, _, let target), .checkpoint(_, let target),
      .fork(_, _, _, _, _, let target):
      target
    case .jump, .branch, .returnValues, .tailCall: nil
    }
  }

  /// The same terminator with every target replaced.
  package func mapTargets(_ change: (Target) -> Target) -> Terminator {
    switch self {
    case .jump(let target): .jump(change(target))
    case .branch(let condition, let then, let otherwise):
      .branch(condition, then: change(then), otherwise: change(otherwise))
    case .call(let function, let arguments, let continuation):
      .call(function, arguments, continuation: change(continuation))
    case .apply(let closure, let arguments, let continuation):
      .apply(closure, arguments, continuation: change(continuation))
    case .checkpoint(let number, let continuation):
      .checkpoint(number, continuation: change(continuation))
    case .fork(let family, let site, let operands, let count, let types, let continuation):
      .fork(
        family: family, site, operands: operands, parameterCount: count, types,
        continuation: change(continuation))
    case .returnValues, .tailCall: self
    }
  }
}
