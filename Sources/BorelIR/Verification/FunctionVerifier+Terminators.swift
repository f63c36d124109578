extension FunctionVerifier {
  mutating func checkTerminator(_ terminator: Terminator) {
    switch terminator {
    case .jump(let target): checkTarget(target, given: [])
    case .branch(let condition, let then, let otherwise):
      if type(condition) != .bool {
        report(.types, "a branch needs bool, found \(type(condition))")
      }
      checkTarget(then, given: [])
      checkTarget(otherwise, given: [])
    case .call(let callee, let arguments, let continuation):
      if let callee = calledFunction(callee) {
        checkArguments(types(arguments), of: callee)
        checkTarget(continuation, given: callee.results)
      }
    case .apply(let closure, let arguments, let continuation):
      let parameters: [IRType]
      let results: [IRType]
      switch type(closure) {
      case .function(let words, let values): (parameters, results) = (words, values)
      // A model that is run in place: its arguments are captured.
      case .model(let values): (parameters, results) = ([], values)
      default:
        report(.call, "apply needs a function or a model, found \(type(closure))")
        return
      }
      if types(arguments) != parameters {
        report(
          .call, "the closure takes (\(irText(parameters))), found (\(irText(types(arguments))))")
      }
      checkTarget(continuation, given: results)
    case .returnValues(let values): checkResults(types(values))
    case .tailCall(let callee, let arguments):
      if let callee = calledFunction(callee) {
        checkArguments(types(arguments), of: callee)
        checkResults(callee.results)
      }
    case .checkpoint(_, let continuation):
      if !program.representations.contains(.sequential) {
        report(.effects, "checkpoint before the transform Sequential")
      }
      checkTarget(continuation, given: [])
    case .fork(let family, _, let operands, let count, let value, let continuation):
      if !program.representations.contains(.enumerated) {
        report(.effects, "fork before the transform Enumerated")
      }
      checkDraw(family: family, parameterCount: count, operands: operands, value: value)
      checkTarget(continuation, given: value)
    }
  }

  mutating func calledFunction(_ id: FunctionID) -> Function? {
    guard program.functions.indices.contains(Int(id.index)) else {
      report(.reference, "function \(id.index) is not there")
      return nil
    }
    return program.functions[Int(id.index)]
  }

  mutating func checkArguments(_ found: [IRType], of callee: Function) {
    let expected = callee.parameters.compactMap { callee.type(of: $0) }
    if found != expected {
      report(
        .call, "'\(callee.name)' takes (\(irText(expected))), found (\(irText(found)))")
    }
  }

  private mutating func checkResults(_ found: [IRType]) {
    if found != function.results {
      report(
        .results, "the function gives (\(irText(function.results))), found (\(irText(found)))")
    }
  }

  /// Checks the parameters of the target's block: first the words that arrive, then the arguments.
  private mutating func checkTarget(_ target: Target, given: [IRType]) {
    let expected = types(function.blocks[Int(target.block.index)].parameters)
    let found = given + types(target.arguments)
    if expected.count != found.count {
      report(
        .blockArguments,
        "bb\(target.block.index) takes \(expected.count) arguments, found \(found.count)")
    } else if expected != found {
      report(
        .blockArguments,
        "bb\(target.block.index) takes (\(irText(expected))), found (\(irText(found)))")
    }
  }
}
