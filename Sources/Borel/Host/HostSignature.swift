import BorelHeap
import BorelPrimitives

/// A function of the app in the forms that the machine needs.
struct HostFunction: Sendable {
  let column: ColumnFunction
  /// Why it fails for operand words.
  let explain: @Sendable ([UInt64]) -> String
}

/// Name and types of a function of the app.
struct HostSignature: Sendable {
  let name: String
  let parameters: [HostType]
  let result: HostType

  init(_ name: String, _ parameters: [HostType], _ result: HostType) {
    self.name = name
    self.parameters = parameters
    self.result = result
  }

  func primitive(
    _ name: String, summary: String, _ function: HostFunction, derivative: Derivative? = nil
  ) -> Primitive {
    var primitive = Primitive(
      name, calledAs: self.name, parameters.map(\.wordType), result.wordType, summary: summary,
      failure: .host, implementation: .column(function.column), derivative: derivative)
    primitive.explain = function.explain
    return primitive
  }

  // MARK: Values

  typealias Body<Result: HostValue> = @Sendable (UnsafePointer<UInt64>) throws -> Result

  /// A function that is called for each lane, where its arguments differ from those before.
  func laneFunction<Result: HostValue>(_ body: @escaping Body<Result>) -> HostFunction {
    let arrays = parameters.indices.filter { parameters[$0].isArray }
    let column: ColumnFunction = { call in
      let width = call.operandCount
      return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: width + 1) { words in
        let start = words.baseAddress.unsafelyUnwrapped
        var first = -1
        for lane in 0..<call.count {
          var isKnown = lane > 0 && first < 0
          for k in 0..<width {
            let word = call.operands[k].word(lane)
            if lane > 0, word != words[k] { isKnown = false }
            words[k] = word
          }
          if isKnown {
            call.results[0][lane] = call.results[0][lane - 1]
            continue
          }
          call.results[0][lane] = 0
          // An execution that has ended has no arrays.
          if !arrays.contains(where: { words[$0] == 0 }), let result = try? body(start) {
            call.results[0][lane] = result.word(in: HostMemory(call.arena)).bits
            if !result.holdsNaN { continue }
          }
          if first < 0 { first = lane }
        }
        return first
      }
    }
    return HostFunction(
      column: column,
      explain: { words in
        do {
          _ = try (words + [0]).withUnsafeBufferPointer {
            try body($0.baseAddress.unsafelyUnwrapped)
          }
          return "'\(name)' gave NaN for \(shown(words))"
        } catch {
          return "'\(name)' failed for \(shown(words)): \(error)"
        }
      })
  }

  private func shown(_ words: [UInt64]) -> String {
    "(" + zip(parameters, words).map { $0.text($1) }.joined(separator: ", ") + ")"
  }

  // MARK: Columns

  typealias ColumnBody<Result: HostValue> =
    @Sendable (HostResults<Result>, UnsafePointer<ColumnOperand>, Int) throws -> Void

  /// A function that is called for whole blocks; lane by lane where it throws.
  func columnFunction<Result: HostValue>(
    _ type: Result.Type, _ body: @escaping ColumnBody<Result>
  ) -> HostFunction {
    let column: ColumnFunction = { call in
      let results = HostResults<Result>(call.results[0], call.arena, count: call.count)
      call.results[0].update(repeating: 0, count: call.count)
      do {
        try body(results, call.operands, call.count)
        return results.indices.first { results[$0].holdsNaN } ?? -1
      } catch {
        return Self.runLaneByLane(call, body)
      }
    }
    return HostFunction(
      column: column,
      explain: { words in
        do {
          try Self.runOnce(words, body)
          return "'\(name)' gave NaN for \(shown(words))"
        } catch {
          return "'\(name)' failed for \(shown(words)): \(error)"
        }
      })
  }

  private static func runLaneByLane<Result: HostValue>(
    _ call: borrowing ColumnCall, _ body: ColumnBody<Result>
  ) -> Int {
    var first = -1
    for lane in 0..<call.count {
      let results = HostResults<Result>(call.results[0] + lane, call.arena, count: 1)
      call.results[0][lane] = 0
      let operands = (0...call.operandCount).map { index in
        index < call.operandCount
          ? ColumnOperand(
            base: call.operands[index].base + lane * call.operands[index].stride,
            stride: call.operands[index].stride)
          : ColumnOperand(base: UnsafePointer(call.results[0]), stride: 0)
      }
      let hasResult = operands.withUnsafeBufferPointer { views -> Bool in
        guard let start = views.baseAddress else { return false }
        return (try? body(results, start, 1)) != nil
      }
      if hasResult, !results[0].holdsNaN { continue }
      if !hasResult { call.results[0][lane] = 0 }
      if first < 0 { first = lane }
    }
    return first
  }

  private static func runOnce<Result: HostValue>(
    _ words: [UInt64], _ body: ColumnBody<Result>
  ) throws {
    var words = words + [0]
    let last = words.count - 1
    try words.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      let operands = (0...last).map { ColumnOperand(base: start + $0, stride: 0) }
      try operands.withUnsafeBufferPointer { views in
        guard let first = views.baseAddress else { return }
        try body(HostResults(start + last, Arena(), count: 1), first, 1)
      }
    }
  }

  // MARK: Derivatives

  /// A primitive for the partial derivative in each parameter that is a real.
  func partials(
    _ derivatives: @escaping @Sendable (UnsafePointer<UInt64>) throws -> [Double]
  ) -> [Primitive?] {
    let signature = self
    return parameters.enumerated().map { position, type in
      guard type == .real else { return nil }
      let function = signature.laneFunction { words -> Double in
        let values = try derivatives(words)
        guard values.count == signature.parameters.count else {
          throw DerivativeCount(found: values.count, expected: signature.parameters.count)
        }
        return values[position]
      }
      return signature.primitive(
        "host.\(name).derivative\(position)",
        summary: "The derivative of '\(name)' in a parameter.", function)
    }
  }

  /// The change of the result by the change of each operand.
  func terms(_ partials: [Primitive?]) -> [Formula?] {
    let operands = parameters.indices.map { Formula.operand($0) }
    return partials.enumerated().map { position, partial in
      partial.map { .apply("multiply", [.apply($0.name, operands), .tangent(position)]) }
    }
  }
}

private struct DerivativeCount: Error, CustomStringConvertible {
  var found: Int
  var expected: Int
  var description: String { "\(found) derivatives for \(expected) parameters" }
}
