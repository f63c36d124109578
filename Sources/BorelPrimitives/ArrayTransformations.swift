import BorelHeap
import BorelKernels

extension PrimitiveRegistry {
  /// From an array to an array.
  static let arrayTransformations: [Primitive] = [
    transformation(
      "cumulativeSum", "The sums of the first 1, 2, ... elements.",
      derivative: .call("cumulativeSum", .dx)
    ) { source, target in
      var sum = 0.0
      for (index, value) in source.enumerated() {
        sum += value
        target[index] = sum
      }
    },
    transformation(
      "softmax", "exp of the elements divided by their sum.",
      derivative: .result * (.dx - .call("dot", .result, .dx))
    ) { source, target in
      let largest = source.max() ?? 0
      var sum = 0.0
      for (index, value) in source.enumerated() {
        target[index] = borel_exp(value - largest)
        sum += target[index]
      }
      for index in source.indices { target[index] /= sum }
    },
    transformation(
      "logSoftmax", "The elements minus their `logSumExp`.",
      derivative: .dx - .call("dot", .call("softmax", .x), .dx)
    ) { source, target in
      let total = logSumExp(source)
      for (index, value) in source.enumerated() { target[index] = value - total }
    },
    transformation(
      "normalize", "The elements divided by their sum.",
      derivative: (.dx - .result * .call("sum", .dx)) / .call("sum", .x)
    ) { source, target in
      let total = source.reduce(0, +)
      for (index, value) in source.enumerated() { target[index] = value / total }
    },
    transformation(
      "sort", "The elements in ascending order, NaN last.",
      derivative: .call("permute", .dx, .call("order", .x))
    ) { source, target in
      for (index, value) in source.sorted(by: precedes).enumerated() { target[index] = value }
    },
    transformation(
      "reverse", "The elements from the last to the first.",
      derivative: .call("reverse", .dx)
    ) { source, target in
      for (index, value) in source.reversed().enumerated() { target[index] = value }
    },
    Primitive(
      "cumulativeSum.intArray", calledAs: "cumulativeSum", [.intArray], .intArray,
      summary: "The sums of the first 1, 2, ... elements.", failure: .integerOverflow,
      implementation: .lanes { operands -> ArrayObject? in
        guard let source = operands.array(0)?.ints else { return nil }
        let (array, target) = operands.makeInts(source.count)
        var sum: Int64 = 0
        for (index, value) in source.enumerated() {
          let (next, overflow) = sum.addingReportingOverflow(value)
          target[index] = next
          if overflow {
            for rest in index..<source.count { target[rest] = 0 }
            return nil
          }
          sum = next
        }
        return array
      }),
    intTransformation("sort", "The elements in ascending order.") { $0.sorted() },
    intTransformation("reverse", "The elements from the last to the first.") { $0.reversed() },
    Primitive(
      "reverse.boolArray", calledAs: "reverse", [.boolArray], .boolArray,
      summary: "The elements from the last to the first.", failure: .domain("an array"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let source = operands.array(0)?.flags else { return nil }
        let (array, target) = operands.makeInts(source.count)
        for (index, value) in source.reversed().enumerated() { target[index] = value != 0 ? 1 : 0 }
        return array
      }),
    order(.realArray) { operands in operands.array(0).map { order($0.reals, precedes) } },
    order(.intArray) { operands in operands.array(0).map { order($0.ints, <) } },
    ranks(.realArray) { operands in operands.array(0).map { order($0.reals, precedes) } },
    ranks(.intArray) { operands in operands.array(0).map { order($0.ints, <) } },
  ]

  /// Ascending with NaN last: a total order of the elements that sorting needs.
  private static func precedes(_ a: Double, _ b: Double) -> Bool {
    a < b || (b.isNaN && !a.isNaN)
  }

  private static func order<Element>(
    _ values: UnsafeBufferPointer<Element>, _ precedes: (Element, Element) -> Bool
  ) -> [Int] {
    values.indices.sorted { a, b in
      if precedes(values[a], values[b]) { return true }
      return !precedes(values[b], values[a]) && a < b
    }
  }

  private static func order(
    _ type: WordType, _ body: @escaping @Sendable (LaneOperands) -> [Int]?
  ) -> Primitive {
    Primitive(
      "order.\(type)", calledAs: "order", [type], .intArray,
      summary: "The positions that sort the array; equal elements keep their order.",
      failure: .domain("an array"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let order = body(operands) else { return nil }
        return operands.arena.makeArray(order.map { Int64($0) })
      })
  }

  private static func ranks(
    _ type: WordType, _ body: @escaping @Sendable (LaneOperands) -> [Int]?
  ) -> Primitive {
    Primitive(
      "ranks.\(type)", calledAs: "ranks", [type], .intArray,
      summary: "The position of each element in the sorted array, from 0; ties by position.",
      failure: .domain("an array"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let order = body(operands) else { return nil }
        let (array, target) = operands.makeInts(order.count)
        for (rank, index) in order.enumerated() { target[index] = Int64(rank) }
        return array
      })
  }

  private static func transformation(
    _ name: String, _ summary: String, derivative term: Formula,
    _ body:
      @escaping @Sendable (UnsafeBufferPointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) -> Primitive {
    Primitive(
      "\(name).realArray", calledAs: name, [.realArray], .realArray, summary: summary,
      failure: .domain("an array"),
      implementation: .lanes { operands -> ArrayObject? in
        guard let source = operands.array(0)?.reals else { return nil }
        let (array, target) = operands.makeReals(source.count)
        body(source, target)
        return array
      }, derivative: .of(term))
  }

  private static func intTransformation(
    _ name: String, _ summary: String,
    _ body: @escaping @Sendable (UnsafeBufferPointer<Int64>) -> [Int64]
  ) -> Primitive {
    Primitive(
      "\(name).intArray", calledAs: name, [.intArray], .intArray, summary: summary,
      failure: .domain("an array"),
      implementation: .lanes { operands -> ArrayObject? in
        operands.array(0).map { operands.arena.makeArray(body($0.ints)) }
      })
  }
}
