import BorelHeap

extension PrimitiveRegistry {
  /// Arithmetic and elementary functions applied to every element. Arrays have equal lengths; only
  /// scalars stretch (semantics, 1.7).
  static let elementwiseArrays: [Primitive] =
    [
      ("add", "sum"), ("subtract", "difference"), ("multiply", "product"), ("divide", "quotient"),
      ("power", "power"), ("multiplyLog", "product with the logarithm"),
    ].flatMap { name, noun in broadcasts(of: name, noun) }
    + [
      "negate", "abs", "square", "sign", "exp", "expm1", "log", "log1p", "sqrt", "sin", "cos",
      "tanh", "logistic", "logit", "log1pexp", "lgamma", "digamma", "trigamma", "normalCdf",
    ].compactMap { elementwise($0) }
    + [
      Primitive(
        "stretch.realArray", [.realArray, .real], .realArray,
        summary: "An array as long as the first operand with every element the second.",
        failure: .domain("an array"),
        implementation: .lanes { operands -> ArrayObject? in
          guard let a = operands.array(0) else { return nil }
          let (array, target) = operands.makeReals(a.count)
          target.update(repeating: operands.real(1), count: a.count)
          return array
        }, derivative: .terms([.real(0), .call("stretch", .x, .dy)]))
    ]

  private static func scalar(_ name: String) -> Primitive? {
    (realArithmetic + realFunctions + specialFunctions).first { $0.name == "\(name).real" }
  }

  /// The three forms of a binary operation: array and array, array and scalar, scalar and array.
  private static func broadcasts(of name: String, _ noun: String) -> [Primitive] {
    guard let operation = scalar(name) else { return [] }
    let summary = "The \(noun) of each pair of elements."
    return [
      Primitive(
        "\(name).realArray", calledAs: operation.languageName, [.realArray, .realArray],
        .realArray, summary: summary, failure: .sizeMismatch("arrays of equal length"),
        implementation: .lanes { operands -> ArrayObject? in
          guard let a = operands.array(0), let b = operands.array(1), a.count == b.count
          else { return nil }
          return apply(
            operation, [(a.elements, 1), (b.elements, 1)], count: a.count, operands.arena)
        }, derivative: operation.derivative),
      Primitive(
        "\(name).realArray.real", calledAs: operation.languageName, [.realArray, .real],
        .realArray, summary: summary, failure: .domain("an array"),
        implementation: .lanes { operands -> ArrayObject? in
          guard let a = operands.array(0) else { return nil }
          var b = operands.real(1).bitPattern
          return withUnsafeMutablePointer(to: &b) { b in
            apply(operation, [(a.elements, 1), (b, 0)], count: a.count, operands.arena)
          }
        }, derivative: operation.derivative),
      Primitive(
        "\(name).real.realArray", calledAs: operation.languageName, [.real, .realArray],
        .realArray, summary: summary, failure: .domain("an array"),
        implementation: .lanes { operands -> ArrayObject? in
          guard let b = operands.array(1) else { return nil }
          var a = operands.real(0).bitPattern
          return withUnsafeMutablePointer(to: &a) { a in
            apply(operation, [(a, 0), (b.elements, 1)], count: b.count, operands.arena)
          }
        }, derivative: operation.derivative),
    ]
  }

  private static func elementwise(_ name: String) -> Primitive? {
    guard let operation = scalar(name) else { return nil }
    return Primitive(
      "\(name).realArray", calledAs: operation.languageName, [.realArray], .realArray,
      summary: "For each element: \(operation.summary)", failure: .domain("an array"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let a = operands.array(0) else { return nil }
        return apply(operation, [(a.elements, 1)], count: a.count, operands.arena)
      }, derivative: operation.derivative)
  }
}

/// Applies a scalar operation to the elements of arrays, so that an element has the same bits as
/// the scalar operation gives.
private func apply(
  _ operation: Primitive, _ operands: [(base: UnsafeMutablePointer<UInt64>, stride: Int)],
  count: Int, _ arena: Arena
) -> ArrayObject? {
  let result = arena.makeArray(count: count)
  switch operation.implementation {
  case .kernel(let kernel):
    var uniform: UInt32 = 0
    for (index, operand) in operands.enumerated() where operand.stride == 0 {
      uniform |= 1 << UInt32(index)
    }
    let second = operands.count > 1 ? operands[1].base : nil
    return kernel(Int64(count), result.elements, operands[0].base, second, nil, uniform) < 0
      ? result : nil
  case .column(let function):
    let columns = operands.map { ColumnOperand(base: $0.base, stride: $0.stride) }
    return withUnsafePointer(to: result.elements) { results in
      let call = ColumnCall(
        count: count, operands: columns, operandCount: columns.count, results: results,
        arena: arena, mayShareBuffers: true)
      return function(call) < 0 ? result : nil
    }
  }
}
