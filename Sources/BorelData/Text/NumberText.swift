import BorelBase

/// How numbers are written in results: for people with few digits, for files without loss.
package enum NumberText {
  /// The shortest text that reads back as the same number; `Infinity`, `-Infinity`, `NaN`.
  package static func exact(_ x: Double) -> String {
    if x.isNaN { return "NaN" }
    if x.isInfinite { return x < 0 ? "-Infinity" : "Infinity" }
    return RealText.shortest(x)
  }

  /// At most `digits` significant digits, without an exponent from 1e-4 to 1e7; the digits in front
  /// of the point are never cut.
  package static func short(_ x: Double, digits: Int = 4) -> String {
    if x.isNaN { return "-" }
    if x.isInfinite { return x < 0 ? "-inf" : "inf" }
    if x == 0 { return "0" }
    let magnitude = abs(x)
    if magnitude >= 1e7 || magnitude < 1e-4 { return scientific(x, digits: digits) }
    return trimmed(fixed(x, decimals: max(0, digits - 1 - exponent(magnitude))))
  }

  /// A value with as many digits as its standard error justifies, and the error.
  package static func withError(_ value: Double, _ error: Double?) -> String {
    guard let error, error > 0, value.isFinite, error.isFinite else {
      return short(value, digits: 7)
    }
    if error < 1e-10 { return short(value, digits: 7) + " ± " + short(error, digits: 2) }
    let decimals = min(max(1 - exponent(error), 0), 10)
    return fixed(value, decimals: decimals) + " ± " + fixed(error, decimals: decimals)
  }

  /// With a fixed number of digits after the point, at most 15 of them; large numbers keep an
  /// exponent.
  package static func fixed(_ x: Double, decimals: Int) -> String {
    let decimals = min(max(decimals, 0), 15)
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(x) * scale).rounded(.toNearestOrEven)
    guard scaled < 9e18 else { return "\(x)" }
    let units = UInt64(scaled)
    let sign = x < 0 && units > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(units) }
    let digits = String(units)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// The decimal exponent of a positive finite number: 2 for 999 and 3 for 1000.
  package static func exponent(_ magnitude: Double) -> Int {
    var exponent = 0
    var rest = magnitude
    while rest >= 10 {
      rest /= 10
      exponent += 1
    }
    while rest < 1 {
      rest *= 10
      exponent -= 1
    }
    return exponent
  }

  private static func scientific(_ x: Double, digits: Int) -> String {
    var exponent = exponent(abs(x))
    var mantissa = x
    for _ in 0..<abs(exponent) { mantissa = exponent > 0 ? mantissa / 10 : mantissa * 10 }
    var text = fixed(mantissa, decimals: digits - 1)
    if text.hasPrefix("10") || text.hasPrefix("-10") {
      exponent += 1
      text = fixed(mantissa / 10, decimals: digits - 1)
    }
    return trimmed(text) + "e" + String(exponent)
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains("."), !text.contains("e") else { return text }
    var text = Substring(text)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return String(text)
  }
}
