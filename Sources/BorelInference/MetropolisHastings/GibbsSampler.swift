import BorelDistributions
import BorelHeap
import BorelKernels
import BorelRuntime

/// Draws a finite choice from its distribution given all others: the program is run once for each
/// value.
///
/// Where some value would make other choices appear or vanish the alternatives are not on the same
/// space; there one of the other values is proposed, each with the same probability, and accepted
/// like any move that changes the number of choices. Which of the two happens does not depend on
/// the present value, so that both together leave the posterior invariant.
struct GibbsSampler: Kernel {
  let name = "gibbs"
  let needsParameters = true
  private let steps: Int
  /// Values beyond this number are not tried: such a choice is drawn from its prior.
  private static let mostValues = 1_000

  init(steps: Int) { self.steps = steps }

  mutating func step(_ chains: Chains) throws {
    let sites =
      steps == 0 ? chains.scan() : (0..<steps).compactMap { _ in chains.drawSite() }
    for site in sites { try visit(site, chains) }
  }

  private func visit(_ site: Int, _ chains: Chains) throws {
    var choices = chains.nextChoices()
    let (instances, before) = chains.pick(site, using: &choices)
    let counts = (0..<chains.count).map { chain in
      instances[chain] < 0 ? 0 : valueCount(instances[chain], chain, chains)
    }
    guard let most = counts.max(), most > 1 else { return }
    // log of the joint density at each value, relative to the present trace.
    var logJoints = counts.map { [Double](repeating: -.infinity, count: $0) }
    var present = [Int](repeating: -1, count: chains.count)
    var changesStructure = [Bool](repeating: false, count: chains.count)
    for value in 0..<most {
      let proposal = Proposal(site: site)
      for chain in 0..<chains.count where value < counts[chain] {
        let words = support(value, instances[chain], chain, chains)
        if equal(words, instances[chain], chain, chains) { present[chain] = value }
        proposal.set(instances[chain], in: chain, to: words)
      }
      let evaluation = try chains.evaluate(proposal)
      let (appears, vanishes) = structureChanges(evaluation.candidate, chains)
      for chain in 0..<chains.count where value < counts[chain] {
        logJoints[chain][value] = chains.logRatio(evaluation, chain)
        // A lane of density zero has stopped early, which says nothing of what vanishes; but what
        // it has drawn anew may decide whether it stops.
        let isAlive = logJoints[chain][value] > -.infinity
        if appears[chain] || (isAlive && vanishes[chain]) { changesStructure[chain] = true }
      }
    }
    let proposal = Proposal(site: site)
    for chain in 0..<chains.count where counts[chain] > 1 {
      let value: Int
      if changesStructure[chain] {
        let other = choices.uniformIndex(counts[chain] - 1, chain: chain)
        value = other >= present[chain] ? other + 1 : other
      } else {
        let largest = logJoints[chain].max() ?? 0
        value = choices.categorical(
          logJoints[chain].map { borel_exp($0 - largest) }, chain: chain)
      }
      proposal.set(
        instances[chain], in: chain, to: support(value, instances[chain], chain, chains))
    }
    let evaluation = try chains.evaluate(proposal)
    let after = chains.instanceCounts(site, in: evaluation.candidate)
    let logRatios = (0..<chains.count).map { chain -> Double? in
      guard counts[chain] > 1 else { return nil }
      if !changesStructure[chain] { return 0 }
      return chains.logRatio(evaluation, chain, counts: (before[chain], after[chain]))
    }
    chains.decide(
      evaluation, logRatios, kernel: name, site: chains.label(ofSite: site), using: &choices)
  }

  /// Number of values of a choice; 0 when it is not finite or there are too many.
  private func valueCount(_ instance: Int, _ chain: Int, _ chains: Chains) -> Int {
    withDistribution(instance, chain, chains) { family, parameters in
      let count = family.supportCount(parameters)
      return count > 0 && count <= Self.mostValues ? count : 0
    } ?? 0
  }

  private func support(
    _ value: Int, _ instance: Int, _ chain: Int, _ chains: Chains
  ) -> [UInt64] {
    let width = chains.current.instances[instance].layout.count
    return withDistribution(instance, chain, chains) { family, parameters in
      LaneBuffer.withBuffer { words in
        family.supportValue(value, parameters, arena: chains.machine.arena, into: words)
        return (0..<width).map { words[$0] }
      }
    } ?? []
  }

  private func withDistribution<Result>(
    _ instance: Int, _ chain: Int, _ chains: Chains,
    _ body: (any FiniteSupport.Type, LaneWords) -> Result
  ) -> Result? {
    guard let (family, words) = distribution(instance, chain, chains),
      let finite = family as? any FiniteSupport.Type
    else { return nil }
    return words.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { body(finite, LaneWords($0)) }
    }
  }

  private func equal(
    _ words: [UInt64], _ instance: Int, _ chain: Int, _ chains: Chains
  ) -> Bool {
    let value = chains.current.value(instance, lane: chain)
    return zip(zip(words, value), chains.current.instances[instance].layout).allSatisfy {
      wordsEqual($0.0, $0.1, $1)
    }
  }
}

/// By chain: whether a new trace has choices that the old one has not, and the other way round.
func structureChanges(
  _ candidate: ChoiceStore, _ chains: Chains
) -> (appears: [Bool], vanishes: [Bool]) {
  var appears = [Bool](repeating: false, count: chains.count)
  var vanishes = appears
  for instance in candidate.instances.indices {
    let new = candidate.columns(instance).present
    let old = chains.current.columns(instance).present
    for chain in 0..<chains.count where new[chain] != old[chain] {
      if new[chain] { appears[chain] = true } else { vanishes[chain] = true }
    }
  }
  return (appears, vanishes)
}
