import BorelIR

/// Writes the version of a function that has only what is needed. Blocks and values keep their
/// numbers, since addresses are made of them.
struct FunctionReduction {
  var function: Function
  private let part: WeightSlice.Part
  /// The versions of functions that have one.
  private let versions: [Int: FunctionID]
  /// By block and parameter: whether it stays.
  private var keepsParameter: [[Bool]] = []
  private let parameterTypes: [[IRType]]

  init(_ function: Function, _ part: WeightSlice.Part, _ versions: [Int: FunctionID]) {
    self.function = function
    self.part = part
    self.versions = versions
    parameterTypes = function.blocks.map { block in
      block.parameters.map { function.valueTypes[Int($0.index)] }
    }
  }

  mutating func run() {
    function.name += " (reduced)"
    keepsParameter = function.blocks.map { $0.parameters.map { part.values.contains($0) } }
    keepsParameter[0] = keepsParameter[0].map { _ in true }
    for (number, block) in function.blocks.enumerated() where part.ends.contains(number) {
      // What a call gives arrives, wanted or not.
      for target in block.terminator.targets {
        let index = Int(target.block.index)
        for position in 0..<(keepsParameter[index].count - target.arguments.count) {
          keepsParameter[index][position] = true
        }
      }
    }
    let original = function
    for number in function.blocks.indices { reduce(number, original) }
    removeUnreachable()
  }

  private mutating func reduce(_ number: Int, _ original: Function) {
    let block = original.blocks[number]
    function.blocks[number].parameters = zip(block.parameters, keepsParameter[number])
      .filter(\.1).map(\.0)
    function.blocks[number].instructions.removeAll { !part.needs($0) }
    let isNeeded = part.ends.contains(number)
    let terminator: Terminator
    switch block.terminator {
    case .jump(let target):
      terminator = .jump(edge(target, from: number))
    case .branch(let condition, let then, let otherwise):
      if part.branches.contains(number) {
        terminator = .branch(
          condition, then: edge(then, from: number), otherwise: edge(otherwise, from: number))
      } else if let meeting = part.dependence.immediatePostdominator[number] {
        terminator = .jump(bareEdge(to: meeting, from: number))
      } else {
        terminator = .returnValues(placeholders(function.results, in: number))
      }
    case .call(let callee, let arguments, let target):
      terminator =
        isNeeded
        ? .call(version(callee), arguments, continuation: edge(target, from: number))
        : .jump(edge(target, from: number, withResults: true))
    case .apply(let closure, let arguments, let target):
      terminator =
        isNeeded
        ? .apply(closure, arguments, continuation: edge(target, from: number))
        : .jump(edge(target, from: number, withResults: true))
    case .returnValues(let values):
      terminator = .returnValues(
        values.enumerated().map { position, value in
          part.results[position]
            ? value : placeholder(function.results[position], in: number)
        })
    case .tailCall(let callee, let arguments):
      terminator =
        isNeeded
        ? .tailCall(version(callee), arguments)
        : .returnValues(placeholders(function.results, in: number))
    case .checkpoint, .fork:
      terminator = block.terminator.mapTargets { edge($0, from: number) }
    }
    function.blocks[number].terminator = terminator
  }

  private func version(_ callee: FunctionID) -> FunctionID {
    versions[Int(callee.index)] ?? callee
  }

  /// An edge with the arguments for the parameters that stay.
  ///
  /// - Parameter withResults: Whether the results of a call that goes have to be made up.
  private mutating func edge(
    _ target: Target, from block: Int, withResults: Bool = false
  ) -> Target {
    let index = Int(target.block.index)
    let keeps = keepsParameter[index]
    let first = keeps.count - target.arguments.count
    var arguments: [ValueID] = []
    for position in keeps.indices where keeps[position] {
      if position >= first, part.values.contains(target.arguments[position - first]) {
        arguments.append(target.arguments[position - first])
      } else if position >= first || withResults {
        arguments.append(placeholder(ofParameter: position, of: index, in: block))
      }
    }
    return Target(target.block, arguments)
  }

  /// An edge past blocks that go: nothing that the target needs depends on which way was taken.
  private mutating func bareEdge(to target: Int, from block: Int) -> Target {
    let keeps = keepsParameter[target]
    return Target(
      BlockID(target),
      keeps.indices.filter { keeps[$0] }.map {
        placeholder(ofParameter: $0, of: target, in: block)
      })
  }

  // MARK: Values that nothing reads

  private mutating func placeholder(
    ofParameter position: Int, of target: Int, in block: Int
  ) -> ValueID {
    placeholder(parameterTypes[target][position], in: block)
  }

  private mutating func placeholders(_ types: [IRType], in block: Int) -> [ValueID] {
    types.map { placeholder($0, in: block) }
  }

  private mutating func placeholder(_ type: IRType, in block: Int) -> ValueID {
    let value = function.addValue(type)
    function.blocks[block].instructions.append(
      Instruction(
        .constant(.zero(of: type)), [], results: [value],
        span: function.blocks[block].terminatorSpan))
    return value
  }

  private mutating func removeUnreachable() {
    let flow = ControlFlow(function)
    for number in function.blocks.indices where !flow.isReachable(number) {
      function.blocks[number] = Block(terminator: .jump(Target(BlockID(number))))
    }
  }
}
