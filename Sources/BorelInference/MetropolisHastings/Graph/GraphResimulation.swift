import BorelDistributions
import BorelKernels
import BorelRuntime

/// Draws a choice from its prior, or moves it as `with Drift(...)` says.
///
/// The proposal's density is the choice's own term of the joint density, so that of the slice only
/// the terms of others are left in the ratio.
struct GraphResimulation: GraphMove {
  let name = "singleSite"
  private let logHastings: ChainColumn

  init(chainCount: Int) { logHastings = ChainColumn(count: chainCount) }

  func move(_ choice: Int, of chains: GraphChains) throws {
    let slice = chains.slice(choice)
    var isRedrawn = false
    if let scale = chains.graph.choices[choice].site.drift,
      drift(choice, scale, slice, chains)
    {
      logHastings.reals.update(repeating: 0, count: chains.count)
    } else {
      isRedrawn = true
      try chains.graph.draw(choice, streams: chains.nextStreams(), into: slice.proposals[0])
      try slice.evaluateOwnTerm()
      for chain in 0..<chains.count {
        logHastings.reals[chain] = slice.ownTerm.current[chain] - slice.ownTerm.proposed[chain]
      }
    }
    try chains.decide(
      choice, slice, kernel: name, logHastings: logHastings.reals, isRedrawn: isRedrawn)
  }

  /// A symmetric step of a number on its own scale. False for other values.
  private func drift(
    _ choice: Int, _ scale: Double, _ slice: GraphSlice, _ chains: GraphChains
  ) -> Bool {
    let target = slice.proposals[0][0]
    let current = chains.graph.columns(of: choice)[0]
    switch chains.graph.choices[choice].layout {
    case [.real]:
      chains.fill(target, with: .normal)
      for chain in 0..<chains.count {
        target[chain] =
          (Double(bitPattern: current[chain]) + scale * Double(bitPattern: target[chain]))
          .bitPattern
      }
      return true
    case [.int]:
      chains.fill(target, with: .normal)
      for chain in 0..<chains.count {
        let step = (scale * Double(bitPattern: target[chain])).rounded()
        let value = Int64(bitPattern: current[chain])
        let (moved, overflow) = value.addingReportingOverflow(Int64(exactly: step) ?? 0)
        target[chain] = UInt64(bitPattern: overflow ? value : moved)
      }
      return true
    default: return false
    }
  }
}
