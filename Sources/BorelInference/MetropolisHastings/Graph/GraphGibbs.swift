import BorelDistributions
import BorelHeap
import BorelKernels
import BorelRuntime

/// Draws a finite choice from its distribution given all others: the slice is run once for each
/// value. Choices that are not finite stay.
struct GraphGibbs: GraphMove {
  let name = "gibbs"
  private let uniforms: ChainColumn
  /// Values beyond this number are not tried.
  private static let mostValues = 1_000

  init(chainCount: Int) {
    uniforms = ChainColumn(count: chainCount)
  }

  func move(_ choice: Int, of chains: GraphChains) throws {
    guard let finite = chains.graph.family(of: choice) as? any FiniteSupport.Type else {
      return
    }
    let count = chains.count
    let parameters = chains.graph.parameters(of: choice)
    let sizes = (0..<count).map { Self.valueCount(finite, parameters, $0) }
    guard let most = sizes.max(), most > 1, sizes.allSatisfy({ $0 > 0 }) else { return }
    let slice = chains.slice(choice)
    var logJoints = [Double](repeating: -.infinity, count: most * count)
    try logJoints.withUnsafeMutableBufferPointer { joints in
      guard let start = joints.baseAddress else { return }
      for value in 0..<most {
        write(finite, parameters, slice, chains) { value < sizes[$0] ? value : nil }
        try chains.evaluate(slice, ratios: start + value * count)
        for chain in 0..<count where value >= sizes[chain] {
          joints[value * count + chain] = -.infinity
        }
      }
    }
    chains.fill(uniforms.words, with: .uniform)
    let chosen = (0..<count).map { chain in
      Self.draw(
        (0..<most).lazy.map { logJoints[$0 * count + chain] }, uniforms.reals[chain])
    }
    write(finite, parameters, slice, chains) { chosen[$0] }
    var ratios = [Double](repeating: 0, count: count)
    try slice.evaluate(ratios: &ratios)
    chains.commitAll(slice)
    var counts = MoveStatistics.Counts()
    counts.proposed = count
    counts.accepted = count
    chains.note(counts, choice, kernel: name)
  }

  private static func valueCount(
    _ family: any FiniteSupport.Type, _ parameters: [ColumnOperand], _ chain: Int
  ) -> Int {
    LaneBuffer.withBuffer { words in
      for k in parameters.indices { words[k] = parameters[k].word(chain) }
      let count = family.supportCount(LaneWords(words))
      return count <= mostValues ? count : 0
    }
  }

  /// Proposes values by their index; nil keeps the present one.
  private func write(
    _ family: any FiniteSupport.Type, _ parameters: [ColumnOperand], _ slice: GraphSlice,
    _ chains: GraphChains, _ index: (Int) -> Int?
  ) {
    let current = chains.graph.columns(of: slice.choices[0])
    LaneBuffer.withBuffer { words in
      LaneBuffer.withBuffer { value in
        for chain in 0..<chains.count {
          guard let index = index(chain) else {
            for k in current.indices { slice.proposals[0][k][chain] = current[k][chain] }
            continue
          }
          for k in parameters.indices { words[k] = parameters[k].word(chain) }
          family.supportValue(
            index, LaneWords(words), arena: chains.graph.arena, into: value)
          for k in current.indices { slice.proposals[0][k][chain] = value[k] }
        }
      }
    }
  }

  /// An index in proportion to exponentials; nil when all are zero.
  private static func draw(_ logWeights: some Collection<Double>, _ uniform: Double) -> Int? {
    guard let largest = logWeights.max(), largest > -.infinity else { return nil }
    let weights = logWeights.map { borel_exp($0 - largest) }
    let target = uniform * weights.reduce(0, +)
    var cumulative = 0.0
    var last: Int?
    for (index, weight) in weights.enumerated() where weight > 0 {
      cumulative += weight
      last = index
      if target < cumulative { return index }
    }
    return last
  }
}
