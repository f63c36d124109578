import BorelBase

/// How a model uses its arguments: which are observed, where, and what else reads them.
package struct DataUse: Sendable, CustomStringConvertible {
  package struct Parameter: Hashable, Sendable {
    package var name: String
    /// Sites that score the argument or an element of it, in program order.
    package var observedAt: [Site]
    /// Whether the length of an array in it is read.
    package var isCounted: Bool
    /// Where its value is read by anything but `observe`.
    package var reads: [Span]

    package var isUnused: Bool { observedAt.isEmpty && !isCounted && reads.isEmpty }
    /// Whether the program can draw it: it is observed, and not otherwise read (semantics, 4.5).
    package var canBeSimulated: Bool { !observedAt.isEmpty && reads.isEmpty }
  }

  /// In the order of the model's parameters.
  package let parameters: [Parameter]

  package init(_ program: Program, model: ModelInfo) {
    var tracker = DataTracker(program, model: model)
    tracker.solve()
    parameters = tracker.parameters
  }

  package var description: String {
    parameters.map { parameter in
      var parts: [String] = []
      if !parameter.observedAt.isEmpty {
        parts.append(
          "observed at \(parameter.observedAt.count) "
            + (parameter.observedAt.count == 1 ? "place" : "places"))
      }
      if parameter.isCounted { parts.append("counted") }
      if !parameter.reads.isEmpty { parts.append("read") }
      return "\(parameter.name): " + (parts.isEmpty ? "unused" : parts.joined(separator: ", "))
    }.joined(separator: "\n")
  }
}

/// Follows the words of the arguments, and of elements of arrays in them, through the program.
struct DataTracker {
  private let program: Program
  private let graph: CallGraph
  private let reached: ValueSet
  /// By function and value: the parameters of the model whose data the value is.
  private var origins: [[ValueID: Set<Int>]]
  private let model: Int
  var parameters: [DataUse.Parameter]

  init(_ program: Program, model: ModelInfo) {
    self.program = program
    graph = CallGraph(program)
    self.model = Int(model.function.index)
    reached = graph.reachable(from: [self.model])
    origins = program.functions.map { _ in [:] }
    parameters = model.parameters.map {
      DataUse.Parameter(name: $0.name, observedAt: [], isCounted: false, reads: [])
    }
    var words = program.functions[self.model].parameters.makeIterator()
    for (index, parameter) in model.parameters.enumerated() {
      for _ in parameter.shape.layout(program.enumerations) {
        if let word = words.next() { origins[self.model][word] = [index] }
      }
    }
  }

  mutating func solve() {
    var changed = true
    while changed {
      changed = false
      for function in reached.indices where flow(function) { changed = true }
    }
    for function in reached.indices { collectUses(function) }
  }

  private mutating func add(_ source: Set<Int>?, to value: ValueID, in function: Int) -> Bool {
    guard let source, !source.isEmpty else { return false }
    let before = origins[function][value]?.count ?? 0
    origins[function][value, default: []].formUnion(source)
    return (origins[function][value]?.count ?? 0) != before
  }

  /// Operations that give part of an operand unchanged: the operands they take it from.
  private func sources(_ instruction: Instruction) -> [ValueID] {
    switch instruction.operation {
    case .arrayGet, .arraySlice, .boxFields: Array(instruction.operands.prefix(1))
    case .arrayMake: instruction.operands
    default: []
    }
  }

  private mutating func flow(_ index: Int) -> Bool {
    let function = program.functions[index]
    var changed = false
    for block in function.blocks {
      for instruction in block.instructions {
        for source in sources(instruction) {
          for result in instruction.results
          where add(origins[index][source], to: result, in: index) {
            changed = true
          }
        }
        if let callee = instruction.operation.closedFunction {
          let parameters = program.functions[Int(callee.index)].parameters.suffix(
            instruction.operands.count)
          for (operand, parameter) in zip(instruction.operands, parameters)
          where add(origins[index][operand], to: parameter, in: Int(callee.index)) {
            changed = true
          }
        }
      }
      for target in block.terminator.targets {
        let parameters = function.blocks[Int(target.block.index)].parameters
        for (argument, parameter) in zip(
          target.arguments, parameters.suffix(target.arguments.count))
        where add(origins[index][argument], to: parameter, in: index) {
          changed = true
        }
      }
    }
    for call in graph.calls[index] {
      for callee in call.callees where flow(call, into: callee) { changed = true }
    }
    return changed
  }

  private mutating func flow(_ call: CallGraph.Call, into callee: Int) -> Bool {
    var changed = false
    let other = program.functions[callee]
    for (argument, parameter) in zip(call.arguments, other.parameters)
    where add(origins[call.function][argument], to: parameter, in: callee) {
      changed = true
    }
    guard let continuation = call.continuation else { return changed }
    let parameters =
      program.functions[call.function].blocks[Int(continuation.block.index)].parameters
    for block in other.blocks {
      guard case .returnValues(let values) = block.terminator else { continue }
      for (value, parameter) in zip(values, parameters)
      where add(origins[callee][value], to: parameter, in: call.function) {
        changed = true
      }
    }
    return changed
  }

  private mutating func read(_ value: ValueID, in function: Int, at span: Span) {
    for origin in origins[function][value] ?? [] where !parameters[origin].reads.contains(span) {
      parameters[origin].reads.append(span)
    }
  }

  private mutating func collectUses(_ index: Int) {
    for block in program.functions[index].blocks {
      for instruction in block.instructions { collectUses(instruction, in: index) }
      switch block.terminator {
      case .branch(let condition, let then, let otherwise):
        let isForReport = [then, otherwise].contains { target in
          onlyReportsImputed(program.functions[index].blocks[Int(target.block.index)])
        }
        if !isForReport { read(condition, in: index, at: block.terminatorSpan) }
      case .returnValues(let values):
        guard index == model else { break }
        for value in values { read(value, in: index, at: block.terminatorSpan) }
      case .fork(_, _, let operands, _, _, _):
        for value in operands { read(value, in: index, at: block.terminatorSpan) }
      default: break
      }
    }
  }

  /// Whether a block only reports the draw of a missing datum: the branch to it asks whether the
  /// datum is there, for the report alone.
  private func onlyReportsImputed(_ block: Block) -> Bool {
    !block.instructions.isEmpty
      && block.instructions.allSatisfy { instruction in
        if case .emit(let number, _) = instruction.operation {
          return program.reports[number].isImputed
        }
        return false
      }
  }

  private mutating func collectUses(_ instruction: Instruction, in index: Int) {
    var readers = instruction.operands[...]
    switch instruction.operation {
    case .arrayCount:
      for operand in instruction.operands {
        for origin in origins[index][operand] ?? [] { parameters[origin].isCounted = true }
      }
      return
    case .arrayGet, .arraySlice, .boxFields: readers = instruction.operands.dropFirst()
    case .arrayMake, .closureMake: return
    // A model that only runs inside a nested inference reads all that it is given.
    case .modelMake(let callee, _):
      if reached.contains(Int(callee.index)) { return }
    case .observe(_, let site, let count, let types, let isOptional),
      .score(_, let site, let count, let types, let isOptional):
      let width = types.count + (isOptional ? 1 : 0)
      for datum in instruction.operands.dropFirst(count).prefix(width) {
        for origin in origins[index][datum] ?? []
        where !parameters[origin].observedAt.contains(site) {
          parameters[origin].observedAt.append(site)
        }
      }
      readers = instruction.operands.prefix(count)
    default: break
    }
    for operand in readers { read(operand, in: index, at: instruction.span) }
  }
}
