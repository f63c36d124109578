/// Open ranges in double precision: draws that round to an end are moved inside, so that a density
/// which is 0 or infinite there is never met by a draw.
enum PositiveRange {
  /// Into (0, infinity).
  @inline(__always) static func clamp(_ x: Double) -> Double {
    if x < .leastNormalMagnitude { return .leastNormalMagnitude }
    return x > .greatestFiniteMagnitude ? .greatestFiniteMagnitude : x
  }
}
