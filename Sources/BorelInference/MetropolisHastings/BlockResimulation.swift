/// Draws all choices, or all instances of one latent, from their prior at once.
///
/// With all choices this is an independence sampler: the acceptance ratio is that of the likelihoods.
struct BlockResimulation: Kernel {
  let name: String
  let needsParameters = false
  /// The name of a latent; nil for all choices.
  private let latent: String?

  init(name: String, latent: String?) {
    self.name = name
    self.latent = latent
  }

  func step(_ chains: Chains) throws {
    var choices = chains.nextChoices()
    let proposal = Proposal(redrawsAll: latent == nil)
    if let latent {
      for site in chains.sites where chains.machine.program.site(site).name == latent {
        for instance in chains.current.schema.instancesOfSite[site] ?? [] {
          let present = chains.current.columns(instance).present
          for chain in 0..<chains.count where present[chain] {
            proposal.redraw(instance, in: chain)
          }
        }
      }
    }
    if proposal.isEmpty { return }
    let evaluation = try chains.evaluate(proposal)
    let logRatios = (0..<chains.count).map {
      Optional(chains.logRatio(evaluation, $0))
    }
    chains.decide(
      evaluation, logRatios, kernel: name, site: latent.map { "'\($0)'" } ?? "all choices",
      using: &choices)
  }
}
