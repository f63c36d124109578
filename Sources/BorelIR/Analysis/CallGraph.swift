/// Who calls whom, closures included.
package struct CallGraph: Sendable {
  /// A call, a tail call or an application of a closure at the end of a block.
  package struct Call: Hashable, Sendable {
    package var function: Int
    package var block: Int
    /// The functions that may be called, ascending: one, unless a closure is applied.
    package var callees: [Int]
    /// The words of the callees' own parameters; captures come from the closure.
    package var arguments: [ValueID]
    /// The applied closure; nil when the callee is known.
    package var closure: ValueID?
    /// Where the results arrive; nil for a tail call.
    package var continuation: Target?
  }

  /// By function: its calls in block order.
  package let calls: [[Call]]
  /// By function: the functions it calls, ascending.
  package let callees: [[Int]]
  /// By function: where it is called from.
  package let callers: [[Call]]
  /// Functions of which a closure or a model value is made, with the values captured: by function, the places.
  package let captures: [[Capture]]

  package struct Capture: Hashable, Sendable {
    package var function: Int
    package var values: [ValueID]
    /// The parameters of the closure's function that receive the values.
    package var parameters: [ValueID]
  }

  package init(_ program: Program, closures: ClosureTargets? = nil) {
    let closures = closures ?? ClosureTargets(program)
    var calls: [[Call]] = []
    var captures = [[Capture]](repeating: [], count: program.functions.count)
    for (index, function) in program.functions.enumerated() {
      var own: [Call] = []
      for (number, block) in function.blocks.enumerated() {
        for instruction in block.instructions {
          guard let callee = instruction.operation.closedFunction else { continue }
          let parameters = program.functions[Int(callee.index)].parameters.suffix(
            instruction.operands.count)
          captures[Int(callee.index)].append(
            Capture(
              function: index, values: instruction.operands, parameters: Array(parameters)))
        }
        switch block.terminator {
        case .call(let callee, let arguments, let continuation):
          own.append(
            Call(
              function: index, block: number, callees: [Int(callee.index)], arguments: arguments,
              continuation: continuation))
        case .tailCall(let callee, let arguments):
          own.append(
            Call(
              function: index, block: number, callees: [Int(callee.index)], arguments: arguments))
        case .apply(let closure, let arguments, let continuation):
          own.append(
            Call(
              function: index, block: number, callees: closures.targets(of: closure, in: index),
              arguments: arguments, closure: closure, continuation: continuation))
        default: break
        }
      }
      calls.append(own)
    }
    var callers = [[Call]](repeating: [], count: calls.count)
    for call in calls.joined() {
      for callee in call.callees { callers[callee].append(call) }
    }
    self.calls = calls
    self.callers = callers
    self.captures = captures
    callees = calls.map { Set($0.flatMap(\.callees)).sorted() }
  }

  /// The functions that run when one of `roots` runs, roots included. Functions that only run
  /// inside a nested inference are not among them.
  package func reachable(from roots: [Int]) -> ValueSet {
    var reached = ValueSet(capacity: calls.count)
    var stack = roots
    while let function = stack.popLast() {
      guard reached.insert(function) else { continue }
      stack += callees[function]
    }
    return reached
  }

  /// Whether a function may call itself, directly or through others.
  package func isRecursive(_ function: Int) -> Bool {
    callees[function].contains { reachable(from: [$0]).contains(function) }
  }
}
