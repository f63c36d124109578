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

  /// Reals may come back changed by this much, relative to their size, and by what rounding does.
  static let tolerance = 1e-8
  /// Roundings on the way to an image, in units in the last place of its reals.
  static let roundings = 64.0
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
      try parts.auxiliary?.draw(given: known, move: chains.moveNumber)
      ?? known.map { _ in (record: none, logDensity: 0) }
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
    let keys = chains.auxiliaryKeys
    let auxiliary = move.proposal.map {
      AuxiliaryDraws(move, proposal: $0, run: run, keys: keys, arguments: arguments)
    }
    try auxiliary?.checkFamilies()
    return Parts(
      move: move, involution: try Involution(move, run: run, arguments: arguments),
      auxiliary: auxiliary,
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
      parts.move, Diagnostic.name(choice, index), family?.signature.name)
  }

  // MARK: The way back

  /// How far the reals that come back may be off because those of the image are rounded, by the
  /// derivatives of the way back.
  ///
  /// Source: Higham (2002), "Accuracy and stability of numerical algorithms", section 1.6.
  private static func rounding(
    _ image: MovePoint, _ returned: MoveImage, _ move: MoveInfo
  ) -> [Double] {
    let reals = image.trace.reals(move.trace) + image.auxiliary.reals(move.auxiliary)
    var sums = [Double](repeating: 0, count: reals.count)
    for (real, derivatives) in zip(reals, returned.derivatives) {
      for (place, derivative) in derivatives.enumerated() where place < sums.count {
        sums[place] += (real * derivative).magnitude
      }
    }
    return sums.map { roundings * .ulpOfOne * $0 }
  }

  private func checkRoundTrip(
    _ moved: [Int], _ images: [MoveImage?], _ traces: [ChoiceRecord], _ draws: [ChoiceRecord],
    _ parts: Parts, _ chains: Chains
  ) throws {
    let there = moved.compactMap { images[$0] }
    let back = try parts.involution.apply(there.map(\.point))
    for (position, chain) in moved.enumerated() {
      try Self.check(
        there[position], back[position],
        from: MovePoint(trace: traces[chain], auxiliary: draws[chain]), parts.move,
        chains.run.program)
    }
  }

  /// - Throws: E0524 when the way back does not lead to where the way started.
  private static func check(
    _ image: MoveImage, _ returned: MoveImage, from start: MovePoint, _ move: MoveInfo,
    _ program: Program
  ) throws {
    let rounding = rounding(image.point, returned, move)
    let reals = start.trace.reals(move.trace) + start.auxiliary.reals(move.auxiliary)
    let tolerances = zip(reals, rounding).map { tolerance * max(1, $0.magnitude) + $1 }
    let traceCount = start.trace.coordinates(move.trace).count
    guard
      returned.point.trace.agrees(
        with: start.trace, move.trace, tolerances: tolerances.prefix(traceCount)),
      returned.point.auxiliary.agrees(
        with: start.auxiliary, move.auxiliary, tolerances: tolerances.dropFirst(traceCount))
    else {
      throw Diagnostic.noRoundTrip(
        move, expected: start, image: image.point, found: returned.point, program)
    }
    let relative = zip(rounding, reals).map { $0 / max($1.magnitude, .leastNormalMagnitude) }
    let (forward, backward) = (image.logDeterminant, returned.logDeterminant)
    let slack =
      determinantTolerance * max(1, forward.magnitude)
      + Double(reals.count) * (relative.max() ?? 0)
    guard (forward + backward).magnitude <= slack else {
      throw Diagnostic.determinantsDiffer(move, forward, backward)
    }
  }
}
