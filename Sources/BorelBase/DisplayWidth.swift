/// How many columns of a terminal a character takes: 0, 1 or 2.
///
/// Wide are the East Asian wide and fullwidth blocks and emoji (Unicode Standard Annex 11, by
/// blocks); a tab counts 1 because the renderer replaces it before.
func displayWidth(_ character: Character) -> Int {
  guard let scalar = character.unicodeScalars.first else { return 0 }
  if scalar.isASCII { return 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  let hasEmojiStyle = character.unicodeScalars.contains { $0.value == 0xFE0F }
  if scalar.properties.isEmojiPresentation || hasEmojiStyle { return 2 }
  switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}

/// A line of program text made fit for a terminal.
///
/// Tabs become four blanks, and control characters, which could move the cursor or change colours,
/// become `?`.
struct DisplayLine {
  private(set) var text = ""
  /// The display column of each UTF-8 offset of the line, and of its end.
  private(set) var columns: [Int] = []

  init(_ line: String) {
    var column = 0
    for character in line {
      columns.append(contentsOf: repeatElement(column, count: character.utf8.count))
      if character == "\t" {
        text += "    "
        column += 4
      } else if let scalar = character.unicodeScalars.first,
        scalar.properties.generalCategory == .control
      {
        text += "?"
        column += 1
      } else {
        text.append(character)
        column += displayWidth(character)
      }
    }
    columns.append(column)
  }

  /// The display column of a UTF-8 offset, clamped to the line.
  func column(at offset: Int) -> Int { columns[min(max(offset, 0), columns.count - 1)] }
}
