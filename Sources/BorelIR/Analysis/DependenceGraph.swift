/// The graph of what depends on what in a program, over values, control and calls.
///
/// Edges within a function keep the call context; edges into and out of calls are apart, so that
/// slices follow matching calls and returns only (Horwitz, Reps and Binkley 1990, "Interprocedural
/// slicing using dependence graphs", section 4).
struct DependenceGraph {
  /// By function: number of its first node. Values come first, then the structures of arrays, then
  /// blocks (whether and how often they run), then results, then the structures of results, then
  /// the function itself (whether and how often it is called).
  let offsets: [Int]
  /// The contents of memo tables: one node for all.
  let memo: Int
  private(set) var local: [[Int]]
  private(set) var descending: [[Int]]
  private(set) var ascending: [[Int]]
  private let program: Program

  init(_ program: Program, graph: CallGraph) {
    self.program = program
    var offsets: [Int] = []
    var next = 0
    for function in program.functions {
      offsets.append(next)
      next +=
        2 * function.valueTypes.count + function.blocks.count + 2 * function.results.count + 1
    }
    self.offsets = offsets
    memo = next
    local = [[Int]](repeating: [], count: next + 1)
    descending = local
    ascending = local
    for index in program.functions.indices { addFunction(index) }
    for call in graph.calls.joined() { addCall(call) }
    addSummaries(graph)
  }

  func node(_ value: ValueID, in function: Int) -> Int { offsets[function] + Int(value.index) }
  func node(structure value: ValueID, in function: Int) -> Int {
    offsets[function] + program.functions[function].valueTypes.count + Int(value.index)
  }
  func node(block: Int, in function: Int) -> Int {
    offsets[function] + 2 * program.functions[function].valueTypes.count + block
  }
  func node(result: Int, in function: Int) -> Int {
    node(block: program.functions[function].blocks.count + result, in: function)
  }
  func node(structureOfResult result: Int, in function: Int) -> Int {
    node(result: program.functions[function].results.count + result, in: function)
  }
  func node(function: Int) -> Int {
    node(result: 2 * program.functions[function].results.count, in: function)
  }

  private mutating func addFunction(_ index: Int) {
    let function = program.functions[index]
    let dependence = ControlDependence(function, controlFlow: ControlFlow(function))
    var returns: [Int] = []
    for value in function.valueTypes.indices where function.valueTypes[value].hasStructure {
      // Another structure is another value.
      let value = ValueID(value)
      local[node(structure: value, in: index)].append(node(value, in: index))
    }
    for (number, block) in function.blocks.enumerated() {
      local[node(function: index)].append(node(block: number, in: index))
      for instruction in block.instructions { add(instruction, block: number, in: index) }
      for target in block.terminator.targets {
        let parameters = function.blocks[Int(target.block.index)].parameters
        for (argument, parameter) in zip(
          target.arguments, parameters.suffix(target.arguments.count))
        {
          local[node(argument, in: index)].append(node(parameter, in: index))
          local[node(structure: argument, in: index)].append(
            node(structure: parameter, in: index))
        }
      }
      for controller in dependence.controllers(of: number) {
        addCondition(of: controller, to: node(block: number, in: index), in: index)
      }
      for decider in dependence.deciders[number] {
        for parameter in block.parameters {
          addCondition(of: decider, to: node(parameter, in: index), in: index)
          addCondition(of: decider, to: node(structure: parameter, in: index), in: index)
        }
      }
      switch block.terminator {
      case .returnValues(let values):
        returns.append(number)
        for (position, value) in values.enumerated() where position < function.results.count {
          local[node(value, in: index)].append(node(result: position, in: index))
          local[node(structure: value, in: index)].append(
            node(structureOfResult: position, in: index))
        }
      case .tailCall: returns.append(number)
      case .fork(_, _, let operands, _, let types, let continuation):
        let parameters = function.blocks[Int(continuation.block.index)].parameters
        for parameter in parameters.prefix(types.count) {
          for operand in operands {
            local[node(operand, in: index)].append(node(parameter, in: index))
          }
        }
      default: break
      }
    }
    // Which return is taken shows in the results.
    if returns.count > 1 {
      for block in returns {
        for position in function.results.indices {
          for controller in dependence.controllers(of: block) {
            addCondition(of: controller, to: node(result: position, in: index), in: index)
            addCondition(
              of: controller, to: node(structureOfResult: position, in: index), in: index)
          }
        }
      }
    }
  }

  private mutating func addCondition(of block: Int, to target: Int, in function: Int) {
    guard case .branch(let condition, _, _) = program.functions[function].blocks[block].terminator
    else { return }
    local[node(condition, in: function)].append(target)
  }

  private mutating func add(_ instruction: Instruction, block: Int, in index: Int) {
    let results = instruction.results.map { node($0, in: index) }
    let function = program.functions[index]
    for result in instruction.results where function.type(of: result)?.hasStructure == true {
      for source in function.structureSources(of: instruction) {
        switch source {
        case .value(let value):
          local[node(value, in: index)].append(node(structure: result, in: index))
        case .structure(let value):
          local[node(structure: value, in: index)].append(node(structure: result, in: index))
        }
      }
      if case .memoFind = instruction.operation {
        local[memo].append(node(structure: result, in: index))
      }
    }
    switch instruction.operation {
    case .arrayCount:
      for operand in instruction.operands {
        local[node(structure: operand, in: index)] += results
      }
      return
    // A choice keeps its value when its parameters change: only its density does. With another
    // address it is another choice.
    case .sample(_, _, let count, _):
      for operand in instruction.operands.dropFirst(count) {
        local[node(operand, in: index)] += results
      }
      return
    case .observe(_, _, let count, _, _), .score(_, _, let count, _, _):
      for operand in instruction.operands.dropFirst(count) {
        local[node(operand, in: index)] += results
      }
      return
    case .memoStore:
      for operand in instruction.operands { local[node(operand, in: index)].append(memo) }
      local[node(block: block, in: index)].append(memo)
    case .memoFind: local[memo] += results
    default: break
    }
    for operand in instruction.operands { local[node(operand, in: index)] += results }
  }

  private mutating func addCall(_ call: CallGraph.Call) {
    let caller = call.function
    for callee in call.callees {
      let parameters = program.functions[callee].parameters
      for (argument, parameter) in zip(call.arguments, parameters) {
        descending[node(argument, in: caller)].append(node(parameter, in: callee))
        descending[node(structure: argument, in: caller)].append(
          node(structure: parameter, in: callee))
      }
      if let closure = call.closure {
        for parameter in parameters.dropFirst(call.arguments.count) {
          descending[node(closure, in: caller)].append(node(parameter, in: callee))
          descending[node(closure, in: caller)].append(node(structure: parameter, in: callee))
        }
        if call.callees.count > 1 {
          descending[node(closure, in: caller)].append(node(function: callee))
        }
      }
      descending[node(block: call.block, in: caller)].append(node(function: callee))
      for position in program.functions[callee].results.indices {
        ascending[node(result: position, in: callee)] += resultNodes(of: call, position, .value)
        ascending[node(structureOfResult: position, in: callee)] += resultNodes(
          of: call, position, .structure)
      }
    }
  }

  /// What of a word an edge is about.
  private enum Aspect: CaseIterable { case value, structure }

  private func resultNodes(
    of call: CallGraph.Call, _ position: Int, _ aspect: Aspect
  ) -> [Int] {
    let function = call.function
    guard let continuation = call.continuation else {
      return [
        aspect == .value
          ? node(result: position, in: function)
          : node(structureOfResult: position, in: function)
      ]
    }
    let parameters = program.functions[function].blocks[Int(continuation.block.index)].parameters
    guard position < parameters.count else { return [] }
    return [node(parameters[position], aspect, in: function)]
  }

  private func node(_ value: ValueID, _ aspect: Aspect, in function: Int) -> Int {
    aspect == .value ? node(value, in: function) : node(structure: value, in: function)
  }

  /// Adds, at each call, edges from the arguments to the results that depend on them.
  private mutating func addSummaries(_ graph: CallGraph) {
    var pending = Array(program.functions.indices.reversed())
    var isPending = [Bool](repeating: true, count: pending.count)
    var known = [Set<Summary>](repeating: [], count: pending.count)
    while let callee = pending.popLast() {
      isPending[callee] = false
      let parameters = program.functions[callee].parameters
      var pairs = known[callee]
      for (position, parameter) in parameters.enumerated() {
        for source in Aspect.allCases {
          let reached = reachableLocally(from: node(parameter, source, in: callee))
          for result in program.functions[callee].results.indices {
            if reached.contains(node(result: result, in: callee)) {
              pairs.insert(Summary(position, source, result, .value))
            }
            if reached.contains(node(structureOfResult: result, in: callee)) {
              pairs.insert(Summary(position, source, result, .structure))
            }
          }
        }
      }
      guard pairs != known[callee] else { continue }
      let new = pairs.subtracting(known[callee])
      known[callee] = pairs
      for call in graph.callers[callee] {
        for pair in new { addSummary(pair, at: call) }
        if !isPending[call.function] {
          isPending[call.function] = true
          pending.append(call.function)
        }
      }
    }
    for call in graph.calls.joined() where call.callees.count > 1 {
      guard let closure = call.closure else { continue }
      for position in program.functions[call.callees[0]].results.indices {
        for aspect in Aspect.allCases {
          local[node(closure, in: call.function)] += resultNodes(of: call, position, aspect)
        }
      }
    }
  }

  /// A result of a function depends on one of its parameters.
  private struct Summary: Hashable {
    var parameter: Int
    var source: Aspect
    var result: Int
    var target: Aspect
    init(_ parameter: Int, _ source: Aspect, _ result: Int, _ target: Aspect) {
      self.parameter = parameter
      self.source = source
      self.result = result
      self.target = target
    }
  }

  private mutating func addSummary(_ summary: Summary, at call: CallGraph.Call) {
    let targets = resultNodes(of: call, summary.result, summary.target)
    if summary.parameter < call.arguments.count {
      let argument = call.arguments[summary.parameter]
      local[node(argument, summary.source, in: call.function)] += targets
    } else if let closure = call.closure {
      local[node(closure, in: call.function)] += targets
    }
  }

  private func reachableLocally(from start: Int) -> Set<Int> {
    var reached: Set<Int> = []
    var stack = [start]
    while let node = stack.popLast() {
      guard node != memo, reached.insert(node).inserted else { continue }
      stack += local[node]
    }
    return reached
  }

  /// Everything that may change when the nodes do.
  func reachable(from starts: [Int]) -> ValueSet {
    // First phase: may still leave the functions it is in. Second phase: went down into a call,
    // may not come up again, since the summary edges did.
    var first = ValueSet(capacity: memo + 1)
    var second = first
    var stack = starts.map { ($0, true) }
    while let (node, canAscend) = stack.popLast() {
      let canAscend = canAscend || node == memo
      guard !first.contains(node) else { continue }
      guard canAscend ? first.insert(node) : second.insert(node) else { continue }
      // What is read from a memo table is read in any context.
      for next in local[node] { stack.append((next, canAscend)) }
      for next in descending[node] { stack.append((next, false)) }
      if canAscend { for next in ascending[node] { stack.append((next, true)) } }
    }
    first.formUnion(second)
    return first
  }
}
