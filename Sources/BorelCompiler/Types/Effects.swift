/// What running a function may do besides computing its result. Inferred; the effects of a closure
/// count where the closure is created.
package struct Effects: OptionSet, Hashable, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// `sample`, `~`, `observe` of a missing datum.
  package static let draws = Effects(rawValue: 1)
  /// `observe`, `factor`, `require`.
  package static let scores = Effects(rawValue: 2)
  package static let tallies = Effects(rawValue: 4)
  /// `print`, `debug`, file access.
  package static let prints = Effects(rawValue: 8)
  /// `infer`.
  package static let infers = Effects(rawValue: 16)
}
