import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels

/// A random walk on the unconstrained scale of a choice's own support, with a scale per choice and
/// chain that is learnt during warm-up, or per choice and population, learnt from step to step of a
/// sampler. Integers take steps on their own scale, booleans flip;
/// choices without a chart are drawn from their prior.
///
/// The proposal is symmetric in the coordinate z of the support, so that in terms of values the
/// ratio has the factor |dx/dz| at the new value over that at the old one. The chart is the same at
/// both ends: the parameters of a choice do not depend on the choice itself.
///
/// Source of the adaptation: Andrieu, Thoms (2008), "A tutorial on adaptive MCMC", algorithm 4,
/// with the optimal acceptance rate 0.44 in one dimension and 0.234 in several (Roberts, Rosenthal
/// 2001). A population knows its acceptance rate well, so that its scale goes at once to where that
/// rate would be right for a normal law, whose rate is 2/pi atan(2 sd/scale).
struct AdaptiveWalk: SiteMove {
  let name = "randomWalk"
  let needsParameters = true
  /// The scale before anything is learnt.
  private let scale: Double
  /// By instance and chain or population.
  private var learnt: [Int: [Scale]] = [:]
  /// The same by static choice, for instances that adaptation has not met.
  private var common: [Int: [Scale]] = [:]

  private struct Scale {
    var log: Double
    /// Proposals, and the sum of their acceptance probabilities since scales were tuned.
    var count = 0
    var recent = 0.0
    var acceptance = 0.0
    var target = 0.44
  }

  init(scale: Double) { self.scale = scale }

  mutating func change(
    _ instance: Int, in chain: Int, of chains: Chains, using choices: inout ChainChoices
  ) -> SiteChange {
    let trace = chains.current
    let site = trace.instances[instance].site
    guard let (family, parameters) = distribution(instance, chain, chains) else { return .redraw }
    let scale = borel_exp(logScale(instance, site, chain / chains.tunedTogether))
    let value = trace.value(instance, lane: chain)
    return parameters.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return .redraw }
      if let chart = SupportChart(family, LaneWords(start)) {
        return Self.step(Double(bitPattern: value[0]), chart, scale * choices.normal(chain: chain))
      }
      switch (family.signature.value, family.signature.support) {
      case (.bool, _): return .set([value[0] == 0 ? 1 : 0], logHastings: 0)
      case (.int, .naturalNumbers), (.int, .betweenParameters),
        (.int, .integers(_, .infinity)), (.int, .integers(_, .parameter)),
        (.int, .integers(_, .parameterMinusOne)):
        return Self.step(
          Int64(bitPattern: value[0]), scale * choices.normal(chain: chain),
          isUp: choices.uniform(chain: chain) < 0.5)
      case (.realArray, .realVector):
        return vectorStep(value[0], isSimplex: false, scale, chain, chains, &choices)
      case (.realArray, .simplex):
        return vectorStep(value[0], isSimplex: true, scale, chain, chains, &choices)
      default: return .redraw
      }
    }
  }

  private static func step(_ x: Double, _ chart: SupportChart, _ step: Double) -> SiteChange {
    let moved = chart.value(chart.coordinate(x) + step)
    return .set(
      [moved.bitPattern], logHastings: chart.logDerivative(moved) - chart.logDerivative(x))
  }

  /// At least one step up or down: symmetric.
  private static func step(_ x: Int64, _ size: Double, isUp: Bool) -> SiteChange {
    let size = 1 + Int64(min(abs(size), 1e9))
    let (moved, overflow) = x.addingReportingOverflow(isUp ? size : -size)
    return overflow
      ? .rejected([UInt64(bitPattern: x)]) : .set([UInt64(bitPattern: moved)], logHastings: 0)
  }

  private func vectorStep(
    _ bits: UInt64, isSimplex: Bool, _ scale: Double, _ chain: Int, _ chains: Chains,
    _ choices: inout ChainChoices
  ) -> SiteChange {
    let old = Array(ArrayObject(bits: bits).reals)
    let step =
      isSimplex
      ? VectorWalk.simplexStep(old, scale) { choices.normal(chain: chain) }
      : VectorWalk.gaussianStep(old, scale) { choices.normal(chain: chain) }
    guard let step else { return .rejected([bits]) }
    return .set(
      [chains.machine.arena.makeArray(step.values).object.bits], logHastings: step.logHastings)
  }

  // MARK: Scales

  private mutating func logScale(_ instance: Int, _ site: Int, _ unit: Int) -> Double {
    if let known = learnt[instance], known[unit].count > 0 { return known[unit].log }
    return common[site]?[unit].log ?? borel_log(scale)
  }

  mutating func learn(_ instance: Int, in chain: Int, of chains: Chains, acceptance: Double) {
    let site = chains.current.instances[instance].site
    let target =
      chains.current.instances[instance].layout.contains(where: \.isHandle) ? 0.234 : 0.44
    let unit = chain / chains.tunedTogether
    let start = Scale(log: borel_log(scale), target: target)
    let none = Array(repeating: start, count: chains.count / chains.tunedTogether)
    let known = common[site, default: none][unit].log
    if learnt[instance, default: none][unit].count == 0 {
      learnt[instance, default: none][unit].log = known
    }
    if chains.tunedTogether > 1 {
      Self.note(&common[site, default: none][unit], acceptance)
      Self.note(&learnt[instance, default: none][unit], acceptance)
      return
    }
    Self.learn(&common[site, default: none][unit], acceptance - target)
    Self.learn(&learnt[instance, default: none][unit], acceptance - target)
  }

  private static func note(_ scale: inout Scale, _ acceptance: Double) {
    scale.count += 1
    scale.recent += 1
    scale.acceptance += acceptance
  }

  mutating func tune() {
    for key in common.keys { common[key]?.withEach(Self.tune) }
    for key in learnt.keys { learnt[key]?.withEach(Self.tune) }
  }

  private static func tune(_ scale: inout Scale) {
    if scale.recent == 0 { return }
    let rate = min(max(scale.acceptance / scale.recent, 0.01), 0.99)
    func tangent(_ rate: Double) -> Double {
      borel_sin(rate * .pi / 2) / borel_cos(rate * .pi / 2)
    }
    scale.log += borel_log(tangent(rate)) - borel_log(tangent(scale.target))
    scale.log = min(max(scale.log, -30), 30)
    (scale.recent, scale.acceptance) = (0, 0)
  }

  func write(to writer: inout StateWriter) {
    for known in [learnt, common] {
      writer.write(known.count)
      for (number, scales) in known.sorted(by: { $0.key < $1.key }) {
        writer.write(number)
        for scale in scales {
          writer.write(scale.log)
          writer.write(scale.count)
        }
      }
    }
  }

  mutating func read(from reader: inout StateReader, _ chains: RestoredChains) throws {
    for (number, scales) in try Self.readScales(from: &reader, chains.count) {
      guard chains.instances.indices.contains(number) else { throw DamagedState() }
      learnt[chains.instances[number]] = scales
    }
    common = try Self.readScales(from: &reader, chains.count)
  }

  private static func readScales(
    from reader: inout StateReader, _ chainCount: Int
  ) throws -> [Int: [Scale]] {
    var known: [Int: [Scale]] = [:]
    for _ in 0..<(try reader.readCount()) {
      let number = try reader.readInt()
      known[number] = try (0..<chainCount).map { _ in
        Scale(log: try reader.readDouble(), count: try reader.readInt())
      }
    }
    return known
  }

  /// One step of stochastic approximation with step sizes n^-0.6.
  private static func learn(_ scale: inout Scale, _ error: Double) {
    scale.count += 1
    scale.log += error * borel_exp(-0.6 * borel_log(Double(scale.count)))
    scale.log = min(max(scale.log, -30), 30)
  }
}

extension Array {
  fileprivate mutating func withEach(_ body: (inout Element) -> Void) {
    for index in indices { body(&self[index]) }
  }
}

/// The family and the parameters of a choice, also when its distribution is a value.
func distribution(
  _ instance: Int, _ chain: Int, _ chains: Chains
) -> (family: any Family.Type, parameters: [UInt64])? {
  let words = chains.current.parameters(instance, lane: chain)
  let site = chains.current.instances[instance].site
  if let family = chains.machine.program.family(ofSite: site) { return (family, words) }
  guard let bits = words.first, let value = DistributionValue(bits: bits) else { return nil }
  let count = value.family.signature.parametrisations[0].parameters.count
  return (value.family, (0..<count).map { value.parameters.word($0) })
}
