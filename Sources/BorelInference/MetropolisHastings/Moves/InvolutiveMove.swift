import BorelBase
import BorelIR
import BorelKernels
import BorelRuntime

/// A move that the program declares: auxiliary draws, then an involution on the trace and them. The
/// number of choices may change.
///
/// The acceptance ratio of a chain that goes from (t, u) to (t', u') is
///
///     p(t')/p(t)  *  q(u' | t')/q(u | t)  *  |det J|
///
/// where p is the joint density of the program and J the derivative of the involution over all reals
/// of t and u. Choices that the move does not reach stay; those that appear with the others are
/// drawn from their prior, and cancel. A proposal with p(t') q(u' | t') > 0 is mapped back, which must
/// give (t, u).
///
/// Source: Green (1995), "Reversible jump Markov chain Monte Carlo computation", section 3; Neklyudov,
/// Welling, Egorov, Vetrov (2020), "Involutive MCMC: a unifying framework", algorithm 1.
struct InvolutiveMove: Kernel {
  let name: String
  let needsParameters = false
  private var parts: Parts?

  init(name: String) { self.name = name }

  /// Reals may come back changed by this much, relative to their size.
  static let tolerance = 1e-8
  /// The log-determinants of both ways sum to 0 up to this, relative to their size.
  static let determinantTolerance = 1e-6

  /// What belongs to one run.
  private struct Parts {
    let move: MoveInfo
    let involution: Involution
    let auxiliary: AuxiliaryDraws?
    let locator: ChoiceLocator
  }

  mutating func step(_ chains: Chains) throws {
    let parts = try self.parts ?? Self.makeParts(name, chains)
    self.parts = parts
    let move = parts.move
    var choices = chains.nextChoices()
    let traces = (0..<chains.count).map { parts.locator.record(of: $0, in: chains.current) }
    // A trace that ends before its first choices has no way to move.
    let moving = traces.indices.filter { traces[$0] != nil }
    guard let first = moving.first, let example = traces[first] else { return }
    let known = traces.map { $0 ?? example }
    let none = ChoiceRecord(fields: [])
    let draws =
      try parts.auxiliary?.draw(given: known) ?? known.map { _ in (record: none, logDensity: 0) }
    let points = moving.map { MovePoint(trace: known[$0], auxiliary: draws[$0].record) }
    var images = [MoveImage?](repeating: nil, count: chains.count)
    for (chain, image) in zip(moving, try parts.involution.apply(points)) { images[chain] = image }

    let (evaluation, logRemoved) = try evaluate(images, known, parts, chains)
    for chain in moving where evaluation.logLikelihoods[chain] > -.infinity {
      guard let image = images[chain] else { continue }
      try Diagnostic.check(
        image.point.trace, parts.locator, in: evaluation.candidate, lane: chain,
        of: "the choices that '\(move.name)' gives", from: "the model", move.span)
    }

    // Proposals of density zero are rejected whatever the way back would be.
    func isPossible(_ chain: Int) -> Bool {
      images[chain] != nil && evaluation.logLikelihoods[chain] > -.infinity
    }
    let ends = known.indices.map { isPossible($0) ? images[$0]?.point : nil }
    let logBack =
      try parts.auxiliary?.score(
        ends.indices.map { ends[$0]?.auxiliary ?? draws[$0].record },
        given: ends.indices.map { ends[$0]?.trace ?? known[$0] })
      ?? known.map { _ in 0 }
    try checkRoundTrip(
      moving.filter { isPossible($0) && logBack[$0] > -.infinity }, images, known,
      draws.map(\.record), parts, chains)

    let logRatios = known.indices.map { chain -> Double? in
      guard let image = images[chain] else { return nil }
      if !isPossible(chain) || logBack[chain] == -.infinity { return -.infinity }
      return chains.logRatio(
        evaluation, chain,
        move: MoveFactors(
          logRemoved: logRemoved[chain], logAuxiliaryNew: logBack[chain],
          logAuxiliaryOld: draws[chain].logDensity, logJacobian: image.logDeterminant))
    }
    chains.decide(evaluation, logRatios, kernel: name, site: "all choices", using: &choices)
  }

  private static func makeParts(_ name: String, _ chains: Chains) throws -> Parts {
    let run = chains.run
    guard let move = run.program.moves.last(where: { $0.name == name }) else {
      internalError("a kernel '\(name)' that is neither of the language nor of the program")
    }
    var ranges: [Range<Int>] = []
    for parameter in run.model.parameters {
      let first = ranges.last?.upperBound ?? 0
      ranges.append(first..<(first + parameter.shape.layout(run.program.enumerations).count))
    }
    let arguments = move.arguments.flatMap { run.arguments[ranges[$0]] }
    let keys = chains.reserveKeys()
    return Parts(
      move: move, involution: try Involution(move, run: run, arguments: arguments),
      auxiliary: move.proposal.map {
        AuxiliaryDraws(move, proposal: $0, run: run, keys: keys, arguments: arguments)
      },
      locator: ChoiceLocator(
        move.trace, drawnIn: move.model, run.compiled, chains.current.schema))
  }

  // MARK: The new traces

  /// Runs the model on the new traces.
  ///
  /// - Returns: The evaluation, and by chain the sum of the old log-densities of choices that the
  ///   move takes away.
  private func evaluate(
    _ images: [MoveImage?], _ old: [ChoiceRecord], _ parts: Parts, _ chains: Chains
  ) throws -> (TraceEvaluation, logRemoved: [Double]) {
    var (proposal, logRemoved, missing) = try makeProposal(images, old, parts, chains)
    // Where choices stand that no chain has had is known only once a run has come by; such runs
    // leave the machine of the chains alone, whose random counters go on.
    while missing > 0 {
      _ = try chains.evaluator.scout().evaluate(proposal, of: chains.current)
      let next = try makeProposal(images, old, parts, chains)
      if next.missing == missing { break }
      (proposal, logRemoved, missing) = next
    }
    return (try chains.evaluate(proposal), logRemoved)
  }

  private func makeProposal(
    _ images: [MoveImage?], _ old: [ChoiceRecord], _ parts: Parts, _ chains: Chains
  ) throws -> (Proposal, logRemoved: [Double], missing: Int) {
    let proposal = Proposal()
    var logRemoved = [Double](repeating: 0, count: chains.count)
    var missing = 0
    for chain in 0..<chains.count {
      guard let image = images[chain] else { continue }
      for field in parts.move.trace.indices {
        let before = old[chain].fields[field]
        let after = image.point.trace.fields[field]
        for index in 0..<max(before.count, after.count) {
          let (from, to) = (
            index < before.count ? before[index] : nil, index < after.count ? after[index] : nil
          )
          if from == to { continue }
          try refuseAtoms(field, index, parts, chains)
          guard let instance = parts.locator.instance(field, index) else {
            missing += 1
            continue
          }
          if let to {
            proposal.set(instance, in: chain, to: [to])
          } else {
            proposal.redraw(instance, in: chain)
            logRemoved[chain] += chains.current.columns(instance).logDensities[chain]
          }
        }
      }
    }
    return (proposal, logRemoved, missing)
  }

  /// A real with atoms has no density to which a Jacobian belongs.
  private func refuseAtoms(
    _ field: Int, _ index: Int, _ parts: Parts, _ chains: Chains
  ) throws {
    let choice = parts.move.trace[field]
    guard choice.isReal, let site = parts.locator.sites[field] else { return }
    let family = chains.machine.program.family(ofSite: site)
    if family?.signature.baseMeasure == .lebesgue { return }
    throw Diagnostic.changedAtom(
      parts.move, Diagnostic.name(choice, index), family?.signature.name ?? "a value")
  }

  // MARK: The way back

  private func checkRoundTrip(
    _ moved: [Int], _ images: [MoveImage?], _ traces: [ChoiceRecord], _ draws: [ChoiceRecord],
    _ parts: Parts, _ chains: Chains
  ) throws {
    let there = moved.compactMap { images[$0] }
    let back = try parts.involution.apply(there.map(\.point))
    for (position, chain) in moved.enumerated() {
      let start = MovePoint(trace: traces[chain], auxiliary: draws[chain])
      let end = back[position].point
      let move = parts.move
      guard
        end.trace.agrees(with: start.trace, move.trace, tolerance: Self.tolerance),
        end.auxiliary.agrees(with: start.auxiliary, move.auxiliary, tolerance: Self.tolerance)
      else {
        throw Diagnostic.noRoundTrip(
          move, expected: start, image: there[position].point, found: end, chains.run.program)
      }
      let (forward, backward) = (there[position].logDeterminant, back[position].logDeterminant)
      guard (forward + backward).magnitude <= Self.determinantTolerance * max(1, forward.magnitude)
      else { throw Diagnostic.determinantsDiffer(move, forward, backward) }
    }
  }
}
