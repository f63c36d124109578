import BorelBase
import BorelIR
import BorelRuntime

/// What particle smoothing has to know of a program: whether its steps form a chain, which of its
/// draws are parameters, and whether scores cancel from backward weights.
struct SmoothingStructure {
  let markov: MarkovStructure
  /// Instructions, by their number in the compiled program, that draw parameters: values from before
  /// the first checkpoint that are never assigned again, and what their own laws depend on.
  let parameterUses: Set<Int>
  /// Names of the parameters.
  let parameterNames: [String]
  /// Scores are the same from every previous state, so that they cancel from backward weights.
  let cancelsScores: Bool

  init(_ run: ModelRun, rule: any SweepRule = StandardSweep()) {
    markov = MarkovStructure(run.program, model: run.model.function)
    cancelsScores = rule.cancelsScores(found: !markov.scoresReadPreviousState)
    let slice = ParameterSlice(run.program, model: run.model.function, markov)
    parameterUses = Set(
      slice.draws.compactMap { run.compiled.use(function: $0[0], block: $0[1], instruction: $0[2]) }
    )
    var names: [String] = []
    for word in markov.checkpoints.flatMap(\.words) where word.role == .parameter {
      let name = word.name ?? "%\(word.value.index)"
      if !names.contains(name) { names.append(name) }
    }
    parameterNames = parameterUses.isEmpty ? [] : names
  }

  /// Refuses a program whose steps do not form a chain.
  ///
  /// - Throws: E0595 and E0596 with variable, line and hint.
  func requireChain(for method: String) throws {
    if !markov.obstacles.isEmpty {
      // What follows from a named obstacle, such as its derivatives, is refused at the same place.
      var places: Set<Span> = []
      throw Diagnostics(
        markov.obstacles.filter { places.insert($0.span).inserted }.map { obstacle in
          var refused = obstacle
          refused.message = "'\(method)' cannot run: \(obstacle.message)"
          if !refused.hints.contains(where: { $0.contains("'pg'") }) {
            refused.hints.append("plain 'pg' runs any program")
          }
          return refused
        })
    }
    if markov.checkpoints.isEmpty {
      throw Diagnostics([
        Diagnostic(
          "E0596", .inference, "'\(method)' needs observations in a loop, and there is none",
          at: .none, hints: ["use 'importance' or 'enumerate'"])
      ])
    }
  }

  /// Refuses a program with parameters that no sweep would move.
  func requireNoParameters(for method: String) throws {
    guard let name = parameterNames.first else { return }
    let word = markov.checkpoints.flatMap(\.words).first {
      $0.role == .parameter && ($0.name == nil || $0.name == name)
    }
    throw Diagnostic(
      "E0596", .inference,
      "'\(method)' holds parameters fixed, and '\(name)' is drawn once and never again",
      at: word?.span ?? .none,
      hints: ["make it an argument of the model, or use 'ppg' or 'pgas', which move it"])
  }
}

/// The draws before the first checkpoint that parameters come from.
private struct ParameterSlice {
  /// Function, block and instruction.
  private(set) var draws: Set<[Int]> = []
  private let program: Program
  private let graph: CallGraph

  init(_ program: Program, model: FunctionID, _ markov: MarkovStructure) {
    self.program = program
    graph = CallGraph(program)
    let index = Int(model.index)
    let function = program.functions[index]
    let dependence = ControlDependence(function, controlFlow: ControlFlow(function))
    var producers: [ValueID: (block: Int, instruction: Int?)] = [:]
    var incoming: [ValueID: [ValueID]] = [:]
    for (number, block) in function.blocks.enumerated() {
      for value in block.parameters { producers[value] = (number, nil) }
      for (position, instruction) in block.instructions.enumerated() {
        for value in instruction.results { producers[value] = (number, position) }
      }
      for target in block.terminator.targets {
        let parameters = function.blocks[Int(target.block.index)].parameters
        for (argument, parameter) in zip(
          target.arguments, parameters.suffix(target.arguments.count))
        {
          incoming[parameter, default: []].append(argument)
        }
      }
    }
    var pending = markov.checkpoints.flatMap(\.words).filter { $0.role == .parameter }
      .map(\.value)
    var seen = Set(pending)
    var controlled: Set<Int> = []
    func add(_ values: some Sequence<ValueID>) {
      for value in values where seen.insert(value).inserted { pending.append(value) }
    }
    func addControllers(of block: Int) {
      guard controlled.insert(block).inserted else { return }
      for controller in dependence.controllers(of: block) + dependence.deciders[block] {
        if case .branch(let condition, _, _) = function.blocks[controller].terminator {
          add([condition])
        }
      }
    }
    while let value = pending.popLast() {
      guard let (block, position) = producers[value] else { continue }
      addControllers(of: block)
      guard let position else {
        add(incoming[value] ?? [])
        addCalls(into: block, of: index, add)
        continue
      }
      let instruction = function.blocks[block].instructions[position]
      if case .sample = instruction.operation { draws.insert([index, block, position]) }
      add(instruction.operands)
    }
  }

  /// A call whose results arrive in a block: all that it draws belongs to the slice.
  private mutating func addCalls(
    into block: Int, of index: Int, _ add: ([ValueID]) -> Void
  ) {
    for call in graph.calls[index] where call.continuation.map({ Int($0.block.index) }) == block {
      add(call.arguments)
      for callee in call.callees { addAll(of: callee) }
    }
  }

  private mutating func addAll(of root: Int) {
    var pending = [root]
    var seen: Set<Int> = [root]
    while let function = pending.popLast() {
      for (number, block) in program.functions[function].blocks.enumerated() {
        for (position, instruction) in block.instructions.enumerated() {
          if case .sample = instruction.operation { draws.insert([function, number, position]) }
        }
      }
      for call in graph.calls[function] {
        for callee in call.callees where seen.insert(callee).inserted { pending.append(callee) }
      }
    }
  }
}
