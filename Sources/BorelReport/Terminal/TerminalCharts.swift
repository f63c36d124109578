import BorelData
import BorelInference

/// Pictures of single variables in Unicode characters.
struct TerminalCharts {
  let style: TerminalStyle
  let posterior: Posterior

  private static let eighths: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  // MARK: Histogram

  /// Columns for the bins of a real, or a bar to the right for each value.
  func histogram(_ variable: Variable) -> String {
    let bins = min(60, style.width - 4)
    guard let histogram = Histogram(posterior, variable, binCount: bins) else {
      return title(variable.name, "no draws") + "\n"
    }
    return histogram.isBinned ? columns(variable, histogram) : bars(variable, histogram)
  }

  private func columns(_ variable: Variable, _ histogram: Histogram) -> String {
    let height = 6
    let repeats = max(1, min(60, style.width - 4) / histogram.bars.count)
    var text = title(variable.name, statistics(variable)) + "\n"
    for row in (0..<height).reversed() {
      var line = ""
      for bar in histogram.bars {
        let level = bar.mass / histogram.largestMass * Double(height) - Double(row)
        let eighth = min(max(Int((level * 8).rounded()), 0), 8)
        // Something that is there is seen.
        let shown = row == 0 && eighth == 0 && bar.mass > 0 ? 1 : eighth
        line += String(repeating: Self.eighths[shown], count: repeats)
      }
      while line.last == " " { line.removeLast() }
      text += "  " + style.paint(line, .cyan) + "\n"
    }
    let width = histogram.bars.count * repeats
    let low = Axis.label(short(histogram.bars[0].low))
    let high = Axis.label(short(histogram.bars[histogram.bars.count - 1].high))
    let gap = max(1, width - low.count - high.count)
    return text + "  " + low + String(repeating: " ", count: gap) + high + "\n"
  }

  private func bars(_ variable: Variable, _ histogram: Histogram) -> String {
    let labels = histogram.bars.map { $0.label ?? "" }
    let labelWidth = min(labels.map(\.count).max() ?? 0, style.width / 3)
    let room = max(10, min(50, style.width - labelWidth - 12))
    var text = title(variable.name, statistics(variable)) + "\n"
    for (bar, label) in zip(histogram.bars, labels) {
      let length = bar.mass / histogram.largestMass * Double(room)
      let full = Int(length)
      let rest: [Character] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"].map { $0.first ?? " " }
      let part = Int((length - Double(full)) * 8)
      let tail = part > 0 ? String(rest[part]) : (full == 0 ? "▏" : "")
      let padding = String(repeating: " ", count: max(0, labelWidth - label.count))
      text += "  \(padding)\(label.prefix(labelWidth)) "
      text += style.paint(String(repeating: "█", count: full) + tail, .cyan)
      text += " \(NumberText.short(bar.mass, digits: 3))\n"
    }
    return text
  }

  private func title(_ name: String, _ rest: String) -> String {
    // What does not fit is left out.
    let room = style.width - name.count - 2
    return style.paint(String(name.prefix(style.width)), .bold)
      + (rest.isEmpty || rest.count > room ? "" : "  " + style.paint(rest, .dim))
  }

  private func statistics(_ variable: Variable) -> String {
    guard variable.kind.isNumeric else { return "" }
    let summary = posterior.summary(of: variable)
    guard let mean = summary.mean else { return "" }
    var text = "mean \(NumberText.short(mean))"
    if let sd = summary.sd { text += ", sd \(NumberText.short(sd))" }
    if let q5 = summary.q5, let q95 = summary.q95 {
      text += ", 90 % in [\(NumberText.short(q5)), \(NumberText.short(q95))]"
    }
    return text
  }

  private func short(_ value: Double) -> Double { Double(NumberText.short(value)) ?? value }

  // MARK: Intervals

  /// A line for each variable over a common axis: 90 % thin, 50 % thick, the median a dot.
  func intervals(_ variables: [Variable]) -> String {
    var rows: [(name: String, quantiles: [Double])] = []
    for variable in variables {
      let found = posterior.quantiles(of: variable, at: Ribbon.probabilities)
      if found.count == 5, found.allSatisfy(\.isFinite) { rows.append((variable.name, found)) }
    }
    guard let low = rows.map({ $0.quantiles[0] }).min(),
      let high = rows.map({ $0.quantiles[4] }).max()
    else { return "" }
    let nameWidth = min(rows.map(\.name.count).max() ?? 0, style.width / 3)
    let width = max(20, min(72, style.width - nameWidth - 5))
    let axis = Axis(low, high, count: max(2, width / 14))
    func column(_ value: Double) -> Int {
      min(max(Int(axis.share(value) * Double(width)), 0), width - 1)
    }
    var text = ""
    for row in rows {
      var grid = CellGrid(width: width, height: 1)
      if axis.low < 0, axis.high > 0 { grid.set(column(0), 0, "┊", .dim) }
      for place in column(row.quantiles[0])...column(row.quantiles[4]) {
        grid.set(place, 0, "─", .cyan)
      }
      for place in column(row.quantiles[1])...column(row.quantiles[3]) {
        grid.set(place, 0, "━", .cyan)
      }
      grid.set(column(row.quantiles[2]), 0, "●", .cyan)
      let padding = String(repeating: " ", count: max(0, nameWidth - row.name.count))
      text += "  \(row.name.prefix(nameWidth))\(padding) \(grid.line(0, style))\n"
    }
    return text + ruler(axis, width: width, indent: nameWidth + 3)
  }

  /// Ticks with their labels under a picture.
  private func ruler(_ axis: Axis, width: Int, indent: Int) -> String {
    var marks = [Character](repeating: "─", count: width)
    var labels = [Character](repeating: " ", count: width + 2)
    var free = 0
    for tick in axis.ticks {
      let place = min(max(Int(axis.share(tick) * Double(width)), 0), width - 1)
      marks[place] = "┴"
      let label = Array(Axis.label(tick))
      let start = max(min(place - label.count / 2, labels.count - label.count), 0)
      guard start >= free, start + label.count <= labels.count else { continue }
      for (offset, character) in label.enumerated() { labels[start + offset] = character }
      free = start + label.count + 1
    }
    let space = String(repeating: " ", count: indent)
    var line = String(labels)
    while line.last == " " { line.removeLast() }
    return space + style.paint(String(marks), .dim) + "\n" + space + style.paint(line, .dim) + "\n"
  }

  // MARK: Traces

  /// The draws of chains in order, each chain in its colour.
  func trace(_ variable: Variable, chainCount: Int) -> String {
    let length = variable.values.count / max(chainCount, 1)
    let finite = variable.values.filter(\.isFinite)
    guard length > 1, let low = finite.min(), let high = finite.max() else { return "" }
    let axis = Axis(low, high, count: 4)
    return plot(axis, title: title(variable.name, "\(chainCount) chains of \(length) draws")) {
      grid in
      for chain in 0..<chainCount {
        let color = TerminalStyle.chainColors[chain % TerminalStyle.chainColors.count]
        // A column shows the range of the draws that fall into it.
        for x in 0..<grid.dotWidth {
          let from = chain * length + x * length / grid.dotWidth
          let to = chain * length + (x + 1) * length / grid.dotWidth
          for index in from..<max(to, from + 1) {
            let y = Int((1 - axis.share(variable.values[index])) * Double(grid.dotHeight - 1))
            grid.set(x, y, color)
          }
        }
      }
    }
  }

  /// A curve over steps.
  func curve(
    _ name: String, _ note: String, _ values: [Double], low: Double, high: Double
  ) -> String {
    guard values.count > 1 else { return "" }
    let axis = Axis(low, high, count: 4, margin: 0)
    return plot(axis, title: title(name, note)) { grid in
      var previous: Int?
      for x in 0..<grid.dotWidth {
        let from = x * values.count / grid.dotWidth
        let to = max((x + 1) * values.count / grid.dotWidth, from + 1)
        for index in from..<min(to, values.count) where values[index].isFinite {
          let y = Int((1 - axis.share(values[index])) * Double(grid.dotHeight - 1))
          let last = previous ?? y
          for dot in min(last, y)...max(last, y) { grid.set(x, dot, .cyan) }
          previous = y
        }
      }
    }
  }

  private func plot(
    _ axis: Axis, title: String, _ draw: (inout BrailleGrid) -> Void
  ) -> String {
    let height = 8
    let labels = rowLabels(axis, height: height)
    let labelWidth = labels.values.map(\.count).max() ?? 0
    var grid = BrailleGrid(
      width: max(20, min(76, style.width - labelWidth - 5)), height: height)
    draw(&grid)
    return title + "\n" + framed(grid.cells(), labels, labelWidth)
  }

  /// The labels of the rows that hold a tick.
  private func rowLabels(_ axis: Axis, height: Int) -> [Int: String] {
    var labels: [Int: String] = [:]
    for tick in axis.ticks {
      let row = min(max(Int((1 - axis.share(tick)) * Double(height)), 0), height - 1)
      labels[row] = Axis.label(tick)
    }
    return labels
  }

  private func framed(_ grid: CellGrid, _ labels: [Int: String], _ labelWidth: Int) -> String {
    var text = ""
    for row in 0..<grid.height {
      let label = labels[row] ?? ""
      let padding = String(repeating: " ", count: labelWidth - label.count)
      let edge = style.paint("\(padding)\(label) \(label.isEmpty ? "│" : "┤")", .dim)
      text += "  \(edge)\(grid.line(row, style))\n"
    }
    return text
  }

  // MARK: Ribbons

  /// An array over its index: the median, the middle 50 % and 90 %, and the data.
  func ribbon(_ ribbon: Ribbon) -> String {
    let height = 14
    let (low, high) = ribbon.range
    let axis = Axis(low, high, count: 4)
    let labels = rowLabels(axis, height: height)
    let labelWidth = labels.values.map(\.count).max() ?? 0
    let count = ribbon.indices.count
    let room = max(20, min(100, style.width - labelWidth - 5))
    let width = count <= room / 2 ? count * (room / count) : min(count, room)
    var grid = CellGrid(width: width, height: height)
    func row(_ value: Double) -> Int {
      min(max(Int((1 - axis.share(value)) * Double(height)), 0), height - 1)
    }
    for column in 0..<width {
      let from = column * count / width
      let members = from..<max((column + 1) * count / width, from + 1)
      func bound(_ k: Int, _ choose: ([Double]) -> Double?) -> Double {
        choose(members.map { ribbon.quantiles[$0][k] }) ?? 0
      }
      for y in row(bound(4) { $0.max() })...row(bound(0) { $0.min() }) {
        grid.set(column, y, "░", .blue)
      }
      for y in row(bound(3) { $0.max() })...row(bound(1) { $0.min() }) {
        grid.set(column, y, "▒", .blue)
      }
      let middle = members.map { ribbon.quantiles[$0][2] }.reduce(0, +) / Double(members.count)
      grid.set(column, row(middle), "━", .cyan)
      for member in members {
        if let value = ribbon.data?.values[member] { grid.set(column, row(value), "•", .yellow) }
      }
    }
    let first = "\(ribbon.indices[0])"
    let last = "\(ribbon.indices[count - 1])"
    let gap = String(repeating: " ", count: max(1, width - first.count - last.count))
    let data = ribbon.data.map { ", • \($0.name)" } ?? ""
    return title("\(ribbon.name)[i]", "━ median, ▒ 50 %, ░ 90 %\(data)") + "\n"
      + framed(grid, labels, labelWidth)
      + String(repeating: " ", count: labelWidth + 4) + style.paint(first + gap + last, .dim) + "\n"
  }
}
