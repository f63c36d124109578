import BorelBase
import BorelDistributions
import BorelIR

/// A parameter of a distribution in a plate: the same for all elements, or one per element.
struct PlateParameter {
  var plan: ElementPlan
  var declaration: Parametrisation.Parameter
}

extension FunctionLowering {
  func parametrisation(_ construction: DistributionConstruction) -> Parametrisation {
    let known =
      hostDistribution(construction.family)?.signature
      ?? FamilyRegistry.family(named: construction.family)?.signature
    guard let signature = known else {
      internalError("unknown family '\(construction.family)'")
    }
    return signature.parametrisations[construction.parametrisation]
  }

  /// The words of the canonical parameters.
  func parameters(_ construction: DistributionConstruction, _ span: Span) -> Words {
    let declared = parametrisation(construction).parameters
    let words = zip(construction.arguments, declared).map { argument, declaration in
      canonical(lower(argument), argument.type, declaration, span)
    }
    return convertJointly(words, declared, span)
  }

  /// Carries out the conversions that involve two parameters; `canonical` left those words as they
  /// were written.
  private func convertJointly(
    _ words: Words, _ declared: [Parametrisation.Parameter], _ span: Span
  ) -> Words {
    zip(words, declared).map { word, declaration in
      guard let partner = declaration.conversion.partner else { return word }
      let other = words[partner]
      let type = builder.type(of: word)
      switch declaration.conversion {
      case .times: return primitive("multiply.real", [word, other], type, at: span)
      case .timesComplement:
        let rest = complement(other, span)
        return primitive("multiply.real", [word, rest], type, at: span)
      case .failureOddsTimes:
        let odds = primitive("divide.real", [complement(word, span), word], type, at: span)
        return primitive("multiply.real", [odds, other], type, at: span)
      case .identity, .reciprocal, .squareRoot, .reciprocalSquareRoot, .exponential, .logistic,
        .choleskyOfCovariance, .choleskyOfPrecision:
        return word
      }
    }
  }

  private func complement(_ word: ValueID, _ span: Span) -> ValueID {
    let one = builder.real(1, at: span)
    return primitive("subtract.real", [one, word], builder.type(of: word), at: span)
  }

  /// The word of a canonical parameter from the words of an argument.
  private func canonical(
    _ words: Words, _ type: StaticType, _ declaration: Parametrisation.Parameter, _ span: Span
  ) -> ValueID {
    switch declaration.kind {
    case .value:
      // Values travel in an array of one element, which tells their layout.
      let layout = layout(type)
      return builder.appendValue(.arrayMake(layout), words, .array(layout), at: span)
    case .real, .int, .bool, .realArray, .intArray, .matrix, .distribution, .distributionArray,
      .valueArray:
      guard let word = words.first else { return builder.real(0, at: span) }
      return convert(word, declaration, span)
    }
  }

  private func convert(
    _ word: ValueID, _ declaration: Parametrisation.Parameter, _ span: Span
  ) -> ValueID {
    let isArray = declaration.kind == .realArray
    let type = builder.type(of: word)
    let suffix = isArray ? "realArray" : "real"
    switch declaration.conversion {
    case .identity: return word
    case .reciprocal: return reciprocal(word, isArray: isArray, span)
    case .squareRoot: return primitive("sqrt.\(suffix)", [word], type, at: span)
    case .reciprocalSquareRoot:
      let root = primitive("sqrt.\(suffix)", [word], type, at: span)
      return reciprocal(root, isArray: isArray, span)
    case .exponential: return primitive("exp.\(suffix)", [word], type, at: span)
    case .logistic: return primitive("logistic.\(suffix)", [word], type, at: span)
    case .choleskyOfCovariance: return primitive("cholesky.covariance", [word], .matrix, at: span)
    case .choleskyOfPrecision: return primitive("cholesky.precision", [word], .matrix, at: span)
    case .times, .timesComplement, .failureOddsTimes: return word
    }
  }

  private func reciprocal(_ word: ValueID, isArray: Bool, _ span: Span) -> ValueID {
    let one = builder.real(1, at: span)
    let name = isArray ? "divide.real.realArray" : "divide.real"
    return primitive(name, [one, word], builder.type(of: word), at: span)
  }

  /// A distribution as a value. With array arguments it is the product of its elements.
  func makeDistribution(
    _ construction: DistributionConstruction, _ type: StaticType, _ span: Span
  ) -> ValueID {
    let valueLayout = layout(construction.elementType)
    if !construction.isPlate {
      return makeDistribution(
        construction.family, parameters(construction, span), valueLayout, span)
    }
    let plate = plateParameters(construction)
    let count = checkedCount(plate.flatMap(\.plan.sources), at: span)
    let parts = buildArray(count: count, [.distribution(valueLayout)], at: span) { index in
      var read: [ValueID: Words] = [:]
      let words = self.evaluate(plate, index, &read, span)
      return [self.makeDistribution(construction.family, words, valueLayout, span)]
    }
    return makeDistribution("Product", [parts], [.array(valueLayout)], span)
  }

  private func makeDistribution(
    _ family: String, _ parameters: Words, _ layout: [IRType], _ span: Span
  ) -> ValueID {
    builder.appendValue(
      .distributionMake(family: family, layout),
      referring(family, packed(family, parameters, span), span), .distribution(layout), at: span)
  }

  // MARK: Plates

  /// Evaluates the arguments once. Those that are the same for all elements are converted here.
  func plateParameters(_ construction: DistributionConstruction) -> [PlateParameter] {
    let declared = parametrisation(construction).parameters
    return construction.arguments.enumerated().map { index, argument in
      if construction.isArray[index] {
        return PlateParameter(plan: plan(argument), declaration: declared[index])
      }
      let word = canonical(lower(argument), argument.type, declared[index], argument.span)
      return PlateParameter(plan: .uniform([word]), declaration: declared[index])
    }
  }

  /// The canonical parameters of the element at an index.
  func evaluate(
    _ parameters: [PlateParameter], _ index: ValueID, _ read: inout [ValueID: Words], _ span: Span
  ) -> Words {
    let words = parameters.flatMap { parameter -> Words in
      let words = evaluate(parameter.plan, index, &read, span)
      if case .uniform = parameter.plan { return words }
      guard let word = words.first else { return [] }
      return [convert(word, parameter.declaration, span)]
    }
    return convertJointly(words, parameters.map(\.declaration), span)
  }
}
