import BorelHeap

/// The first lane whose parameters are outside their domains.
package struct ParameterViolation: Hashable, Sendable {
  package var lane: Int
  /// The parameter by position; nil when each one lies in its domain and the joint condition of
  /// the family fails.
  package var parameter: Int?

  package init(lane: Int, parameter: Int?) {
    self.lane = lane
    self.parameter = parameter
  }
}

extension Family {
  /// The smallest lane from `start` on with a parameter outside its domain, and in it the first
  /// such parameter; nil when all are inside.
  ///
  /// Uniform parameters are checked once, simple domains by one vectorised pass per column.
  package static func firstViolation(
    count: Int, from start: Int = 0, parameters: UnsafePointer<ColumnOperand>
  ) -> ParameterViolation? {
    if start >= count { return nil }
    let signature = signature
    var first: ParameterViolation?
    var end = count
    var varies = false
    for (index, parameter) in signature.parametrisations[0].parameters.enumerated() {
      let operand = parameters[index]
      if operand.stride != 0 { varies = true }
      let lane = parameter.domain.firstOutside(
        operand, parameter.kind, from: start, count: operand.stride == 0 ? start + 1 : end)
      if let lane, first.map({ lane < $0.lane }) ?? true {
        first = ParameterViolation(lane: lane, parameter: index)
        end = lane
      }
    }
    if signature.jointCondition == nil { return first }
    let jointEnd = first?.lane ?? (varies ? count : start + 1)
    let width = signature.parametrisations[0].parameters.count
    let joint: Int? = LaneBuffer.withBuffer { words in
      for lane in start..<jointEnd {
        for k in 0..<width { words[k] = parameters[k].word(lane) }
        if violation(LaneWords(words)) != nil { return lane }
      }
      return nil
    }
    return joint.map { ParameterViolation(lane: $0, parameter: nil) } ?? first
  }

  /// The text for a violation: what was expected and found, without the place.
  ///
  /// - Parameters:
  ///   - violation: As found by `firstViolation`.
  ///   - parametrisation: The one that the program wrote: its names are used, and its values
  ///     where they can be computed from those of the first one.
  package static func message(
    for violation: ParameterViolation, parameters: UnsafePointer<ColumnOperand>,
    parametrisation: Int = 0
  ) -> String {
    let list = signature.parametrisations[0].parameters
    if let family = self as? any HostFamily.Type {
      return LaneBuffer.withBuffer { words in
        for k in list.indices { words[k] = parameters[k].word(violation.lane) }
        return family.violation(LaneWords(words)) ?? "parameters outside their domains"
      }
    }
    guard let index = violation.parameter else {
      let text = LaneBuffer.withBuffer { words in
        for k in 0..<list.count { words[k] = parameters[k].word(violation.lane) }
        return Self.violation(LaneWords(words)) ?? signature.jointCondition ?? ""
      }
      // Values and distributions have no short text.
      let shown = list.indices.filter {
        ![.value, .distribution].contains(list[$0].kind)
      }
      let found = shown.map {
        "\(list[$0].name) \(Domain.found(parameters[$0].word(violation.lane), list[$0].kind))"
      }
      return "parameters of '\(signature.name)': \(text)"
        + (found.isEmpty ? "" : ", found " + found.joined(separator: ", "))
    }
    let written = signature.parametrisations[parametrisation].parameters[index]
    let word = parameters[index].word(violation.lane)
    let found = written.conversion.foundText(word, written.kind) { other in
      Double(bitPattern: parameters[other].word(violation.lane))
    }
    return "parameter '\(written.name)' of '\(signature.name)' must be \(written.domain.text), "
      + "found \(found)"
  }
}

extension Parametrisation.Conversion {
  /// The written value behind a converted word, for a message.
  ///
  /// - Parameter converted: The word of the first parametrisation at a position.
  fileprivate func foundText(
    _ word: UInt64, _ kind: ParameterKind, _ converted: (Int) -> Double
  ) -> String {
    guard kind == .real else { return Domain.found(word, kind) }
    let x = Double(bitPattern: word)
    switch self {
    case .reciprocal: return Domain.number(1 / x)
    case .squareRoot, .reciprocalSquareRoot:
      if x.isNaN { return "a negative number" }
      return Domain.number(self == .squareRoot ? x * x : 1 / (x * x))
    // With a and b the shapes of a Beta: the mean is a / (a + b), the concentration a + b.
    case .times(let other): return Domain.number(x / (x + converted(other)))
    case .timesComplement(let other): return Domain.number(x + converted(other))
    case .failureOddsTimes(let other):
      return Domain.number(converted(other) / (converted(other) + x))
    case .identity, .exponential, .logistic, .choleskyOfCovariance, .choleskyOfPrecision:
      return Domain.number(x)
    }
  }
}

extension Domain {
  /// The first lane in `start..<count` whose word lies outside; nil if none.
  func firstOutside(
    _ operand: ColumnOperand, _ kind: ParameterKind, from start: Int, count: Int
  ) -> Int? {
    if kind == .real, operand.stride == 1, count - start > 1 {
      let column = UnsafeRawPointer(operand.base).assumingMemoryBound(to: Double.self)
      let allInside: Bool? =
        switch self {
        case .any: Self.all(column, start, count) { $0 == $0 }
        case .finite: Self.all(column, start, count) { $0 - $0 == 0 }
        case .positive: Self.all(column, start, count) { ($0 > 0) && ($0 < .infinity) }
        case .nonNegative: Self.all(column, start, count) { ($0 >= 0) && ($0 < .infinity) }
        case .openUnitInterval: Self.all(column, start, count) { ($0 > 0) && ($0 < 1) }
        case .unitInterval: Self.all(column, start, count) { ($0 >= 0) && ($0 <= 1) }
        default: nil
        }
      if allInside == true { return nil }
    }
    return (start..<max(count, start)).first { !contains(operand.word($0), kind) }
  }

  /// Whether all elements pass, without an early exit, so that the loop is vectorised.
  @inline(__always)
  private static func all(
    _ column: UnsafePointer<Double>, _ start: Int, _ count: Int, _ passes: (Double) -> Bool
  ) -> Bool {
    var outside = 0
    for lane in start..<count { outside &+= passes(column[lane]) ? 0 : 1 }
    return outside == 0
  }
}
