/// Draws a choice from its prior, or moves it as `with Drift(...)` says.
struct Resimulation: SiteMove {
  let name = "singleSite"
  let needsParameters = false

  func change(
    _ instance: Int, in chain: Int, of chains: Chains, using choices: inout ChainChoices
  ) -> SiteChange {
    let site = chains.current.instances[instance].site
    guard let drift = chains.machine.program.site(site).drift else { return .redraw }
    return Drift(scale: drift).change(instance, in: chain, of: chains, using: &choices)
      ?? .redraw
  }
}

/// A random walk of a number on its own scale: symmetric, so that steps out of the support are
/// rejected.
struct Drift {
  let scale: Double

  func change(
    _ instance: Int, in chain: Int, of chains: Chains, using choices: inout ChainChoices
  ) -> SiteChange? {
    let value = chains.current.value(instance, lane: chain)
    switch chains.current.instances[instance].layout {
    case [.real]:
      let moved = Double(bitPattern: value[0]) + scale * choices.normal(chain: chain)
      return .set([moved.bitPattern], logHastings: 0)
    case [.int]:
      let step = (scale * choices.normal(chain: chain)).rounded()
      guard let step = Int64(exactly: step) else { return .rejected(value) }
      let (moved, overflow) = Int64(bitPattern: value[0]).addingReportingOverflow(step)
      return overflow ? .rejected(value) : .set([UInt64(bitPattern: moved)], logHastings: 0)
    default: return nil
    }
  }
}
