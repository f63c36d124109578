import BorelBase
import BorelIR

/// Translates a checked program to IR: functions are lowered when something that is lowered
/// refers to them, once per list of generic arguments.
final class ProgramLowering {
  /// Which copy of a function is meant.
  struct Instance: Hashable {
    var function: TypedFunctionID
    var genericArguments: [StaticType]
    /// How draws are reported; nil in plain functions.
    var reporting: Reporting?
    /// How many counters of the caller's loops come as last parameters, for addresses.
    var outerLoopCount = 0
  }

  /// Where the draws of a model are reported.
  struct Reporting: Hashable {
    /// The model that is inferred.
    var root: TypedFunctionID
    /// Put before names: `sub.`; empty in the model itself.
    var prefix: String
    /// The models that run in place around this one: a model inside itself reports nothing.
    var chain: [TypedFunctionID]
  }

  private(set) var checked: CheckedProgram
  private(set) var types: TypeLowering
  private(set) var recursion: RecursionAnalysis
  private(set) var program = Program()

  /// Notes the parametrisation that the source text uses at a site.
  func note(writtenForm form: Int, atSite number: Int) { program.writtenForms[number] = form }

  private var instances: [Instance: FunctionID] = [:]
  private var memoFunctions: [MemoKey: FunctionID] = [:]
  private var primitiveFunctions: [String: FunctionID] = [:]
  private var pending: [(FunctionID, () -> Function)] = []
  private var names: Set<String> = []
  private var reportNumbers: [ReportKey: Int] = [:]
  private var siteBases: Set<Int> = []

  private struct ReportKey: Hashable {
    var root: TypedFunctionID
    var name: String
    var shape: Shape
    var isImputed: Bool
  }

  struct MemoKey: Hashable {
    var parameters: [IRType]
    var result: [IRType]
    /// The function behind the closure where it is known.
    var target: FunctionID?
    var captures: [IRType]
  }

  init(_ checked: CheckedProgram) {
    self.checked = checked
    types = TypeLowering(checked)
    recursion = RecursionAnalysis(checked)
    program.enumerations = types.enumerations
    program.tallies = checked.tallies
    program.host = checked.host
  }

  /// Lowers the models, the script, and everything that they use.
  func run() -> Program {
    for id in checked.models { lowerModel(id) }
    if let script = checked.script {
      program.script = function(Instance(function: script, genericArguments: []))
    }
    lower(checked.moves)
    return program
  }

  /// Goes on with a program that has the same functions and types and more: lowers the models and
  /// the script that are new. Functions keep their numbers.
  ///
  /// - Returns: The function of the script.
  func extend(to extended: CheckedProgram, models: [TypedFunctionID]) -> FunctionID? {
    program.moves = []
    checked = extended
    types = TypeLowering(extended)
    recursion = RecursionAnalysis(extended)
    program.enumerations = types.enumerations
    program.tallies = extended.tallies
    for id in models { lowerModel(id) }
    let script = extended.script.map { function(Instance(function: $0, genericArguments: [])) }
    lower(extended.moves)
    return script
  }

  /// Empties a function that will not be called any more.
  func discard(_ id: FunctionID) {
    let name = name(of: id)
    var builder = FunctionBuilder(name: name, parameters: [], results: [], span: .none)
    builder.returnValues([], at: .none)
    program.functions[Int(id.index)] = builder.finish()
  }

  private func lowerPending() {
    var next = 0
    while next < pending.count {
      let (id, make) = pending[next]
      program.functions[Int(id.index)] = make()
      next += 1
    }
    pending = []
  }

  // MARK: Functions

  /// The function of an instance; it is lowered later.
  func function(_ instance: Instance) -> FunctionID {
    if let known = instances[instance] { return known }
    let typed = checked.functions[instance.function.index]
    let id = declare(name(of: instance))
    instances[instance] = id
    let name = program.functions[Int(id.index)].name
    if instance.genericArguments.contains(where: { $0.nesting > Self.deepestType }) {
      refuse(id, typed, instance)
      return id
    }
    pending.append(
      (
        id,
        {
          FunctionLowering(
            self, name: name, genericArguments: instance.genericArguments,
            reporting: instance.reporting, locals: typed.locals
          ).lowerFunction(typed, instance: instance)
        }
      ))
    return id
  }

  /// Generic arguments nested deeper than this come from a function that calls itself at ever
  /// larger types.
  private static let deepestType = 40

  /// A function that stops the run when it is called.
  private func refuse(_ id: FunctionID, _ typed: TypedFunction, _ instance: Instance) {
    func layout(_ type: StaticType) -> [IRType] {
      types.layout(type.substituting(instance.genericArguments))
    }
    let counters = Array(repeating: IRType.int, count: instance.outerLoopCount)
    var builder = FunctionBuilder(
      name: name(of: id), parameters: typed.parameters.flatMap { layout($0.type) } + counters,
      results: layout(typed.result), span: typed.span)
    builder.append(
      .fail("'\(typed.name)' calls itself with ever larger types"), [], results: [],
      at: typed.span)
    let words = builder.results.map { builder.zero($0, at: typed.span) }
    builder.returnValues(words, at: typed.span)
    program.functions[Int(id.index)] = builder.finish()
  }

  /// A function that is filled in later by `make`; a name that is taken gets a number.
  func declare(_ name: String) -> FunctionID {
    var unique = name
    var suffix = 2
    while !names.insert(unique).inserted {
      unique = "\(name)#\(suffix)"
      suffix += 1
    }
    let id = FunctionID(program.functions.count)
    program.functions.append(Function(name: unique))
    return id
  }

  func name(of function: FunctionID) -> String { program.functions[Int(function.index)].name }

  func define(_ id: FunctionID, _ make: @escaping () -> Function) { pending.append((id, make)) }

  func memoFunction(_ key: MemoKey, make: (FunctionID) -> Void) -> FunctionID {
    if let known = memoFunctions[key] { return known }
    let id = declare("memo \(key.target.map { name(of: $0) } ?? "function")")
    memoFunctions[key] = id
    make(id)
    return id
  }

  /// A function that does nothing but a primitive.
  func primitiveFunction(_ name: String, make: (FunctionID) -> Function) -> FunctionID {
    if let known = primitiveFunctions[name] { return known }
    let id = declare("primitive \(name)")
    primitiveFunctions[name] = id
    program.functions[Int(id.index)] = make(id)
    return id
  }

  private func name(of instance: Instance) -> String {
    let typed = checked.functions[instance.function.index]
    var name =
      switch typed.role {
      case .function: "func \(typed.name)"
      case .model: "model \(typed.name)"
      case .defaultValue: "default \(typed.name)"
      case .script: "script"
      }
    if !instance.genericArguments.isEmpty {
      let arguments = instance.genericArguments.map { types.text($0) }
      name += "<\(arguments.joined(separator: ","))>"
    }
    if let reporting = instance.reporting, !reporting.prefix.isEmpty {
      let root = checked.functions[reporting.root.index].name
      name += " as \(root).\(reporting.prefix.dropLast())"
    }
    return name
  }

  // MARK: Models

  private func lowerModel(_ id: TypedFunctionID) {
    let typed = checked.functions[id.index]
    let parameters = typed.parameters.map { parameter in
      ModelInfo.Parameter(
        name: parameter.name, shape: types.shape(parameter.type),
        isLearnable: parameter.isLearnable, lower: parameter.lower,
        isLowerOpen: parameter.isLowerOpen, upper: parameter.upper,
        isUpperOpen: parameter.isUpperOpen,
        defaultFunction: parameter.defaultFunction.map {
          function(Instance(function: $0, genericArguments: []))
        },
        span: parameter.span)
    }
    program.models.append(
      ModelInfo(
        name: typed.name, function: modelFunction(id), parameters: parameters,
        result: types.shape(typed.result), span: typed.span, documentation: typed.documentation))
  }

  /// Lowers what is left, then notes the moves: their choices are found in the finished code.
  private func lower(_ moves: [CheckedMove]) {
    let functions = moves.map { move in
      [move.proposal, move.involution].map {
        $0.map { function(Instance(function: $0, genericArguments: [])) }
      }
    }
    lowerPending()
    for (move, functions) in zip(moves, functions) {
      guard let involution = functions[1] else { continue }
      let model = modelFunction(move.model)
      program.moves.append(
        MoveInfo(
          name: move.name, model: model, proposal: functions[0], involution: involution,
          arguments: move.arguments, trace: choices(move.trace, drawnIn: model),
          auxiliary: functions[0].map { choices(move.auxiliary, drawnIn: $0) } ?? [],
          span: move.span))
    }
  }

  private func choices(
    _ fields: [TraceField], drawnIn function: FunctionID
  ) -> [MoveInfo.Choice] {
    var sites: [String: Int] = [:]
    for instruction in program.functions[Int(function.index)].blocks.flatMap(\.instructions) {
      if case .sample(_, let site, _, _) = instruction.operation, let name = site.name {
        sites[name] = site.number
      }
    }
    // Code that is never reached is not lowered: no trace has its choices.
    return fields.map {
      MoveInfo.Choice(name: $0.name, shape: types.shape($0.type), site: sites[$0.name] ?? -1)
    }
  }

  /// The function of a model that is inferred by itself.
  func modelFunction(_ id: TypedFunctionID) -> FunctionID {
    function(
      Instance(
        function: id, genericArguments: [],
        reporting: Reporting(root: id, prefix: "", chain: [id])))
  }

  // MARK: Reports and sites

  /// The number of a reported name. What branches draw under one name in different shapes is told
  /// apart by primes.
  func report(
    _ name: String, _ shape: Shape, in reporting: Reporting, isImputed: Bool, span: Span
  ) -> Int {
    let key = ReportKey(root: reporting.root, name: name, shape: shape, isImputed: isImputed)
    if let known = reportNumbers[key] { return known }
    let shapes = Set(
      reportNumbers.keys.filter { $0.root == key.root && $0.name == name }.map(\.shape))
    let primes = String(repeating: "'", count: shapes.subtracting([shape]).count)
    let number = program.reports.count
    program.reports.append(
      Report(name: name + primes, shape: shape, span: span, isImputed: isImputed))
    reportNumbers[key] = number
    return number
  }

  /// The number of the first site of a function: it depends on the function's name only, unless
  /// two names collide. A function has room for 4,096 sites before it shares with another.
  func siteBase(of name: String) -> Int {
    // FNV-1a, 32 bits.
    var hash: UInt32 = 2_166_136_261
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    var base = Int((hash ^ (hash >> 12)) & 0xF_FFFF)
    while !siteBases.insert(base).inserted { base = (base + 1) & 0xFFFF_FFFF }
    return base << 12
  }
}
