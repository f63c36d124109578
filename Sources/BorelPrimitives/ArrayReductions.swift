import BorelHeap

extension PrimitiveRegistry {
  /// From an array to one number. Sums run from the first element to the last.
  static let arrayReductions: [Primitive] =
    [
      reduction(
        "sum", "The sum of the elements; 0 for none.", derivative: .of(.call("sum", .dx))
      ) { $0.reduce(0, +) },
      reduction(
        "product", "The product of the elements; 1 for none.",
        derivative: .of(.call("productTangent", .x, .dx))
      ) { $0.reduce(1, *) },
      nonEmpty(
        "mean", "The arithmetic mean of the elements.", derivative: .of(.call("mean", .dx))
      ) { mean($0) },
      spread(
        "variance", "The sample variance, with the divisor n - 1.",
        derivative: .of(.real(2) * .call("covariance", .x, .dx))
      ) { variance($0) },
      spread(
        "sd", "The sample standard deviation, with the divisor n - 1.",
        derivative: .of(.call("covariance", .x, .dx) / .result)
      ) {
        variance($0).squareRoot()
      },
      nonEmpty(
        "min", "The smallest element; NaN when one of them is.",
        derivative: .of(.call("element", .dx, .call("argMin", .x)))
      ) { values in
        values.reduce(.infinity) { $1 < $0 || $1.isNaN ? $1 : $0 }
      },
      nonEmpty(
        "max", "The largest element; NaN when one of them is.",
        derivative: .of(.call("element", .dx, .call("argMax", .x)))
      ) { values in
        values.reduce(-.infinity) { $1 > $0 || $1.isNaN ? $1 : $0 }
      },
      nonEmpty(
        "median", "The middle of the sorted elements, or the mean of the middle two.",
        derivative: .of(.call("quantileTangent", .x, .real(0.5), .dx))
      ) {
        quantile($0, 0.5)
      },
      reduction(
        "logSumExp", "log of the sum of exp of the elements; -infinity for none.",
        derivative: .of(.call("dot", .call("softmax", .x), .dx))
      ) {
        logSumExp($0)
      },
      reduction(
        "norm", "The Euclidean norm: the square root of the sum of squares.",
        derivative: .of(.call("dot", .x, .dx) / .result)
      ) { values in
        let scale = values.reduce(0) { max($0, $1.magnitude) }
        guard scale > 0, scale.isFinite else { return values.reduce(0) { $0 + $1 * $1 } }
        return scale * values.reduce(0) { $0 + ($1 / scale) * ($1 / scale) }.squareRoot()
      },
      Primitive(
        "quantile.realArray", calledAs: "quantile", [.realArray, .real], .real,
        summary: "The quantile at a probability, by linear interpolation of the order statistics.",
        failure: .domain("a nonempty array and a probability from 0 to 1"),
        implementation: .lanes { operands -> Double? in
          guard let values = operands.array(0)?.reals, !values.isEmpty,
            operands.real(1) >= 0, operands.real(1) <= 1
          else { return nil }
          return quantile(values, operands.real(1))
        }, derivative: .terms([.call("quantileTangent", .x, .y, .dx), nil])),
      Primitive(
        "dot.realArray", calledAs: "dot", [.realArray, .realArray], .real,
        summary: "The sum of the products of elements at equal positions.",
        failure: .sizeMismatch("arrays of equal length"),
        implementation: .lanes { operands -> Double? in
          guard let a = operands.array(0)?.reals, let b = operands.array(1)?.reals,
            a.count == b.count
          else { return nil }
          return zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        }, derivative: .terms([.call("dot", .dx, .y), .call("dot", .x, .dy)])),
    ] + intReductions + positions + flagReductions

  private static let intReductions: [Primitive] = [
    Primitive(
      "sum.intArray", calledAs: "sum", [.intArray], .int,
      summary: "The sum of the elements; 0 for none.", failure: .integerOverflow,
      implementation: .lanes { fold($0, 0) { $0.addingReportingOverflow($1) } }),
    Primitive(
      "product.intArray", calledAs: "product", [.intArray], .int,
      summary: "The product of the elements; 1 for none.", failure: .integerOverflow,
      implementation: .lanes { fold($0, 1) { $0.multipliedReportingOverflow(by: $1) } }),
    Primitive(
      "mean.intArray", calledAs: "mean", [.intArray], .real,
      summary: "The arithmetic mean of the elements.", failure: .emptyArray,
      implementation: .lanes { operands -> Double? in
        guard let values = operands.array(0)?.ints, !values.isEmpty else { return nil }
        return values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
      }),
    Primitive(
      "variance.intArray", calledAs: "variance", [.intArray], .real,
      summary: "The sample variance, with the divisor n - 1.",
      failure: .sizeMismatch("at least two elements"),
      implementation: .lanes { intVariance($0) }),
    Primitive(
      "sd.intArray", calledAs: "sd", [.intArray], .real,
      summary: "The sample standard deviation, with the divisor n - 1.",
      failure: .sizeMismatch("at least two elements"),
      implementation: .lanes { intVariance($0)?.squareRoot() }),
    Primitive(
      "min.intArray", calledAs: "min", [.intArray], .int, summary: "The smallest element.",
      failure: .emptyArray, implementation: .lanes { $0.array(0)?.ints.min() }),
    Primitive(
      "max.intArray", calledAs: "max", [.intArray], .int, summary: "The largest element.",
      failure: .emptyArray, implementation: .lanes { $0.array(0)?.ints.max() }),
  ]

  private static let positions: [Primitive] = [
    position("argMin", .realArray, "The position of the first smallest element.") { operands in
      first(operands.array(0)?.reals, <)
    },
    position("argMax", .realArray, "The position of the first largest element.") { operands in
      first(operands.array(0)?.reals, >)
    },
    position("argMin", .intArray, "The position of the first smallest element.") { operands in
      first(operands.array(0)?.ints, <)
    },
    position("argMax", .intArray, "The position of the first largest element.") { operands in
      first(operands.array(0)?.ints, >)
    },
  ]

  private static let flagReductions: [Primitive] = [
    Primitive(
      "any.boolArray", calledAs: "any", [.boolArray], .bool,
      summary: "Whether some element is true.", failure: .domain("an array"),
      implementation: .lanes { operands -> Bool? in
        operands.array(0).map { $0.flags.contains { $0 != 0 } }
      }),
    Primitive(
      "all.boolArray", calledAs: "all", [.boolArray], .bool,
      summary: "Whether no element is false.", failure: .domain("an array"),
      implementation: .lanes { operands -> Bool? in
        operands.array(0).map { $0.flags.allSatisfy { $0 != 0 } }
      }),
    Primitive(
      "countTrue.boolArray", calledAs: "countTrue", [.boolArray], .int,
      summary: "The number of true elements.", failure: .domain("an array"),
      implementation: .lanes { operands -> Int64? in
        operands.array(0).map { Int64($0.flags.reduce(0) { $0 + ($1 != 0 ? 1 : 0) }) }
      }),
  ]

  private static func reduction(
    _ name: String, _ summary: String, derivative: Derivative,
    _ body: @escaping @Sendable (UnsafeBufferPointer<Double>) -> Double
  ) -> Primitive {
    Primitive(
      "\(name).realArray", calledAs: name, [.realArray], .real, summary: summary,
      failure: .domain("an array"),
      implementation: .lanes { operands -> Double? in operands.array(0).map { body($0.reals) } },
      derivative: derivative)
  }

  private static func nonEmpty(
    _ name: String, _ summary: String, derivative: Derivative,
    _ body: @escaping @Sendable (UnsafeBufferPointer<Double>) -> Double
  ) -> Primitive {
    Primitive(
      "\(name).realArray", calledAs: name, [.realArray], .real, summary: summary,
      failure: .emptyArray,
      implementation: .lanes { operands -> Double? in
        guard let values = operands.array(0)?.reals, !values.isEmpty else { return nil }
        return body(values)
      }, derivative: derivative)
  }

  private static func spread(
    _ name: String, _ summary: String, derivative: Derivative,
    _ body: @escaping @Sendable (UnsafeBufferPointer<Double>) -> Double
  ) -> Primitive {
    Primitive(
      "\(name).realArray", calledAs: name, [.realArray], .real, summary: summary,
      failure: .sizeMismatch("at least two elements"),
      implementation: .lanes { operands -> Double? in
        guard let values = operands.array(0)?.reals, values.count >= 2 else { return nil }
        return body(values)
      }, derivative: derivative)
  }

  private static func position(
    _ name: String, _ type: WordType, _ summary: String,
    _ body: @escaping @Sendable (LaneOperands) -> Int64?
  ) -> Primitive {
    Primitive(
      "\(name).\(type)", calledAs: name, [type], .int, summary: summary, failure: .emptyArray,
      implementation: .lanes(body))
  }
}
