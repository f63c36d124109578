/// Solves the symbolic levels of all functions as a least fixpoint (see `Uniformity`).
struct UniformitySummaries {
  let program: Program
  let graph: CallGraph
  var values: [[SymbolicUniformity]]
  /// By function and value: the level of the structure of arrays (see `StructureSource`).
  var structures: [[SymbolicUniformity]]
  var control: [[SymbolicUniformity]]
  /// By function and result.
  var results: [[SymbolicUniformity]]
  var resultStructures: [[SymbolicUniformity]]
  /// By function: the branch conditions by block, for merges and control.
  private let dependences: [ControlDependence]
  private let flows: [ControlFlow]
  /// Whether draws count as shared by the lanes: then what is left to vary are the arguments.
  private let isDrawShared: Bool

  init(_ program: Program, callGraph: CallGraph, isDrawShared: Bool = false) {
    self.program = program
    graph = callGraph
    self.isDrawShared = isDrawShared
    let functions = program.functions
    values = functions.map {
      [SymbolicUniformity](repeating: .uniform, count: $0.valueTypes.count)
    }
    structures = values
    control = functions.map { [SymbolicUniformity](repeating: .uniform, count: $0.blocks.count) }
    results = functions.map { [SymbolicUniformity](repeating: .uniform, count: $0.results.count) }
    resultStructures = results
    flows = functions.map { ControlFlow($0) }
    dependences = zip(functions, flows).map { ControlDependence($0, controlFlow: $1) }
    for (index, function) in functions.enumerated() {
      for (position, parameter) in function.parameters.enumerated() {
        values[index][Int(parameter.index)] = SymbolicUniformity(.uniform, parameters: [position])
        // Structures of arguments are numbered after the arguments themselves.
        structures[index][Int(parameter.index)] = SymbolicUniformity(
          .uniform, parameters: [function.parameters.count + position])
      }
    }
  }

  mutating func solve() {
    // Callers are revisited when the summary of a callee grows.
    var pending = Array(program.functions.indices.reversed())
    var isPending = [Bool](repeating: true, count: pending.count)
    while let index = pending.popLast() {
      isPending[index] = false
      guard visit(index) else { continue }
      for caller in Set(graph.callers[index].map(\.function)) where !isPending[caller] {
        isPending[caller] = true
        pending.append(caller)
      }
    }
  }

  /// Brings one function to its fixpoint; true when its results changed.
  private mutating func visit(_ index: Int) -> Bool {
    let function = program.functions[index]
    let before = (results[index], resultStructures[index])
    var changed = true
    while changed {
      changed = false
      for block in flows[index].reversePostorder {
        if visit(block, of: function, index) { changed = true }
      }
    }
    return before != (results[index], resultStructures[index])
  }

  private mutating func join(
    _ level: SymbolicUniformity, into value: ValueID, of function: Int
  ) -> Bool {
    let position = Int(value.index)
    let joined = values[function][position].joined(level)
    guard joined != values[function][position] else { return false }
    values[function][position] = joined
    return true
  }

  private mutating func join(
    structure level: SymbolicUniformity, into value: ValueID, of function: Int
  ) -> Bool {
    let position = Int(value.index)
    let joined = structures[function][position].joined(level)
    guard joined != structures[function][position] else { return false }
    structures[function][position] = joined
    return true
  }

  private func condition(of block: Int, in index: Int) -> SymbolicUniformity {
    guard case .branch(let value, _, _) = program.functions[index].blocks[block].terminator else {
      return .uniform
    }
    return values[index][Int(value.index)]
  }

  private mutating func visit(_ number: Int, of function: Function, _ index: Int) -> Bool {
    var changed = false
    let block = function.blocks[number]
    let dependence = dependences[index]
    let controlLevel = dependence.controllers(of: number).reduce(control[index][number]) {
      $0.joined(condition(of: $1, in: index))
    }
    if controlLevel != control[index][number] {
      control[index][number] = controlLevel
      changed = true
    }
    let decided = dependence.deciders[number].reduce(SymbolicUniformity.uniform) {
      $0.joined(condition(of: $1, in: index))
    }
    for parameter in block.parameters {
      if join(decided, into: parameter, of: index) { changed = true }
      if join(structure: decided, into: parameter, of: index) { changed = true }
    }
    for instruction in block.instructions {
      let level = result(of: instruction, in: index)
      let structure = structure(of: instruction, in: index)
      for value in instruction.results {
        if join(level, into: value, of: index) { changed = true }
        if join(structure: structure, into: value, of: index) { changed = true }
      }
    }
    if visit(block.terminator, in: number, of: function, index) { changed = true }
    return changed
  }

  private func result(of instruction: Instruction, in index: Int) -> SymbolicUniformity {
    let operands = instruction.operands.reduce(SymbolicUniformity.uniform) {
      $0.joined(values[index][Int($1.index)])
    }
    switch instruction.operation {
    case .arrayCount:
      return instruction.operands.reduce(SymbolicUniformity.uniform) {
        $0.joined(structures[index][Int($1.index)])
      }
    case .sample: return isDrawShared ? .uniform : .varying
    case .memoMake, .memoFind, .infer: return .varying
    case .observe(_, _, _, _, let isOptional), .score(_, _, _, _, let isOptional):
      guard !isOptional || isDrawShared else { return .varying }
      // The datum, whatever the distribution.
      return datum(of: instruction).reduce(SymbolicUniformity.uniform) {
        $0.joined(values[index][Int($1.index)])
      }
    default: return operands
    }
  }

  private func structure(of instruction: Instruction, in index: Int) -> SymbolicUniformity {
    switch instruction.operation {
    case .memoMake, .memoFind, .infer: return .varying
    default: break
    }
    return program.functions[index].structureSources(of: instruction).reduce(.uniform) {
      level, source in
      switch source {
      case .value(let value): level.joined(values[index][Int(value.index)])
      case .structure(let value): level.joined(structures[index][Int(value.index)])
      }
    }
  }

  private func datum(of instruction: Instruction) -> [ValueID] {
    switch instruction.operation {
    case .observe(_, _, let count, let types, _), .score(_, _, let count, let types, _):
      Array(instruction.operands.dropFirst(count).prefix(types.count))
    default: []
    }
  }

  private mutating func visit(
    _ terminator: Terminator, in number: Int, of function: Function, _ index: Int
  ) -> Bool {
    var changed = false
    for target in terminator.targets {
      let parameters = function.blocks[Int(target.block.index)].parameters
      let destinations = parameters.suffix(target.arguments.count)
      for (argument, parameter) in zip(target.arguments, destinations) {
        let position = Int(argument.index)
        if join(values[index][position], into: parameter, of: index) { changed = true }
        if join(structure: structures[index][position], into: parameter, of: index) {
          changed = true
        }
      }
    }
    switch terminator {
    case .returnValues(let list):
      let levels = list.map {
        (value: values[index][Int($0.index)], structure: structures[index][Int($0.index)])
      }
      if joinResults(levels, in: number, of: index) { changed = true }
    case .call, .apply, .tailCall:
      guard let call = graph.calls[index].first(where: { $0.block == number }) else { break }
      let levels = resultLevels(of: call, count: resultCount(call, function))
      if let continuation = call.continuation {
        let parameters = function.blocks[Int(continuation.block.index)].parameters
        for (level, parameter) in zip(levels, parameters) {
          if join(level.value, into: parameter, of: index) { changed = true }
          if join(structure: level.structure, into: parameter, of: index) { changed = true }
        }
      } else if joinResults(levels, in: number, of: index) {
        changed = true
      }
    case .fork(_, _, _, _, let types, let continuation):
      let parameters = function.blocks[Int(continuation.block.index)].parameters
      for parameter in parameters.prefix(types.count) where !isDrawShared {
        if join(.varying, into: parameter, of: index) { changed = true }
        if join(structure: .varying, into: parameter, of: index) { changed = true }
      }
    case .jump, .branch, .checkpoint: break
    }
    return changed
  }

  private func resultCount(_ call: CallGraph.Call, _ function: Function) -> Int {
    guard let continuation = call.continuation else { return function.results.count }
    let parameters = function.blocks[Int(continuation.block.index)].parameters
    return max(0, parameters.count - continuation.arguments.count)
  }

  /// Which return was taken shows in the results.
  private mutating func joinResults(
    _ levels: [ResultLevel], in number: Int, of index: Int
  ) -> Bool {
    var changed = false
    let controlLevel = control[index][number]
    for (position, level) in levels.enumerated() where position < results[index].count {
      let joined = results[index][position].joined(level.value).joined(controlLevel)
      let structure = resultStructures[index][position].joined(level.structure)
        .joined(controlLevel)
      if joined != results[index][position] || structure != resultStructures[index][position] {
        results[index][position] = joined
        resultStructures[index][position] = structure
        changed = true
      }
    }
    return changed
  }

  typealias ResultLevel = (value: SymbolicUniformity, structure: SymbolicUniformity)

  private func resultLevels(of call: CallGraph.Call, count: Int) -> [ResultLevel] {
    guard !call.callees.isEmpty else {
      return [ResultLevel](repeating: (.varying, .varying), count: count)
    }
    return resultLevels(
      arguments: call.arguments.map { values[call.function][Int($0.index)] },
      structures: call.arguments.map { structures[call.function][Int($0.index)] },
      closure: call.closure.map { values[call.function][Int($0.index)] }, of: call)
  }

  /// The levels of what a call brings back, when arguments and closure have the given ones.
  func resultLevels(
    arguments: [SymbolicUniformity], structures: [SymbolicUniformity],
    closure: SymbolicUniformity?, of call: CallGraph.Call
  ) -> [ResultLevel] {
    let count = call.callees.map { results[$0].count }.max() ?? 0
    var levels = [ResultLevel](repeating: (.uniform, .uniform), count: count)
    for callee in call.callees {
      // Captured words are as uniform as the closure that carries them.
      let captureCount = program.functions[callee].parameters.count - arguments.count
      let captures = [SymbolicUniformity](
        repeating: closure ?? .uniform, count: max(0, captureCount))
      let words = arguments + captures + structures + captures
      let choice = call.callees.count > 1 ? closure ?? .uniform : .uniform
      for position in results[callee].indices where position < count {
        levels[position].value = levels[position].value
          .joined(results[callee][position].substituting(words)).joined(choice)
        levels[position].structure = levels[position].structure
          .joined(resultStructures[callee][position].substituting(words)).joined(choice)
      }
    }
    return levels
  }

  /// The level of the branch conditions that decide whether a call happens, in its own function.
  func callControl(_ call: CallGraph.Call) -> SymbolicUniformity {
    var level = control[call.function][call.block]
    if call.callees.count > 1, let closure = call.closure {
      level = level.joined(values[call.function][Int(closure.index)])
    }
    return level
  }
}

/// Puts the summaries together from the roots: the levels at which each function really runs.
struct UniformityContexts {
  let program: Program
  let graph: CallGraph
  let summaries: UniformitySummaries
  var parameters: [[UniformityLevel]]
  var control: [UniformityLevel]
  var reached: ValueSet

  init(_ program: Program, callGraph: CallGraph, summaries: UniformitySummaries) {
    self.program = program
    graph = callGraph
    self.summaries = summaries
    parameters = program.functions.map {
      [UniformityLevel](repeating: .uniform, count: 2 * $0.parameters.count)
    }
    control = [UniformityLevel](repeating: .uniform, count: program.functions.count)
    reached = ValueSet(capacity: program.functions.count)
  }

  mutating func solve(_ roots: [(function: FunctionID, parameters: [UniformityLevel])]) {
    var pending: [Int] = []
    for root in roots {
      // The structure of an argument is as uniform as the argument.
      _ = enter(
        Int(root.function.index), root.parameters + root.parameters, control: .uniform)
      pending.append(Int(root.function.index))
    }
    while let index = pending.popLast() {
      for call in graph.calls[index] {
        let level = { (value: ValueID) in
          summaries.values[index][Int(value.index)].level(parameters[index])
        }
        let arguments = call.arguments.map(level)
        let structures = call.arguments.map { value in
          summaries.structures[index][Int(value.index)].level(parameters[index])
        }
        let closure = call.closure.map(level)
        let controlLevel = max(
          control[index], summaries.callControl(call).level(parameters[index]))
        for callee in call.callees {
          let count = program.functions[callee].parameters.count - arguments.count
          let captures = [UniformityLevel](repeating: closure ?? .uniform, count: max(0, count))
          let words = arguments + captures + structures + captures
          if enter(callee, words, control: controlLevel) { pending.append(callee) }
        }
      }
    }
  }

  /// Joins one way of entering a function; true when something changed.
  private mutating func enter(
    _ function: Int, _ arguments: [UniformityLevel], control level: UniformityLevel
  ) -> Bool {
    var changed = reached.insert(function)
    for (position, argument) in arguments.enumerated()
    where position < parameters[function].count && argument > parameters[function][position] {
      parameters[function][position] = argument
      changed = true
    }
    if level > control[function] {
      control[function] = level
      changed = true
    }
    return changed
  }
}
