import BorelHeap
import BorelIR
import BorelKernels

/// Walks from a checkpoint to the next one with the registers of a strand, doing the uniform work
/// and noting everything: the noted walk is a plan for the next strands that come by.
struct PlanBuilder {
  private struct Activation {
    var function: Int
    var block: Int
    var registers: [PlanValue?]
  }

  let machine: Machine
  private var function: Int
  private var block: Int
  private var registers: [PlanValue?]
  private var callers: [Activation] = []
  private var values: [UInt64] = []
  private(set) var wordInputs: [Plan.Register] = []
  private(set) var columnInputs: [Plan.Register] = []
  private(set) var steps: [PlanStep] = []
  private(set) var stepOperands: [Int32] = []
  private(set) var operations: [TracedOperation] = []
  private(set) var operands: [PlanValue] = []
  /// Columns that operations make, by result position.
  private(set) var results: [Int32] = []
  private(set) var columnCount: Int32 = 0
  private(set) var emissions: [PlanEmission] = []
  private(set) var recordedDraws: [PlanDraw] = []
  private var tallies: [PlanValue] = []
  private(set) var outputs: [Plan.Output] = []
  private(set) var addsWeights = false
  private(set) var blockCount = 0
  private(set) var drawCount: UInt32 = 0
  private(set) var checkpoint = 0

  /// Longer walks are not worth a plan.
  private static let limit = 256

  init(machine: Machine, strand: Strand) {
    self.machine = machine
    function = strand.function
    block = strand.block
    registers = Array(
      repeating: nil, count: machine.program.functions[strand.function].registerCount)
    let live = machine.liveRegisters(of: strand)
    for k in 0..<live.count { registers[live[k]] = takeInput(Int32(live[k]), of: strand) }
    for k in strand.tallies.indices { tallies.append(takeInput(~Int32(k), of: strand)) }
  }

  /// What a register or tally holds at the start.
  private mutating func takeInput(_ place: Int32, of strand: Strand) -> PlanValue {
    let slot = strand[held: place]
    if slot.isUniform {
      let word = addWord(slot.bits)
      wordInputs.append(Plan.Register(register: place, index: word))
      return .word(word)
    }
    columnInputs.append(Plan.Register(register: place, index: columnCount))
    columnCount += 1
    return .column(columnCount - 1)
  }

  var words: [UInt64] { values }
  var target: Int { block }

  /// False when the way to the next checkpoint has something in it that needs the machine.
  mutating func walk() -> Bool {
    while true {
      let code = machine.program.functions[function].blocks + block
      blockCount += 1
      if blockCount + steps.count + operations.count > Self.limit { return false }
      for index in 0..<code.pointee.instructionCount {
        if !take(code.pointee.instructions + index, index) { return false }
      }
      let terminator = code.pointee.terminator
      switch terminator.pointee.kind {
      case .jump: move(terminator.pointee.target)
      case .branch:
        guard case .word(let word)? = registers[terminator.pointee.register] else { return false }
        let holds = values[Int(word)] != 0
        steps.append(PlanStep(kind: holds ? .isNotZero : .isZero, operands: (word, -1, -1)))
        move(holds ? terminator.pointee.target : terminator.pointee.otherwise)
      case .call: call(terminator)
      case .returnValues:
        if !returnValues(terminator) { return false }
      case .checkpoint:
        if !callers.isEmpty { return false }
        checkpoint = terminator.pointee.number
        move(terminator.pointee.target)
        return finish()
      case .apply, .tailCall, .fork: return false
      }
    }
  }

  private mutating func finish() -> Bool {
    let live = machine.program.functions[function].blocks[block].liveAtStart
    for k in 0..<live.count {
      guard let value = registers[live[k]] else { return false }
      outputs.append(Plan.Output(register: Int32(live[k]), value: value))
    }
    for (k, value) in tallies.enumerated() {
      outputs.append(Plan.Output(register: ~Int32(k), value: value))
    }
    return true
  }

  private mutating func addWord(_ bits: UInt64) -> Int32 {
    values.append(bits)
    return Int32(values.count - 1)
  }

  // MARK: Control

  private mutating func move(_ target: UnsafePointer<CompiledTarget>) {
    let arguments = target.pointee.arguments
    let parameters = target.pointee.parameters
    let moved = (0..<arguments.count).map { registers[arguments[$0]] }
    for k in 0..<arguments.count where parameters.start[k] >= 0 {
      registers[parameters[k]] = moved[k]
    }
    block = target.pointee.block
  }

  private mutating func call(_ terminator: UnsafePointer<CompiledTerminator>) {
    let arguments = terminator.pointee.arguments
    let passed = (0..<arguments.count).map { registers[arguments[$0]] }
    callers.append(Activation(function: function, block: block, registers: registers))
    function = terminator.pointee.number
    block = 0
    let callee = machine.program.functions[function]
    registers = Array(repeating: nil, count: callee.registerCount)
    for (position, value) in passed.enumerated() where callee.parameters.start[position] >= 0 {
      registers[callee.parameters[position]] = value
    }
  }

  private mutating func returnValues(_ terminator: UnsafePointer<CompiledTerminator>) -> Bool {
    guard let caller = callers.popLast() else { return false }
    let values = terminator.pointee.arguments
    let results = (0..<values.count).map { registers[values[$0]] }
    let code = machine.program.functions[caller.function]
    let continuation = code.blocks[caller.block].terminator.pointee.continuation
    registers = Array(repeating: nil, count: code.registerCount)
    let targets = continuation.pointee.results
    for (position, value) in results.enumerated() where targets.start[position] >= 0 {
      registers[targets[position]] = value
    }
    let (saved, restored) = (continuation.pointee.saved, continuation.pointee.restored)
    for k in 0..<saved.count { registers[restored[k]] = caller.registers[saved[k]] }
    function = caller.function
    block = continuation.pointee.block
    return true
  }

  // MARK: Instructions

  private mutating func take(
    _ code: UnsafePointer<CompiledInstruction>, _ index: Int
  ) -> Bool {
    let list = code.pointee.operands
    var taken: [PlanValue] = []
    var areWords = true
    for k in 0..<list.count {
      guard let value = registers[list[k]] else { return false }
      if case .column = value { areWords = false }
      taken.append(value)
    }
    switch code.pointee.kind {
    case .constant:
      registers[code.pointee.results[0]] = .word(addWord(code.pointee.bits))
      return true
    case .kernel, .column:
      if areWords { return compute(code, taken) }
      add(code, taken, index)
      return true
    case .sample:
      let use = machine.program.uses[code.pointee.payload]
      if use.isOptional || !check(use, taken) { return false }
      add(code, taken, index)
      if machine.recording != nil {
        recordedDraws.append(
          PlanDraw(
            use: code.pointee.payload, number: drawCount,
            columns: Array(results.suffix(code.pointee.results.count))))
      }
      drawCount += 1
      return true
    case .tally:
      addTally(code, taken[0], index)
      return true
    case .score: return score(code, taken, index)
    case .factor, .require:
      if areWords {
        guard code.pointee.kind == .require, case .word(let word) = taken[0],
          values[Int(word)] != 0
        else { return false }
        steps.append(PlanStep(kind: .isNotZero, operands: (word, -1, -1)))
        return true
      }
      addsWeights = true
      add(code, taken, index)
      return true
    case .emit:
      let effect = machine.program.effects[code.pointee.payload]
      if !machine.keeps(report: effect.number) { return true }
      let split = taken.count - effect.loopCount
      emissions.append(
        PlanEmission(
          report: effect.number, loops: Array(taken[split...]), values: Array(taken[..<split])))
      return true
    default: return false
    }
  }

  /// Parameters that are all uniform lie in domains that one comparison decides.
  private mutating func check(_ use: DistributionUse, _ taken: [PlanValue]) -> Bool {
    var parameters: [Int32] = []
    for value in taken.prefix(use.parameterCount) {
      if case .word(let word) = value { parameters.append(word) }
    }
    if parameters.count < use.parameterCount { return true }
    if use.domains.count != use.parameterCount { return false }
    for (word, domain) in zip(parameters, use.domains) {
      if !domain.surelyContains(values[Int(word)]) { return false }
      steps.append(PlanStep(kind: .domain, domain: domain, operands: (word, -1, -1)))
    }
    return true
  }

  private mutating func score(
    _ code: UnsafePointer<CompiledInstruction>, _ taken: [PlanValue], _ index: Int
  ) -> Bool {
    let use = machine.program.uses[code.pointee.payload]
    let results = code.pointee.results
    if use.isOptional {
      guard results.count == 0, case .word(let flag) = taken[use.parameterCount] else {
        return false
      }
      let isPresent = values[Int(flag)] != 0
      steps.append(PlanStep(kind: isPresent ? .isNotZero : .isZero, operands: (flag, -1, -1)))
      if !isPresent { return true }
    }
    let first = use.parameterCount + (use.isOptional ? 1 : 0)
    for k in 0..<results.count { registers[results[k]] = taken[first + k] }
    if !check(use, taken) { return false }
    addsWeights = true
    note(code, taken, index, resultCount: 0)
    return true
  }

  private mutating func compute(
    _ code: UnsafePointer<CompiledInstruction>, _ taken: [PlanValue]
  ) -> Bool {
    let inputs = taken.map { value -> Int32 in
      if case .word(let word) = value { word } else { -1 }
    }
    let results = code.pointee.results
    var step = PlanStep(kind: code.pointee.kind == .kernel ? .kernel : .column)
    step.kernel = code.pointee.kernel
    step.scalar = code.pointee.scalar
    step.payload = code.pointee.payload
    step.operandCount = inputs.count
    step.resultCount = results.count
    step.list = stepOperands.count
    if inputs.count > 0 { step.operands.0 = inputs[0] }
    if inputs.count > 1 { step.operands.1 = inputs[1] }
    if inputs.count > 2 { step.operands.2 = inputs[2] }
    stepOperands += inputs
    let computed = withUnsafeTemporaryAllocation(of: Slot.self, capacity: inputs.count + 1) {
      slots in
      for (k, word) in inputs.enumerated() { slots[k] = Slot(uniform: values[Int(word)]) }
      return machine.computeUniformly(code, slots.baseAddress.unsafelyUnwrapped, inputs.count)
    }
    guard let computed else { return false }
    step.result = Int32(values.count)
    for k in 0..<results.count { registers[results[k]] = .word(addWord(computed[k])) }
    steps.append(step)
    return true
  }

  /// Adds to a tally with the kernel that the machine takes for it.
  private mutating func addTally(
    _ code: UnsafePointer<CompiledInstruction>, _ value: PlanValue, _ index: Int
  ) {
    let number = code.pointee.payload
    if case .word(let sum) = tallies[number], case .word(let term) = value {
      var total: UInt64 = 0
      values.withUnsafeBufferPointer { words in
        let first = words.baseAddress.unsafelyUnwrapped
        _ = BorelAddition.kernel(1, &total, first + Int(sum), first + Int(term), nil, 3)
      }
      let result = addWord(total)
      var step = PlanStep(kind: .kernel, operands: (sum, term, -1))
      step.kernel = BorelAddition.kernel
      step.operandCount = 2
      step.result = result
      step.resultCount = 1
      steps.append(step)
      tallies[number] = .word(result)
      return
    }
    operations.append(
      TracedOperation(
        kind: .kernel, kernel: BorelAddition.kernel, operands: operands.count, operandCount: 2,
        results: results.count, resultCount: 1, payload: 0, draw: drawCount,
        function: Int32(function), block: Int32(block), instruction: Int32(index),
        canFail: false))
    operands += [tallies[number], value]
    results.append(columnCount)
    tallies[number] = .column(columnCount)
    columnCount += 1
  }

  private mutating func add(
    _ code: UnsafePointer<CompiledInstruction>, _ taken: [PlanValue], _ index: Int
  ) {
    let targets = code.pointee.results
    note(code, taken, index, resultCount: targets.count)
    for k in 0..<targets.count {
      registers[targets[k]] = .column(columnCount)
      results.append(columnCount)
      columnCount += 1
    }
  }

  private mutating func note(
    _ code: UnsafePointer<CompiledInstruction>, _ taken: [PlanValue], _ index: Int,
    resultCount: Int
  ) {
    operations.append(
      TracedOperation(
        kind: code.pointee.kind, kernel: code.pointee.kernel, operands: operands.count,
        operandCount: taken.count, results: results.count, resultCount: resultCount,
        payload: code.pointee.payload, draw: drawCount, function: Int32(function),
        block: Int32(block), instruction: Int32(index),
        canFail: code.pointee.kind == .kernel || code.pointee.kind == .column
          ? code.pointee.canFail : true))
    operands += taken
  }
}
