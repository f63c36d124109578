import BorelData

/// A drawing as SVG text. Colours come from classes, which the page gives a meaning in light and
/// dark.
struct SVG: Sendable {
  let width: Double
  let height: Double
  /// For readers that do not see.
  let title: String
  private(set) var body = ""

  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  /// A coordinate with one decimal.
  static func number(_ x: Double) -> String {
    let text = NumberText.fixed(x, decimals: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  /// - Parameter tip: What a pointer over it shows.
  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String,
    tip: String? = nil
  ) {
    body += "<rect class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
    body += " width=\"\(Self.number(max(width, 0)))\" height=\"\(Self.number(max(height, 0)))\""
    body += tip.map { "><title>\(Self.escaped($0))</title></rect>\n" } ?? "/>\n"
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    body += "<line class=\"\(style)\" x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\""
    body += " x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\"/>\n"
  }

  mutating func path(_ points: [(x: Double, y: Double)], _ style: String, isClosed: Bool = false) {
    guard !points.isEmpty else { return }
    var data = ""
    for (index, point) in points.enumerated() {
      data += index == 0 ? "M" : "L"
      data += Self.number(point.x) + " " + Self.number(point.y)
    }
    body += "<path class=\"\(style)\" d=\"\(data)\(isClosed ? "Z" : "")\"/>\n"
  }

  mutating func dot(_ x: Double, _ y: Double, _ radius: Double, _ style: String, tip: String? = nil)
  {
    body += "<circle class=\"\(style)\" cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\""
    body += " r=\"\(Self.number(radius))\""
    body += tip.map { "><title>\(Self.escaped($0))</title></circle>\n" } ?? "/>\n"
  }

  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ style: String, anchor: Anchor = .start
  ) {
    body += "<text class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
    body += " text-anchor=\"\(anchor.rawValue)\">\(Self.escaped(text))</text>\n"
  }

  /// The drawing as an element of a page.
  var element: String {
    let size = "\(Self.number(width)) \(Self.number(height))"
    return "<svg role=\"img\" aria-label=\"\(Self.escaped(title))\" viewBox=\"0 0 \(size)\""
      + " width=\"\(Self.number(width))\" height=\"\(Self.number(height))\">\n\(body)</svg>\n"
  }

  /// The drawing inside another one.
  func placed(at x: Double, _ y: Double) -> String {
    "<g transform=\"translate(\(Self.number(x)) \(Self.number(y)))\">\n\(body)</g>\n"
  }
}
