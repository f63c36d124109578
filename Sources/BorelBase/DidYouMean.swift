/// The candidate that was probably meant by a misspelt name; nil when none is near enough.
///
/// Near enough is: equal but for case, or at most one edit per three letters (an edit inserts,
/// removes or replaces a letter or swaps two neighbours). Among equally near candidates the
/// alphabetically first wins, so the answer does not depend on the order of the sequence.
package func didYouMean(_ name: String, among candidates: some Sequence<String>) -> String? {
  let target = Array(name.lowercased())
  let limit = min(3, target.count / 3)
  var best: (distance: Int, name: String)?
  for candidate in candidates where candidate != name {
    let letters = Array(candidate.lowercased())
    if abs(letters.count - target.count) > limit { continue }
    let distance = editDistance(target, letters)
    guard distance <= limit else { continue }
    if let current = best, (current.distance, current.name) <= (distance, candidate) { continue }
    best = (distance, candidate)
  }
  return best?.name
}

/// The least number of insertions, removals, replacements and swaps of neighbours that turns one
/// sequence into the other, where no place is edited twice (optimal string alignment).
///
/// - Complexity: O(m n) time, O(n) memory.
func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var older: [Int] = []
  var previous = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var row = [i + 1]
    row.reserveCapacity(right.count + 1)
    for (j, b) in right.enumerated() {
      var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a == b ? 0 : 1))
      if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = min(cost, older[j - 1] + 1) }
      row.append(cost)
    }
    older = previous
    previous = row
  }
  return previous[right.count]
}
