import BorelBase
import BorelIR

/// Places the checkpoints of one function: after the given scores, sunk as far as they go.
///
/// A checkpoint that is due sinks past pure code, tallies and reports to just before the next
/// sample, score, factor, effectful call, back edge or return, so that what is tallied after an
/// observation belongs to its step. It crosses a merge only when it is due on every way there, and
/// a branch that varies between lanes only when it comes out behind the whole of it: otherwise the
/// lanes would wait at different places. A plate is followed by one checkpoint, after its loop.
///
/// Source: the placement is assignment sinking as in Knoop, Rüthing and Steffen (1994), "Partial
/// dead code elimination", section 5.2 (delayability), with one pending assignment.
struct CheckpointPlacer {
  private(set) var function: Function
  private(set) var checkpoints: [Sequential.Plan.Checkpoint] = []
  private let index: Int
  private let scores: [Alignment.Score]
  private let effects: EffectAnalysis
  private let uniformity: Uniformity
  /// Calls by block.
  private var calls: [Int: CallGraph.Call] = [:]
  private var flow: ControlFlow
  /// Scores after which a checkpoint is due, by block and position.
  private var dueAfter: [Point: Alignment.Score] = [:]
  /// Scores of plates whose loop was left when the block starts.
  private var dueAtStart: [Int: [Alignment.Score]] = [:]
  /// By block: whether a checkpoint is due when it starts, on every way there.
  private var delayedIn: [Bool] = []
  private var delayedOut: [Bool] = []
  /// The blocks in the order in which they will stand.
  private var layout: [Int]
  /// Blocks that were put on edges, and the edges' targets.
  private var edgeBlocks: [Int: Int] = [:]

  private struct Point: Hashable {
    var block: Int
    var position: Int
  }

  init(
    function: Function, index: Int, scores: [Alignment.Score], graph: CallGraph,
    effects: EffectAnalysis, uniformity: Uniformity
  ) {
    self.function = function
    self.index = index
    self.scores = scores
    self.effects = effects
    self.uniformity = uniformity
    for call in graph.calls[index] { calls[call.block] = call }
    flow = ControlFlow(function)
    layout = Array(function.blocks.indices)
  }

  /// Rewrites the function; numbers count from `firstNumber`.
  mutating func place(firstNumber: Int) {
    collectDue()
    flow = ControlFlow(function)
    splitCriticalEdges()
    flow = ControlFlow(function)
    solve()
    let points = insertions()
    for (offset, (_, scores)) in points.enumerated() {
      checkpoints.append(
        Sequential.Plan.Checkpoint(
          number: firstNumber + offset, function: index, sites: scores.map(\.site),
          span: scores.first?.span ?? .none))
    }
    // From the back, so that positions in front stay what they are.
    for ((point, _), checkpoint) in zip(points, checkpoints).reversed() {
      let rest = function.split(block: point.block, before: point.position)
      function.blocks[point.block].terminator = .checkpoint(
        checkpoint.number, continuation: Target(BlockID(rest)))
      function.blocks[point.block].terminatorSpan = checkpoint.span
      put(rest, after: point.block)
    }
    removeEmptyEdgeBlocks()
    function.arrange(layout)
  }

  private mutating func put(_ block: Int, after other: Int) {
    layout.insert(block, at: (layout.firstIndex(of: other) ?? layout.count - 1) + 1)
  }

  private mutating func putBlockOnEdge(from source: Int, to target: Int) -> Int {
    let block = function.splitEdges(from: source, to: target)
    put(block, after: source)
    edgeBlocks[block] = target
    return block
  }

  /// Where a uniform branch leads straight to a merge, a checkpoint may be due on that edge only.
  private mutating func splitCriticalEdges() {
    for block in flow.reversePostorder where !isVaryingBranch(block) {
      let targets = Set(flow.successors[block])
      guard targets.count > 1 else { continue }
      for target in targets.sorted() where flow.predecessors[target].count > 1 {
        _ = putBlockOnEdge(from: block, to: target)
      }
    }
  }

  /// Takes blocks off the edges again on which no checkpoint was put.
  private mutating func removeEmptyEdgeBlocks() {
    var empty: [Int: Int] = [:]
    for (block, target) in edgeBlocks {
      let code = function.blocks[block]
      if code.instructions.isEmpty, case .jump = code.terminator { empty[block] = target }
    }
    for block in function.blocks.indices where empty[block] == nil {
      function.blocks[block].terminator = function.blocks[block].terminator.mapTargets { edge in
        empty[Int(edge.block.index)].map { Target(BlockID($0), edge.arguments) } ?? edge
      }
    }
    layout.removeAll { empty[$0] != nil }
  }

  private mutating func collectDue() {
    let loops = NaturalLoops(flow)
    var split: [[Int]: Int] = [:]
    for score in scores {
      guard score.site.isPlate, let loop = loops.innermost[score.block] else {
        dueAfter[Point(block: score.block, position: score.position)] = score
        continue
      }
      for source in loops.loops[loop].blocks {
        for target in Set(flow.successors[source]).sorted()
        where !loops.contains(loop, block: target) {
          let isOwn = flow.predecessors[target].allSatisfy {
            loops.contains(loop, block: $0) || !flow.isReachable($0)
          }
          if isOwn {
            append(score, atStartOf: target)
          } else {
            let edge = [source, target]
            let block = split[edge] ?? putBlockOnEdge(from: source, to: target)
            split[edge] = block
            append(score, atStartOf: block)
          }
        }
      }
    }
  }

  private mutating func append(_ score: Alignment.Score, atStartOf block: Int) {
    if !dueAtStart[block, default: []].contains(score) {
      dueAtStart[block, default: []].append(score)
    }
  }

  private func isBarrier(_ operation: Operation) -> Bool {
    switch operation {
    case .sample, .observe, .score, .factor, .require, .infer: true
    default: false
    }
  }

  private func isBarrier(terminatorOf block: Int) -> Bool {
    switch function.blocks[block].terminator {
    case .jump, .branch: return false
    case .returnValues, .tailCall, .checkpoint, .fork: return true
    case .call, .apply:
      guard let call = calls[block] else { return true }
      let barriers: EffectSet = [
        .draws, .scores, .factors, .requires, .infers, .checkpoints, .forks,
      ]
      return call.callees.isEmpty || !effects.effects(of: call).isDisjoint(with: barriers)
    }
  }

  /// Whether a checkpoint is due at the end of a block when it was, or was not, at its start.
  private func isDueAtEnd(of block: Int, dueAtStart isDue: Bool) -> Bool {
    var isDue = isDue || dueAtStart[block] != nil
    for (position, instruction) in function.blocks[block].instructions.enumerated() {
      if isBarrier(instruction.operation) { isDue = false }
      if dueAfter[Point(block: block, position: position)] != nil { isDue = true }
    }
    return isDue
  }

  /// The greatest solution: delayed wherever nothing stands against it.
  private mutating func solve() {
    let count = function.blocks.count
    let dependence = ControlDependence(function, controlFlow: flow)
    let loops = NaturalLoops(flow)
    let isTransparent = loops.loops.map { loop in
      loop.blocks.allSatisfy { block in
        !isBarrier(terminatorOf: block) && dueAtStart[block] == nil
          && !function.blocks[block].instructions.contains { isBarrier($0.operation) }
      }
    }
    let endsStep = (0..<count).map { block in
      isBarrier(terminatorOf: block)
        || flow.successors[block].contains { target in
          flow.isBackEdge(from: block, to: target)
            && loops.loops.indices.contains {
              loops.loops[$0].header == target && !isTransparent[$0]
            }
        }
    }
    delayedIn = (0..<count).map { $0 != 0 && flow.isReachable($0) }
    delayedOut = [Bool](repeating: false, count: count)
    var changed = true
    while changed {
      changed = false
      for block in flow.reversePostorder {
        var out =
          isDueAtEnd(of: block, dueAtStart: delayedIn[block]) && !endsStep[block]
          && flow.successors[block].allSatisfy { delayedIn[$0] }
        if out, isVaryingBranch(block) {
          out = dependence.immediatePostdominator[block].map { delayedIn[$0] } ?? false
        }
        delayedOut[block] = out
      }
      for block in flow.reversePostorder where delayedIn[block] {
        let holds = flow.predecessors[block].allSatisfy {
          delayedOut[$0] || !flow.isReachable($0)
        }
        if !holds {
          delayedIn[block] = false
          changed = true
        }
      }
    }
  }

  private func isVaryingBranch(_ block: Int) -> Bool {
    guard case .branch(let condition, _, _) = function.blocks[block].terminator,
      Int(condition.index) < uniformity.symbolic[index].count
    else { return false }
    return uniformity.level(of: condition, in: index) == .varying
  }

  /// Where checkpoints go, in block order, and the scores they come after.
  private func insertions() -> [(Point, [Alignment.Score])] {
    var arriving = [[Alignment.Score]](repeating: [], count: function.blocks.count)
    var changed = true
    while changed {
      changed = false
      for block in flow.reversePostorder where delayedOut[block] {
        let leaving = walk(block, arriving: arriving[block]).leaving
        for target in flow.successors[block] {
          for score in leaving where !arriving[target].contains(score) {
            arriving[target].append(score)
            changed = true
          }
        }
      }
    }
    return flow.reversePostorder.sorted().flatMap { walk($0, arriving: arriving[$0]).points }
  }

  private func walk(
    _ block: Int, arriving: [Alignment.Score]
  ) -> (points: [(Point, [Alignment.Score])], leaving: [Alignment.Score]) {
    var points: [(Point, [Alignment.Score])] = []
    var due = delayedIn[block] ? arriving : []
    due += dueAtStart[block] ?? []
    let instructions = function.blocks[block].instructions
    for (position, instruction) in instructions.enumerated() {
      if isBarrier(instruction.operation), !due.isEmpty {
        points.append((Point(block: block, position: position), due))
        due = []
      }
      if let score = dueAfter[Point(block: block, position: position)] { due = [score] }
    }
    if !due.isEmpty, !delayedOut[block] {
      points.append((Point(block: block, position: instructions.count), due))
      due = []
    }
    return (points, due)
  }
}
