extension SourceNode {
  /// Makes a failing program as small as it gets: statements are left out, blocks take the place of
  /// their statement, expressions become literals or one of their parts, as long as the program
  /// still fails.
  ///
  /// - Parameters:
  ///   - attempts: Most programs that are tried.
  ///   - fails: Whether a program fails in the way that is looked for; false for one that does not
  ///     compile.
  package func shrunk(attempts: Int = 400, while fails: (SourceNode) -> Bool) -> SourceNode {
    var best = self
    var left = attempts
    var improved = true
    while improved, left > 0 {
      improved = false
      for candidate in best.simplifications where candidate.size < best.size {
        left -= 1
        if fails(candidate) {
          best = candidate
          improved = true
          break
        }
        if left == 0 { break }
      }
    }
    return best
  }

  /// Programs that are one step simpler, the largest steps first.
  package var simplifications: [SourceNode] {
    var result: [SourceNode] = []
    if role == .block || role == .program {
      for (index, piece) in pieces.enumerated() {
        var without = self
        without.pieces.remove(at: index)
        result.append(without)
        guard case .node(let statement) = piece else { continue }
        // The statements of an inner block in place of the statement around it.
        for inner in statement.parts where inner.role == .block && role == .block {
          var flat = self
          flat.pieces.replaceSubrange(index...index, with: inner.pieces)
          result.append(flat)
        }
      }
    }
    if let literal, self != literal { result.append(literal) }
    for part in descendants where part.role == role && role != .statement && role != .block {
      result.append(part)
    }
    for (index, piece) in pieces.enumerated() {
      guard case .node(let node) = piece else { continue }
      for simpler in node.simplifications {
        var changed = self
        changed.pieces[index] = .node(simpler)
        result.append(changed)
      }
    }
    return result
  }

  /// The simplest expression of the same type.
  private var literal: SourceNode? {
    switch role {
    case .bool: SourceNode(.bool, "true")
    case .int: SourceNode(.int, "0")
    case .real: SourceNode(.real, "0.5")
    case .program, .block, .statement: nil
    }
  }

  private var descendants: [SourceNode] {
    parts.flatMap { [$0] + $0.descendants }
  }
}
