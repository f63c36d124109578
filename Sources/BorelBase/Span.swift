/// A half-open range of UTF-8 offsets in a source file.
///
/// `file` tells program text from the text of the standard library: 0 is the program, and the
/// `SourceMap` of a compilation says what the other numbers are.
public struct Span: Hashable, Sendable {
  public var start: Int32
  public var end: Int32
  public var file: Int32

  public init(start: Int, end: Int, file: Int = 0) {
    self.start = Int32(clamping: start)
    self.end = Int32(clamping: end)
    self.file = Int32(clamping: file)
  }

  /// A place that belongs to no text: generated code.
  package static let none = Span(start: 0, end: 0, file: -1)

  package var isNone: Bool { file < 0 }

  /// The smallest span that covers both.
  package func joined(_ other: Span) -> Span {
    if isNone { return other }
    if other.isNone { return self }
    return Span(
      start: Int(Swift.min(start, other.start)), end: Int(Swift.max(end, other.end)),
      file: Int(file))
  }
}

/// The files that the spans of one compilation point into.
public struct SourceMap: Sendable {
  package var files: [SourceFile]

  public init(_ files: [SourceFile]) { self.files = files }

  package func file(of span: Span) -> SourceFile? {
    let index = Int(span.file)
    return index >= 0 && index < files.count ? files[index] : nil
  }
}
