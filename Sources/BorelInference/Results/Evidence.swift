/// The estimate of the logarithm of the normalising constant, in nats.
package struct Evidence: Hashable, Sendable {
  /// `-infinity` when every execution has weight zero.
  package var logValue: Double
  /// 0 when the value is exact; nil when no valid estimator of the error is known.
  package var standardError: Double?
  /// Why there is no standard error; nil when there is one.
  package var reason: String?

  package init(logValue: Double, standardError: Double?, reason: String? = nil) {
    self.logValue = logValue
    self.standardError = standardError
    self.reason = reason
  }
}

/// The posterior expectation of a `tally`.
package struct Tally: Hashable, Sendable {
  package var name: String
  package var value: Double
  /// Nil when no valid estimator of the error is known.
  package var standardError: Double?

  package init(name: String, value: Double, standardError: Double? = nil) {
    self.name = name
    self.value = value
    self.standardError = standardError
  }
}
