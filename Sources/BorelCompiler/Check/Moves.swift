import BorelBase
import BorelSyntax

extension Checker {
  /// Checks the moves of a program; the bodies of its models must be checked.
  func checkMoves(of program: Program) {
    for item in program.items {
      if case .move(let declaration) = item.kind { check(declaration, item) }
    }
  }

  private func check(_ move: MoveDeclaration, _ item: Item) {
    if let first = userFunctions[move.name.text].map({ functions[$0.index].span })
      ?? moves.first(where: { $0.name == move.name.text })?.span
    {
      report(.redefinition(move.name.text, at: move.name.span, first: first))
      return
    }
    if isKernelOfLanguage(move.name.text) {
      report(.kernelRedefined(move.name.text, at: move.name.span))
      return
    }
    guard let model = model(of: move), let typed = functions[model.index].typed else { return }
    let trace = TraceFields(typed, isPlain: isPlain)
    guard !trace.fields.isEmpty else {
      report(.traceWithoutFields(move.model.text, trace.hidden.first, at: move.model.span))
      return
    }
    guard let arguments = arguments(of: move, functions[model.index]) else { return }
    var parameters = [TypedParameter]()
    func add(_ name: Name, _ type: StaticType) {
      parameters.append(
        TypedParameter(
          local: LocalID(parameters.count), name: name.text, type: type, span: name.span))
    }
    add(move.trace, trace.fields.record)
    var auxiliary: [TraceField] = []
    var proposal: TypedFunctionID?
    let extra = zip(move.arguments, arguments).map { ($0.name, $1.type) }
    if let declared = move.proposal {
      for (name, type) in extra { add(name, type) }
      let id = body(
        "\(move.name.text).proposal", move, item, declared.body, parameters, result: .unit)
      guard let typed = functions[id.index].typed else { return }
      let draws = TraceFields(typed, isPlain: isPlain)
      for draw in draws.hidden { report(.auxiliaryDraw(draw, at: draw.span)) }
      auxiliary = draws.fields
      proposal = id
      parameters.removeSubrange(1...)
      add(declared.name, auxiliary.record)
    }
    for (name, type) in extra { add(name, type) }
    let result =
      proposal == nil
      ? trace.fields.record : .tuple([trace.fields.record, auxiliary.record])
    let involution = body(
      "\(move.name.text).involution", move, item, move.involution, parameters, result: result)
    moves.append(
      CheckedMove(
        name: move.name.text, model: model, proposal: proposal, involution: involution,
        arguments: arguments.map(\.position), trace: trace.fields, auxiliary: auxiliary,
        span: move.name.span))
  }

  private func isPlain(_ id: EnumID) -> Bool {
    types.enums[id.index].cases.allSatisfy { $0.payload.isEmpty }
  }

  /// Whether a name is a kernel already: then the text of a method with it is right.
  private func isKernelOfLanguage(_ name: String) -> Bool {
    guard let validateMethod else { return false }
    return validateMethod("mh(kernel: \(name))", []) == nil
      || validateMethod("mh(kernel: \(name)(singleSite))", []) == nil
  }

  /// Adds one of the two functions of a move and checks it.
  private func body(
    _ name: String, _ move: MoveDeclaration, _ item: Item, _ body: Block,
    _ parameters: [TypedParameter], result: StaticType
  ) -> TypedFunctionID {
    let state = FunctionState(
      name: name, role: .function,
      declaration: FunctionDeclaration(
        name: move.name, generics: [], parameters: [], result: nil, body: body),
      documentation: item.documentation, span: move.name.span, isLibrary: false)
    state.parameters = parameters
    state.result = result
    state.isNeeded = true
    let id = add(state)
    ensureChecked(id)
    return id
  }

  private func model(of move: MoveDeclaration) -> TypedFunctionID? {
    let names = userFunctions.filter { functions[$0.value.index].role == .model }.map(\.key)
    guard let id = userFunctions[move.model.text] else {
      report(.unknownModel(move.model.text, among: names.sorted(), at: move.model.span))
      return nil
    }
    guard functions[id.index].role == .model else {
      report(.notAModel(move.model.text, at: move.model.span))
      return nil
    }
    ensureChecked(id)
    return id
  }

  /// The arguments of the model that a move reads.
  private func arguments(
    of move: MoveDeclaration, _ model: FunctionState
  ) -> [(position: Int, type: StaticType)]? {
    var found: [(position: Int, type: StaticType)] = []
    var seen: Set<String> = [move.trace.text]
    if let name = move.proposal?.name, !seen.insert(name.text).inserted {
      report(.nameOfMoveTwice(name.text, at: name.span))
      return nil
    }
    for parameter in move.arguments {
      let name = parameter.name
      if !seen.insert(name.text).inserted {
        report(.nameOfMoveTwice(name.text, at: name.span))
        return nil
      }
      if parameter.isLearnable || parameter.domain != nil || parameter.defaultValue != nil {
        report(.detailedArgument(name.text, model.name, at: name.span))
        return nil
      }
      guard let position = model.parameters.firstIndex(where: { $0.name == name.text }) else {
        report(
          .notAnArgument(
            name.text, model.name, among: model.parameters.map(\.name), at: name.span))
        return nil
      }
      let type = resolve(parameter.type, generics: [])
      let expected = model.parameters[position].type
      guard type == expected else {
        if type != .error {
          report(
            .argumentOfOtherType(
              name.text, model.name, expected: text(expected), found: text(type),
              at: parameter.type.span))
        }
        return nil
      }
      found.append((position, type))
    }
    return found
  }

  /// What the functions of moves may do, once the effects of all functions are known.
  func checkMoveEffects() {
    for move in moves {
      let involution = functions[move.involution.index]
      purityRequirements.append(
        PurityRequirement(
          what: "the involution of '\(move.name)'", effects: involution.effects,
          callees: involution.callees, span: move.span))
      guard let proposal = move.proposal.map({ functions[$0.index] }) else { continue }
      if !proposal.effects.subtracting(.draws).isEmpty {
        report(.proposalWithEffects(move.name, at: move.span))
      }
      for callee in proposal.callees.sorted() where functions[callee].effects.contains(.draws) {
        report(.proposalCallsDraws(move.name, functions[callee].name, at: move.span))
      }
    }
  }
}

extension Diagnostic {
  fileprivate static func unknownModel(
    _ name: String, among names: [String], at span: Span
  ) -> Diagnostic {
    let hint = Spelling.hint(for: name, among: names, kind: "models")
    return Diagnostic(
      "E0201", .check, "there is no model '\(name)'", at: span, hints: hint.map { [$0] } ?? [])
  }

  fileprivate static func notAModel(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0247", .check, "'\(name)' is no model, so that it has no traces", at: span,
      hints: ["a move starts from a trace of a model: 't: Trace of m'"])
  }

  fileprivate static func kernelRedefined(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0203", .check, "'\(name)' is a kernel of the language", at: span,
      hints: ["choose another name"])
  }

  fileprivate static func traceWithoutFields(
    _ model: String, _ hidden: TraceFields.Hidden?, at span: Span
  ) -> Diagnostic {
    var hints = ["name a choice: `x ~ Normal(0, 1)`"]
    if let hidden {
      let name = hidden.name.map { "'\($0)'" } ?? "the choice"
      hints = ["\(name) cannot be reached: \(hidden.reason)"]
    }
    return Diagnostic(
      "E0247", .check, "no choice of '\(model)' can be reached by a move", at: span, hints: hints)
  }

  fileprivate static func nameOfMoveTwice(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic("E0203", .check, "'\(name)' appears twice", at: span, hints: ["rename one of them"])
  }

  fileprivate static func detailedArgument(
    _ name: String, _ model: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0247", .check, "'\(name)' is what '\(model)' declares, found more than its type", at: span,
      hints: ["write the name and the type only"])
  }

  fileprivate static func notAnArgument(
    _ name: String, _ model: String, among names: [String], at span: Span
  ) -> Diagnostic {
    let hint = Spelling.hint(for: name, among: names, kind: "arguments")
    return Diagnostic(
      "E0247", .check, "'\(model)' has no argument '\(name)' that a move could read", at: span,
      hints: hint.map { [$0] } ?? ["the model has no arguments"])
  }

  fileprivate static func argumentOfOtherType(
    _ name: String, _ model: String, expected: String, found: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0247", .check,
      "the argument '\(name)' of '\(model)' has the type '\(expected)', found '\(found)'", at: span)
  }

  fileprivate static func auxiliaryDraw(_ draw: TraceFields.Hidden, at span: Span) -> Diagnostic {
    let name = draw.name.map { "'\($0)'" } ?? "this draw"
    return Diagnostic(
      "E0248", .check, "the involution cannot reach \(name): \(draw.reason)", at: span,
      hints: ["name every auxiliary draw, once: `x ~ Normal(0, 1)`"])
  }

  fileprivate static func proposalWithEffects(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0248", .check, "the auxiliary draws of '\(name)' may only draw", at: span,
      hints: ["leave out 'observe', 'factor', 'require', 'tally', 'debug' and 'infer'"])
  }

  fileprivate static func proposalCallsDraws(
    _ name: String, _ callee: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0248", .check,
      "the involution of '\(name)' cannot reach what '\(callee)' draws for it", at: span,
      hints: ["draw in the move itself: `x ~ Normal(0, 1)`"])
  }
}
