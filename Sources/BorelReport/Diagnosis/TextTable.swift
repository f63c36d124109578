/// Rows with columns of equal width, and indented notes under them.
struct TextTable {
  private let rows: [[String]]
  private let notes: [[String]]
  private let leftColumns: Int

  /// - Parameters:
  ///   - rows: The first one is the header.
  ///   - notes: Lines under each row; may be empty.
  ///   - leftColumns: How many columns are aligned to the left; the others are to the right.
  init(_ rows: [[String]], notes: [[String]] = [], leftColumns: Int = 1) {
    self.rows = rows
    self.notes = notes
    self.leftColumns = leftColumns
  }

  var text: String {
    let columnCount = rows.map(\.count).max() ?? 0
    let widths = (0..<columnCount).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var text = ""
    for (number, row) in rows.enumerated() {
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? "" : "  ") + (column < leftColumns ? cell + padding : padding + cell)
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
      if number < notes.count { for note in notes[number] { text += "    \(note)\n" } }
    }
    return text
  }
}
