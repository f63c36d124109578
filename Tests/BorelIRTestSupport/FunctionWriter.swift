import BorelBase
import BorelIR

/// Writes a function with three real variables, which every block takes as parameters.
struct FunctionWriter {
  var function: Function
  var variables: [ValueID] = []
  var counters: [ValueID] = []
  var one = ValueID(0)
  var data: ValueID?
  var table: ValueID?
  private var current = 0
  private(set) var isFinished = false
  private var instructions: [Instruction] = []

  init(name: String, parameters: [IRType]) {
    function = Function(name: name, results: [.real])
    let values = parameters.map { function.addValue($0) }
    _ = function.addBlock(Block(parameters: values, terminator: .returnValues([])))
  }

  mutating func append(
    _ operation: BorelIR.Operation, _ operands: [ValueID], _ results: [IRType]
  ) -> [ValueID] {
    let values = results.map { function.addValue($0) }
    instructions.append(Instruction(operation, operands, results: values, span: .none))
    return values
  }

  mutating func real(_ value: Double) -> ValueID {
    append(.constant(.real(value)), [], [.real])[0]
  }

  mutating func int(_ value: Int64) -> ValueID { append(.constant(.int(value)), [], [.int])[0] }

  /// A block with the variables as parameters; a word that arrives comes before them, a counter
  /// or another value after them.
  mutating func newBlock(
    word: Bool = false, counter: Bool = false, extra: IRType? = nil
  ) -> BlockID {
    var types: [IRType] = word ? [.real] : []
    types += [.real, .real, .real]
    if counter { types.append(.int) }
    if let extra { types.append(extra) }
    let parameters = types.map { function.addValue($0) }
    return BlockID(
      function.addBlock(Block(parameters: parameters, terminator: .returnValues([]))))
  }

  /// Ends the current block, unless an early return already did.
  mutating func finish(_ terminator: Terminator) {
    guard !isFinished else { return }
    function.blocks[current].instructions = instructions
    function.blocks[current].terminator = terminator
    instructions = []
    isFinished = true
  }

  mutating func begin(_ block: BlockID) {
    current = Int(block.index)
    variables = Array(function.blocks[current].parameters.prefix(3))
    isFinished = false
    instructions = []
  }

  mutating func beginAfterCall(_ block: BlockID, into variable: Int) {
    begin(block)
    let parameters = function.blocks[current].parameters
    variables = Array(parameters[1...3])
    variables[variable] = parameters[0]
  }
}
