import BorelBase
import BorelDistributions
import BorelKernels
import BorelRuntime

/// Elliptical slice sampling of choices with Gaussian priors: all instances of one latent move
/// together on an ellipse through the present values and a draw from the prior, until the rest of
/// the density is above a level drawn below its present value. No scale, and no rejection.
///
/// Refused where a move changes the prior of the moved choices or which choices there are.
///
/// Source: Murray, Adams, MacKay (2010), "Elliptical slice sampling", figure 2.
struct EllipticalSlice: Kernel {
  let name = "ellipticalSlice"
  let needsParameters = true
  /// The name of a latent; nil for all Gaussian ones in turn.
  private let latent: String?
  private static let mostShrinks = 1_000

  init(latent: String?) { self.latent = latent }

  func step(_ chains: Chains) throws {
    for site in chains.sites {
      guard chains.machine.program.family(ofSite: site)?.signature.name == "Normal" else {
        continue
      }
      if let latent, chains.machine.program.site(site).name != latent { continue }
      try move(site, chains)
    }
  }

  /// What one chain moves.
  private struct Slice {
    var instances: [Int] = []
    var means: [Double] = []
    /// Distances of the present values from their means, and those of a draw from the prior.
    var here: [Double] = []
    var there: [Double] = []
    var logLevel = 0.0
    var angle = 0.0
    var lower = 0.0
    var upper = 0.0
    /// log prior density of the moved choices at the present values.
    var logPrior = 0.0
  }

  private func move(_ site: Int, _ chains: Chains) throws {
    var choices = chains.nextChoices()
    var slices = (0..<chains.count).map { slice(site, $0, chains, &choices) }
    var isOpen = slices.indices.map { !slices[$0].instances.isEmpty && !chains.rests($0) }
    var counts = MoveStatistics.Counts()
    counts.proposed = isOpen.filter { $0 }.count
    for _ in 0..<Self.mostShrinks where isOpen.contains(true) {
      let proposal = Proposal(site: site)
      for chain in slices.indices where isOpen[chain] {
        let slice = slices[chain]
        let (sine, cosine) = (borel_sin(slice.angle), borel_cos(slice.angle))
        for (k, instance) in slice.instances.enumerated() {
          let x = slice.means[k] + slice.here[k] * cosine + slice.there[k] * sine
          proposal.set(instance, in: chain, to: [x.bitPattern])
        }
      }
      let evaluation = try chains.evaluate(proposal)
      let (appears, vanishes) = structureChanges(evaluation.candidate, chains)
      var isTaken = [Bool](repeating: false, count: chains.count)
      for chain in slices.indices where isOpen[chain] {
        let logRatio = chains.logRatio(evaluation, chain)
        if logRatio > -.infinity {
          let differs = appears[chain] || vanishes[chain]
          try check(slices[chain], chain, differs, evaluation.candidate, chains, site)
          let logPrior = slices[chain].instances.reduce(0) {
            $0 + evaluation.candidate.columns($1).logDensities[chain]
          }
          if logRatio - (logPrior - slices[chain].logPrior) > slices[chain].logLevel {
            isTaken[chain] = true
            isOpen[chain] = false
            counts.accepted += 1
            chains.statistics.noteMove(of: chain)
            continue
          }
        }
        let slice = slices[chain]
        (slices[chain].lower, slices[chain].upper) = chains.sliceRule.bracket(
          lower: slice.lower, upper: slice.upper, rejected: slice.angle)
        slices[chain].angle =
          slices[chain].lower
          + choices.uniform(chain: chain) * (slices[chain].upper - slices[chain].lower)
      }
      chains.take(isTaken, from: evaluation)
    }
    chains.statistics.add(counts, kernel: name, site: chains.label(ofSite: site))
  }

  private func slice(
    _ site: Int, _ chain: Int, _ chains: Chains, _ choices: inout ChainChoices
  ) -> Slice {
    var slice = Slice()
    for instance in chains.current.schema.instancesOfSite[site] ?? []
    where chains.current.columns(instance).present[chain] {
      let parameters = chains.current.parameters(instance, lane: chain)
      let mean = chains.sliceRule.centre(mean: Double(bitPattern: parameters[0]))
      let sd = Double(bitPattern: parameters[1])
      slice.instances.append(instance)
      slice.means.append(mean)
      slice.here.append(
        Double(bitPattern: chains.current.value(instance, lane: chain)[0]) - mean)
      slice.there.append(sd * choices.normal(chain: chain))
      slice.logPrior += chains.current.columns(instance).logDensities[chain]
    }
    slice.logLevel = chains.sliceRule.logLevel(uniform: choices.uniform(chain: chain))
    slice.angle = choices.uniform(chain: chain) * 2 * .pi
    slice.lower = slice.angle - 2 * .pi
    slice.upper = slice.angle
    return slice
  }

  private func check(
    _ slice: Slice, _ chain: Int, _ structureDiffers: Bool, _ candidate: ChoiceStore,
    _ chains: Chains, _ site: Int
  ) throws {
    let isSame = slice.instances.allSatisfy {
      candidate.parameters($0, lane: chain) == chains.current.parameters($0, lane: chain)
    }
    if isSame, !structureDiffers { return }
    let label = chains.label(ofSite: site)
    throw Diagnostic(
      "E0523", .inference,
      structureDiffers
        ? "'ellipticalSlice' cannot move \(label): which choices there are depends on it"
        : "'ellipticalSlice' cannot move \(label): its instances depend on each other",
      at: chains.machine.program.span(ofSite: site), hints: ["use 'randomWalk' for it"])
  }
}
