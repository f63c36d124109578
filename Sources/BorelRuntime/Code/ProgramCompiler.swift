import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelPrimitives

/// Turns IR into the form that the machine runs.
package struct ProgramCompiler {
  private var uses: [DistributionUse] = []
  private var operations: [ColumnOperation] = []
  private var effects: [EffectUse] = []
  private let program: Program
  /// The places of draws and scores in `uses`. A version of a function has those of the original:
  /// they are part of addresses.
  private var useNumbers: [UseKey: Int] = [:]

  private struct UseKey: Hashable {
    let site: Int
    let isScore: Bool
  }

  /// - Precondition: the program passes the verifier and holds no plain `observe`.
  package static func compile(_ program: Program) -> CompiledProgram {
    var compiler = ProgramCompiler(program: program)
    let functions = program.functions.enumerated().map { compiler.compile($1, number: $0) }
    return CompiledProgram(
      functions: functions, uses: compiler.uses, operations: compiler.operations,
      effects: compiler.effects, source: program)
  }

  private init(program: Program) { self.program = program }

  private mutating func compile(_ function: Function, number: Int) -> CompiledFunction {
    let flow = ControlFlow(function)
    let liveness = LivenessAnalysis(function, controlFlow: flow)
    let storage = FunctionStorage()
    let loops = NaturalLoops(flow)
    var blocks: [CompiledBlock] = []
    for (index, block) in function.blocks.enumerated() {
      var instructions: [CompiledInstruction] = []
      for (position, instruction) in block.instructions.enumerated() {
        instructions.append(
          compile(
            instruction, in: function, releases: liveness.released[index][position],
            storage: storage))
      }
      let unread = liveness.unreadParameters[index]
      let parameters = block.parameters.filter { !unread.contains($0) }
      var before = liveness.liveAcross[index]
      for operand in block.terminator.operands { before.insert(operand) }
      let edges = EdgeCompiler(
        function: function, liveness: liveness, before: before, storage: storage,
        loops: loops, block: index)
      blocks.append(
        CompiledBlock(
          instructions: storage.make(instructions), instructionCount: instructions.count,
          terminator: storage.make([
            compile(block.terminator, span: block.terminatorSpan, edges: edges)
          ]),
          liveAtStart: storage.list(
            parameters.map(\.index) + liveness.liveIn[index].values.map(\.index)),
          liveBeforeTerminator: storage.list(before.values.map(\.index)),
          order: Int32(flow.order[index]), isMeetingPoint: flow.predecessors[index].count > 1))
    }
    let unread = liveness.unreadParameters[0]
    return CompiledFunction(
      name: function.name, addressNumber: function.original.map { Int($0.index) } ?? number,
      types: function.valueTypes,
      parameters: storage.list(
        function.parameters.map { unread.contains($0) ? -1 : $0.index }),
      blocks: blocks,
      spans: function.blocks.map { $0.instructions.map(\.span) + [$0.terminatorSpan] },
      valueNames: function.valueNames, storage: storage)
  }

  private mutating func compile(
    _ terminator: Terminator, span: Span, edges: EdgeCompiler
  ) -> CompiledTerminator {
    var code = edges.empty(.jump)
    switch terminator {
    case .jump(let next):
      code.target = edges.target(next)
    case .branch(let condition, let then, let otherwise):
      code.kind = .branch
      code.register = Int(condition.index)
      code.target = edges.target(then)
      code.otherwise = edges.target(otherwise)
    case .call(let callee, let arguments, let next):
      code.kind = .call
      code.number = Int(callee.index)
      code.arguments = edges.storage.list(arguments.map(\.index))
      code.continuation = edges.continuation(next)
    case .apply(let closure, let arguments, let next):
      code.kind = .apply
      code.register = Int(closure.index)
      code.arguments = edges.storage.list(arguments.map(\.index))
      code.continuation = edges.continuation(next)
    case .returnValues(let values):
      code.kind = .returnValues
      code.arguments = edges.storage.list(values.map(\.index))
    case .tailCall(let callee, let arguments):
      code.kind = .tailCall
      code.number = Int(callee.index)
      code.arguments = edges.storage.list(arguments.map(\.index))
    case .checkpoint(let number, let next):
      code.kind = .checkpoint
      code.number = number
      code.target = edges.target(next)
    case .fork(let family, let site, let operands, let count, let layout, let next):
      let use = use(family, site, count, layout, isOptional: false, span: span)
      uses.append(use)
      code.kind = .fork
      code.number = uses.count - 1
      code.arguments = edges.storage.list(operands.prefix(use.parameterCount).map(\.index))
      code.continuation = edges.continuation(next)
    }
    return code
  }

  private func use(
    _ family: String?, _ site: Site, _ parameterCount: Int, _ layout: [IRType],
    isOptional: Bool, span: Span
  ) -> DistributionUse {
    let index = family.flatMap { program.familyIndex(of: $0) } ?? -1
    let type = index >= 0 ? FamilyRegistry.family(at: index) : nil
    var domains: [SimpleDomain] = []
    if let signature = type?.signature, signature.jointCondition == nil {
      domains = signature.parametrisations[0].parameters.map { SimpleDomain($0) }
    }
    return DistributionUse(
      family: index, name: family, type: type, site: site,
      parameterCount: family == nil ? 1 : parameterCount, layout: layout, isOptional: isOptional,
      span: span, domains: domains)
  }

  private mutating func compile(
    _ instruction: Instruction, in function: Function, releases: [ValueID],
    storage: FunctionStorage
  ) -> CompiledInstruction {
    var code = CompiledInstruction(
      kind: .column, kernel: nil, operands: storage.list(instruction.operands.map(\.index)),
      results: storage.list(instruction.results.map(\.index)),
      releases: storage.list(releases.map(\.index)), payload: 0, canFail: false, bits: 0)
    resolve(instruction, in: function, &code)
    return code
  }

  private mutating func resolve(
    _ instruction: Instruction, in function: Function, _ code: inout CompiledInstruction
  ) {
    switch instruction.operation {
    case .constant(let constant):
      code.kind = .constant
      code.bits = constant.bits
    case .primitive(let name):
      guard let primitive = program.primitive(named: name) else {
        internalError("unknown primitive '\(name)'")
      }
      code.canFail = !primitive.isTotal
      operations.append(ColumnOperation(primitive))
      code.payload = operations.count - 1
      if case .kernel(let kernel) = primitive.implementation {
        code.kind = .kernel
        code.kernel = kernel
        code.scalar = ScalarOperation(primitive: name)
      }
    case .sample(let family, let site, let count, let layout):
      code.kind = .sample
      code.payload = number(
        ofUse: UseKey(site: site.number, isScore: false), isNew: function.original == nil
      ) { $0.use(family, site, count, layout, isOptional: false, span: instruction.span) }
    case .score(let family, let site, let count, let layout, let isOptional):
      code.kind = .score
      code.payload = number(
        ofUse: UseKey(site: site.number, isScore: true), isNew: function.original == nil
      ) { $0.use(family, site, count, layout, isOptional: isOptional, span: instruction.span) }
    case .observe:
      internalError("'observe' reached the machine; apply a transform first")
    case .factor: code.kind = .factor
    case .require: code.kind = .require
    case .tally(let number):
      code.kind = .tally
      code.payload = number
    case .emit(let number, let loopCount):
      addEffect(.emit, EffectUse(number: number, loopCount: loopCount), &code)
    case .print(let shape): addEffect(.print, EffectUse(shape: shape), &code)
    case .debug(let shape): addEffect(.debug, EffectUse(shape: shape), &code)
    case .fail(let text): addEffect(.fail, EffectUse(text: text), &code)
    case .memoMake: code.kind = .memoMake
    case .memoEnter(let key):
      addEffect(.memoEnter, EffectUse(key: key), &code)
    case .memoFind(let key, let value):
      addEffect(.memoFind, EffectUse(key: key, value: value), &code)
    case .memoStore(let key, let value):
      addEffect(.memoStore, EffectUse(key: key, value: value), &code)
    case .infer(let method, let layout):
      addEffect(.infer, EffectUse(text: method, value: layout), &code)
    case .decode(let shape):
      addEffect(
        .host, EffectUse(shape: shape, text: HostCall.decode), &code)
    case .describe(let shape):
      addEffect(.host, EffectUse(shape: shape, text: HostCall.describe), &code)
    case .host(let name, let layout):
      addEffect(
        .host,
        EffectUse(
          text: name, key: instruction.operands.map { function.valueTypes[Int($0.index)] },
          value: layout), &code)
    default:
      let types = instruction.operands.map { function.valueTypes[Int($0.index)] }
      guard
        let operation = ColumnOperation(
          instruction.operation, operands: types, program: program)
      else {
        internalError("no column operation for an instruction")
      }
      operations.append(operation)
      code.payload = operations.count - 1
      code.canFail = !instruction.operation.isTotal
    }
  }

  private mutating func number(
    ofUse key: UseKey, isNew: Bool, _ make: (ProgramCompiler) -> DistributionUse
  ) -> Int {
    if !isNew, let known = useNumbers[key] { return known }
    uses.append(make(self))
    useNumbers[key] = uses.count - 1
    return uses.count - 1
  }

  private mutating func addEffect(
    _ kind: OperationKind, _ effect: EffectUse, _ code: inout CompiledInstruction
  ) {
    effects.append(effect)
    code.kind = kind
    code.payload = effects.count - 1
  }
}

/// Names of host calls that the machine itself knows.
enum HostCall {
  static let decode = "data.decode"
  static let describe = "describe"
}

extension Constant {
  /// The register word.
  var bits: UInt64 {
    switch self {
    case .real(let value): value.bitPattern
    case .int(let value): UInt64(bitPattern: value)
    case .bool(let value): value ? 1 : 0
    case .string(let text): UInt64(bitPattern: StringTable.shared.number(of: text))
    case .null: 0
    }
  }
}
