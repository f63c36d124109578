import BorelBase

/// What one kernel of a Markov chain did at one latent, over all chains and sweeps that count.
package struct MoveShare: Hashable, Sendable {
  /// The draw in the program.
  package var span: Span
  /// Name of the latent; nil for a draw without a name.
  package var name: String?
  /// The kernel: `singleSite`, `randomWalk`.
  package var kernel: String
  package var proposals: Int
  package var accepted: Int
  /// Proposals that ended in an error, such as a parameter outside its domain; part of those that
  /// were not accepted.
  package var failed: Int
  package var chainCount: Int
  /// Chains in which, as far as is known, no proposal was accepted.
  package var chainsThatNeverMoved: Int

  package init(
    span: Span, name: String?, kernel: String, proposals: Int, accepted: Int, failed: Int = 0,
    chainCount: Int, chainsThatNeverMoved: Int
  ) {
    self.span = span
    self.name = name
    self.kernel = kernel
    self.proposals = proposals
    self.accepted = accepted
    self.failed = failed
    self.chainCount = chainCount
    self.chainsThatNeverMoved = chainsThatNeverMoved
  }

  /// The share of proposals that were accepted; nil without proposals.
  package var acceptance: Double? {
    proposals > 0 ? Double(accepted) / Double(proposals) : nil
  }
}
