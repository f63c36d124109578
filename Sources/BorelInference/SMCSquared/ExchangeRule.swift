/// The weight of an exchange of filters, the one factor of SMC squared that no other seam reaches.
/// The tests replace it by a wrong one to see that the laws notice.
package protocol ExchangeRule: Sendable {
  /// What the log-weight of a parameter gains when its filter is replaced by a larger one.
  ///
  /// - Parameters:
  ///   - new: Log of the evidence estimate of the new filter.
  ///   - old: That of the one that goes.
  func logCorrection(new: Double, old: Double) -> Double
}

/// The ratio of the estimates.
///
/// Source: Chopin, Jacob, Papaspiliopoulos (2013), SMC2, section 3.6.1 (generalised importance
/// sampling: the new filter is drawn from its own law, and the old one is integrated out).
package struct StandardExchange: ExchangeRule {
  package init() {}
  package func logCorrection(new: Double, old: Double) -> Double {
    new == -.infinity ? -.infinity : new - old
  }
}
