import BorelBase

/// Whether the steps between checkpoints form a Markov chain that particle smoothing can use, and
/// what its state is (semantics, 6.2).
///
/// The state at a checkpoint is what liveness says crosses it. Replaying a step's choices from
/// another lane's previous state must lead to the same next state; that holds when each word of
/// the next state is computed from the step's own choices and from values that all lanes of a
/// group share. Discrete words that read the previous state are compared at run time.
package struct MarkovStructure: Sendable, CustomStringConvertible {
  /// What a word of the state is to the chain.
  package enum Role: String, Hashable, Sendable {
    /// The same for all lanes of a group.
    case shared
    /// Drawn before the first checkpoint and never assigned again: fixed in a sweep.
    case parameter
    /// Computed from the step's own choices and shared values.
    case own
    /// Reads the previous state, and is discrete: equal after replay or not.
    case compared
    /// Reads the previous state, and is continuous or of unbounded structure.
    case blocking
  }

  package struct Word: Hashable, Sendable {
    package var value: ValueID
    /// Its name in the source, where it has one.
    package var name: String?
    package var type: IRType
    package var role: Role
    /// Where it was defined.
    package var span: Span
  }

  package struct Checkpoint: Hashable, Sendable {
    /// As in the terminator.
    package var number: Int
    package var block: Int
    /// The live words, by value.
    package var words: [Word]
  }

  /// The checkpoints of the model's function, in block order.
  package let checkpoints: [Checkpoint]
  /// Whether a density or existence of a score or factor reads the previous state: if not, it
  /// cancels from the backward weights.
  package let scoresReadPreviousState: Bool
  /// Whether a choice's density reads the previous state.
  package let drawsReadPreviousState: Bool
  /// Why the program is not Markov in this sense; empty when it is.
  package let obstacles: [Diagnostic]

  package var isMarkov: Bool { obstacles.isEmpty && !checkpoints.isEmpty }

  /// - Parameters:
  ///   - program: A program after `Sequential`.
  ///   - model: The function whose steps are looked at.
  ///   - parameters: The levels of its arguments; nil for uniform ones.
  package init(
    _ program: Program, model: FunctionID, parameters: [UniformityLevel]? = nil
  ) {
    let index = Int(model.index)
    let graph = CallGraph(program)
    let effects = EffectAnalysis(program, callGraph: graph)
    let levels =
      parameters
      ?? program.functions[index].parameters.map { _ in UniformityLevel.uniform }
    let uniformity = Uniformity(program, roots: [(model, levels)], callGraph: graph)
    var steps = StepAnalysis(
      program: program, index: index, graph: graph, uniformity: uniformity)
    steps.solve()
    checkpoints = steps.checkpoints()
    scoresReadPreviousState = steps.scoresReadPreviousState
    drawsReadPreviousState = steps.drawsReadPreviousState
    var obstacles: [Diagnostic] = []
    for call in graph.calls[index] where effects.effects(of: call).contains(.checkpoints) {
      obstacles.append(
        Diagnostic(
          "E0595", .inference, "the step ends inside a function, so its state cannot be found",
          at: program.functions[index].blocks[call.block].terminatorSpan,
          hints: ["write the observation into the model itself"]))
    }
    if effects.effects[index].contains(.memoises) {
      obstacles.append(
        Diagnostic(
          "E0595", .inference,
          "a memo table grows with the run, so the state of a step is not bounded",
          at: Self.memoSpan(program.functions[index])))
    }
    var named: Set<String> = []
    for word in checkpoints.flatMap(\.words) where word.role == .blocking {
      guard named.insert(word.name ?? "%\(word.value.index)").inserted else { continue }
      obstacles.append(Self.obstacle(word))
    }
    self.obstacles = obstacles
  }

  /// Where a memo table is made; the function when it is made elsewhere.
  private static func memoSpan(_ function: Function) -> Span {
    for instruction in function.blocks.flatMap(\.instructions) {
      if case .memoMake = instruction.operation { return instruction.span }
    }
    return function.span
  }

  private static func obstacle(_ word: Word) -> Diagnostic {
    let subject = word.name.map { "'\($0)'" } ?? "a value computed here"
    return Diagnostic(
      "E0595", .inference,
      "\(subject) is carried on from the previous step, so the state does not follow from the "
        + "choices of its own step",
      at: word.span,
      hints: [
        "draw the new state itself: `level ~ Normal(level, s)`, not "
          + "`level = level + sample Normal(0, s)`"
      ])
  }

  package var description: String {
    func names(_ role: Role) -> [String] {
      var names: [String] = []
      for word in checkpoints.flatMap(\.words) where word.role == role {
        let name = word.name ?? "%\(word.value.index)"
        if !names.contains(name) { names.append(name) }
      }
      return names
    }
    guard !checkpoints.isEmpty else { return "no checkpoints" }
    var parts: [String] = []
    for (role, label) in [
      (Role.own, "state"), (.compared, "discrete state carried on"), (.parameter, "parameters"),
      (.blocking, "not Markov because of"),
    ] {
      let list = names(role)
      if !list.isEmpty { parts.append("\(label): \(list.joined(separator: ", "))") }
    }
    return parts.isEmpty ? "no state" : parts.joined(separator: "; ")
  }
}
