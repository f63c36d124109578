import BorelHeap
import BorelKernels

extension PrimitiveRegistry {
  /// Conversions between scalar types. Only `Int` to `Real` happens without being written.
  static let conversions: [Primitive] = [
    Primitive(
      "real.fromInt", calledAs: "Real", [.int], .real,
      summary: "The integer as a real, rounded to nearest above 2^53.",
      implementation: .kernel(borel_k_int_to_real)),
    Primitive(
      "real.fromBool", calledAs: "Real", [.bool], .real, summary: "1 for true, 0 for false.",
      implementation: .lanes { $0.bool(0) ? 1.0 : 0.0 }),
    Primitive(
      "int.fromBool", calledAs: "Int", [.bool], .int, summary: "1 for true, 0 for false.",
      implementation: .lanes { $0.bool(0) ? Int64(1) : 0 }),
    Primitive(
      "int.fromReal", calledAs: "Int", [.real], .int,
      summary: "The real as an integer; it must be whole (`floor`, `round`, `trunc` round).",
      failure: .notRepresentable,
      implementation: .lanes { Int64(exactly: $0.real(0)) }),
    rounding("floor", borel_k_floor_to_int, "The largest integer that is not larger."),
    rounding("ceil", borel_k_ceil_to_int, "The smallest integer that is not smaller."),
    rounding("round", borel_k_round_to_int, "The nearest integer; halves away from zero."),
    rounding("trunc", borel_k_trunc_to_int, "The integer part."),
    Primitive(
      "realArray.fromIntArray", calledAs: "Real", [.intArray], .realArray,
      summary: "The integers as reals.", failure: .domain("an array"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let source = operands.array(0)?.ints else { return nil }
        let (array, elements) = operands.makeReals(source.count)
        for (index, value) in source.enumerated() { elements[index] = Double(value) }
        return array
      }),
    Primitive(
      "realArray.fromBoolArray", calledAs: "Real", [.boolArray], .realArray,
      summary: "1 for each true, 0 for each false.", failure: .domain("an array"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let source = operands.array(0)?.flags else { return nil }
        let (array, elements) = operands.makeReals(source.count)
        for (index, value) in source.enumerated() { elements[index] = value != 0 ? 1 : 0 }
        return array
      }),
    Primitive(
      "intArray.fromBoolArray", calledAs: "Int", [.boolArray], .intArray,
      summary: "1 for each true, 0 for each false.", failure: .domain("an array"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let source = operands.array(0)?.flags else { return nil }
        let (array, elements) = operands.makeInts(source.count)
        for (index, value) in source.enumerated() { elements[index] = value != 0 ? 1 : 0 }
        return array
      }),
  ]

  private static func rounding(
    _ name: String, _ kernel: @escaping borel_kernel, _ summary: String
  ) -> Primitive {
    Primitive(
      "int.\(name)", calledAs: name, [.real], .int, summary: summary,
      failure: .notRepresentable, implementation: .kernel(kernel))
  }
}
