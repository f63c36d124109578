import BorelBase
import BorelSyntax

extension BodyChecker {
  /// `x ~ D`: a new latent, or a redraw of a variable.
  func draw(
    isVariable: Bool, _ name: Name, _ source: Expression, _ options: DrawOptions, _ span: Span
  ) -> TypedStatement.Kind {
    let draw = self.draw(source, options, span, name: name.text)
    if !isVariable, let existing = local(named: name.text) {
      let info = locals[existing.index]
      if info.typed.isVariable { return redraw(existing, name, draw, source.span) }
      refuseDraw(of: name, info)
    } else if isVariable {
      refuseRedeclaration(of: name)
    }
    let local = declare(name.text, draw.type, .latent, isVariable: isVariable, name.span)
    locals[local.index].dependsOnChoice = true
    return .draw(local, draw, isRedraw: false)
  }

  private func redraw(
    _ local: LocalID, _ name: Name, _ draw: TypedDraw, _ span: Span
  ) -> TypedStatement.Kind {
    let type = locals[local.index].typed.type
    if isCaptured(local) {
      report(.redrawOfCaptured(name.text, at: name.span))
    } else if !inference.unify(type, draw.type) {
      report(.redrawOfOtherType(name.text, text(type), text(draw.type), at: span))
    }
    noteAssignment(to: local, dependsOnChoice: true)
    return .draw(local, draw, isRedraw: true)
  }

  /// A name that is taken and is not a variable.
  private func refuseDraw(of name: Name, _ info: Local) {
    if info.isOfSession, scopeDepth == info.scope + 1 { return }
    let first = info.typed.span
    switch info.typed.role {
    case .parameter:
      report(.drawOfData(name.text, isModel: isModel, at: name.span, declared: first))
    case .latent where info.scope == scopeDepth && info.frame == frames.count - 1:
      report(.drawnTwice(name.text, at: name.span, first: first))
    case .latent: report(.shadowedLatent(name.text, at: name.span, first: first))
    case .value, .variable:
      if info.dataPath != nil {
        report(.drawOfData(name.text, isModel: isModel, at: name.span, declared: first))
      } else {
        report(.drawOfValue(name.text, at: name.span, declared: first))
      }
    }
  }

  /// A choice from the distribution, model or posterior that `source` gives.
  func draw(
    _ source: Expression, _ options: DrawOptions, _ span: Span, name: String?
  ) -> TypedDraw {
    effects.insert(.draws)
    let value = inferSource(source)
    choiceReads += 1
    let (typedSource, type) = drawSource(value)
    let address = options.address.map { check($0, .string) }
    let proposal = options.proposal.flatMap { self.proposal($0, typedSource, type) }
    return TypedDraw(
      source: typedSource, address: address, proposal: proposal, type: type, span: span)
  }

  private func drawSource(_ value: TypedExpression) -> (TypedDraw.Source, StaticType) {
    switch resolve(value.type) {
    case .distribution(let drawn):
      if case .distribution(let construction) = value.kind {
        if construction.isPlate { return (.plate(construction), drawn) }
        if construction.family == "IID", construction.arguments.count == 2 {
          return (
            .repeated(construction.arguments[0], count: construction.arguments[1]), drawn
          )
        }
      }
      return (.distribution(value), drawn)
    case .posterior(let drawn):
      return (.distribution(coerce(value, .distribution(drawn))), drawn)
    case .model(let result):
      if case .model(let function, _) = value.kind {
        _ = use(function.id)
      } else {
        effects.formUnion([.scores, .tallies])
      }
      return (.model(value), result)
    case .error: return (.distribution(value), .error)
    case let other:
      report(.notADistribution(text(other), at: value.span))
      return (.distribution(value), .error)
    }
  }

  /// `with Drift(scale)`, or a distribution to propose from.
  private func proposal(
    _ expression: Expression, _ source: TypedDraw.Source, _ type: StaticType
  ) -> TypedProposal? {
    if case .call(let callee, let arguments) = expression.kind, case .name("Drift") = callee.kind,
      arguments.count == 1, isBuiltinName("Drift")
    {
      let scale = check(arguments[0].value, .real)
      if !(scale.literalNumber.map { $0 > 0 && $0.isFinite } ?? false) {
        report(.driftScale(at: arguments[0].value.span))
      }
      switch resolve(type) {
      case .real, .array(.real), .error: break
      case .int, .array(.int): break
      default: report(.driftOfType(text(type), at: expression.span))
      }
      return .drift(scale)
    }
    // What is drawn from elsewhere is weighted.
    effects.insert(.scores)
    refuseScoreAtTopLevel("with", expression.span)
    let proposal = check(expression, .distribution(type))
    guard case .distribution(let prior) = source, Self.isSingle(prior), Self.isSingle(proposal)
    else {
      report(.proposalForMany(at: expression.span))
      return nil
    }
    return .independent(proposal)
  }

  /// Whether a distribution is a value with a density of its own.
  private static func isSingle(_ distribution: TypedExpression) -> Bool {
    guard case .distribution(let construction) = distribution.kind else { return true }
    return !construction.isPlate && construction.family != "Transformed"
  }

  // MARK: Scores

  func factor(_ weight: Expression, _ span: Span) -> TypedStatement.Kind {
    effects.insert(.scores)
    refuseScoreAtTopLevel("factor", span)
    if case .call(let callee, _) = weight.kind, case .name("exp") = callee.kind {
      report(.factorOfExp(at: weight.span))
    }
    let value = infer(weight)
    if resolve(value.type) == .bool {
      report(.factorOfBool(at: weight.span))
      return .factor(value)
    }
    return .factor(coerce(value, .real))
  }

  func require(_ condition: Expression, _ span: Span) -> TypedStatement.Kind {
    effects.insert(.scores)
    refuseScoreAtTopLevel("require", span)
    let (value, depends) = followingChoices { infer(condition) }
    if resolve(value.type) == .real || resolve(value.type) == .int {
      report(.requireOfNumber(at: condition.span))
      return .require(value)
    }
    if depends, let equality = continuousEquality(in: condition, value) {
      report(equality)
    }
    return .require(coerce(value, .bool))
  }

  /// `==` between reals inside a conjunction.
  private func continuousEquality(
    in expression: Expression, _ value: TypedExpression
  ) -> Diagnostic? {
    switch (expression.kind, value.kind) {
    case (.binary(.equal, let left, let right), .primitive(_, let sides)),
      (.binary(.equal, let left, let right), .builtin(_, let sides)):
      guard let first = sides.first, resolve(first.type) == .real else { return nil }
      return .continuousEquality(
        sourceText(left.span), sourceText(right.span), at: expression.span)
    case (.binary(.and, let left, let right), .and(let a, let b)):
      return continuousEquality(in: left, a) ?? continuousEquality(in: right, b)
    default: return nil
    }
  }

  func tally(_ name: Name, _ value: Expression, _ span: Span) -> TypedStatement.Kind {
    effects.insert(.tallies)
    refuseScoreAtTopLevel("tally", span)
    if let local = local(named: name.text) {
      report(
        .tallyNamedLikeLocal(
          name.text, at: name.span, declared: locals[local.index].typed.span))
    }
    let number = checker.tally(named: name.text)
    return .tally(number, check(value, .real))
  }

  func refuseScoreAtTopLevel(_ word: String, _ span: Span) {
    if isScript { report(.scoreAtTopLevel(word, at: span)) }
  }

  /// The text of the program at a place.
  func sourceText(_ span: Span) -> String {
    checker.sourceMap.file(of: span)?.text(in: span) ?? ""
  }
}

extension Checker {
  /// The number of a tally; new names get the next one.
  func tally(named name: String) -> Int {
    if let number = tallyNumbers[name] { return number }
    tallies.append(name)
    tallyNumbers[name] = tallies.count - 1
    return tallies.count - 1
  }
}
