import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// A random walk on the unconstrained scale of a choice's own support, with a scale per choice and
/// chain that is learnt during warm-up; the same move as `AdaptiveWalk`, for all chains together.
struct GraphRandomWalk: GraphMove {
  let name = "randomWalk"
  private var resimulation: GraphResimulation
  private let logHastings: ChainColumn
  private let scales: ChainColumn
  private let noise: ChainColumn
  /// Logs of the scales and number of proposals, by choice and chain.
  private var learnt: [Int: Learnt] = [:]
  private let initialScale: Double

  private final class Learnt {
    let logScales: ChainColumn
    let chainCount: Int
    var count = 0
    init(_ logScale: Double, chainCount: Int) {
      self.chainCount = chainCount
      logScales = ChainColumn(count: chainCount)
      logScales.reals.update(repeating: logScale, count: chainCount)
    }
  }

  init(scale: Double, chainCount: Int) {
    initialScale = scale
    resimulation = GraphResimulation(chainCount: chainCount)
    logHastings = ChainColumn(count: chainCount)
    scales = ChainColumn(count: chainCount)
    noise = ChainColumn(count: chainCount)
  }

  mutating func move(_ choice: Int, of chains: GraphChains) throws {
    guard let family = chains.graph.family(of: choice), Self.canWalk(family) else {
      return try resimulation.move(choice, of: chains)
    }
    let slice = chains.slice(choice)
    let known = learnt(choice, chains.count)
    _ = borel_k_exp(Int64(chains.count), scales.words, known.logScales.words, nil, nil, 0)
    logHastings.reals.update(repeating: 0, count: chains.count)
    propose(choice, family, slice, chains)
    let probabilities = try chains.decide(
      choice, slice, kernel: name, logHastings: logHastings.reals)
    if chains.isAdapting {
      let target = family.signature.value == .realArray ? 0.234 : 0.44
      known.count += 1
      let rate = borel_exp(-0.6 * borel_log(Double(known.count)))
      for chain in 0..<chains.count {
        let log = known.logScales.reals[chain] + rate * (probabilities[chain] - target)
        known.logScales.reals[chain] = min(max(log, -30), 30)
      }
    }
  }

  func write(to writer: inout StateWriter) {
    writer.write(learnt.count)
    for (choice, known) in learnt.sorted(by: { $0.key < $1.key }) {
      writer.write(choice)
      writer.write(known.count)
      for chain in 0..<known.chainCount { writer.write(known.logScales.reals[chain]) }
    }
  }

  mutating func read(from reader: inout StateReader, chainCount: Int) throws {
    for _ in 0..<(try reader.readCount()) {
      let choice = try reader.readInt()
      let known = Learnt(0, chainCount: chainCount)
      known.count = try reader.readInt(in: 0..<Int.max)
      for chain in 0..<chainCount { known.logScales.reals[chain] = try reader.readDouble() }
      learnt[choice] = known
    }
  }

  private mutating func learnt(_ choice: Int, _ chainCount: Int) -> Learnt {
    if let known = learnt[choice] { return known }
    let made = Learnt(borel_log(initialScale), chainCount: chainCount)
    learnt[choice] = made
    return made
  }

  private static func canWalk(_ family: any Family.Type) -> Bool {
    let signature = family.signature
    switch (signature.value, signature.support) {
    case (.real, .real), (.real, .positive), (.real, .nonNegative), (.real, .unitInterval),
      (.real, .betweenParameters), (.real, .aboveParameter), (.real, .circle):
      return signature.baseMeasure == .lebesgue
    case (.bool, _), (.int, .naturalNumbers), (.int, .betweenParameters),
      (.int, .integers(_, .infinity)), (.int, .integers(_, .parameter)),
      (.int, .integers(_, .parameterMinusOne)), (.realArray, .realVector),
      (.realArray, .simplex):
      return true
    default: return false
    }
  }

  private func propose(
    _ choice: Int, _ family: any Family.Type, _ slice: GraphSlice, _ chains: GraphChains
  ) {
    let current = chains.graph.columns(of: choice)[0]
    let target = slice.proposals[0][0]
    switch family.signature.value {
    case .bool:
      for chain in 0..<chains.count { target[chain] = current[chain] == 0 ? 1 : 0 }
    case .int: proposeIntegers(current, target, chains)
    case .realArray: proposeArrays(family, current, target, chains)
    default: proposeReals(choice, family, current, target, chains)
    }
  }

  private func proposeReals(
    _ choice: Int, _ family: any Family.Type, _ current: UnsafeMutablePointer<UInt64>,
    _ target: UnsafeMutablePointer<UInt64>, _ chains: GraphChains
  ) {
    chains.fill(noise.words, with: .normal)
    if family.signature.support == .real {
      for chain in 0..<chains.count {
        target[chain] =
          (Double(bitPattern: current[chain]) + scales.reals[chain] * noise.reals[chain])
          .bitPattern
      }
      return
    }
    let parameters = chains.graph.parameters(of: choice)
    LaneBuffer.withBuffer { words in
      for chain in 0..<chains.count {
        for k in parameters.indices { words[k] = parameters[k].word(chain) }
        let old = Double(bitPattern: current[chain])
        guard let chart = SupportChart(family, LaneWords(words)) else {
          target[chain] = current[chain]
          continue
        }
        let new = chart.value(
          chart.coordinate(old) + scales.reals[chain] * noise.reals[chain])
        target[chain] = new.bitPattern
        logHastings.reals[chain] = chart.logDerivative(new) - chart.logDerivative(old)
      }
    }
  }

  /// At least one step up or down: symmetric.
  private func proposeIntegers(
    _ current: UnsafeMutablePointer<UInt64>, _ target: UnsafeMutablePointer<UInt64>,
    _ chains: GraphChains
  ) {
    chains.fill(noise.words, with: .normal)
    chains.fill(target, with: .uniform)
    for chain in 0..<chains.count {
      let size = 1 + Int64(min(abs(scales.reals[chain] * noise.reals[chain]), 1e9))
      let isUp = Double(bitPattern: target[chain]) < 0.5
      let value = Int64(bitPattern: current[chain])
      let (moved, overflow) = value.addingReportingOverflow(isUp ? size : -size)
      target[chain] = UInt64(bitPattern: overflow ? value : moved)
      if overflow { logHastings.reals[chain] = -.infinity }
    }
  }

  private func proposeArrays(
    _ family: any Family.Type, _ current: UnsafeMutablePointer<UInt64>,
    _ target: UnsafeMutablePointer<UInt64>, _ chains: GraphChains
  ) {
    let streams = chains.nextStreams()
    for chain in 0..<chains.count {
      let old = Array(ArrayObject(bits: current[chain]).reals)
      var random = streams.random(chain)
      let step =
        family.signature.support == .simplex
        ? VectorWalk.simplexStep(old, scales.reals[chain]) { borel_next_normal(&random) }
        : VectorWalk.gaussianStep(old, scales.reals[chain]) { borel_next_normal(&random) }
      if let step {
        target[chain] = chains.graph.arena.makeArray(step.values).object.bits
        logHastings.reals[chain] = step.logHastings
      } else {
        target[chain] = current[chain]
        logHastings.reals[chain] = -.infinity
      }
    }
  }
}
