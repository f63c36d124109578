import BorelBase
import BorelDistributions
import BorelHeap
import BorelKernels
import BorelRuntime

/// Markov chains on a computation graph: chain i is lane i, a group of its own. A move runs the slice
/// of the choices that it changes, for all chains together.
///
/// All chains have the same choices, so that which one moves next may be shared: it is drawn from a
/// fixed law or scan that looks at no chain (semantics, 5.4).
final class GraphChains {
  let graph: ComputationGraph
  /// The choices that kernels move, in program order.
  let moved: [Int]
  var isAdapting = true
  var statistics = MoveStatistics()
  private let keys: UnsafeMutablePointer<UInt64>
  private let lanes: UnsafeMutablePointer<UInt32>
  private let drawNumber: UnsafeMutablePointer<UInt32>
  private let sharedKey: UInt64
  var iteration: UInt32 = 0
  private var slices: [GraphSlice?]
  private let logRatios: ChainColumn
  private let uniforms: ChainColumn
  private let probabilities: ChainColumn
  private let isAccepted: UnsafeMutablePointer<UInt8>
  /// Puts acceptance ratios together from their factors; nil for the right ratio, which comes from
  /// the slice as it is.
  private let rule: (any AcceptanceRule)?
  private let counterLog: CounterLog?

  /// - Parameters:
  ///   - key: Of the run: what chains share is drawn from it.
  ///   - chainKeys: One stream key per chain.
  init(graph: ComputationGraph, key: UInt64, chainKeys: [UInt64], probe: InferenceProbe) {
    self.graph = graph
    moved = graph.movedChoices
    rule = probe.acceptance is GreenRatio ? nil : probe.acceptance
    counterLog = probe.counterLog
    let count = graph.chainCount
    slices = Array(repeating: nil, count: graph.choices.count)
    sharedKey = key
    keys = .allocate(capacity: count + 32)
    lanes = .allocate(capacity: count + 32)
    drawNumber = .allocate(capacity: 1)
    lanes.initialize(repeating: 0, count: count + 32)
    drawNumber.initialize(to: 0)
    for (chain, key) in chainKeys.enumerated() {
      keys[chain] = borel_key_child(key, UInt32(BOREL_KEY_MOVE), .max)
    }
    uniforms = ChainColumn(count: count)
    probabilities = ChainColumn(count: count)
    logRatios = ChainColumn(count: count)
    isAccepted = .allocate(capacity: count + 32)
  }

  deinit {
    keys.deallocate()
    lanes.deallocate()
    drawNumber.deallocate()
    isAccepted.deallocate()
  }

  var count: Int { graph.chainCount }

  /// Starts the next iteration: random counters count from 0 again.
  func beginIteration() throws {
    iteration += 1
    drawNumber.pointee = 0
    try graph.collectGarbage()
  }

  func slice(_ choice: Int) -> GraphSlice {
    if let known = slices[choice] { return known }
    let slice = graph.slice(of: [choice])
    slices[choice] = slice
    return slice
  }

  func label(_ choice: Int) -> String { graph.choices[choice].site.label }

  // MARK: Random numbers

  /// The streams of the next draw of all chains.
  func nextStreams() -> LaneStreams {
    drawNumber.pointee += 1
    let streams = LaneStreams(
      keys: UnsafePointer(keys), keyStride: 1, lanes: UnsafePointer(lanes), firstLane: 0,
      generation: iteration, draws: UnsafePointer(drawNumber), drawStride: 0)
    counterLog?.record(streams.counters(count))
    return streams
  }

  /// One random number per chain.
  func fill(_ target: UnsafeMutablePointer<UInt64>, with noise: Noise) {
    noise.fill(
      count: count, streams: nextStreams(),
      into: UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self))
  }

  /// A number below `count` that all chains share.
  func sharedIndex(_ count: Int) -> Int {
    drawNumber.pointee += 1
    var stream = DriverStream(
      key: sharedKey, kind: Int(BOREL_KEY_MOVE),
      index: UInt64(iteration) << 32 | UInt64(drawNumber.pointee))
    return stream.uniformIndex(count)
  }

  // MARK: Accepting

  /// Runs the slice of the proposed values and accepts or rejects them chain by chain.
  ///
  /// - Parameters:
  ///   - logHastings: log q(new -> old) - log q(old -> new) by chain, the terms that do not come from
  ///     the slice.
  ///   - isRedrawn: The choice was drawn from its prior, so that `logHastings` takes its own term
  ///     away.
  /// - Returns: Acceptance probabilities by chain, valid until the next move.
  @discardableResult
  func decide(
    _ choice: Int, _ slice: GraphSlice, kernel: String,
    logHastings: UnsafePointer<Double>, isRedrawn: Bool = false
  ) throws -> UnsafePointer<Double> {
    let count = count
    let ratios = logRatios.reals
    try evaluate(slice, ratios: ratios, logHastings: logHastings, isRedrawn: isRedrawn)
    var failures = 0
    for chain in 0..<count {
      if slice.failed[chain] != 0 { failures += 1 }
      let ratio = ratios[chain]
      ratios[chain] = ratio < 0 ? ratio : ratio.isNaN ? -.infinity : 0
    }
    _ = borel_k_exp(Int64(count), probabilities.words, logRatios.words, nil, nil, 0)
    fill(uniforms.words, with: .uniform)
    var accepted = 0
    for chain in 0..<count {
      let isTaken: UInt8 = uniforms.reals[chain] < probabilities.reals[chain] ? 1 : 0
      isAccepted[chain] = isTaken
      accepted += Int(isTaken)
    }
    slice.commit(isAccepted)
    var counts = MoveStatistics.Counts(outOfDomain: failures)
    counts.proposed = count
    counts.accepted = accepted
    note(counts, choice, kernel: kernel)
    return UnsafePointer(probabilities.reals)
  }

  /// The logs of acceptance ratios.
  ///
  /// - Parameter logHastings: Nil for none.
  func evaluate(
    _ slice: GraphSlice, ratios: UnsafeMutablePointer<Double>,
    logHastings: UnsafePointer<Double>? = nil, isRedrawn: Bool = false
  ) throws {
    try slice.evaluate(ratios: ratios)
    if let rule {
      for chain in 0..<count {
        ratios[chain] = Self.ratio(
          rule, slice, chain, isPossible: ratios[chain] > -.infinity,
          logHastings: isRedrawn ? 0 : logHastings?[chain] ?? 0, isRedrawn: isRedrawn)
      }
    } else if let logHastings {
      for chain in 0..<count { ratios[chain] += logHastings[chain] }
    }
  }

  private static func ratio(
    _ rule: any AcceptanceRule, _ slice: GraphSlice, _ chain: Int, isPossible: Bool,
    logHastings: Double, isRedrawn: Bool
  ) -> Double {
    let sums = slice.sums(chain)
    return rule.logRatio(
      AcceptanceFactors(
        logLikelihoodNew: isPossible ? sums.logScoresNew : -.infinity,
        logLikelihoodOld: sums.logScoresOld,
        logKeptNew: sums.logChoicesNew - (isRedrawn ? slice.ownTerm.proposed[chain] : 0),
        logKeptOld: sums.logChoicesOld - (isRedrawn ? slice.ownTerm.current[chain] : 0),
        logHastings: logHastings, countOld: 1, countNew: 1))
  }

  /// Counts moves; which chains moved is asked until all have.
  func note(_ counts: MoveStatistics.Counts, _ choice: Int, kernel: String) {
    statistics.add(counts, kernel: kernel, site: label(choice))
    if statistics.movedCount == count { return }
    for chain in 0..<count where isAccepted[chain] != 0 { statistics.noteMove(of: chain) }
  }

  /// Takes over proposed values in all chains.
  func commitAll(_ slice: GraphSlice) {
    isAccepted.update(repeating: 1, count: count)
    slice.commit(isAccepted)
  }
}
