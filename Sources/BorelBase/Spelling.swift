/// Hints for names that do not exist.
package enum Spelling {
  /// "did you mean 'x'?", or the list of what exists when nothing is near.
  ///
  /// - Parameters:
  ///   - kind: The plural of what the candidates are: "methods".
  /// - Returns: nil when there are no candidates.
  package static func hint(
    for name: String, among candidates: [String], kind: String
  ) -> String? {
    if let nearest = didYouMean(name, among: candidates) { return "did you mean '\(nearest)'?" }
    guard !candidates.isEmpty else { return nil }
    let shown = candidates.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
    return "the \(kind) are \(shown)" + (candidates.count > 12 ? " and others" : "")
  }
}
