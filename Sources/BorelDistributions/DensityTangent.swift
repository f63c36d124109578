import BorelHeap

extension HasTangent {
  package static func isSmooth(in position: Int) -> Bool { isSmoothBySignature(in: position) }

  /// What kinds, support and base measure say about `isSmooth`.
  static func isSmoothBySignature(in position: Int) -> Bool {
    let parameters = signature.parametrisations[0].parameters
    if position >= parameters.count {
      return signature.baseMeasure == .lebesgue
        && (signature.value == .real || signature.value == .realArray)
    }
    switch signature.support {
    case .betweenParameters(let lower, let upper):
      if position == lower || position == upper { return false }
    case .aboveParameter(let lower):
      if position == lower { return false }
    default: break
    }
    switch parameters[position].kind {
    case .real, .realArray, .matrix, .distribution, .distributionArray: return true
    case .int, .bool, .intArray, .value, .valueArray: return false
    }
  }
}

extension HasTangent {
  package static func tangentColumns(
    count: Int, wordCount: Int, wanted: [Int], directionCount: Int,
    operands: UnsafePointer<ColumnOperand>,
    into results: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    let parameterCount = parameterCount
    LaneBuffer.withBuffer { words in
      LaneBuffer.withBuffer { change in
        for k in 0..<wordCount { change[k] = 0 }
        for lane in 0..<count {
          LaneBuffer.load(operands, wordCount, lane, into: words)
          for direction in 0..<directionCount {
            let first = operands + wordCount + direction * wanted.count
            for (position, k) in wanted.enumerated() { change[k] = first[position].word(lane) }
            let slope = tangent(
              LaneWords(words + parameterCount), LaneWords(words), LaneWords(change))
            results[direction][lane] = slope.bitPattern
          }
        }
      }
    }
  }
}

extension HasGradient {
  /// One gradient per lane serves all directions.
  package static func tangentColumns(
    count: Int, wordCount: Int, wanted: [Int], directionCount: Int,
    operands: UnsafePointer<ColumnOperand>,
    into results: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    let parameterCount = parameterCount
    LaneBuffer.withBuffer { words in
      withScratch(parameterCount + 1) { gradient in
        for lane in 0..<count {
          LaneBuffer.load(operands, wordCount, lane, into: words)
          Self.gradient(LaneWords(words + parameterCount), LaneWords(words), into: gradient)
          for direction in 0..<directionCount {
            let first = operands + wordCount + direction * wanted.count
            var slope = 0.0
            for (position, k) in wanted.enumerated() {
              let change = first[position].real(lane)
              // Entries of words that do not change may be infinite at the edge of a domain.
              if change != 0 { slope += gradient[k == parameterCount ? 0 : k + 1] * change }
            }
            results[direction][lane] = slope.bitPattern
          }
        }
      }
    }
  }

  package static func tangent(
    _ value: LaneWords, _ parameters: LaneWords, _ change: LaneWords
  ) -> Double {
    let count = parameterCount
    return withScratch(count + 1) { gradient in
      Self.gradient(value, parameters, into: gradient)
      // Entries of words that do not change may be infinite at the edge of a domain.
      var sum = 0.0
      for k in 0..<count where change.word(k) != 0 { sum += gradient[k + 1] * change.real(k) }
      if change.word(count) != 0 { sum += gradient[0] * change.real(count) }
      return sum
    }
  }
}

/// Derivatives of log-densities of families by number, and of distributions that are values.
package enum DensityTangent {
  /// The derivative along a change.
  ///
  /// - Parameters:
  ///   - family: Its number in `FamilyRegistry`; nil when the first word is a distribution.
  ///   - words: Parameters, then the words of the value.
  ///   - change: As many words as `words` (`HasTangent`); of a distribution its box of changes.
  /// - Returns: NaN where there is no derivative.
  package static func value(
    family: Int?, parameterCount: Int, words: LaneWords, change: LaneWords
  ) -> Double {
    if let family {
      guard let type = (FamilyAbilities.table + family).pointee.tangent else { return .nan }
      return type.tangent(words.from(parameterCount), words, change)
    }
    guard let distribution = DistributionValue(bits: words.word(0)) else { return .nan }
    return distribution.tangent(
      words.from(1), change: BoxObject(bits: change.word(0)), valueChange: change.from(1))
  }

  /// The second derivative along two changes: central differences of the first derivative with one
  /// step of Richardson's extrapolation, accurate to about 1e-9 of the second derivative.
  ///
  /// - Parameters:
  ///   - isReal: By word: whether it is a real; other words must not change along `second`.
  package static func curvature(
    family: Int?, parameterCount: Int, wordCount: Int, words: UnsafeMutablePointer<UInt64>,
    first: LaneWords, second: LaneWords, isReal: [Bool], arena: Arena
  ) -> Double {
    // A step that moves no word by more than 1e-3 of it, or of the smallest other one when it is 0.
    var smallest = Double.infinity
    for k in 0..<wordCount where isReal[k] {
      let size = Double(bitPattern: words[k]).magnitude
      if size > 0, size < smallest { smallest = size }
    }
    if smallest.isInfinite { smallest = 1 }
    var step = Double.infinity
    for k in 0..<wordCount where second.word(k) != 0 {
      guard isReal[k] else { return .nan }
      let size = Double(bitPattern: words[k]).magnitude
      step = min(step, 1e-3 * (size > 0 ? size : smallest) / second.real(k).magnitude)
    }
    if step.isInfinite { return 0 }
    func difference(_ step: Double) -> Double {
      LaneBuffer.withBuffer { moved in
        func slope(_ step: Double) -> Double {
          for k in 0..<wordCount {
            moved[k] =
              second.word(k) == 0
              ? words[k] : (Double(bitPattern: words[k]) + step * second.real(k)).bitPattern
          }
          return value(
            family: family, parameterCount: parameterCount, words: LaneWords(moved),
            change: first)
        }
        return (slope(step) - slope(-step)) / (2 * step)
      }
    }
    return (4 * difference(0.5 * step) - difference(step)) / 3
  }
}

extension DistributionValue {
  /// The derivative of the log-density along changes of the parameters and the value.
  ///
  /// - Parameters:
  ///   - change: A box of the same family with the changes; null changes nothing.
  ///   - valueChange: One word per word of the value, zero where it does not change.
  func tangent(_ value: LaneWords, change: BoxObject, valueChange: LaneWords?) -> Double {
    guard let type = abilities.pointee.tangent else {
      return change.object.isNull && valueChange?.word(0) ?? 0 == 0 ? 0 : .nan
    }
    let count = abilities.pointee.parameters.count
    return LaneBuffer.withBuffer { words in
      for k in 0..<LaneBuffer.capacity { words[k] = 0 }
      if !change.object.isNull { for k in 0..<count { words[k] = change.fields[k] } }
      if let valueChange { words[count] = valueChange.word(0) }
      return type.tangent(value, parameters, LaneWords(words))
    }
  }

  /// The derivative of a function of the distribution along a change of its real parameters, by
  /// central differences with one step of Richardson's extrapolation. NaN when other parameters
  /// change.
  func numericalTangent(
    _ change: BoxObject, _ function: (DistributionValue) -> Double
  ) -> Double {
    if change.object.isNull { return 0 }
    let parameters = abilities.pointee.parameters
    var step = Double.infinity
    var smallest = Double.infinity
    for k in parameters.indices where parameters[k].kind == .real {
      let size = self.parameters.real(k).magnitude
      if size > 0, size < smallest { smallest = size }
    }
    if smallest.isInfinite { smallest = 1 }
    for k in parameters.indices where change.fields[k] != 0 {
      guard parameters[k].kind == .real else { return .nan }
      let size = self.parameters.real(k).magnitude
      let slope = Double(bitPattern: change.fields[k]).magnitude
      step = min(step, 1e-3 * (size > 0 ? size : smallest) / slope)
    }
    if step.isInfinite { return 0 }
    func difference(_ step: Double) -> Double {
      func moved(_ step: Double) -> Double {
        LaneBuffer.withBuffer { words in
          for k in parameters.indices {
            let slope = Double(bitPattern: change.fields[k])
            words[k] =
              change.fields[k] == 0
              ? self.parameters.word(k)
              : (self.parameters.real(k) + step * slope).bitPattern
          }
          return function(
            DistributionValue(abilities: abilities, parameters: LaneWords(words)))
        }
      }
      return (moved(step) - moved(-step)) / (2 * step)
    }
    return (4 * difference(0.5 * step) - difference(step)) / 3
  }
}
