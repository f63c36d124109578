import BorelBase
import BorelIR

/// The words of a value of the language.
typealias Words = [ValueID]

/// Lowers the body of one function, model or closure.
final class FunctionLowering {
  /// A loop around the code that is being lowered.
  struct Loop {
    /// The index of the iteration: part of the addresses inside.
    var counter: WordVariable
    var breakBlock: BlockID
    var continueBlock: BlockID
    /// Whether an address inside refers to the counter.
    var isCounterUsed = false
  }

  /// What a local name stands for when it need not be looked up in a closure.
  enum KnownFunction {
    /// A closure of this function; its captures are in these variables.
    case closure(FunctionID, captures: [WordVariable])
    /// A model with its arguments.
    case model(TypedFunctionID, arguments: Words)
  }

  let owner: ProgramLowering
  let name: String
  let genericArguments: [StaticType]
  let reporting: ProgramLowering.Reporting?
  let localInfo: [TypedLocal]
  var builder: FunctionBuilder
  var locals: [LocalID: [WordVariable]] = [:]
  var known: [LocalID: KnownFunction] = [:]
  var loops: [Loop] = []
  /// Counters of the loops around the call: parameters of this function.
  var outerCounters: Words = []
  var resultLayout: [IRType] = []
  /// The function of the program that is being lowered; nil in closures.
  var typedFunction: TypedFunctionID?
  /// The parametrisation of the distribution that was evaluated last, for the site that is made for
  /// it.
  var writtenForm = 0
  private let siteBase: Int
  private var siteCount = 0

  init(
    _ owner: ProgramLowering, name: String, genericArguments: [StaticType],
    reporting: ProgramLowering.Reporting?, locals: [TypedLocal]
  ) {
    self.owner = owner
    self.name = name
    self.genericArguments = genericArguments
    self.reporting = reporting
    localInfo = locals
    siteBase = owner.siteBase(of: name)
    builder = FunctionBuilder(name: name, parameters: [], results: [], span: .none)
  }

  // MARK: Whole functions

  func lowerFunction(
    _ typed: TypedFunction, instance: ProgramLowering.Instance
  ) -> Function {
    typedFunction = instance.function
    let parameters = typed.parameters.map { ($0.local, layout($0.type)) }
    let loops = Array(repeating: IRType.int, count: instance.outerLoopCount)
    begin(parameters, extra: loops, result: typed.result, span: typed.span)
    outerCounters = Array(builder.parameters.suffix(loops.count))
    lowerBody(typed.body)
    return builder.finish()
  }

  /// A closure's function: its own parameters, then the captures.
  func lowerClosure(_ closure: TypedClosure, itself: FunctionID, span: Span) -> Function {
    var captures = closure.captures
    captures.removeAll { $0 == closure.selfLocal }
    let all = (closure.parameters + captures).map { ($0, layout(localInfo[$0.index].type)) }
    begin(all, extra: [], result: closure.result, span: span)
    if let local = closure.selfLocal {
      let variables = captures.flatMap { locals[$0] ?? [] }
      known[local] = .closure(itself, captures: variables)
      let words = variables.map { builder.read($0) }
      let layout = words.map { builder.type(of: $0) }
      let type = self.layout(localInfo[local.index].type)
      declare(local, builder.append(.closureMake(itself, layout), words, results: type, at: span))
    }
    lowerBody(closure.body)
    return builder.finish()
  }

  private func begin(
    _ parameters: [(LocalID, [IRType])], extra: [IRType], result: StaticType, span: Span
  ) {
    resultLayout = layout(result)
    builder = FunctionBuilder(
      name: name, parameters: parameters.flatMap(\.1) + extra, results: resultLayout, span: span)
    var rest = builder.parameters[...]
    for (local, types) in parameters {
      declare(local, Array(rest.prefix(types.count)))
      rest = rest.dropFirst(types.count)
    }
  }

  private func lowerBody(_ body: TypedBlock) {
    let words = lower(body, inTail: true)
    if !builder.isReachable {
      builder.returnValues(resultLayout.map { builder.zero($0, at: body.span) }, at: body.span)
    } else {
      builder.returnValues(words, at: body.span)
    }
  }

  // MARK: Types and words

  func type(_ type: StaticType) -> StaticType { type.substituting(genericArguments) }

  func layout(_ type: StaticType) -> [IRType] { owner.types.layout(self.type(type)) }

  func shape(_ type: StaticType) -> Shape { owner.types.shape(self.type(type)) }

  func zeros(_ type: StaticType, at span: Span) -> Words {
    layout(type).map { builder.zero($0, at: span) }
  }

  // MARK: Locals

  /// Makes a local stand for words from here on; the first time declares it.
  func declare(_ local: LocalID, _ words: Words) {
    let variables =
      locals[local]
      ?? words.map { builder.makeVariable(builder.type(of: $0)) }
    locals[local] = variables
    let name = localInfo[local.index].name
    for (variable, word) in zip(variables, words) {
      builder.write(variable, word)
      if !name.isEmpty { builder.setName(name, of: word) }
    }
  }

  func read(_ local: LocalID) -> Words {
    (locals[local] ?? []).map { builder.read($0) }
  }

  // MARK: Instructions

  func primitive(_ name: String, _ operands: Words, _ type: IRType, at span: Span) -> ValueID {
    builder.appendValue(.primitive(name), operands, type, at: span)
  }

  /// The number of a new choice or score of this function.
  func makeSite(
    _ name: String?, isReported: Bool = false, isPlate: Bool = false, drift: Double? = nil
  ) -> Site {
    defer { siteCount += 1 }
    if writtenForm != 0 { owner.note(writtenForm: writtenForm, atSite: siteBase + siteCount) }
    return Site(
      number: siteBase + siteCount, name: name, isReported: isReported, isPlate: isPlate,
      drift: drift)
  }

  /// The counters of the loops around this point, outermost first.
  func counters() -> Words {
    for index in loops.indices { loops[index].isCounterUsed = true }
    return outerCounters + loops.map { builder.read($0.counter) }
  }

  /// Lowers code that is run when a condition holds and does not complete.
  func stop(when condition: ValueID, at span: Span, _ body: () -> Void) {
    let failing = builder.makeBlock()
    let passing = builder.makeBlock()
    builder.branch(condition, then: failing, otherwise: passing, at: span)
    builder.seal(failing)
    builder.seal(passing)
    builder.enter(failing)
    body()
    builder.returnValues(resultLayout.map { builder.zero($0, at: span) }, at: span)
    builder.enter(passing)
  }

  /// Stops the run with a message that is known now.
  func fail(_ message: String, at span: Span) {
    builder.append(.fail(message), [], results: [], at: span)
  }
}
