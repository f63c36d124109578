/// Amounts of memory as people write them.
package enum ByteCount {
  /// Bytes from `1000`, `500K`, `200M` or `2G` (powers of 1,024, with or without a `B`); nil when
  /// the text is none of these or the number does not fit.
  package static func parse(_ text: String) -> Int? {
    var digits = Substring(text.uppercased())
    if digits.hasSuffix("IB") {
      digits.removeLast(2)
    } else if digits.last == "B" {
      digits.removeLast()
    }
    var factor = 1
    switch digits.last {
    case "K": factor = 1 << 10
    case "M": factor = 1 << 20
    case "G": factor = 1 << 30
    case "T": factor = 1 << 40
    default: break
    }
    if factor > 1 { digits.removeLast() }
    guard let count = Int(digits), count > 0 else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
    return overflow ? nil : bytes
  }
}
