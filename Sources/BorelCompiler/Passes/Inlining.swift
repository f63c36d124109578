import BorelBase
import BorelIR

/// Puts the bodies of small functions in the place of their calls, and turns the application of a
/// closure that is known into a call.
///
/// A function that draws, scores or reports is only moved when it has one caller: its address is
/// the path of calls, and two copies in one function would share it (semantics, 1.13).
struct Inlining {
  /// Functions with more instructions than this are called.
  static let largestCallee = 60
  /// A function does not grow beyond this.
  static let largestCaller = 4_000

  private var program: Program
  private let graph: CallGraph
  /// How often functions that can be reached name each function; nil when it must be counted anew.
  private var useCount: [Int]?

  private init(_ program: Program) {
    self.program = program
    graph = CallGraph(program)
  }

  /// Inlines everywhere; callees are treated before their callers.
  /// - Parameter tidy: Shortens a function after its callees were put in.
  static func run(_ program: inout Program, tidy: (inout Function) -> Void) {
    var inlining = Inlining(program)
    for index in inlining.graph.calleesFirst { inlining.treat(index, tidy: tidy) }
    program = inlining.program
  }

  private mutating func treat(_ index: Int, tidy: (inout Function) -> Void) {
    // Each round exposes closures and calls of the bodies put in by the round before.
    for _ in 0..<8 {
      var function = program.functions[index]
      let resolved = devirtualise(&function)
      if resolved {
        tidy(&function)
        program.functions[index] = function
        useCount = nil
      }
      if !inlineCalls(index) { break }
      tidy(&program.functions[index])
      useCount = nil
    }
  }

  /// Replaces `apply` by `call` where the closure is made in the same function.
  private func devirtualise(_ function: inout Function) -> Bool {
    var closures: [ValueID: (FunctionID, [ValueID])] = [:]
    for block in function.blocks {
      for instruction in block.instructions {
        if case .closureMake(let target, _) = instruction.operation {
          closures[instruction.results[0]] = (target, instruction.operands)
        }
      }
    }
    if closures.isEmpty { return false }
    var changed = false
    for index in function.blocks.indices {
      guard case .apply(let closure, let arguments, let next) = function.blocks[index].terminator,
        let (target, captures) = closures[closure]
      else { continue }
      function.blocks[index].terminator = .call(target, arguments + captures, continuation: next)
      changed = true
    }
    return changed
  }

  private mutating func inlineCalls(_ caller: Int) -> Bool {
    var function = program.functions[caller]
    var changed = false
    for index in function.blocks.indices {
      let target: FunctionID
      let arguments: [ValueID]
      let next: Target?
      switch function.blocks[index].terminator {
      case .call(let callee, let values, let continuation):
        (target, arguments, next) = (callee, values, continuation)
      case .tailCall(let callee, let values): (target, arguments, next) = (callee, values, nil)
      default: continue
      }
      let callee = Int(target.index)
      guard callee != caller, function.instructionCount < Self.largestCaller, mayInline(callee)
      else { continue }
      function.splice(program.functions[callee], at: index, arguments: arguments, next: next)
      changed = true
    }
    program.functions[caller] = function
    return changed
  }

  private mutating func mayInline(_ index: Int) -> Bool {
    if graph.isRecursive[index] { return false }
    let callee = program.functions[index]
    let isSmall = callee.instructionCount <= Self.largestCallee
    if isSmall && !callee.hasAddressedEffects { return true }
    let counts = useCount ?? CallGraph(program, reachableOnly: true).useCount
    useCount = counts
    return counts[index] == 1
  }
}

extension Function {
  var instructionCount: Int { blocks.reduce(0) { $0 + $1.instructions.count + 1 } }

  /// Whether an instruction of its own has an address.
  var hasAddressedEffects: Bool {
    blocks.contains { block in
      block.instructions.contains { instruction in
        switch instruction.operation {
        case .sample, .observe, .score, .emit, .infer: true
        default: false
        }
      }
    }
  }

  /// Replaces the call that ends a block by the body of the callee. A nil continuation is a tail
  /// call: the callee's returns are this function's.
  mutating func splice(
    _ callee: Function, at index: Int, arguments: [ValueID], next: Target?
  ) {
    let firstBlock = blocks.count
    let firstValue = valueTypes.count
    let callSpan = blocks[index].terminatorSpan
    valueTypes += callee.valueTypes
    var replaced: [ValueID: ValueID] = [:]
    for (parameter, argument) in zip(callee.parameters, arguments) {
      replaced[parameter] = argument
    }
    func value(_ old: ValueID) -> ValueID {
      replaced[old] ?? ValueID(firstValue + Int(old.index))
    }
    for (old, name) in callee.valueNames where replaced[ValueID(Int(old))] == nil {
      valueNames[Int32(firstValue) + old] = name
    }
    for (position, body) in callee.blocks.enumerated() {
      var copy = body
      copy.parameters = body.parameters.map(value)
      copy.instructions = body.instructions.map {
        Instruction(
          $0.operation, $0.operands.map(value), results: $0.results.map(value), span: $0.span)
      }
      copy.terminator = body.terminator.mapValues(value).mapTargets { target in
        Target(BlockID(firstBlock + Int(target.block.index)), target.arguments)
      }
      if let failure = copy.instructions.firstIndex(where: { $0.operation.isFailure }) {
        // Nothing follows a failure; what would is kept out of the caller's control flow.
        copy.instructions.removeSubrange((failure + 1)...)
        copy.terminator = .returnValues(zeroResults(&copy))
      } else if let next {
        switch copy.terminator {
        case .returnValues(let values):
          // What arrives there is what the call gave.
          copy.terminator = .jump(Target(next.block, values + next.arguments))
          copy.terminatorSpan = callSpan
        case .tailCall(let function, let values):
          copy.terminator = .call(function, values, continuation: next)
        default: break
        }
      }
      if position == 0 {
        blocks[index].instructions += copy.instructions
        blocks[index].terminator = copy.terminator
        blocks[index].terminatorSpan = copy.terminatorSpan
        // Keeps the numbering of blocks regular; nothing jumps to a function's first block.
        copy = Block(terminator: .returnValues([]))
      }
      blocks.append(copy)
    }
  }

  /// Constants of the types of the function's results, added to a block.
  private mutating func zeroResults(_ block: inout Block) -> [ValueID] {
    results.map { type in
      valueTypes.append(type)
      let value = ValueID(valueTypes.count - 1)
      block.instructions.append(
        Instruction(.constant(.zero(of: type)), [], results: [value], span: block.terminatorSpan))
      return value
    }
  }
}

extension Operation {
  /// Whether a lane that gets here goes no further.
  fileprivate var isFailure: Bool {
    if case .fail = self { true } else { false }
  }
}
