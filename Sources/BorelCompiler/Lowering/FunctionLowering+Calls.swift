import BorelBase
import BorelIR
import BorelPrimitives

extension FunctionLowering {
  func lowerCall(
    _ reference: FunctionReference, _ arguments: [TypedExpression], _ expression: TypedExpression,
    inTail: Bool
  ) -> Words {
    let typed = owner.checked.functions[reference.id.index]
    let results = layout(typed, reference)
    let words = arguments.flatMap { lower($0) }
    let hasAddresses = !typed.effects.isDisjoint(with: [.draws, .scores])
    let outer = hasAddresses ? countersForCall(of: reference.id) : []
    let callee = function(reference, outerLoopCount: outer.count)
    if inTail, isRecursiveCall(of: reference.id), results == resultLayout {
      builder.tailCall(callee, words + outer, at: expression.span)
      return []
    }
    return builder.call(callee, words + outer, results: results, at: expression.span)
  }

  private func isRecursiveCall(of callee: TypedFunctionID) -> Bool {
    typedFunction.map { owner.recursion.isRecursiveCall(from: $0, to: callee) } ?? false
  }

  /// What addresses inside a callee start with: the counters of the loops around the call. Within
  /// a recursion they stay those of the first call: their number must not grow.
  private func countersForCall(of callee: TypedFunctionID) -> Words {
    isRecursiveCall(of: callee) ? outerCounters : counters()
  }

  /// The function that a reference means here.
  private func function(_ reference: FunctionReference, outerLoopCount: Int = 0) -> FunctionID {
    owner.function(
      ProgramLowering.Instance(
        function: reference.id, genericArguments: reference.genericArguments.map { type($0) },
        outerLoopCount: outerLoopCount))
  }

  /// The layout of a function's result with the generic arguments of a reference.
  private func layout(_ callee: TypedFunction, _ reference: FunctionReference) -> [IRType] {
    let result = callee.result.substituting(reference.genericArguments.map { type($0) })
    return owner.types.layout(result)
  }

  func lowerApply(
    _ callee: TypedExpression, _ arguments: [TypedExpression], _ expression: TypedExpression,
    inTail: Bool
  ) -> Words {
    let span = expression.span
    let results = resultLayout(of: callee)
    if case .local(let local) = callee.kind,
      case .closure(let target, let captures)? = known[local]
    {
      let words = arguments.flatMap { lower($0) } + captures.map { builder.read($0) }
      if inTail, results == resultLayout, owner.name(of: target) == name {
        builder.tailCall(target, words, at: span)
        return []
      }
      return builder.call(target, words, results: results, at: span)
    }
    if case .function(let reference) = callee.kind {
      let words = arguments.flatMap { lower($0) }
      return builder.call(function(reference), words, results: results, at: span)
    }
    let closure = lowerWord(callee)
    let words = arguments.flatMap { lower($0) }
    return builder.apply(closure, words, results: results, at: span)
  }

  func resultLayout(of function: TypedExpression) -> [IRType] {
    guard case .function(_, let result) = type(function.type) else { return [] }
    return owner.types.layout(result)
  }

  // MARK: Functions as values

  func lowerFunctionValue(
    _ reference: FunctionReference, _ type: StaticType, _ span: Span
  ) -> Words {
    builder.append(
      .closureMake(function(reference), []), [], results: layout(type), at: span)
  }

  func lowerPrimitiveValue(_ name: String, _ type: StaticType, _ span: Span) -> Words {
    guard case .function(let parameters, let result) = self.type(type) else { return [] }
    let parameterLayout = owner.types.layout(parameters)
    let layout = owner.types.layout(result)
    let id = owner.primitiveFunction(name) {
      var wrapper = FunctionBuilder(
        name: self.owner.name(of: $0), parameters: parameterLayout, results: layout, span: span)
      let words = wrapper.append(
        .primitive(name), wrapper.parameters, results: layout, at: span)
      wrapper.returnValues(words, at: span)
      return wrapper.finish()
    }
    return builder.append(.closureMake(id, []), [], results: self.layout(type), at: span)
  }

  func lowerClosureValue(_ closure: TypedClosure, _ type: StaticType, _ span: Span) -> Words {
    let (id, captures) = closureParts(closure, span)
    let layout = captures.map { builder.type(of: $0) }
    return builder.append(
      .closureMake(id, layout), captures, results: self.layout(type), at: span)
  }

  /// Lifts a closure to a function of its own; the words that it captures.
  func closureParts(_ closure: TypedClosure, _ span: Span) -> (FunctionID, Words) {
    let id = owner.declare("closure \(closure.name)")
    let captures = closure.captures.filter { $0 != closure.selfLocal }
    let words = captures.flatMap { read($0) }
    let closureName = owner.name(of: id)
    let (owner, generics, reporting, locals) = (owner, genericArguments, reporting, localInfo)
    owner.define(id) {
      FunctionLowering(
        owner, name: closureName, genericArguments: generics, reporting: reporting,
        locals: locals
      ).lowerClosure(closure, itself: id, span: span)
    }
    return (id, words)
  }

  // MARK: Memoised functions

  /// `mem f`: a closure of a function that looks its arguments up in a table of this lane.
  func lowerMem(_ function: TypedExpression, _ type: StaticType, _ span: Span) -> Words {
    guard case .function(let parameters, let result) = self.type(type) else { return [] }
    let target: FunctionID?
    let captures: Words
    switch function.kind {
    case .closure(let closure): (target, captures) = closureParts(closure, function.span)
    case .function(let reference): (target, captures) = (self.function(reference), [])
    default: (target, captures) = (nil, lower(function))
    }
    let table = builder.appendValue(.memoMake, [], .int, at: span)
    let words = [table] + captures
    let key = ProgramLowering.MemoKey(
      parameters: owner.types.layout(parameters), result: owner.types.layout(result),
      target: target, captures: captures.map { builder.type(of: $0) })
    let memo = owner.memoFunction(key) { id in
      let name = self.owner.name(of: id)
      self.owner.define(id) { Self.memoBody(name, key, span) }
    }
    let layout = words.map { builder.type(of: $0) }
    return builder.append(
      .closureMake(memo, layout), words, results: self.layout(type), at: span)
  }

  private static func memoBody(
    _ name: String, _ key: ProgramLowering.MemoKey, _ span: Span
  ) -> Function {
    var builder = FunctionBuilder(
      name: name, parameters: key.parameters + [.int] + key.captures, results: key.result,
      span: span)
    let arguments = Array(builder.parameters.prefix(key.parameters.count))
    let table = builder.parameters[key.parameters.count]
    let captures = Array(builder.parameters.dropFirst(key.parameters.count + 1))
    let found = builder.append(
      .memoFind(key: key.parameters, value: key.result), [table] + arguments,
      results: [.bool] + key.result, at: span)
    let known = builder.makeBlock()
    let unknown = builder.makeBlock()
    builder.branch(found[0], then: known, otherwise: unknown, at: span)
    builder.seal(known)
    builder.seal(unknown)
    builder.enter(known)
    builder.returnValues(Array(found.dropFirst()), at: span)
    builder.enter(unknown)
    builder.append(.memoEnter(key: key.parameters), [table] + arguments, results: [], at: span)
    let values =
      key.target.map { target in
        builder.call(target, arguments + captures, results: key.result, at: span)
      } ?? builder.apply(captures[0], arguments, results: key.result, at: span)
    builder.append(
      .memoStore(key: key.parameters, value: key.result), [table] + arguments + values,
      results: [], at: span)
    builder.returnValues(values, at: span)
    return builder.finish()
  }

  // MARK: Models

  func makeModel(
    _ reference: FunctionReference, _ words: Words, _ expression: TypedExpression
  ) -> ValueID {
    let types = words.map { builder.type(of: $0) }
    let function = owner.modelFunction(reference.id)
    return builder.append(
      .modelMake(function, types), words, results: layout(expression.type), at: expression.span)[0]
  }

  /// Runs a model in place: its draws and weights are this program's, its names get a prefix.
  func runInPlace(
    _ model: TypedExpression, name: String?, isReported: Bool, _ type: StaticType, _ span: Span
  ) -> Words {
    let results = layout(type)
    let id: TypedFunctionID
    var words: Words
    switch model.kind {
    case .model(let reference, let arguments):
      (id, words) = (reference.id, arguments.flatMap { lower($0) })
    case .local(let local):
      if case .model(let target, let arguments)? = known[local] {
        (id, words) = (target, arguments)
      } else {
        fallthrough
      }
    default:
      // Which model it is, is known at run time only: its names stay its own.
      return builder.apply(lowerWord(model), [], results: results, at: span)
    }
    var nested: ProgramLowering.Reporting?
    if isReported, let reporting, let name, !reporting.chain.contains(id) {
      nested = ProgramLowering.Reporting(
        root: reporting.root, prefix: "\(reporting.prefix)\(name).", chain: reporting.chain + [id])
    }
    let outer = countersForCall(of: id)
    let callee = owner.function(
      ProgramLowering.Instance(
        function: id, genericArguments: [], reporting: nested, outerLoopCount: outer.count))
    words += outer
    return builder.call(callee, words, results: results, at: span)
  }
}
