import BorelBase
import BorelCompiler
import BorelData
import BorelSyntax

/// An open file with what is known about it. Positions of the protocol count UTF-16 units.
struct TextDocument {
  let uri: String
  let file: SourceFile
  let index: ProgramIndex

  init(uri: String, text: String, validateMethod: MethodValidation?) {
    self.uri = uri
    file = SourceFile(name: uri, text: text)
    index = ProgramIndex(file, validateMethod: validateMethod)
  }

  // MARK: Positions

  /// The byte offset of a position, within the text.
  func offset(line: Int, character: Int) -> Int {
    guard line >= 0, line < file.lineStarts.count else {
      return line < 0 ? 0 : file.utf8.count
    }
    var offset = file.lineStarts[line]
    var units = 0
    for scalar in file.line(line + 1).unicodeScalars {
      if units >= character { break }
      units += scalar.value > 0xFFFF ? 2 : 1
      offset += UTF8.width(scalar)
    }
    return offset
  }

  /// The offset that the parameters of a request name.
  func offset(_ parameters: DataNode) -> Int {
    let position = parameters["position"]
    return offset(
      line: position?["line"]?.integer ?? 0, character: position?["character"]?.integer ?? 0)
  }

  static func position(_ offset: Int, in file: SourceFile) -> JSONValue {
    let line = file.position(of: offset).line
    let start = file.lineStarts[line - 1]
    let text = file.text(in: Span(start: start, end: min(max(offset, start), file.utf8.count)))
    return .object([
      ("line", .integer(Int64(line - 1))), ("character", .integer(Int64(text.utf16.count))),
    ])
  }

  static func range(_ span: Span, in file: SourceFile) -> JSONValue {
    .object([
      ("start", position(Int(span.start), in: file)), ("end", position(Int(span.end), in: file)),
    ])
  }

  func range(_ span: Span) -> JSONValue { Self.range(span, in: file) }

  // MARK: Names

  /// The name at an offset, also when the offset is its end.
  func name(at offset: Int) -> (text: String, span: Span)? {
    let bytes = file.utf8
    var start = min(offset, bytes.count)
    var end = start
    while start > 0, Self.isWord(bytes[start - 1]) { start -= 1 }
    while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
    guard end > start else { return nil }
    let span = Span(start: start, end: end)
    return (file.text(in: span), span)
  }

  static func isWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
  }
}

extension UTF8 {
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case ..<0x80: 1
    case ..<0x800: 2
    case ..<0x1_0000: 3
    default: 4
    }
  }
}
