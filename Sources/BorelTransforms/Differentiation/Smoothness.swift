import BorelDistributions
import BorelIR
import BorelPrimitives

/// How values depend on the inputs of a differentiation: smoothly, so that they have tangents, or
/// in jumps, so that a derivative would miss what happens.
///
/// A choice is kept as it is: its value depends on nothing, only its density does. The analysis is
/// flow-insensitive within loops and context-insensitive over calls: a parameter of a function has
/// the directions of all its callers.
struct Smoothness {
  let program: Program
  let types: TangentTypes
  let closures: ClosureTargets
  /// By function and value: the directions in which it has a tangent.
  private(set) var tangents: [[Directions]]
  /// By function and value: the directions in which it may jump.
  private(set) var jumps: [[Directions]]
  /// By function and result.
  private(set) var results: [[Directions]]
  private var resultJumps: [[Directions]]
  /// By type of closures: what their own parameters and their results have.
  private(set) var parametersOfType: [IRType: [Directions]] = [:]
  /// By type of closures and models.
  private(set) var resultsOfType: [IRType: [Directions]] = [:]
  /// By layout of keys and values of memo tables.
  private(set) var memoized: [[[IRType]]: [Directions]] = [:]
  private var memoJumps: [[[IRType]]: Directions] = [:]
  private var changed = false

  /// - Parameter seeds: Directions of parameters of a function, by position.
  init(_ program: Program, function: FunctionID, seeds: [Int: Directions]) {
    self.program = program
    types = TangentTypes(program)
    closures = ClosureTargets(program)
    tangents = program.functions.map {
      [Directions](repeating: .none, count: $0.valueTypes.count)
    }
    jumps = tangents
    results = program.functions.map { [Directions](repeating: .none, count: $0.results.count) }
    resultJumps = results
    let root = Int(function.index)
    let parameters = program.functions[root].parameters
    for (position, directions) in seeds { flow(directions, .none, to: parameters[position], root) }
    repeat {
      changed = false
      for index in program.functions.indices { visit(index) }
    } while changed
  }

  func tangent(_ value: ValueID, _ function: Int) -> Directions {
    tangents[function][Int(value.index)]
  }
  func jump(_ value: ValueID, _ function: Int) -> Directions {
    jumps[function][Int(value.index)]
  }

  /// The directions of a value of either kind.
  func dependence(_ value: ValueID, _ function: Int) -> Directions {
    tangent(value, function) | jump(value, function)
  }

  // MARK: Flow

  private mutating func flow(
    _ smooth: Directions, _ jump: Directions, to value: ValueID, _ function: Int
  ) {
    let position = Int(value.index)
    var jump = jump
    if types.hasTangent(program.functions[function].valueTypes[position]) {
      if tangents[function][position].formUnion(smooth) { changed = true }
    } else {
      switch program.functions[function].valueTypes[position] {
      // What a closure or a model captures is followed to its parameters.
      case .function, .model: break
      default: jump.formUnion(smooth)
      }
    }
    if jumps[function][position].formUnion(jump) { changed = true }
  }

  private mutating func flow(
    _ sources: some Sequence<ValueID>, to targets: some Sequence<ValueID>, in function: Int,
    _ other: Int? = nil
  ) {
    for (source, target) in zip(sources, targets) {
      flow(tangent(source, function), jump(source, function), to: target, other ?? function)
    }
  }

  private mutating func link(_ a: inout [Directions], _ b: inout [Directions]) {
    for position in 0..<min(a.count, b.count) {
      if a[position].formUnion(b[position]) { changed = true }
      if b[position].formUnion(a[position]) { changed = true }
    }
  }

  private mutating func visit(_ index: Int) {
    let function = program.functions[index]
    for block in function.blocks {
      for instruction in block.instructions { visit(instruction, index) }
      visit(block.terminator, of: function, index)
    }
  }

  private mutating func visit(_ instruction: Instruction, _ index: Int) {
    let operands = instruction.operands
    let smooth = operands.map { tangent($0, index) }.union
    let jump = operands.map { self.jump($0, index) }.union
    switch instruction.operation {
    case .primitive(let name):
      visitPrimitive(name, instruction, jump, index)
    case .arrayGet:
      let array = operands.first.map { tangent($0, index) } ?? .none
      for result in instruction.results { flowSmoothly(array, jump, to: result, index) }
    case .arrayCount, .boxTag, .zeroTangent:
      for result in instruction.results { flow(.none, jump, to: result, index) }
    case .boxFields:
      for result in instruction.results { flowSmoothly(smooth, jump, to: result, index) }
    case .closureMake(let callee, _), .modelMake(let callee, _):
      let parameters = program.functions[Int(callee.index)].parameters
      flow(operands, to: parameters.suffix(operands.count), in: index, Int(callee.index))
      for result in instruction.results {
        flow(.none, jump, to: result, index)
        let type = program.functions[index].valueTypes[Int(result.index)]
        join(callee, captured: operands.count, type)
      }
    case .sample: break
    case .observe(_, _, let count, let layout, let isOptional),
      .score(_, _, let count, let layout, let isOptional):
      let first = count + (isOptional ? 1 : 0)
      flow(
        operands[first..<(first + layout.count)], to: instruction.results, in: index)
    case .memoStore(let key, let value):
      var known = memoized[[key, value]] ?? value.map { _ in .none }
      for (position, word) in operands.suffix(value.count).enumerated() {
        if known[position].formUnion(tangent(word, index)) { changed = true }
      }
      memoized[[key, value]] = known
      if memoJumps[[key, value], default: .none].formUnion(jump) { changed = true }
    case .memoFind(let key, let value):
      let known = memoized[[key, value]] ?? value.map { _ in .none }
      let jumps = jump | (memoJumps[[key, value]] ?? .none)
      for (result, directions) in zip(instruction.results, [.none] + known) {
        flowSmoothly(directions, jumps, to: result, index)
      }
    case .infer, .host, .decode:
      for result in instruction.results { flow(.none, jump | smooth, to: result, index) }
    default:
      for result in instruction.results { flow(smooth, jump, to: result, index) }
    }
  }

  /// Words without tangents that come out of an object with tangents do not jump.
  private mutating func flowSmoothly(
    _ smooth: Directions, _ jump: Directions, to value: ValueID, _ function: Int
  ) {
    let type = program.functions[function].valueTypes[Int(value.index)]
    flow(types.hasTangent(type) ? smooth : .none, jump, to: value, function)
  }

  private mutating func visitPrimitive(
    _ name: String, _ instruction: Instruction, _ jump: Directions, _ index: Int
  ) {
    guard let result = instruction.results.first, let primitive = program.primitive(named: name)
    else { return }
    let operands = instruction.operands.map { tangent($0, index) }
    if name == "select.word", operands.count == 3 {
      // What decides is refused here, like the condition of a branch.
      for value in instruction.operands.dropFirst() {
        flow(tangent(value, index), self.jump(value, index), to: result, index)
      }
      return
    }
    switch primitive.derivative {
    case .constant: flow(.none, jump, to: result, index)
    case .jumps: flow(.none, jump | operands.union, to: result, index)
    case .terms(let terms):
      var smooth = Directions.none
      for (directions, term) in zip(operands, terms) where term?.hasTangent == true {
        smooth.formUnion(directions)
      }
      flow(smooth, jump, to: result, index)
    }
  }

  /// A function of which closures or models of a type are made has what all of that type have.
  private mutating func join(_ callee: FunctionID, captured: Int, _ type: IRType) {
    let number = Int(callee.index)
    let function = program.functions[number]
    var known = resultsOfType[type] ?? function.results.map { _ in .none }
    var own = results[number]
    link(&known, &own)
    results[number] = own
    resultsOfType[type] = known
    guard case .function = type else { return }
    let free = function.parameters.dropLast(captured)
    var parameters = parametersOfType[type] ?? free.map { _ in .none }
    for (position, parameter) in free.enumerated() {
      flow(parameters[position], .none, to: parameter, number)
      if parameters[position].formUnion(tangent(parameter, number)) { changed = true }
    }
    parametersOfType[type] = parameters
  }

  private mutating func visit(_ terminator: Terminator, of function: Function, _ index: Int) {
    for target in terminator.targets {
      let parameters = function.blocks[Int(target.block.index)].parameters
      flow(target.arguments, to: parameters.suffix(target.arguments.count), in: index)
    }
    switch terminator {
    case .call(let callee, let arguments, let continuation):
      let number = Int(callee.index)
      flow(arguments, to: program.functions[number].parameters, in: index, number)
      receive(results[number], resultJumps[number], at: continuation, of: function, index)
    case .tailCall(let callee, let arguments):
      let number = Int(callee.index)
      flow(arguments, to: program.functions[number].parameters, in: index, number)
      // Both give the same words.
      var (own, theirs) = (results[index], results[number])
      link(&own, &theirs)
      (results[index], results[number]) = (own, theirs)
      for (position, jump) in resultJumps[number].enumerated()
      where position < resultJumps[index].count {
        if resultJumps[index][position].formUnion(jump) { changed = true }
      }
    case .apply(let closure, let arguments, let continuation):
      let type = function.valueTypes[Int(closure.index)]
      if case .function(let words, _) = type {
        var known = parametersOfType[type] ?? words.map { _ in .none }
        for (position, argument) in arguments.enumerated() {
          if known[position].formUnion(tangent(argument, index)) { changed = true }
        }
        parametersOfType[type] = known
      }
      var jumps = [Directions](repeating: jump(closure, index), count: continuationWidth(type))
      for callee in closures.targets(of: closure, in: index) {
        flow(arguments, to: program.functions[callee].parameters, in: index, callee)
        for (position, jump) in resultJumps[callee].enumerated() where position < jumps.count {
          jumps[position].formUnion(jump)
        }
      }
      let known = resultsOfType[type] ?? jumps.map { _ in .none }
      receive(known, jumps, at: continuation, of: function, index)
    case .returnValues(let values):
      for (position, value) in values.enumerated() where position < results[index].count {
        if results[index][position].formUnion(tangent(value, index)) { changed = true }
        if resultJumps[index][position].formUnion(jump(value, index)) { changed = true }
      }
    case .jump, .branch, .checkpoint, .fork: break
    }
  }

  private func continuationWidth(_ type: IRType) -> Int {
    switch type {
    case .function(_, let results), .model(let results): results.count
    default: 0
    }
  }

  private mutating func receive(
    _ smooth: [Directions], _ jumps: [Directions], at target: Target, of function: Function,
    _ index: Int
  ) {
    let parameters = function.blocks[Int(target.block.index)].parameters
    for (position, parameter) in parameters.prefix(smooth.count).enumerated() {
      flow(smooth[position], jumps[position], to: parameter, index)
    }
  }
}
