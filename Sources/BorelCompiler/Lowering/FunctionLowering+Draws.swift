import BorelBase
import BorelIR

extension FunctionLowering {
  /// `x ~ D`: draws, gives the local its value and reports it.
  func lowerDraw(_ draw: TypedDraw, to local: LocalID, _ span: Span) {
    let name = draw.staticAddress ?? localInfo[local.index].name
    let words = lower(draw, name: name, isReported: reporting != nil)
    declare(local, words)
    if reporting != nil { emit(name, words, draw.type, isImputed: false, span) }
  }

  /// Reports a value under a name, with the counters of the loops around it.
  func emit(
    _ name: String, _ words: Words, _ type: StaticType, isImputed: Bool, _ span: Span
  ) {
    guard let reporting else { return }
    let counters = counters()
    let number = owner.report(
      reporting.prefix + name, shape(type), in: reporting, isImputed: isImputed, span: span)
    builder.append(
      .emit(number, loopCount: counters.count), words + counters, results: [], at: span)
  }

  /// The name of a site: within a model that runs in place it starts with the names around it.
  func siteName(_ name: String?) -> String? {
    name.map { (reporting?.prefix ?? "") + $0 }
  }

  /// Draws without reporting; `isReported` says whether the caller does.
  func lower(_ draw: TypedDraw, name: String?, isReported: Bool) -> Words {
    let span = draw.span
    switch draw.source {
    case .model(let model):
      return runInPlace(model, name: name, isReported: isReported, draw.type, span)
    case .plate(let construction):
      let source = drawSource(construction, span)
      let count = checkedCount(source.arrays, at: span)
      return [lowerPlate(source, count: count, draw, name, isReported: isReported)]
    case .repeated(let distribution, let countExpression):
      let source = drawSource(distribution)
      let count = lowerWord(countExpression)
      checkNotNegative(count, countExpression)
      return [lowerPlate(source, count: count, draw, name, isReported: isReported)]
    case .distribution(let distribution):
      let source = drawSource(distribution)
      let arrays = source.arrays
      if !arrays.isEmpty {
        let count = checkedCount(arrays, at: span)
        return [lowerPlate(source, count: count, draw, name, isReported: isReported)]
      }
      let site = makeSite(siteName(name), isReported: isReported, drift: draw.drift)
      if case .independent(let proposal)? = draw.proposal {
        return sample(from: proposal, insteadOf: source, site, draw.type, span)
      }
      return sample(source, site, draw.type, at: nil, span)
    }
  }

  /// `x ~ P with Q`: draws from Q and weighs by the ratio of the densities, which is the same measure
  /// as long as Q can draw what P can.
  private func sample(
    from proposal: TypedExpression, insteadOf prior: DrawSource, _ site: Site,
    _ type: StaticType, _ span: Span
  ) -> Words {
    let source = drawSource(proposal)
    let words = sample(source, site, type, at: nil, span)
    let densities = [prior, source].map { logDensity(of: words, under: $0, type, span) }
    let ratio = builder.append(
      .primitive("subtract.real"), densities, results: [.real], at: span)
    builder.append(.factor, ratio, results: [], at: span)
    return words
  }

  private func logDensity(
    of words: Words, under source: DrawSource, _ type: StaticType, _ span: Span
  ) -> ValueID {
    let layout = layout(type)
    let distribution: Words
    switch source {
    case .value(let word): distribution = [word]
    case .family(let family, let parameters):
      distribution = builder.append(
        .distributionMake(family: family, layout), parameters, results: [.distribution(layout)],
        at: span)
    case .plate, .transformed: internalError("a proposal for several draws")
    }
    return builder.append(.logDensity(layout), distribution + words, results: [.real], at: span)[0]
  }

  /// One draw per element, in a loop whose counter is the last part of the addresses.
  private func lowerPlate(
    _ source: DrawSource, count: ValueID, _ draw: TypedDraw, _ name: String?, isReported: Bool
  ) -> ValueID {
    guard case .array(let element) = type(draw.type) else {
      internalError("a plate that draws no array")
    }
    let site = makeSite(
      siteName(name), isReported: isReported, isPlate: true, drift: draw.drift)
    return buildArray(count: count, owner.types.layout(element), at: draw.span) { index in
      self.sample(source, site, element, at: index, draw.span)
    }
  }

  private func checkNotNegative(_ count: ValueID, _ expression: TypedExpression) {
    if case .integer(let value) = expression.kind, value >= 0 { return }
    if case .builtin(.arrayCount, _) = expression.kind { return }
    let span = expression.span
    let isNegative = primitive("less.int", [count, builder.int(0, at: span)], .bool, at: span)
    stop(when: isNegative, at: span) {
      let text = primitive("string.fromInt", [count], .string, at: span)
      builder.append(
        .fail("a number of draws must not be negative, found "), [text], results: [], at: span)
    }
  }
}

extension TypedDraw {
  /// The name that `@ "name"` gives.
  var staticAddress: String? { address?.literalText }

  /// The scale of `with Drift(...)`, which the checker knows to be a literal.
  var drift: Double? {
    guard case .drift(let scale)? = proposal else { return nil }
    return scale.literalNumber
  }
}

extension TypedExpression {
  /// The value of a literal number, widened or not.
  var literalNumber: Double? {
    switch kind {
    case .real(let value): value
    case .integer(let value): Double(value)
    case .coercion(_, let operand): operand.literalNumber
    default: nil
    }
  }

  /// The text of a string literal.
  var literalText: String? {
    if case .string(let text) = kind { text } else { nil }
  }
}
