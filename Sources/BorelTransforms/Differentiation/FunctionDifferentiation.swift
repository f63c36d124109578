import BorelBase
import BorelIR

/// The rewriting of one function: its values keep their numbers, tangents are new values.
///
/// Parameters of blocks and functions, arguments and results are each followed by their tangents
/// in the order of the directions.
struct FunctionDifferentiation {
  let context: ProgramDifferentiation
  let index: Int
  /// The entry of the differentiated program: it has the parameters of the original, seeds the
  /// tangents of the inputs, and gives the original results unless tangents are asked for. Where the
  /// caller gives the direction, the entry is like any other function.
  let isEntry: Bool
  private(set) var function: Function
  private var tangents: [ValueID: [Int: ValueID]] = [:]
  /// The instructions of the current block so far.
  var code: [Instruction] = []
  /// The place that new instructions are about.
  var span = Span.none
  /// Blocks that were added: they follow the original ones.
  private var added: [Block] = []

  init(context: ProgramDifferentiation, index: Int, isEntry: Bool) {
    self.context = context
    self.index = index
    self.isEntry = isEntry
    function = context.analysis.program.functions[index]
  }

  var original: Function { context.analysis.program.functions[index] }
  var dropsResults: Bool { isEntry && context.output != .tangents }

  mutating func run() -> Function {
    let original = original
    function.valueTypes = original.valueTypes.map { context.mapped($0) }
    function.results =
      dropsResults
      ? original.results.map { context.mapped($0) }
      : context.expanded(original.results, context.analysis.results[index])
    for block in original.blocks.indices {
      if block == 0, isEntry { continue }
      function.blocks[block].parameters = original.blocks[block].parameters.flatMap {
        [$0] + declareTangents(of: $0)
      }
    }
    let flow = ControlFlow(original)
    for block in flow.reversePostorder {
      code = []
      if block == 0, isEntry { seed() }
      for instruction in original.blocks[block].instructions {
        span = instruction.span
        differentiate(instruction)
      }
      span = original.blocks[block].terminatorSpan
      function.blocks[block].terminator = differentiate(original.blocks[block].terminator)
      function.blocks[block].instructions = code
    }
    function.blocks += added
    let reachable = original.blocks.indices.filter { flow.isReachable($0) }
    function.arrange(reachable + (original.blocks.count..<function.blocks.count))
    return function
  }

  // MARK: Values

  func type(_ value: ValueID) -> IRType { original.valueTypes[Int(value.index)] }
  func directions(_ value: ValueID) -> Directions { context.analysis.tangent(value, index) }

  mutating func addValue(_ type: IRType) -> ValueID { function.addValue(type) }

  /// The tangent of a value in a direction; nil where it is zero.
  func tangent(_ value: ValueID, _ direction: Int) -> ValueID? { tangents[value]?[direction] }

  mutating func setTangent(_ tangent: ValueID, of value: ValueID, _ direction: Int) {
    tangents[value, default: [:]][direction] = tangent
  }

  /// New values for the tangents of a value, in order.
  mutating func declareTangents(of value: ValueID) -> [ValueID] {
    guard let tangentType = context.tangentType(type(value)) else { return [] }
    return directions(value).members.map { direction in
      let tangent = addValue(tangentType)
      setTangent(tangent, of: value, direction)
      return tangent
    }
  }

  /// Appends an instruction with one result.
  mutating func emit(_ operation: Operation, _ operands: [ValueID], _ type: IRType) -> ValueID {
    let result = addValue(type)
    code.append(Instruction(operation, operands, results: [result], span: span))
    return result
  }

  mutating func real(_ value: Double) -> ValueID { emit(.constant(.real(value)), [], .real) }

  /// The tangent in a direction, or a zero as large as the value.
  mutating func tangentOrZero(_ value: ValueID, _ direction: Int) -> ValueID {
    if let known = tangent(value, direction) { return known }
    switch type(value) {
    case .real: return real(0)
    case .distribution: return emit(.constant(.null), [], function.valueTypes[Int(value.index)])
    default:
      guard let zero = context.tangentType(type(value)) else {
        internalError("a word without tangents has no zero tangent")
      }
      return emit(.zeroTangent, [value], zero)
    }
  }

  /// The tangent in a direction, or the word that changes nothing.
  mutating func change(_ value: ValueID, _ direction: Int) -> ValueID {
    tangent(value, direction) ?? noChange(of: value)
  }

  /// The word that changes nothing in a density: 0 or null.
  mutating func noChange(of value: ValueID) -> ValueID {
    let type = context.tangentType(type(value)) ?? context.mapped(type(value))
    switch type {
    case .real: return real(0)
    case .int: return emit(.constant(.int(0)), [], .int)
    case .bool: return emit(.constant(.bool(false)), [], .bool)
    case .string: return emit(.constant(.string("")), [], .string)
    default: return emit(.constant(.null), [], type)
    }
  }

  /// Values each followed by the tangents that the receiver expects.
  mutating func expanded(_ values: [ValueID], _ expected: [Directions]) -> [ValueID] {
    var result: [ValueID] = []
    for (position, value) in values.enumerated() {
      result.append(value)
      guard context.tangentType(type(value)) != nil else { continue }
      for direction in expected[position].members {
        result.append(tangentOrZero(value, direction))
      }
    }
    return result
  }

  /// The tangents of the inputs: 1 for a real, the unit vectors for an array.
  private mutating func seed() {
    let parameters = original.parameters
    span = function.span
    var direction = 0
    for input in context.inputs {
      let parameter = parameters[input.position]
      guard let count = input.count else {
        setTangent(real(1), of: parameter, direction)
        direction += 1
        continue
      }
      for place in 0..<count {
        let elements = (0..<count).map { real($0 == place ? 1 : 0) }
        let unit = emit(.arrayMake([.real]), elements, .array([.real]))
        setTangent(unit, of: parameter, direction)
        direction += 1
      }
    }
  }

  // MARK: Terminators

  private mutating func differentiate(_ terminator: Terminator) -> Terminator {
    let analysis = context.analysis
    switch terminator {
    case .jump(let target): return .jump(differentiate(target))
    case .branch(let condition, let then, let otherwise):
      return .branch(
        condition, then: differentiate(then), otherwise: differentiate(otherwise))
    case .checkpoint(let number, let target):
      return .checkpoint(number, continuation: differentiate(target))
    case .fork(let family, let site, let operands, let count, let layout, let target):
      return .fork(
        family: family, site, operands: operands, parameterCount: count, layout,
        continuation: receive(
          layout, [Directions](repeating: .none, count: layout.count), at: target))
    case .call(let callee, let arguments, let target):
      let number = Int(callee.index)
      guard context.active.contains(number) else {
        let results = analysis.program.functions[number].results
        return .call(
          callee, arguments,
          continuation: receive(
            results, [Directions](repeating: .none, count: results.count), at: target))
      }
      let words = expanded(arguments, parameterDirections(number))
      return .call(
        context.callee(callee), words,
        continuation: receive(
          analysis.program.functions[number].results, analysis.results[number], at: target))
    case .tailCall(let callee, let arguments):
      return differentiate(tailCall: callee, arguments)
    case .apply(let closure, let arguments, let target):
      let type = type(closure)
      let results: [IRType]
      switch type {
      case .function(_, let words), .model(let words): results = words
      default: results = []
      }
      let none = [Directions](repeating: .none, count: max(arguments.count, results.count))
      let words = expanded(arguments, analysis.parametersOfType[type] ?? none)
      return .apply(
        closure, words,
        continuation: receive(results, analysis.resultsOfType[type] ?? none, at: target))
    case .returnValues(let values):
      if dropsResults { return .returnValues(values) }
      return .returnValues(expanded(values, analysis.results[index]))
    }
  }

  func parameterDirections(_ callee: Int) -> [Directions] {
    context.analysis.program.functions[callee].parameters.map {
      context.analysis.tangent($0, callee)
    }
  }

  private mutating func differentiate(
    tailCall callee: FunctionID, _ arguments: [ValueID]
  ) -> Terminator {
    let analysis = context.analysis
    let number = Int(callee.index)
    guard context.active.contains(number) else { return .tailCall(callee, arguments) }
    let words = expanded(arguments, parameterDirections(number))
    let hasTangents = analysis.results[number].contains { !$0.isEmpty }
    guard dropsResults, hasTangents else { return .tailCall(context.callee(callee), words) }
    // The entry returns less than the callee.
    let types = analysis.program.functions[number].results
    let (parameters, kept) = declare(types, analysis.results[number])
    let block = addBlock(
      Block(
        parameters: parameters, terminator: .returnValues(kept.map(\.value)),
        terminatorSpan: span))
    return .call(context.callee(callee), words, continuation: Target(block))
  }

  /// New values for words and their tangents, as a call gives them.
  private mutating func declare(
    _ types: [IRType], _ directions: [Directions]
  ) -> (parameters: [ValueID], words: [(value: ValueID, tangents: [Int: ValueID])]) {
    var parameters: [ValueID] = []
    var words: [(value: ValueID, tangents: [Int: ValueID])] = []
    for (position, type) in types.enumerated() {
      let value = addValue(context.mapped(type))
      parameters.append(value)
      var tangents: [Int: ValueID] = [:]
      if let tangentType = context.tangentType(type) {
        for direction in directions[position].members {
          let tangent = addValue(tangentType)
          parameters.append(tangent)
          tangents[direction] = tangent
        }
      }
      words.append((value, tangents))
    }
    return (parameters, words)
  }

  private mutating func addBlock(_ block: Block) -> BlockID {
    added.append(block)
    return BlockID(original.blocks.count + added.count - 1)
  }

  private mutating func differentiate(_ target: Target) -> Target {
    let parameters = original.blocks[Int(target.block.index)].parameters
    return Target(
      target.block, expanded(target.arguments, parameters.map { directions($0) }))
  }

  /// The target of a call whose results have some directions: the block itself, or one in between
  /// that adds the tangents which the block gets from elsewhere.
  private mutating func receive(
    _ types: [IRType], _ given: [Directions], at target: Target
  ) -> Target {
    let parameters = original.blocks[Int(target.block.index)].parameters
    let received = parameters.prefix(types.count)
    let rest = parameters.dropFirst(types.count).map { directions($0) }
    let fits = zip(received, zip(types, given)).allSatisfy { parameter, word in
      context.tangentType(word.0) == nil || directions(parameter) == word.1
    }
    if fits { return Target(target.block, expanded(target.arguments, rest)) }
    let outer = code
    code = []
    let (own, words) = declare(types, given)
    var arguments: [ValueID] = []
    for (word, parameter) in zip(words, received) {
      arguments.append(word.value)
      guard let tangentType = context.tangentType(type(parameter)) else { continue }
      for direction in directions(parameter).members {
        if let known = word.tangents[direction] {
          arguments.append(known)
        } else if tangentType == .real {
          arguments.append(real(0))
        } else if case .distribution = tangentType {
          arguments.append(emit(.constant(.null), [], tangentType))
        } else {
          arguments.append(emit(.zeroTangent, [word.value], tangentType))
        }
      }
    }
    arguments += expanded(target.arguments, rest)
    let block = addBlock(
      Block(
        parameters: own, instructions: code, terminator: .jump(Target(target.block, arguments)),
        terminatorSpan: span))
    code = outer
    return Target(block)
  }
}
