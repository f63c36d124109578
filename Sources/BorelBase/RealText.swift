/// How reals are written in texts, results and generated programs.
package enum RealText {
  /// The shortest decimal text that reads back as the same number: `1`, `0.5`, `1e-5`, `1e20`,
  /// `inf`, `-inf`, `nan`.
  package static func shortest(_ value: Double) -> String {
    var text = value.description
    if text.hasSuffix(".0") { text.removeLast(2) }
    guard text.utf8.contains(UInt8(ascii: "e")), let mark = text.firstIndex(of: "e") else {
      return text
    }
    let mantissa = text[..<mark]
    let exponent = Int(text[text.index(after: mark)...]) ?? 0
    let short = mantissa.hasSuffix(".0") ? mantissa.dropLast(2) : mantissa
    return "\(short)e\(exponent)"
  }
}
