import BorelBase

/// All ways in which the choices of a deterministic procedure can fall: the procedure is run again
/// for each of them, depth first, with a prefix of answers that is fixed beforehand.
///
/// Choices with probability zero are never taken. The procedure must ask the same questions
/// whenever it has got the same answers.
package final class ChoiceTree: FiniteChoices, @unchecked Sendable {
  private struct Choice {
    /// In proportion.
    var probabilities: [Double]
    var total: Double
    var taken: Int
  }

  private var path: [Choice] = []
  private var depth = 0
  /// Of the answers that this run has got so far.
  package private(set) var probability = 1.0
  /// Whether something was drawn that is not a finite choice, so that the tree is not all there is.
  package private(set) var hasContinuousDraws = false
  /// Runs that have ended.
  package private(set) var pathCount = 0

  package init() {}

  package func choose(_ probabilities: [Double]) -> Int {
    if depth == path.count {
      guard let first = probabilities.firstIndex(where: { $0 > 0 }) else {
        internalError("a choice among values of probability zero")
      }
      path.append(
        Choice(
          probabilities: probabilities, total: probabilities.reduce(0, +), taken: first))
    }
    let choice = path[depth]
    if choice.probabilities.count != probabilities.count {
      internalError("a procedure asks other questions after the same answers")
    }
    depth += 1
    probability *= choice.probabilities[choice.taken] / choice.total
    return choice.taken
  }

  package func noteContinuousDraw() { hasContinuousDraws = true }

  /// Ends a run and takes the next way. False when there is none.
  package func next() -> Bool {
    pathCount += 1
    path.removeLast(path.count - depth)
    depth = 0
    probability = 1
    while let last = path.last {
      let following = last.probabilities.indices.first {
        $0 > last.taken && last.probabilities[$0] > 0
      }
      if let following {
        path[path.count - 1].taken = following
        return true
      }
      path.removeLast()
    }
    return false
  }

  /// Runs a procedure once per way in which its choices can fall.
  ///
  /// - Parameters:
  ///   - limit: Most runs.
  ///   - body: Gets the tree, which answers its choices; its `probability` belongs to the answers.
  /// - Returns: Whether all ways were taken within the limit.
  @discardableResult
  package static func forEachPath(
    limit: Int = .max, _ body: (ChoiceTree) throws -> Void
  ) rethrows -> Bool {
    let tree = ChoiceTree()
    repeat {
      if tree.pathCount >= limit { return false }
      try body(tree)
    } while tree.next()
    return true
  }
}
