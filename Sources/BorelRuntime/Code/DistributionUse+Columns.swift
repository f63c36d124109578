import BorelDistributions
import BorelHeap
import BorelIR

/// A distribution over columns: of one family, or a value that may be of another family in each row.
extension DistributionUse {
  /// Adds the log-densities of the values.
  func addLogDensity(
    _ value: UnsafePointer<ColumnOperand>, _ parameters: UnsafePointer<ColumnOperand>, count: Int,
    into target: UnsafeMutablePointer<Double>
  ) {
    if let type {
      type.accumulateLogDensity(
        count: count, value: value, parameters: parameters, into: target)
      return
    }
    LaneBuffer.withBuffer { words in
      for row in 0..<count {
        let box = BoxObject(bits: parameters[0].word(row))
        if box.object.isNull { continue }
        for k in 0..<layout.count { words[k] = value[k].word(row) }
        target[row] += FamilyRegistry.family(at: box.tag).logDensity(
          LaneWords(words), LaneWords(box.fields))
      }
    }
  }

  /// Draws one value per row.
  ///
  /// - Parameter target: One column per value word; zero where there is no distribution.
  func draw(
    count: Int, _ parameters: UnsafePointer<ColumnOperand>, _ streams: LaneStreams, arena: Arena,
    into target: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    if let type {
      type.drawColumn(
        count: count, parameters: parameters, streams: streams, arena: arena, into: target)
      return
    }
    LaneBuffer.withBuffer { words in
      for row in 0..<count {
        let box = BoxObject(bits: parameters[0].word(row))
        if box.object.isNull {
          for k in 0..<layout.count { target[k][row] = 0 }
          continue
        }
        var random = streams.random(row)
        FamilyRegistry.family(at: box.tag).draw(
          LaneWords(box.fields), using: &random, arena: arena, into: words)
        for k in 0..<layout.count { target[k][row] = words[k] }
      }
    }
  }

  /// Why the app's log-density is NaN for the operand words of a score; nil where it is not the app's.
  ///
  /// - Parameter skipsFlag: Whether the operands come without the flag of a datum that may be missing.
  func hostProblem(_ operands: [UInt64], skipsFlag: Bool = false) -> String? {
    let first = parameterCount + (isOptional && !skipsFlag ? 1 : 0)
    guard let family = type as? any HostFamily.Type, operands.count > first else { return nil }
    return operands.withUnsafeBufferPointer { words in
      words.baseAddress.map {
        family.densityProblem(LaneWords($0 + first), LaneWords($0))
      }
    }
  }

  /// Whether one comparison per parameter shows that every row lies in the domain.
  func surelyContains(
    count: Int, _ parameter: (Int) -> ColumnOperand,
    unless isKnown: (Int, ColumnOperand) -> Bool = { _, _ in false }
  ) -> Bool {
    if domains.isEmpty { return false }
    for k in 0..<parameterCount {
      let column = parameter(k)
      if !isKnown(k, column), !domains[k].surelyContains(column, count: count) { return false }
    }
    return true
  }

  /// The rows with parameters outside their domains, or without a distribution.
  func rowsOutside(count: Int, _ parameters: UnsafePointer<ColumnOperand>) -> Set<Int> {
    var outside: Set<Int> = []
    guard let type else {
      for row in 0..<count where parameters[0].word(row) == 0 { outside.insert(row) }
      return outside
    }
    let isVarying = (0..<parameterCount).contains { parameters[$0].stride != 0 }
    var next = 0
    while let violation = type.firstViolation(count: count, from: next, parameters: parameters) {
      if !isVarying { return Set(0..<count) }
      outside.insert(violation.lane)
      next = violation.lane + 1
    }
    return outside
  }
}
