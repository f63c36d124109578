import BorelBase
import BorelIR

extension FunctionLowering {
  /// Scores data. The result is the datum, or the draw where it is missing.
  func lower(_ observation: TypedObservation, isValueUsed: Bool) -> Words {
    let name = observation.address?.literalText ?? observation.name
    let span = observation.span
    guard observation.isPlate else {
      let words = lower(observation.value)
      let source = drawSource(observation.distribution)
      let site = makeSite(siteName(name), isReported: false)
      return score(
        source, words, observation, observation.type, site: site, name: name, index: nil,
        isValueUsed: isValueUsed)
    }
    guard case .array(let element) = type(observation.type) else {
      internalError("a plate that observes no array")
    }
    let values = plan(observation.value)
    let source = drawSource(observation.distribution)
    let count = checkedCount(values.sources + source.arrays, at: span)
    let site = makeSite(siteName(name), isReported: false, isPlate: true)
    func scoreElement(_ index: ValueID) -> Words {
      var read: [ValueID: Words] = [:]
      let words = self.evaluate(values, index, &read, span)
      return self.score(
        source, words, observation, element, site: site, name: name, index: index,
        isValueUsed: isValueUsed)
    }
    if isValueUsed {
      return [
        buildArray(count: count, owner.types.layout(element), at: span) { scoreElement($0) }
      ]
    }
    countingLoop(from: builder.int(0, at: span), to: count, at: span) { _ = scoreElement($0) }
    return []
  }

  /// Scores one datum; its words start with the flag of presence when it may be missing.
  private func score(
    _ source: DrawSource, _ words: Words, _ observation: TypedObservation, _ type: StaticType,
    site: Site, name: String?, index: ValueID?, isValueUsed: Bool
  ) -> Words {
    let span = observation.span
    guard observation.isOptional else {
      scorePresent(source, words, type, site, index, span)
      return words
    }
    guard let flag = words.first else { return [] }
    let value = Array(words.dropFirst())
    let result = scoreOptional(
      source, flag, value, type, site, index, span, isValueUsed: isValueUsed)
    if isValueUsed, let name, reporting != nil {
      // A missing datum that is drawn is a latent of its own.
      _ = lowerChoice(on: flag, .unit, span) {
        []
      } otherwise: {
        emit(name, result, type, isImputed: true, span)
        return []
      }
    }
    return result
  }

  private func scorePresent(
    _ source: DrawSource, _ words: Words, _ type: StaticType, _ site: Site, _ index: ValueID?,
    _ span: Span
  ) {
    if case .transformed(let base, let baseType, let maps) = source {
      let inner = apply(maps.inverse, words, layout(baseType), span)
      builder.append(
        .factor, apply(maps.logDerivative, words, [.real], span), results: [], at: span)
      scorePresent(base, inner, baseType, site, index, span)
      return
    }
    var read: [ValueID: Words] = [:]
    let (family, parameters) = elementParameters(source, index, &read, span)
    builder.append(
      .observe(
        family: family, site, parameterCount: parameters.count, layout(type), isOptional: false),
      parameters + words + counters(), results: [], at: span)
  }

  private func scoreOptional(
    _ source: DrawSource, _ flag: ValueID, _ value: Words, _ type: StaticType, _ site: Site,
    _ index: ValueID?, _ span: Span, isValueUsed: Bool
  ) -> Words {
    if case .transformed(let base, let baseType, let maps) = source {
      let inner = lowerChoice(on: flag, baseType, span) {
        let logDerivative = apply(maps.logDerivative, value, [.real], span)
        builder.append(.factor, logDerivative, results: [], at: span)
        return apply(maps.inverse, value, layout(baseType), span)
      } otherwise: {
        zeros(baseType, at: span)
      }
      let drawn = scoreOptional(
        base, flag, inner, baseType, site, index, span, isValueUsed: isValueUsed)
      if !isValueUsed { return [] }
      return lowerChoice(on: flag, type, span) {
        value
      } otherwise: {
        apply(maps.forward, drawn, layout(type), span)
      }
    }
    var read: [ValueID: Words] = [:]
    let (family, parameters) = elementParameters(source, index, &read, span)
    let valueLayout = layout(type)
    return builder.append(
      .observe(
        family: family, site, parameterCount: parameters.count, valueLayout, isOptional: true),
      parameters + [flag] + value + counters(), results: isValueUsed ? valueLayout : [], at: span)
  }

  private func apply(
    _ closure: ValueID, _ words: Words, _ results: [IRType], _ span: Span
  ) -> Words {
    builder.apply(closure, words, results: results, at: span)
  }
}
