import BorelBase
import SwiftCSV

/// Reads tables of comma, semicolon or tab separated values with a header.
package enum CSVReader {
  /// A table whose cells all have the place of their row.
  package struct Table: Sendable {
    package var header: [String]
    /// Cells, as many in each row as in the header.
    package var rows: [[String]]
    /// The place of each row; of no text when a quoted cell spans lines.
    package var rowSpans: [Span]
    package var headerSpan: Span
  }

  /// - Parameters:
  ///   - file: The text. Cells may be quoted, with `""` for a quote inside; lines end with LF or
  ///     CRLF; blank lines of a table with several columns are skipped.
  ///   - fileIndex: Its number in the source map; every span carries it.
  /// - Throws: E0405, all that are found up to 20.
  package static func read(_ file: SourceFile, fileIndex: Int) throws(Diagnostics) -> Table {
    let records = try records(file, fileIndex: fileIndex)
    let hasLineForEachRecord = records.count == lineCount(file)
    func span(_ record: Int) -> Span {
      guard hasLineForEachRecord else { return Span(start: 0, end: 0, file: fileIndex) }
      let start = file.lineStarts[record]
      return Span(start: start, end: start + file.line(record + 1).utf8.count, file: fileIndex)
    }
    guard let header = records.first else {
      throw Diagnostics([.malformedTable("the table is empty", at: span(0))])
    }
    var table = Table(header: header, rows: [], rowSpans: [], headerSpan: span(0))
    var problems = headerProblems(header, at: span(0))
    for index in records.indices.dropFirst() {
      let record = records[index]
      if record == [""], header.count > 1 { continue }
      guard record.count == header.count else {
        problems.append(
          .malformedTable(
            "row \(index) has \(record.count) cells, but the header has \(header.count)",
            at: span(index),
            hint: "every row has a cell for each column, empty where a value is missing"))
        if problems.count >= 20 { break }
        continue
      }
      table.rows.append(record)
      table.rowSpans.append(span(index))
    }
    guard problems.isEmpty else { throw Diagnostics(problems) }
    return table
  }

  /// All records with the header. The library ends an open quote silently at the end of the text;
  /// a last record of known contents shows whether that happened.
  private static func records(
    _ file: SourceFile, fileIndex: Int
  ) throws(Diagnostics) -> [[String]] {
    var text = file.text
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    guard text.contains(where: { !$0.isWhitespace }) else { return [] }
    if text.last?.isNewline != true { text += "\n" }
    let sentinel = "end"
    let delimiter = delimiter(of: file)
    var records: [[String]] = []
    do {
      let reader = try CSV<Enumerated>(
        string: text + sentinel + "\n", delimiter: delimiter, loadColumns: false, rowLimit: 0)
      try reader.enumerateAsArray(startAt: 0, rowLimit: nil) { records.append($0) }
    } catch {
      let row = records.count
      let place = row == 0 ? "the header" : "row \(row)"
      throw Diagnostics([
        .malformedTable(
          "\(place) has text after a closing quote",
          at: Span(start: 0, end: 0, file: fileIndex),
          hint: "inside a quoted cell a quote is written twice")
      ])
    }
    guard records.last == [sentinel] else {
      throw Diagnostics([
        .malformedTable(
          "a quoted cell is not closed before the end of the file",
          at: openQuote(in: file, fileIndex: fileIndex),
          hint: "close it with a quote; inside a quoted cell a quote is written twice")
      ])
    }
    records.removeLast()
    return records
  }

  /// The quote that no other one closes.
  private static func openQuote(in file: SourceFile, fileIndex: Int) -> Span {
    var last = file.utf8.count
    var isOpen = false
    for (index, byte) in file.utf8.enumerated() where byte == UInt8(ascii: "\"") {
      isOpen.toggle()
      if isOpen { last = index }
    }
    return Span(start: last, end: min(last + 1, file.utf8.count), file: fileIndex)
  }

  /// The separator that occurs most often in the first line.
  private static func delimiter(of file: SourceFile) -> CSVDelimiter {
    let line = file.line(1)
    func count(_ character: Character) -> Int { line.reduce(0) { $0 + ($1 == character ? 1 : 0) } }
    let (commas, semicolons, tabs) = (count(","), count(";"), count("\t"))
    if tabs > commas, tabs > semicolons { return .tab }
    return semicolons > commas ? .semicolon : .comma
  }

  /// Lines of the file; what follows the last line break counts only when it is not empty.
  private static func lineCount(_ file: SourceFile) -> Int {
    file.lineStarts.last == file.utf8.count ? file.lineStarts.count - 1 : file.lineStarts.count
  }

  private static func headerProblems(_ header: [String], at span: Span) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    var seen: Set<String> = []
    for (index, name) in header.enumerated() {
      if name.isEmpty {
        problems.append(.malformedTable("column \(index + 1) has no name", at: span))
      } else if !seen.insert(name).inserted {
        problems.append(.malformedTable("column '\(name)' occurs twice", at: span))
      }
    }
    if let only = header.first, header.count == 1, NumberReading.real(only) != nil {
      problems.append(
        .malformedTable(
          "the first line must hold the names of the columns, found '\(only)'", at: span))
    }
    return problems
  }
}

extension CSVReader.Table {
  /// The columns by name, each an array of cells.
  package var columns: [DataNode.Field] {
    header.enumerated().map { column, name in
      let cells = rows.indices.map { DataNode(.cell(rows[$0][column]), at: rowSpans[$0]) }
      return DataNode.Field(
        name: name, node: DataNode(.array(cells), at: headerSpan), span: headerSpan)
    }
  }

  /// The rows, each an object of cells.
  package var records: [DataNode] {
    rows.indices.map { row in
      let fields = header.enumerated().map { column, name in
        DataNode.Field(
          name: name, node: DataNode(.cell(rows[row][column]), at: rowSpans[row]),
          span: rowSpans[row])
      }
      return DataNode(.object(fields), at: rowSpans[row])
    }
  }
}

extension Diagnostic {
  fileprivate static func malformedTable(
    _ message: String, at span: Span, hint: String? = nil
  ) -> Diagnostic {
    Diagnostic("E0405", .data, message, at: span, hints: hint.map { [$0] } ?? [])
  }
}
