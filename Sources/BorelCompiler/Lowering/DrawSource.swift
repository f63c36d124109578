import BorelBase
import BorelIR

/// Where one draw or score takes its distribution from, evaluated as far as it does not change
/// from element to element of a plate.
indirect enum DrawSource {
  /// A constructor written in place: the family is part of the instruction.
  case family(String, Words)
  /// A value of type `Dist<T>`.
  case value(ValueID)
  /// A constructor with arguments that are arrays.
  case plate(String, [PlateParameter])
  /// The image of a draw under a function; closures of the map, its inverse and log |derivative|
  /// of the inverse.
  case transformed(DrawSource, base: StaticType, Maps)

  struct Maps {
    var forward: ValueID
    var inverse: ValueID
    var logDerivative: ValueID
  }

  var arrays: [ArraySource] {
    switch self {
    case .family, .value: []
    case .plate(_, let parameters): parameters.flatMap(\.plan.sources)
    case .transformed(let base, _, _): base.arrays
    }
  }
}

extension FunctionLowering {
  /// Evaluates a distribution for the draws or scores that follow.
  func drawSource(_ expression: TypedExpression) -> DrawSource {
    switch expression.kind {
    case .distribution(let construction): return drawSource(construction, expression.span)
    // A posterior is drawn from as it is.
    case .coercion(.posteriorToDistribution, let posterior):
      defer { writtenForm = 0 }
      return .value(lowerWord(posterior))
    default:
      defer { writtenForm = 0 }
      return .value(lowerWord(expression))
    }
  }

  func drawSource(_ construction: DistributionConstruction, _ span: Span) -> DrawSource {
    if construction.family == "Transformed", construction.arguments.count == 4 {
      let base = construction.arguments[0]
      let source = drawSource(base)
      let form = writtenForm
      let maps = construction.arguments.dropFirst().map { lowerWord($0) }
      writtenForm = form
      guard case .distribution(let type) = type(base.type) else {
        internalError("'Transformed' of no distribution")
      }
      return .transformed(
        source, base: type,
        DrawSource.Maps(forward: maps[0], inverse: maps[1], logDerivative: maps[2]))
    }
    // Draws among the parameters have sites of their own.
    defer { writtenForm = construction.parametrisation }
    if construction.isPlate {
      return .plate(construction.family, plateParameters(construction))
    }
    return .family(
      construction.family, packed(construction.family, parameters(construction, span), span))
  }

  /// The family and parameters for the element at an index; nil outside a plate.
  func elementParameters(
    _ source: DrawSource, _ index: ValueID?, _ read: inout [ValueID: Words], _ span: Span
  ) -> (family: String?, words: Words) {
    switch source {
    case .family(let family, let words): return (family, referring(family, words, span))
    case .value(let word): return (nil, [word])
    case .plate(let family, let parameters):
      guard let index else { internalError("a plate without an index") }
      let words = packed(family, evaluate(parameters, index, &read, span), span)
      return (family, referring(family, words, span))
    case .transformed: internalError("a transformed distribution has no parameters of its own")
    }
  }

  /// Draws once.
  func sample(
    _ source: DrawSource, _ site: Site, _ type: StaticType, at index: ValueID?, _ span: Span
  ) -> Words {
    if case .transformed(let base, let baseType, let maps) = source {
      let words = sample(base, site, baseType, at: index, span)
      return builder.apply(maps.forward, words, results: layout(type), at: span)
    }
    var read: [ValueID: Words] = [:]
    let (family, parameters) = elementParameters(source, index, &read, span)
    let layout = layout(type)
    return builder.append(
      .sample(family: family, site, parameterCount: parameters.count, layout),
      parameters + counters(), results: layout, at: span)
  }
}
