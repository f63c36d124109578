import BorelHeap

extension PrimitiveRegistry {
  /// What the derivatives of operations on arrays are made of; programs do not call them.
  static let tangents: [Primitive] = [
    Primitive(
      "productTangent.realArray", [.realArray, .realArray], .real,
      summary: "The sum over the elements of the second, each times the others of the first.",
      failure: .sizeMismatch("arrays of equal length"),
      implementation: .lanes { operands -> Double? in
        guard let (x, t) = pair(operands) else { return nil }
        // Forward mode, element by element: nothing is divided by, so zeros do no harm.
        var (product, tangent) = (1.0, 0.0)
        for (value, change) in zip(x, t) {
          tangent = tangent * value + product * change
          product *= value
        }
        return tangent
      },
      derivative: .terms([nil, .call("productTangent", .x, .dy)])),
    Primitive(
      "covariance.realArray", [.realArray, .realArray], .real,
      summary: "The sample covariance of two arrays, with the divisor n - 1.",
      failure: .sizeMismatch("arrays of equal length with at least two elements"),
      implementation: .lanes { operands -> Double? in
        guard let (x, y) = pair(operands), x.count >= 2 else { return nil }
        let (centerX, centerY) = (mean(x), mean(y))
        let products = zip(x, y).reduce(0) { $0 + ($1.0 - centerX) * ($1.1 - centerY) }
        return products / Double(x.count - 1)
      },
      derivative: .terms([.call("covariance", .dx, .y), .call("covariance", .x, .dy)])),
    Primitive(
      "element.realArray", [.realArray, .int], .real,
      summary: "The element at a position counted from 0.", failure: .indexOutOfRange,
      implementation: .lanes { operands -> Double? in
        guard let values = operands.array(0)?.reals, operands.int(1) >= 0,
          operands.int(1) < Int64(values.count)
        else { return nil }
        return values[Int(operands.int(1))]
      },
      derivative: .terms([.call("element", .dx, .y), nil])),
    Primitive(
      "permute.realArray", [.realArray, .intArray], .realArray,
      summary: "The elements at these positions.", failure: .indexOutOfRange,
      implementation: .lanes { operands -> ArrayObject? in
        guard let values = operands.array(0)?.reals, let order = operands.array(1)?.ints,
          order.allSatisfy({ $0 >= 0 && $0 < Int64(values.count) })
        else { return nil }
        let (array, target) = operands.makeReals(order.count)
        for (index, position) in order.enumerated() { target[index] = values[Int(position)] }
        return array
      },
      derivative: .terms([.call("permute", .dx, .y), nil])),
    Primitive(
      "quantileTangent.realArray", [.realArray, .real, .realArray], .real,
      summary: """
        What the quantile of the first at a probability changes by when the elements change by \
        those of the third.
        """,
      failure: .domain("arrays of equal length, not empty, and a probability from 0 to 1"),
      implementation: .lanes { operands -> Double? in
        guard let x = operands.array(0)?.reals, let t = operands.array(2)?.reals, !x.isEmpty,
          x.count == t.count, operands.real(1) >= 0, operands.real(1) <= 1
        else { return nil }
        let order = x.indices.sorted { x[$0] < x[$1] || (x[$0] == x[$1] && $0 < $1) }
        let position = operands.real(1) * Double(x.count - 1)
        let below = Int(position)
        let fraction = position - Double(below)
        if fraction == 0 { return t[order[below]] }
        return t[order[below]] + fraction * (t[order[below + 1]] - t[order[below]])
      },
      derivative: .terms([nil, nil, .call("quantileTangent", .x, .y, .tangent(2))])),
  ]

  /// Two arrays of equal length.
  private static func pair(
    _ operands: LaneOperands
  ) -> (UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>)? {
    guard let x = operands.array(0)?.reals, let y = operands.array(1)?.reals, x.count == y.count
    else { return nil }
    return (x, y)
  }
}
