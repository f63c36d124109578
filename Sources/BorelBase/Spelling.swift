/// Finds what a misspelt name was meant to be.
package enum Spelling {
  /// The candidate nearest to a name: at most a third of its letters differ, counting swapped
  /// neighbours once and upper case not at all. Ties go to the first candidate.
  package static func nearest(
    to name: String, among candidates: some Sequence<String>
  ) -> String? {
    let limit = max(1, name.count / 3)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where candidate != name {
      let distance = distance(Array(name.lowercased()), Array(candidate.lowercased()))
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// The hint of a diagnostic: "did you mean 'x'?", or the list of what exists when nothing is near.
  ///
  /// - Parameters:
  ///   - kind: The plural of what the candidates are: "methods".
  /// - Returns: nil when there are no candidates.
  package static func hint(
    for name: String, among candidates: [String], kind: String
  ) -> String? {
    if let nearest = nearest(to: name, among: candidates) { return "did you mean '\(nearest)'?" }
    guard !candidates.isEmpty else { return nil }
    let shown = candidates.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
    return "the \(kind) are \(shown)" + (candidates.count > 12 ? " and others" : "")
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    guard abs(a.count - b.count) <= 8, a.count <= 64, b.count <= 64 else { return .max }
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var current = [i + 1]
      for j in 0..<b.count {
        var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforePrevious[j - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[b.count]
  }
}
