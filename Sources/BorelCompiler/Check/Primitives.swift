import BorelBase
import BorelPrimitives
import BorelSyntax

extension BodyChecker {
  /// The best of several primitives for checked operands; nil when none fits.
  ///
  /// Exact types come before widening, and both before a broadcast over arrays.
  func choose(
    _ candidates: [Primitive], _ operands: [TypedExpression], _ span: Span
  ) -> TypedExpression? {
    let types = operands.map { inference.resolveFully($0.type) }
    if types.contains(.error) { return TypedExpression(.unit, .error, span) }
    var best: (cost: Int, primitive: Primitive, isArray: [Bool])?
    for candidate in candidates where candidate.parameters.count == operands.count {
      guard let (cost, isArray) = cost(of: candidate, types) else { continue }
      if best == nil || cost < best!.cost { best = (cost, candidate, isArray) }
    }
    guard let best else { return nil }
    let result = best.primitive.result.staticType
    let arguments = zip(zip(operands, best.primitive.parameters), best.isArray).map {
      pair, isArray in
      let type = pair.1.staticType
      return coerce(pair.0, isArray ? .array(type) : type)
    }
    guard best.isArray.contains(true) else {
      return TypedExpression(.primitive(best.primitive.name, arguments), result, span)
    }
    return TypedExpression(
      .broadcast(.primitive(best.primitive.name), arguments, isArray: best.isArray),
      .array(result), span)
  }

  /// What it costs to apply a primitive to types; nil when it does not apply.
  private func cost(of candidate: Primitive, _ types: [StaticType]) -> (Int, [Bool])? {
    var cost = 0
    var isArray: [Bool] = []
    for (parameter, type) in zip(candidate.parameters, types) {
      let target = parameter.staticType
      if let own = self.cost(from: type, to: target) {
        cost += own
        isArray.append(false)
      } else if let element = type.elementOfArray, parameter.isScalar,
        let own = self.cost(from: element, to: target)
      {
        cost += own + 100
        isArray.append(true)
      } else {
        return nil
      }
    }
    if isArray.contains(true) {
      guard candidate.parameters.allSatisfy(\.isScalar), candidate.result.isScalar else {
        return nil
      }
    } else if candidate.isElementwise {
      cost += 1_000
    }
    return (cost, isArray)
  }

  private func cost(from type: StaticType, to target: StaticType) -> Int? {
    if type == target { return 0 }
    switch (type, target) {
    case (.int, .real): return 1
    case (.array(.int), .array(.real)): return 1
    case (.rigid(let index, _), .real): return constraint(index) == .number ? 1 : nil
    case (.variable, _): return 10
    case (.array(.variable), .array): return 10
    case (.array(let element), .array(.real)):
      if case .rigid(let index, _) = element { return constraint(index) == .number ? 1 : nil }
      return nil
    case (.data, _): return target.isDecodable(checker.types) ? 20 : nil
    case (.never, _): return 0
    default: return nil
    }
  }

  /// The primitives that are called by a name, of the language or of the host.
  func primitives(named name: String) -> [Primitive] {
    checker.host.functions[name].map { [$0] } ?? PrimitiveRegistry.overloads(of: name)
  }
}

extension WordType {
  var isScalar: Bool {
    switch self {
    case .real, .int, .bool, .string: true
    case .realArray, .intArray, .boolArray, .matrix: false
    }
  }
}

extension Primitive {
  /// A ready-made broadcast (`exp.realArray`): the checker prefers a broadcast of the scalar form,
  /// which the lowering can fuse with its neighbours.
  var isElementwise: Bool {
    result == .realArray && parameters.contains(.realArray)
      && !parameters.contains { !$0.isScalar && $0 != .realArray }
      && PrimitiveRegistry.named("\(name.prefix { $0 != "." }).real") != nil
      && name.hasPrefix("\(name.prefix { $0 != "." }).real")
  }
}
