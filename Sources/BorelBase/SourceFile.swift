/// A piece of program text with a name, and the table of its lines.
public final class SourceFile: Sendable {
  /// The name that diagnostics print: a path, or `<stdin>`.
  public let name: String
  /// The text as UTF-8 code units. Spans are offsets into it.
  public let utf8: [UInt8]
  /// Offsets of the first byte of each line, ascending, starting with 0.
  package let lineStarts: [Int]

  public init(name: String, text: String) {
    self.name = name
    self.utf8 = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in utf8.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    self.lineStarts = starts
  }

  /// The whole text.
  package var text: String { String(decoding: utf8, as: UTF8.self) }

  /// The text between two byte offsets, clamped to the file.
  package func text(in span: Span) -> String {
    let low = min(max(Int(span.start), 0), utf8.count)
    let high = min(max(Int(span.end), low), utf8.count)
    return String(decoding: utf8[low..<high], as: UTF8.self)
  }

  /// The 1-based line and column (in characters) of a byte offset.
  package func position(of offset: Int) -> (line: Int, column: Int) {
    let offset = min(max(offset, 0), utf8.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let column = String(decoding: utf8[lineStarts[low]..<offset], as: UTF8.self).count + 1
    return (low + 1, column)
  }

  /// The text of a 1-based line without its line break.
  package func line(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : utf8.count
    if end > start, utf8[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return String(decoding: utf8[start..<max(start, end)], as: UTF8.self)
  }
}
