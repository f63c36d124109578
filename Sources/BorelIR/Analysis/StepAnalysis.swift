import BorelBase

/// Follows the previous state through one step: from each checkpoint of a function to the next
/// ones, forward over data and control.
struct StepAnalysis {
  private let function: Function
  private let index: Int
  private let graph: CallGraph
  private let uniformity: Uniformity
  private let summaries: UniformitySummaries
  private let flow: ControlFlow
  private let dependence: ControlDependence
  private let liveness: LivenessAnalysis
  /// By block: the values that read the previous state where the block starts, parameters
  /// included. Values are tracked where they are live.
  private var tainted: [ValueSet]
  /// By block: whether its branch reads the previous state, on some way there.
  private var branchesOnPrevious: [Bool]
  /// Blocks that run after a checkpoint without another one in between.
  private var reached: [Bool]
  /// Ranges of ints behind the checkpoints: `t > 0` holds in every step but the first.
  private var ranges: IntRanges
  /// By checkpoint block: the words that read the previous state there.
  private var arriving: [Int: ValueSet] = [:]
  private(set) var scoresReadPreviousState = false
  private(set) var drawsReadPreviousState = false

  init(program: Program, index: Int, graph: CallGraph, uniformity: Uniformity) {
    function = program.functions[index]
    self.index = index
    self.graph = graph
    self.uniformity = uniformity
    var summaries = UniformitySummaries(program, callGraph: graph, isDrawShared: true)
    summaries.solve()
    self.summaries = summaries
    flow = ControlFlow(function)
    dependence = ControlDependence(function, controlFlow: flow)
    liveness = LivenessAnalysis(function, controlFlow: flow)
    ranges = IntRanges(function, flow)
    let none = ValueSet(capacity: function.valueTypes.count)
    tainted = function.blocks.map { _ in none }
    branchesOnPrevious = function.blocks.map { _ in false }
    reached = function.blocks.map { _ in false }
  }

  private var checkpointBlocks: [Int] {
    function.blocks.indices.filter { block in
      guard flow.isReachable(block), case .checkpoint = function.blocks[block].terminator else {
        return false
      }
      return true
    }
  }

  private func isShared(_ value: ValueID) -> Bool {
    uniformity.level(of: value, in: index) != .varying
  }

  /// Values whose definition no checkpoint comes before, and that no way leads back to.
  private func parameters() -> ValueSet {
    var later = [Bool](repeating: false, count: function.blocks.count)
    var stack = checkpointBlocks.flatMap { flow.successors[$0] }
    while let block = stack.popLast() {
      guard !later[block] else { continue }
      later[block] = true
      stack += flow.successors[block]
    }
    var values = ValueSet(capacity: function.valueTypes.count)
    for (number, block) in function.blocks.enumerated()
    where flow.isReachable(number) && !later[number] {
      for value in block.parameters + block.instructions.flatMap(\.results) {
        values.insert(value)
      }
    }
    return values
  }

  mutating func solve() {
    let parameters = parameters()
    var changed = true
    for block in checkpointBlocks {
      for word in liveness.liveAcross[block].values
      where !isShared(word) && !parameters.contains(word) {
        mark(word, crossing: block)
      }
      for target in function.blocks[block].terminator.targets {
        let live = liveness.liveIn[Int(target.block.index)]
        _ = ranges.enter(target, [:], live: live, of: function)
        reached[Int(target.block.index)] = true
      }
    }
    while changed {
      changed = false
      for block in flow.reversePostorder where reached[block] && walk(block) { changed = true }
    }
  }

  /// A word of the state starts the next step as previous state.
  private mutating func mark(_ word: ValueID, crossing block: Int) {
    for target in function.blocks[block].terminator.targets {
      let number = Int(target.block.index)
      if liveness.liveIn[number].contains(word) { tainted[number].insert(word) }
      for (argument, parameter) in zip(target.arguments, function.blocks[number].parameters)
      where argument == word {
        tainted[number].insert(parameter)
      }
    }
  }

  /// Carries the previous state through a block; true when something changed behind it.
  private mutating func walk(_ number: Int) -> Bool {
    let block = function.blocks[number]
    var current = tainted[number]
    let isControlled = dependence.controllers(of: number).contains { branchesOnPrevious[$0] }
    if dependence.deciders[number].contains(where: { branchesOnPrevious[$0] }) {
      for parameter in block.parameters where !isShared(parameter) { current.insert(parameter) }
    }
    let known = ranges.leaving(number, function)
    for instruction in block.instructions {
      visit(instruction, isControlled: isControlled, known, &current)
    }
    return leave(number, known, current)
  }

  private mutating func visit(
    _ instruction: Instruction, isControlled: Bool, _ known: [ValueID: IntRange],
    _ current: inout ValueSet
  ) {
    let reads = instruction.operands.contains { current.contains($0) }
    var taints = reads
    if instruction.operation == .primitive("select.word"), instruction.operands.count == 3,
      let condition = ranges.range(instruction.operands[0], known).knownBool
    {
      taints = current.contains(instruction.operands[condition ? 1 : 2])
    }
    switch instruction.operation {
    case .sample:
      taints = false
      if reads || isControlled { drawsReadPreviousState = true }
    case .observe(_, _, let count, let types, let isOptional),
      .score(_, _, let count, let types, let isOptional):
      let width = types.count + (isOptional ? 1 : 0)
      taints = instruction.operands.dropFirst(count).prefix(width).contains {
        current.contains($0)
      }
      if reads || isControlled { scoresReadPreviousState = true }
    case .factor, .require:
      if reads || isControlled { scoresReadPreviousState = true }
    case .memoMake, .memoFind, .infer: taints = true
    default: break
    }
    for result in instruction.results {
      // What lanes share tells nothing of one lane's previous state.
      if taints, !isShared(result) { current.insert(result) } else { current.remove(result) }
    }
  }

  private mutating func leave(
    _ number: Int, _ known: [ValueID: IntRange], _ current: ValueSet
  ) -> Bool {
    let block = function.blocks[number]
    var changed = false
    var targets = block.terminator.targets
    if case .branch(let condition, let then, let otherwise) = block.terminator {
      if let isTaken = ranges.range(condition, known).knownBool {
        targets = [isTaken ? then : otherwise]
      } else if current.contains(condition), !branchesOnPrevious[number] {
        branchesOnPrevious[number] = true
        changed = true
      }
    }
    if case .checkpoint = block.terminator {
      var words = liveness.liveAcross[number]
      words.formIntersection(current)
      let before = arriving[number]
      if before != words { arriving[number] = words }
      return changed || before != words
    }
    let arrivals = results(of: number, current)
    for target in targets {
      let next = Int(target.block.index)
      let parameters = function.blocks[next].parameters
      if ranges.enter(target, known, live: liveness.liveIn[next], of: function) {
        changed = true
      }
      var entering = liveness.liveIn[next]
      entering.formIntersection(current)
      for (argument, parameter) in zip(
        target.arguments, parameters.suffix(target.arguments.count))
      where current.contains(argument) {
        entering.insert(parameter)
      }
      for (isTainted, parameter) in zip(arrivals, parameters) where isTainted {
        entering.insert(parameter)
      }
      if tainted[next].formUnion(entering) { changed = true }
      if !reached[next] {
        reached[next] = true
        changed = true
      }
    }
    return changed
  }

  /// Which words that a call brings back read the previous state.
  private mutating func results(of block: Int, _ current: ValueSet) -> [Bool] {
    guard let call = graph.calls[index].first(where: { $0.block == block }) else { return [] }
    let read = { (value: ValueID) -> SymbolicUniformity in
      current.contains(value) ? .varying : .uniform
    }
    let arguments = call.arguments.map(read)
    let closure = call.closure.map(read) ?? .uniform
    if arguments.contains(.varying) || closure == .varying {
      // The callee may draw and score with what it is given.
      scoresReadPreviousState = true
      drawsReadPreviousState = true
    }
    return summaries.resultLevels(
      arguments: arguments, structures: arguments, closure: closure, of: call
    ).map { $0.value.base == .varying }
  }

  /// The words at each checkpoint with their roles.
  func checkpoints() -> [MarkovStructure.Checkpoint] {
    let parameters = parameters()
    let spans = definitionSpans()
    return checkpointBlocks.map { block in
      var number = 0
      if case .checkpoint(let own, _) = function.blocks[block].terminator { number = own }
      let words = liveness.liveAcross[block].values.map { value in
        let type = function.valueTypes[Int(value.index)]
        let role: MarkovStructure.Role =
          if isShared(value) {
            .shared
          } else if parameters.contains(value) {
            .parameter
          } else if arriving[block]?.contains(value) != true {
            .own
          } else {
            type.isDiscrete ? .compared : .blocking
          }
        return MarkovStructure.Word(
          value: value, name: name(of: value), type: type, role: role,
          span: spans[value] ?? function.span)
      }
      return MarkovStructure.Checkpoint(number: number, block: block, words: words)
    }
  }

  /// The name of a value or, of a merge without one, a name of what arrives there: rather that of
  /// a value that is computed than that of another merge.
  private func name(of value: ValueID) -> String? {
    if let name = function.valueNames[value.index] { return name }
    var merged: String?
    var visited: Set<ValueID> = [value]
    var pending = [value]
    while let next = pending.popLast() {
      for block in function.blocks {
        for target in block.terminator.targets {
          let parameters = function.blocks[Int(target.block.index)].parameters
          for (argument, parameter) in zip(
            target.arguments, parameters.suffix(target.arguments.count))
          where parameter == next && visited.insert(argument).inserted {
            let isMerge = function.blocks.contains { $0.parameters.contains(argument) }
            if isMerge { pending.append(argument) }
            guard let name = function.valueNames[argument.index] else { continue }
            if !isMerge { return name }
            merged = merged ?? name
          }
        }
      }
    }
    return merged
  }

  private func definitionSpans() -> [ValueID: Span] {
    var spans: [ValueID: Span] = [:]
    for block in function.blocks {
      for instruction in block.instructions {
        for result in instruction.results { spans[result] = instruction.span }
      }
      // A parameter is defined where its arguments are; the last one shows the reassignment.
      for target in block.terminator.targets {
        let parameters = function.blocks[Int(target.block.index)].parameters
        for parameter in parameters.suffix(target.arguments.count) {
          spans[parameter] = block.terminatorSpan
        }
      }
    }
    return spans
  }
}

extension IRType {
  /// Whether two values of the type are equal or far apart, and of bounded size.
  package var isDiscrete: Bool {
    switch self {
    case .int, .bool, .string: true
    default: false
    }
  }
}
