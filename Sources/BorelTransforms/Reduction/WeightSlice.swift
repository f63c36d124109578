import BorelBase
import BorelIR

/// What the weight of a model depends on: the backward slice from scores, factors and requirements,
/// through data and control, over the functions that it calls.
///
/// Functions that run as closures are kept whole. Printed lines, memo tables and choices that are
/// kept by their site count as weights.
///
/// Source: Cytron, Ferrante, Rosen, Wegman, Zadeck (1991), "Efficiently computing static single
/// assignment form and the control dependence graph", section 7.1 (dead code), with calls.
struct WeightSlice {
  /// What is needed of one function.
  struct Part {
    var values: ValueSet
    /// Blocks whose branch is needed.
    var branches: ValueSet
    /// Blocks whose call or return at the end is needed.
    var ends: ValueSet
    var results: [Bool]
    /// Whether a run of the function weighs, prints, or makes a choice that is kept.
    var weighs = false
    let dependence: ControlDependence
    let kept: Set<Int>

    /// Whether an instruction stays.
    func needs(_ instruction: Instruction) -> Bool {
      instruction.operation.isKept(kept) || instruction.results.contains { values.contains($0) }
    }
  }

  /// The model and what it calls by name, ascending.
  let functions: [Int]
  private let program: Program
  private let graph: CallGraph
  private let effects: EffectAnalysis
  private let kept: Set<Int>
  private var parts: [Int: Part] = [:]
  private var changed = false

  init(_ program: Program, model: Int, kept: Set<Int>) {
    self.program = program
    self.kept = kept
    graph = CallGraph(program)
    effects = EffectAnalysis(program, callGraph: graph)
    var called = ValueSet(capacity: program.functions.count)
    var stack = [model]
    while let function = stack.popLast() {
      guard called.insert(function) else { continue }
      stack += graph.calls[function].filter { $0.closure == nil }.flatMap(\.callees)
    }
    functions = called.indices
    for index in functions {
      let function = program.functions[index]
      let blocks = ValueSet(capacity: function.blocks.count)
      parts[index] = Part(
        values: ValueSet(capacity: function.valueTypes.count), branches: blocks, ends: blocks,
        results: function.results.map { _ in false },
        dependence: ControlDependence(function, controlFlow: ControlFlow(function)), kept: kept)
    }
    repeat {
      changed = false
      for index in functions.reversed() { solve(index) }
    } while changed
  }

  func part(_ function: Int) -> Part {
    guard let part = parts[function] else { internalError("no slice of function \(function)") }
    return part
  }

  /// Whether a draw, a call or a branch goes.
  var leavesSomethingOut: Bool {
    functions.contains { index in
      let (part, function) = (part(index), program.functions[index])
      let flow = ControlFlow(function)
      return flow.reversePostorder.contains { block in
        let code = function.blocks[block]
        switch code.terminator {
        case .branch where !part.branches.contains(block): return true
        case .call where !part.ends.contains(block), .apply where !part.ends.contains(block):
          return true
        default:
          return code.instructions.contains { $0.operation.effects == .draws && !part.needs($0) }
        }
      }
    }
  }

  /// Whether any choice stays.
  var keepsChoices: Bool {
    functions.contains { index in
      let part = part(index)
      return program.functions[index].blocks.enumerated().contains { number, block in
        block.instructions.contains { $0.operation.effects.contains(.draws) && part.needs($0) }
          || (part.ends.contains(number) && draws(atEndOf: number, of: index))
      }
    }
  }

  private func draws(atEndOf block: Int, of function: Int) -> Bool {
    graph.calls[function].contains {
      $0.block == block && $0.closure != nil && effects.effects(of: $0).contains(.draws)
    }
  }

  // MARK: Backward

  private mutating func solve(_ index: Int) {
    let function = program.functions[index]
    var part = part(index)
    let blocks = function.blocks.indices.reversed()
    var isStable: Bool
    repeat {
      isStable = true
      for number in blocks {
        let block = function.blocks[number]
        func need(_ values: [ValueID]) {
          for value in values where part.values.insert(value) { isStable = false }
        }
        func reach(_ block: Int) {
          for arm in part.dependence.dependences[block].indices {
            decide(part.dependence.arms[arm].block)
          }
        }
        func decide(_ branching: Int) {
          guard part.branches.insert(branching) else { return }
          isStable = false
          need(function.blocks[branching].terminator.operands)
          reach(branching)
        }
        if needsEnd(number, of: index, part) {
          if part.ends.insert(number) { isStable = false }
          switch block.terminator {
          case .returnValues(let values):
            need(zip(values, part.results).filter(\.1).map(\.0))
          default: need(block.terminator.operands)
          }
          reach(number)
        }
        for target in block.terminator.targets {
          let parameters = function.blocks[Int(target.block.index)].parameters
          let first = parameters.count - target.arguments.count
          for (argument, parameter) in zip(target.arguments, parameters.dropFirst(first))
          where part.values.contains(parameter) {
            need([argument])
          }
        }
        for instruction in block.instructions.reversed() where part.needs(instruction) {
          need(instruction.operands)
          reach(number)
        }
        if block.parameters.contains(where: { part.values.contains($0) }) {
          for decider in part.dependence.deciders[number] { decide(decider) }
        }
      }
      if !isStable { changed = true }
    } while !isStable
    let weighs = function.blocks.enumerated().contains { number, block in
      block.instructions.contains { $0.operation.isKept(kept) }
        || isWeighing(endOf: number, of: index)
    }
    if weighs != part.weighs {
      part.weighs = weighs
      changed = true
    }
    parts[index] = part
    passResults(of: index, part)
  }

  /// Whether the end of a block does more than to lead on.
  private func needsEnd(_ number: Int, of index: Int, _ part: Part) -> Bool {
    let function = program.functions[index]
    switch function.blocks[number].terminator {
    case .jump, .branch: return false
    case .returnValues: return part.results.contains(true)
    case .tailCall: return part.results.contains(true) || isWeighing(endOf: number, of: index)
    case .call(_, _, let target), .apply(_, _, let target):
      let parameters = function.blocks[Int(target.block.index)].parameters
      return isWeighing(endOf: number, of: index)
        || parameters.dropLast(target.arguments.count).contains { part.values.contains($0) }
    case .checkpoint, .fork: return true
    }
  }

  /// Whether what is called at the end of a block weighs.
  private func isWeighing(endOf number: Int, of index: Int) -> Bool {
    guard let call = graph.calls[index].first(where: { $0.block == number }) else { return false }
    if call.closure == nil { return call.callees.contains { parts[$0]?.weighs == true } }
    let reached = effects.effects(of: call)
    return call.callees.isEmpty || !reached.isDisjoint(with: .kept)
      || (!kept.isEmpty && reached.contains(.draws))
  }

  /// The results that a function needs from those it calls.
  private mutating func passResults(of index: Int, _ part: Part) {
    for call in graph.calls[index]
    where call.closure == nil && part.ends.contains(call.block) {
      var wanted = part.results
      if let target = call.continuation {
        let parameters = program.functions[index].blocks[Int(target.block.index)].parameters
        wanted = parameters.dropLast(target.arguments.count).map { part.values.contains($0) }
      }
      for callee in call.callees {
        for (position, isWanted) in wanted.enumerated()
        where isWanted && parts[callee]?.results[position] == false {
          parts[callee]?.results[position] = true
          changed = true
        }
      }
    }
  }
}

extension EffectSet {
  /// Effects of which nothing is left out.
  fileprivate static let kept: EffectSet = [.weights, .prints, .memoises, .checkpoints, .forks]
}

extension Operation {
  /// Whether the operation stays whatever reads its results.
  fileprivate func isKept(_ sites: Set<Int>) -> Bool {
    if case .sample(_, let site, _, _) = self { return sites.contains(site.number) }
    return !effects.isDisjoint(with: .kept)
  }
}
