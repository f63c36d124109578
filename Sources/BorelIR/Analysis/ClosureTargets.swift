/// Which functions a closure or a model value can be: a flow-insensitive, interprocedural points-to analysis.
///
/// Closures that went through arrays, enums, memo tables, hosts or models are any closure of the
/// same type that did.
package struct ClosureTargets: Sendable {
  /// By function and value: the functions it may stand for, ascending; empty for other values.
  private var targets: [[ValueID: Set<Int>]]
  /// Closures that were stored somewhere, by their type.
  private var stored: [IRType: Set<Int>] = [:]
  /// By function and result: the functions it may stand for.
  private var results: [[Set<Int>]]
  private let program: Program

  package init(_ program: Program) {
    self.program = program
    targets = [[ValueID: Set<Int>]](repeating: [:], count: program.functions.count)
    results = program.functions.map { [Set<Int>](repeating: [], count: $0.results.count) }
    var changed = true
    while changed {
      changed = false
      for index in program.functions.indices where visit(index) { changed = true }
    }
  }

  /// The functions that a closure value of a function may stand for, ascending.
  package func targets(of value: ValueID, in function: Int) -> [Int] {
    (targets[function][value] ?? []).sorted()
  }

  private func isClosure(_ value: ValueID, in function: Int) -> Bool {
    switch program.functions[function].type(of: value) {
    case .function, .model: true
    default: false
    }
  }

  private mutating func add(_ found: Set<Int>, to value: ValueID, in function: Int) -> Bool {
    guard !found.isEmpty, isClosure(value, in: function) else { return false }
    let before = targets[function][value] ?? []
    let after = before.union(found)
    targets[function][value] = after
    return after.count != before.count
  }

  private mutating func flow(
    _ sources: [ValueID], in function: Int, to destinations: [ValueID], in other: Int
  ) -> Bool {
    var changed = false
    for (source, destination) in zip(sources, destinations) {
      guard let found = targets[function][source] else { continue }
      if add(found, to: destination, in: other) { changed = true }
    }
    return changed
  }

  private mutating func visit(_ index: Int) -> Bool {
    let function = program.functions[index]
    var changed = false
    for block in function.blocks {
      for instruction in block.instructions {
        if visit(instruction, in: index) { changed = true }
      }
      if visit(block.terminator, of: function, index) { changed = true }
    }
    return changed
  }

  private mutating func visit(_ instruction: Instruction, in index: Int) -> Bool {
    var changed = false
    if let callee = instruction.operation.closedFunction {
      let target = Int(callee.index)
      for result in instruction.results where add([target], to: result, in: index) {
        changed = true
      }
      let parameters = program.functions[target].parameters.suffix(
        instruction.operands.count)
      if flow(instruction.operands, in: index, to: Array(parameters), in: target) {
        changed = true
      }
      return changed
    }
    for operand in instruction.operands {
      guard let found = targets[index][operand],
        let type = program.functions[index].type(of: operand)
      else { continue }
      let before = stored[type] ?? []
      let after = before.union(found)
      if after.count != before.count {
        stored[type] = after
        changed = true
      }
    }
    for result in instruction.results {
      guard let type = program.functions[index].type(of: result), let found = stored[type],
        add(found, to: result, in: index)
      else { continue }
      changed = true
    }
    return changed
  }

  private mutating func visit(
    _ terminator: Terminator, of function: Function, _ index: Int
  ) -> Bool {
    var changed = false
    for target in terminator.targets {
      let parameters = function.blocks[Int(target.block.index)].parameters
      let destinations = Array(parameters.suffix(target.arguments.count))
      if flow(target.arguments, in: index, to: destinations, in: index) { changed = true }
    }
    var callees: [Int] = []
    var arguments: [ValueID] = []
    switch terminator {
    case .call(let callee, let list, _), .tailCall(let callee, let list):
      callees = [Int(callee.index)]
      arguments = list
    case .apply(let closure, let list, _):
      callees = targets(of: closure, in: index)
      arguments = list
    case .returnValues(let values):
      let found = values.map { targets[index][$0] ?? [] }
      return merge(found, intoResultsOf: index)
    default: return changed
    }
    for callee in callees {
      if flow(arguments, in: index, to: program.functions[callee].parameters, in: callee) {
        changed = true
      }
      if let continuation = terminator.continuation {
        let parameters = function.blocks[Int(continuation.block.index)].parameters
        for (found, parameter) in zip(results[callee], parameters)
        where add(found, to: parameter, in: index) {
          changed = true
        }
      } else if merge(results[callee], intoResultsOf: index) {
        changed = true
      }
    }
    return changed
  }

  private mutating func merge(_ found: [Set<Int>], intoResultsOf function: Int) -> Bool {
    var changed = false
    for (position, set) in found.enumerated() where position < results[function].count {
      let before = results[function][position].count
      results[function][position].formUnion(set)
      if results[function][position].count != before { changed = true }
    }
    return changed
  }
}

extension Operation {
  /// The function that a closure or a model value is made of; the operands are its last
  /// parameters.
  package var closedFunction: FunctionID? {
    switch self {
    case .closureMake(let function, _), .modelMake(let function, _): function
    default: nil
    }
  }
}
