/// What a terminal can show.
package struct TerminalStyle: Sendable {
  /// Columns, at least 40.
  package var width: Int
  package var usesColor: Bool

  package init(width: Int, usesColor: Bool) {
    self.width = max(width, 40)
    self.usesColor = usesColor
  }

  enum Color: String {
    case blue = "34"
    case cyan = "36"
    case yellow = "33"
    case green = "32"
    case magenta = "35"
    case dim = "2"
    case bold = "1"
  }

  func paint(_ text: String, _ color: Color) -> String {
    usesColor && !text.isEmpty ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// The colours of chains.
  static let chainColors: [Color] = [.cyan, .yellow, .magenta, .green]
}

/// Cells of a picture with their colours.
struct CellGrid {
  let width: Int
  let height: Int
  private var cells: [Character]
  private var colors: [TerminalStyle.Color?]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    cells = [Character](repeating: " ", count: width * height)
    colors = [TerminalStyle.Color?](repeating: nil, count: width * height)
  }

  /// Row 0 is on top. Cells outside are ignored.
  mutating func set(
    _ column: Int, _ row: Int, _ character: Character, _ color: TerminalStyle.Color? = nil
  ) {
    guard (0..<width).contains(column), (0..<height).contains(row) else { return }
    cells[row * width + column] = character
    colors[row * width + column] = color
  }

  func line(_ row: Int, _ style: TerminalStyle) -> String {
    var text = ""
    var run = ""
    var color: TerminalStyle.Color?
    func flush() {
      text += color.map { style.paint(run, $0) } ?? run
      run = ""
    }
    for column in 0..<width {
      let next = colors[row * width + column]
      if next != color {
        flush()
        color = next
      }
      run.append(cells[row * width + column])
    }
    flush()
    guard color == nil else { return text }
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// Dots in cells, two columns and four rows in each.
struct BrailleGrid {
  let width: Int
  let height: Int
  private var dots: [UInt8]
  private var colors: [TerminalStyle.Color?]

  /// In cells.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    dots = [UInt8](repeating: 0, count: width * height)
    colors = [TerminalStyle.Color?](repeating: nil, count: width * height)
  }

  var dotWidth: Int { width * 2 }
  var dotHeight: Int { height * 4 }

  private static let bits: [[UInt8]] = [
    [0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80],
  ]

  /// Row 0 is on top. Dots outside are ignored.
  mutating func set(_ x: Int, _ y: Int, _ color: TerminalStyle.Color? = nil) {
    guard x >= 0, y >= 0, x < dotWidth, y < dotHeight else { return }
    let cell = y / 4 * width + x / 2
    dots[cell] |= Self.bits[y % 4][x % 2]
    colors[cell] = color
  }

  /// Puts the dots into a grid of the same size.
  func cells() -> CellGrid {
    var grid = CellGrid(width: width, height: height)
    for row in 0..<height {
      for column in 0..<width {
        let cell = row * width + column
        guard dots[cell] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[cell])) else {
          continue
        }
        grid.set(column, row, Character(scalar), colors[cell])
      }
    }
    return grid
  }
}
