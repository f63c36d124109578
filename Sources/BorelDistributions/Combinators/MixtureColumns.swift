import BorelHeap
import BorelKernels

/// The mixtures of a block of lanes, laid out so that the log-density of a value in each lane is a
/// few kernel calls over all parts of all lanes.
///
/// What does not depend on the value, logs of weights and parameters of the parts, is laid out once
/// and serves all values until `forget`. All parts must be of one family with values of one word.
package final class MixtureColumns {
  /// More parts than this in a block are left to the form that goes lane by lane.
  private static let mostParts = 1 << 18

  private let handles = WordBuffer()
  private let parts = WordBuffer()
  private let lanes = WordBuffer()
  private var starts: [Int] = []
  private var count = 0
  private var total = 0
  private var isCurrent = false
  private var isLaidOut = false
  private var hasZeroWeights = false
  private var abilities = FamilyAbilities.table
  /// Rows without a mixture, or with weights or parts outside their domains.
  package private(set) var unfit: [Int] = []

  package init() {}

  /// Whether a family is `Mixture`.
  package static func isMixture(_ family: Int) -> Bool { family == number }
  private static let number = FamilyRegistry.index(of: Mixture.signature.name) ?? -1

  /// To be called when the memory of objects may be used anew: what is laid out is known by its
  /// handles.
  package func forget() { isCurrent = false }

  /// Lays out the mixtures of a block unless they are those that are laid out already.
  ///
  /// - Parameters:
  ///   - parameters: Weights and components, or one column of boxes when `areBoxes`.
  ///   - areChecked: The caller knows that all parameters lie in their domains.
  /// - Returns: Whether there is a layout: false for parts of different families or wide values.
  package func layOut(
    count: Int, parameters: UnsafePointer<ColumnOperand>, areBoxes: Bool = false,
    areChecked: Bool = false
  ) -> Bool {
    let words = handles.reserve(4 * count)
    if areBoxes {
      for lane in 0..<count {
        let box = BoxObject(bits: parameters[0].word(lane))
        guard box.tag == Self.number else { return false }
        words[2 * count + lane] = box.fields[0]
        words[3 * count + lane] = box.fields[1]
      }
    } else {
      for lane in 0..<count {
        words[2 * count + lane] = parameters[0].word(lane)
        words[3 * count + lane] = parameters[1].word(lane)
      }
    }
    if isCurrent, count == self.count,
      (0..<(2 * count)).allSatisfy({ words[$0] == words[2 * count + $0] })
    {
      return isLaidOut
    }
    words.update(from: words + 2 * count, count: 2 * count)
    self.count = count
    isCurrent = true
    isLaidOut = measure(words, areChecked)
    if isLaidOut { fill(words) }
    return isLaidOut
  }

  /// Finds the rows that have a mixture, its family, and where the parts of each row start.
  private func measure(_ words: UnsafeMutablePointer<UInt64>, _ areChecked: Bool) -> Bool {
    var family: UnsafePointer<FamilyAbilities>?
    unfit.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    total = 0
    for lane in 0..<count {
      starts.append(total)
      let weights = ArrayObject(bits: words[lane])
      let components = ArrayObject(bits: words[count + lane])
      let size = components.count
      guard size > 0, weights.count == size,
        areChecked || Domain.weights.contains(words[lane], .realArray)
      else {
        unfit.append(lane)
        continue
      }
      var isFit = true
      for k in 0..<size {
        guard let part = DistributionValue(bits: components.elements[k]) else {
          isFit = false
          break
        }
        if part.abilities != family {
          guard family == nil, part.abilities.pointee.combinator == nil,
            part.abilities.pointee.numberKind != nil
          else { return false }
          family = part.abilities
        }
        if !areChecked, part.violation != nil { isFit = false }
      }
      if isFit { total += size } else { unfit.append(lane) }
    }
    starts.append(total)
    guard let found = family, total <= Self.mostParts else { return false }
    abilities = found
    return true
  }

  /// Copies the parameters of all parts, and takes the logs of all weights.
  private func fill(_ words: UnsafeMutablePointer<UInt64>) {
    let width = abilities.pointee.parameters.count
    let base = parts.reserve((width + 3) * total)
    let logWeights = reals(base)
    let totals = reals(lanes.reserve(3 * count))
    hasZeroWeights = false
    for lane in 0..<count {
      totals[lane] = 1
      let (start, end) = (starts[lane], starts[lane + 1])
      if start == end { continue }
      let weights = ArrayObject(bits: words[lane])
      let components = ArrayObject(bits: words[count + lane]).elements
      var sum = 0.0
      for k in 0..<(end - start) {
        let weight = weights.real(k)
        sum += weight
        if weight == 0 { hasZeroWeights = true }
        logWeights[start + k] = weight
        let fields = BoxObject(bits: components[k]).fields
        for p in 0..<width { base[(3 + p) * total + start + k] = fields[p] }
      }
      totals[lane] = sum
    }
    _ = borel_k_log(Int64(total), logWeights, logWeights, nil, nil, 0)
    _ = borel_k_log(Int64(count), totals, totals, nil, nil, 0)
  }

  /// Adds the log-density of each row's value; nothing in the rows that are unfit.
  ///
  /// The bits are those of `Mixture.logDensity`: the log of the sum of exp of the terms over their
  /// largest.
  package func accumulate(
    _ value: ColumnOperand, into logDensities: UnsafeMutablePointer<Double>
  ) {
    let width = abilities.pointee.parameters.count
    let base = parts.reserve((width + 3) * total)
    let (logWeights, terms) = (reals(base), reals(base + total))
    let totals = reals(lanes.reserve(3 * count))
    let (largest, sums) = (totals + count, totals + 2 * count)
    terms.update(from: logWeights, count: total)
    addDensities(value, base, width, terms)
    starts.withUnsafeBufferPointer { starts in
      for lane in 0..<count {
        var peak = -Double.infinity
        for k in starts[lane]..<starts[lane + 1] {
          let term = terms[k]
          peak = term > peak || term.isNaN ? term : peak
          if term.isNaN { break }
        }
        largest[lane] = peak
        if !peak.isFinite { continue }
        for k in starts[lane]..<starts[lane + 1] { terms[k] -= peak }
      }
      _ = borel_k_exp(Int64(total), terms, terms, nil, nil, 0)
      for lane in 0..<count {
        var sum = 0.0
        for k in starts[lane]..<starts[lane + 1] { sum += terms[k] }
        sums[lane] = sum
      }
      _ = borel_k_log(Int64(count), sums, sums, nil, nil, 0)
      for lane in 0..<count where starts[lane] < starts[lane + 1] {
        let peak = largest[lane]
        logDensities[lane] += peak.isFinite ? peak + sums[lane] - totals[lane] : peak
      }
    }
  }

  /// Adds the log-densities of all parts to their log-weights.
  private func addDensities(
    _ value: ColumnOperand, _ base: UnsafeMutablePointer<UInt64>, _ width: Int,
    _ terms: UnsafeMutablePointer<Double>
  ) {
    var operand = value
    if value.stride != 0 {
      let values = base + 2 * total
      for lane in 0..<count {
        for k in starts[lane]..<starts[lane + 1] { values[k] = value.word(lane) }
      }
      operand = ColumnOperand(base: values, stride: 1)
    }
    withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: width + 1) { columns in
      for p in 0..<width {
        columns[p] = ColumnOperand(base: base + (3 + p) * total, stride: 1)
      }
      abilities.pointee.family.accumulateLogDensity(
        count: total, value: &operand,
        parameters: UnsafePointer(columns.baseAddress.unsafelyUnwrapped), into: terms)
    }
    if !hasZeroWeights { return }
    let logWeights = reals(base)
    for k in 0..<total where logWeights[k] == -.infinity { terms[k] = -.infinity }
  }

  private func reals(_ words: UnsafeMutablePointer<UInt64>) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(words).assumingMemoryBound(to: Double.self)
  }
}

/// Words that are kept from call to call.
private final class WordBuffer {
  private var words = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
  private var capacity = 1

  deinit { words.deallocate() }

  /// Room for at least so many words; what was there stays only when there was room before.
  func reserve(_ count: Int) -> UnsafeMutablePointer<UInt64> {
    if count > capacity {
      words.deallocate()
      capacity = count + count / 2
      words = .allocate(capacity: capacity)
    }
    return words
  }
}
