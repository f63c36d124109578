import BorelKernels

/// The change of variable between an open interval and the whole line: identity, logarithm of the
/// distance from the one end, or the log-odds between two ends.
struct UnconstrainedScale: Hashable, Sendable {
  var lower: Double?
  var upper: Double?

  /// The coordinate of a value of the interval; infinite at its ends, NaN outside.
  func coordinate(_ value: Double) -> Double {
    switch (lower, upper) {
    case (nil, nil): value
    case (let lower?, nil): borel_log(value - lower)
    case (nil, let upper?): -borel_log(upper - value)
    case (let lower?, let upper?): borel_log(value - lower) - borel_log(upper - value)
    }
  }

  func value(_ coordinate: Double) -> Double {
    switch (lower, upper) {
    case (nil, nil): coordinate
    case (let lower?, nil): lower + borel_exp(coordinate)
    case (nil, let upper?): upper - borel_exp(-coordinate)
    case (let lower?, let upper?): lower + (upper - lower) * borel_logistic(coordinate)
    }
  }

  /// The derivative of the value in the coordinate.
  func slope(_ coordinate: Double) -> Double {
    switch (lower, upper) {
    case (nil, nil): 1
    case (_?, nil): borel_exp(coordinate)
    case (nil, _?): borel_exp(-coordinate)
    case (let lower?, let upper?):
      (upper - lower) * borel_logistic(coordinate) * borel_logistic(-coordinate)
    }
  }

  /// The second derivative.
  func bend(_ coordinate: Double) -> Double {
    switch (lower, upper) {
    case (nil, nil): 0
    case (_?, nil): borel_exp(coordinate)
    case (nil, _?): -borel_exp(-coordinate)
    case (_?, _?):
      slope(coordinate) * (borel_logistic(-coordinate) - borel_logistic(coordinate))
    }
  }

  /// The end of the interval that a coordinate moves to in a direction; nil when it is open there.
  func end(towards direction: Double) -> Double? { direction < 0 ? lower : upper }
}
