import BorelBase
import BorelIR

/// The loop of a model over arrays whose elements arrive one after the other.
///
/// There must be one such loop with an observation in it, which is left only when there are no more
/// elements, and nothing else may depend on how many elements there will be.
struct ElementLoop {
  private(set) var header = 0
  /// Position of the comparison in the header that ends the loop.
  private(set) var comparison = 0
  /// The operand of the comparison that is the number of elements, and its array.
  private(set) var count = ValueID(0)
  private(set) var array = ValueID(0)
  /// As in `Streamed.Plan`.
  private(set) var reach: [Int?] = []
  private(set) var startCount = 1
  private(set) var reports: Set<Streamed.LoopReport> = []

  private let function: Function
  private let parameters: [Streamed.Parameter]
  private let flow: ControlFlow
  private let loops: NaturalLoops
  private var definitions: [ValueID: Instruction] = [:]
  /// Numbers of elements, and the parameter that each is of.
  private var counts: [ValueID: Int] = [:]
  private var loop = 0
  /// By block, whether it can be reached without leaving the loop by its end.
  private var isMet: [Bool] = []

  /// - Throws: `Diagnostics` E0580.
  init(_ function: Function, _ parameters: [Streamed.Parameter]) throws {
    self.function = function
    self.parameters = parameters
    flow = ControlFlow(function)
    loops = NaturalLoops(flow)
    for block in function.blocks.indices where flow.isReachable(block) {
      for instruction in function.blocks[block].instructions {
        for result in instruction.results { definitions[result] = instruction }
        if instruction.operation == .arrayCount,
          let parameter = parameter(of: instruction.operands[0])
        {
          counts[instruction.results[0]] = parameter
        }
      }
    }
    try findLoop()
    try checkUses()
    try measureReach()
    collectReports()
  }

  private func parameter(of value: ValueID) -> Int? {
    parameters.firstIndex { function.parameters[$0.word] == value }
  }

  // MARK: The loop

  private mutating func findLoop() throws {
    let found = loops.loops.indices.filter { loopTest($0) != nil }
      .sorted { flow.order[loops.loops[$0].header] < flow.order[loops.loops[$1].header] }
    guard let first = found.first(where: { scores(in: $0) }) else {
      throw Self.refusal(
        "the model has no loop over \(list) with an observation in it", at: function.span,
        hint: "write `for y in \(parameters.first?.name ?? "data") { ... observe y ~ ... }`")
    }
    loop = first
    header = loops.loops[loop].header
    comparison = loopTest(loop) ?? 0
    let operands = function.blocks[header].instructions[comparison].operands
    count = operands.first { counts[$0] != nil } ?? count
    array = function.parameters[parameters[counts[count] ?? 0].word]
    isMet = reachedWithinLoop()
    for other in found where other != first && isMet[loops.loops[other].header] {
      throw Self.refusal(
        "this loop goes over all of \(list) before an observation", at: span(ofTest: other),
        hint: "read an element in the loop that observes it")
    }
    guard loops.loops[loop].parent == nil else {
      throw Self.refusal(
        "the loop over \(list) stands inside another loop", at: span(ofTest: loop),
        hint: "data that arrive are met once")
    }
    if let effect = function.blocks[header].instructions.first(where: { !$0.operation.isPure }) {
      throw Self.refusal(
        "the condition of this loop does more than compare", at: effect.span, hint: nil)
    }
    for block in function.blocks.indices where flow.isReachable(block) && !isMet[block] {
      if let score = function.blocks[block].instructions.first(where: Self.isScore) {
        throw Self.refusal(
          "this observation follows the loop over \(list) and would never be made", at: score.span,
          hint: "observe everything that belongs to one element in the same turn")
      }
    }
  }

  private func span(ofTest loop: Int) -> Span {
    function.blocks[loops.loops[loop].header].instructions[loopTest(loop) ?? 0].span
  }

  private func reachedWithinLoop() -> [Bool] {
    var cut = function
    if case .branch(_, let then, _) = cut.blocks[header].terminator {
      cut.blocks[header].terminator = .jump(then)
    }
    let flow = ControlFlow(cut)
    return cut.blocks.indices.map { flow.isReachable($0) }
  }

  /// The position, in the header, of the comparison of a counter with a number of elements by which
  /// the loop is left.
  private func loopTest(_ index: Int) -> Int? {
    let header = loops.loops[index].header
    let block = function.blocks[header]
    guard case .branch(let condition, let then, let otherwise) = block.terminator,
      loops.contains(index, block: Int(then.block.index)),
      !loops.contains(index, block: Int(otherwise.block.index))
    else { return nil }
    return block.instructions.firstIndex { instruction in
      guard instruction.results == [condition] else { return false }
      switch instruction.operation {
      case .primitive("less.int"): return counts[instruction.operands[1]] != nil
      case .primitive("greater.int"): return counts[instruction.operands[0]] != nil
      default: return false
      }
    }
  }

  private func scores(in index: Int) -> Bool {
    loops.loops[index].blocks.contains { block in
      switch function.blocks[block].terminator {
      case .call, .apply: return true
      default: break
      }
      return function.blocks[block].instructions.contains(where: Self.isScore)
    }
  }

  private static func isScore(_ instruction: Instruction) -> Bool {
    switch instruction.operation {
    case .factor, .require: true
    default: instruction.operation.scoreSite != nil
    }
  }

  // MARK: Other uses of the arrays

  private func checkUses() throws {
    for block in function.blocks.indices where isMet[block] {
      let code = function.blocks[block]
      for (position, instruction) in code.instructions.enumerated() {
        for operand in instruction.operands {
          if let parameter = parameter(of: operand) {
            try checkUse(instruction, of: parameters[parameter].name)
          } else if counts[operand] != nil {
            try checkCount(block, position)
          }
        }
      }
      for operand in code.terminator.operands + code.terminator.targets.flatMap(\.arguments) {
        if let parameter = parameter(of: operand) {
          throw Self.refusal(
            "'\(parameters[parameter].name)' is passed on here as a whole",
            at: code.terminatorSpan, hint: Self.elementsHint)
        }
        if counts[operand] != nil { throw unknownCount(at: code.terminatorSpan) }
      }
    }
  }

  private static let elementsHint = "only single elements are there while data arrive"

  private func checkUse(_ instruction: Instruction, of name: String) throws {
    switch instruction.operation {
    case .arrayCount: return
    case .arrayGet: return
    default:
      throw Self.refusal(
        "'\(name)' is used here as a whole", at: instruction.span, hint: Self.elementsHint)
    }
  }

  /// A number of elements may end the loop, and decide before it that there are too few.
  private func checkCount(_ block: Int, _ position: Int) throws {
    if block == header, position == comparison { return }
    let code = function.blocks[block]
    if isFailure(block) { return }
    if case .branch(let condition, let then, let otherwise) = code.terminator,
      code.instructions[position].results == [condition], loops.innermost[block] == nil,
      isFailure(Int(then.block.index)) || isFailure(Int(otherwise.block.index))
    {
      return
    }
    throw unknownCount(at: code.instructions[position].span)
  }

  private func isFailure(_ block: Int) -> Bool {
    function.blocks[block].instructions.contains { instruction in
      if case .fail = instruction.operation { true } else { false }
    }
  }

  private func unknownCount(at span: Span) -> Diagnostics {
    Self.refusal(
      "this depends on how many elements \(list) will have", at: span,
      hint: "while data arrive, their number is not known")
  }

  // MARK: Which elements are read

  private mutating func measureReach() throws {
    reach = parameters.map { _ in 0 }
    let counter = counter()
    if let counter, let start = constant(counter.start) { startCount = max(start, 1) }
    for block in function.blocks.indices where isMet[block] {
      for instruction in function.blocks[block].instructions {
        guard case .arrayGet = instruction.operation,
          let parameter = parameter(of: instruction.operands[0])
        else { continue }
        let index = instruction.operands[1]
        guard loops.contains(loop, block: block) else {
          if let number = constant(index) { startCount = max(startCount, number + 1) }
          continue
        }
        guard let counter, let offset = offset(of: index, from: counter.value) else {
          reach[parameter] = nil
          continue
        }
        if offset > 0 {
          throw Self.refusal(
            "this reads an element of '\(parameters[parameter].name)' that has yet to arrive",
            at: instruction.span, hint: "observe it when the loop gets there")
        }
        if let known = reach[parameter] { reach[parameter] = max(known, -offset) }
      }
    }
  }

  /// The counter that the loop compares, when every turn adds 1 to it, and what it starts from.
  private func counter() -> (value: ValueID, start: ValueID)? {
    let operands = function.blocks[header].instructions[comparison].operands
    guard let value = operands.first(where: { $0 != count }),
      let position = function.blocks[header].parameters.firstIndex(of: value)
    else { return nil }
    var start: ValueID?
    for source in flow.predecessors[header] {
      for target in function.blocks[source].terminator.targets
      where Int(target.block.index) == header {
        // Results of a call come before the arguments.
        guard target.arguments.count == function.blocks[header].parameters.count else {
          return nil
        }
        let argument = target.arguments[position]
        if !loops.contains(loop, block: source) {
          start = argument
        } else if offset(of: argument, from: value) != 1 {
          return nil
        }
      }
    }
    return start.map { (value, $0) }
  }

  private func offset(of value: ValueID, from counter: ValueID) -> Int? {
    if value == counter { return 0 }
    guard let definition = definitions[value], definition.operands.count == 2 else { return nil }
    let (first, second) = (definition.operands[0], definition.operands[1])
    switch definition.operation {
    case .primitive("add.int"):
      if first == counter { return constant(second) }
      return second == counter ? constant(first) : nil
    case .primitive("subtract.int"):
      return first == counter ? constant(second).map { -$0 } : nil
    default: return nil
    }
  }

  private func constant(_ value: ValueID) -> Int? {
    guard case .constant(.int(let number)) = definitions[value]?.operation,
      (0..<1_000_000).contains(number)
    else { return nil }
    return Int(number)
  }

  private mutating func collectReports() {
    for block in loops.loops[loop].blocks {
      for instruction in function.blocks[block].instructions {
        if case .emit(let report, let loopCount) = instruction.operation, loopCount > 0 {
          reports.insert(Streamed.LoopReport(report: report, loopCount: loopCount))
        }
      }
    }
  }

  // MARK: Messages

  private var list: String { parameters.map { "'\($0.name)'" }.joined(separator: ", ") }

  private static func refusal(_ message: String, at span: Span, hint: String?) -> Diagnostics {
    Diagnostics([
      Diagnostic("E0580", .inference, message, at: span, hints: hint.map { [$0] } ?? [])
    ])
  }
}
