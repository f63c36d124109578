import BorelIR

/// Which function calls or makes closures of which.
struct CallGraph {
  /// How often a function is named: calls, closures, models, defaults, the script.
  private(set) var useCount: [Int]
  /// Whether a function can get back to itself through direct calls.
  private(set) var isRecursive: [Bool]
  /// All functions, a function after those it names except for cycles.
  private(set) var calleesFirst: [Int] = []

  /// - Parameter reachableOnly: Whether what no root can reach counts as not there.
  init(_ program: Program, reachableOnly: Bool = false) {
    let count = program.functions.count
    useCount = Array(repeating: 0, count: count)
    isRecursive = Array(repeating: false, count: count)
    var named = program.functions.map(\.namedFunctions)
    if reachableOnly {
      let isUsed = program.reachableFunctions()
      for index in named.indices where !isUsed[index] { named[index] = [] }
    }
    for uses in named {
      for use in uses { useCount[use] += 1 }
    }
    for root in program.rootFunctions { useCount[root] += 2 }
    if reachableOnly { return }
    order(named)
    for index in 0..<count { isRecursive[index] = reaches(index, from: index, named) }
  }

  private mutating func order(_ named: [[Int]]) {
    var isVisited = Array(repeating: false, count: named.count)
    for root in named.indices where !isVisited[root] {
      isVisited[root] = true
      var stack = [(root, 0)]
      while let (function, position) = stack.last {
        if position < named[function].count {
          stack[stack.count - 1].1 += 1
          let next = named[function][position]
          if !isVisited[next] {
            isVisited[next] = true
            stack.append((next, 0))
          }
        } else {
          calleesFirst.append(function)
          stack.removeLast()
        }
      }
    }
  }

  private func reaches(_ goal: Int, from start: Int, _ named: [[Int]]) -> Bool {
    var seen: Set<Int> = []
    var work = named[start]
    while let next = work.popLast() {
      if next == goal { return true }
      if seen.insert(next).inserted { work += named[next] }
    }
    return false
  }
}

extension Function {
  /// The functions that are called, applied later or run as models from here, with repetitions.
  var namedFunctions: [Int] {
    var result: [Int] = []
    for block in blocks {
      for instruction in block.instructions {
        switch instruction.operation {
        case .closureMake(let function, _), .modelMake(let function, _):
          result.append(Int(function.index))
        default: break
        }
      }
      switch block.terminator {
      case .call(let function, _, _), .tailCall(let function, _):
        result.append(Int(function.index))
      default: break
      }
    }
    return result
  }
}

extension Program {
  /// Functions that are run from outside.
  var rootFunctions: [Int] {
    var roots = script.map { [Int($0.index)] } ?? []
    for model in models {
      roots.append(Int(model.function.index))
      roots += model.parameters.compactMap { $0.defaultFunction.map { Int($0.index) } }
    }
    for move in moves {
      roots.append(Int(move.involution.index))
      if let proposal = move.proposal { roots.append(Int(proposal.index)) }
    }
    return roots
  }

  /// Which functions can be run, by index.
  func reachableFunctions() -> [Bool] {
    var isUsed = Array(repeating: false, count: functions.count)
    var work = rootFunctions
    while let next = work.popLast() {
      if isUsed[next] { continue }
      isUsed[next] = true
      work += functions[next].namedFunctions
    }
    return isUsed
  }

  /// Drops functions that nothing can run and numbers the others anew.
  mutating func removeUnusedFunctions() {
    let isUsed = reachableFunctions()
    var number: [Int: FunctionID] = [:]
    for index in functions.indices where isUsed[index] { number[index] = FunctionID(number.count) }
    func renamed(_ old: FunctionID) -> FunctionID { number[Int(old.index)] ?? old }
    functions = functions.indices.filter { isUsed[$0] }.map {
      functions[$0].renamingFunctions(renamed)
    }
    script = script.map(renamed)
    for index in moves.indices {
      moves[index].model = renamed(moves[index].model)
      moves[index].involution = renamed(moves[index].involution)
      moves[index].proposal = moves[index].proposal.map(renamed)
    }
    for index in models.indices {
      models[index].function = renamed(models[index].function)
      for position in models[index].parameters.indices {
        let old = models[index].parameters[position].defaultFunction
        models[index].parameters[position].defaultFunction = old.map(renamed)
      }
    }
  }
}

extension Function {
  func renamingFunctions(_ renamed: (FunctionID) -> FunctionID) -> Function {
    var result = self
    for index in blocks.indices {
      for (position, instruction) in blocks[index].instructions.enumerated() {
        switch instruction.operation {
        case .closureMake(let function, let layout):
          result.blocks[index].instructions[position].operation = .closureMake(
            renamed(function), layout)
        case .modelMake(let function, let layout):
          result.blocks[index].instructions[position].operation = .modelMake(
            renamed(function), layout)
        default: break
        }
      }
      switch blocks[index].terminator {
      case .call(let function, let arguments, let next):
        result.blocks[index].terminator = .call(renamed(function), arguments, continuation: next)
      case .tailCall(let function, let arguments):
        result.blocks[index].terminator = .tailCall(renamed(function), arguments)
      default: break
      }
    }
    return result
  }
}
