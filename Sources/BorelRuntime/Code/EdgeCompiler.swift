import BorelIR

/// Resolves the edges out of one block: what moves, what dies, what is kept over a call.
struct EdgeCompiler {
  let function: Function
  let liveness: LivenessAnalysis
  /// Values that hold something before the terminator.
  let before: ValueSet
  let storage: FunctionStorage
  let loops: NaturalLoops
  /// Number of the block that the edges leave.
  let block: Int

  /// A terminator whose parts lead nowhere.
  func empty(_ kind: TerminatorKind) -> CompiledTerminator {
    let none = storage.list([])
    let target = storage.make([
      CompiledTarget(
        block: 0, arguments: none, parameters: none, releases: none, loops: LoopStep(none))
    ])
    let continuation = storage.make([
      CompiledContinuation(
        block: 0, results: none, saved: none, restored: none, loops: LoopStep(none))
    ])
    return CompiledTerminator(
      kind: kind, arguments: none, target: target, otherwise: target, continuation: continuation)
  }

  func target(_ target: Target) -> UnsafePointer<CompiledTarget> {
    let index = Int(target.block.index)
    let unread = liveness.unreadParameters[index]
    var dead = before
    dead.subtract(liveness.liveIn[index])
    return storage.make([
      CompiledTarget(
        block: index, arguments: storage.list(target.arguments.map(\.index)),
        parameters: storage.list(
          function.blocks[index].parameters.map { unread.contains($0) ? -1 : $0.index }),
        releases: storage.list(dead.values.map(\.index)), loops: step(to: index))
    ])
  }

  func continuation(_ target: Target) -> UnsafePointer<CompiledContinuation> {
    let index = Int(target.block.index)
    let unread = liveness.unreadParameters[index]
    let parameters = function.blocks[index].parameters
    let resultCount = parameters.count - target.arguments.count
    var saved: [Int32] = []
    var restored: [Int32] = []
    for (argument, parameter) in zip(target.arguments, parameters[resultCount...])
    where !unread.contains(parameter) {
      saved.append(argument.index)
      restored.append(parameter.index)
    }
    for value in liveness.liveIn[index].values {
      saved.append(value.index)
      restored.append(value.index)
    }
    return storage.make([
      CompiledContinuation(
        block: index,
        results: storage.list(
          parameters[..<resultCount].map { unread.contains($0) ? -1 : $0.index }),
        saved: storage.list(saved), restored: storage.list(restored), loops: step(to: index))
    ])
  }

  /// How the edge to a block enters, repeats and leaves loops.
  private func step(to target: Int) -> LoopStep {
    let from = Array(loops.enclosing(block).reversed())
    let into = Array(loops.enclosing(target).reversed())
    var shared = zip(from, into).prefix { $0 == $1 }.count
    let repeated = into.prefix(shared).firstIndex { loops.loops[$0].header == target }
    if let repeated { shared = repeated + 1 }
    let entered = into[shared...].map { Int32(loops.loops[$0].header) }
    return LoopStep(
      storage.list(entered), leaving: from.count - shared, repeats: repeated != nil)
  }
}
