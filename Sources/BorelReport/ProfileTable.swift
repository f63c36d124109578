import BorelBase
import BorelData
import BorelRuntime

/// A profile as text: lines of the program by the time that they take, then what is not theirs.
package struct ProfileTable {
  private let totals: RunProfile.Totals
  private let sources: SourceMap
  /// Processor time of the whole run.
  private let seconds: Double

  /// Lines that are shown.
  private static let lineLimit = 15

  package init(_ profile: RunProfile, seconds: Double, in sources: SourceMap) {
    totals = profile.totals
    self.seconds = seconds
    self.sources = sources
  }

  private struct Cost {
    var nanoseconds: Int64 = 0
    var lanes: Int64 = 0
  }

  private struct Line: Hashable {
    var file: Int
    var number: Int
  }

  package var text: String {
    var lines: [Line: [RunProfile.Work: Cost]] = [:]
    var works: [RunProfile.Work: Int64] = [:]
    for (site, cost) in totals.sites {
      works[site.work, default: 0] += cost.nanoseconds
      let file = Int(site.span.file)
      let isKnown = !site.span.isNone && sources.files.indices.contains(file)
      let line = Line(
        file: isKnown ? file : -1,
        number: isKnown ? sources.files[file].position(of: Int(site.span.start)).line : 0)
      lines[line, default: [:]][site.work, default: Cost()].nanoseconds +=
        cost.nanoseconds
      lines[line, default: [:]][site.work, default: Cost()].lanes += cost.lanes
    }
    let measured = works.values.reduce(0, +) + totals.phases.values.reduce(0, +)
    var rows = ["profile: \(NumberText.short(seconds, digits: 3)) s of processor time"]
    let sorted = lines.sorted { a, b in
      let (first, second) = (Self.sum(a.value), Self.sum(b.value))
      return first == second ? a.key.number < b.key.number : first > second
    }
    for (line, costs) in sorted.prefix(Self.lineLimit) { rows.append(row(line, costs)) }
    if sorted.count > Self.lineLimit {
      let rest = sorted.dropFirst(Self.lineLimit).reduce(0) { $0 + Self.sum($1.value) }
      rows.append("\(share(rest))  \(sorted.count - Self.lineLimit) other lines")
    }
    for phase in RunProfile.Phase.allCases {
      if let time = totals.phases[phase] { rows.append("\(share(time))  \(phase.rawValue)") }
    }
    rows.append(
      "\(share(max(Int64(seconds * 1e9) - measured, 0)))  control flow, results, and the rest")
    rows.append("by kind: \(kinds(works))")
    if totals.allLanes > 0 {
      let occupancy = Double(totals.activeLanes) / Double(totals.allLanes)
      rows.append(
        "lanes: occupancy \(NumberText.short(100 * occupancy, digits: 3)) %, at most "
          + "\(totals.mostStrands) strands, \(totals.records) records of "
          + "\(NumberText.short(Double(totals.instructions) / Double(max(totals.records, 1)), digits: 3)) "
          + "instructions, \(totals.collections) collections")
    }
    return rows.joined(separator: "\n")
  }

  private static func sum(_ costs: [RunProfile.Work: Cost]) -> Int64 {
    costs.values.reduce(0) { $0 + $1.nanoseconds }
  }

  private func row(_ line: Line, _ costs: [RunProfile.Work: Cost]) -> String {
    let time = Self.sum(costs)
    let lanes = costs.values.map(\.lanes).max() ?? 0
    let perLane = lanes > 0 ? Double(time) / Double(lanes) : 0
    let cost = Self.padded(NumberText.short(perLane, digits: 3), 7) + " ns/lane"
    guard line.file >= 0 else { return "\(share(time))  \(cost)  without a place" }
    let file = sources.files[line.file]
    let source = file.line(line.number).drop { $0 == " " }
    return "\(share(time))  \(cost)  \(file.name):\(line.number)  \(source)"
  }

  private func kinds(_ works: [RunProfile.Work: Int64]) -> String {
    RunProfile.Work.allCases.compactMap { work in
      works[work].map { "\(work.rawValue) \(share($0).drop { $0 == " " })" }
    }.joined(separator: ", ")
  }

  private func share(_ nanoseconds: Int64) -> String {
    let share = seconds > 0 ? Double(nanoseconds) * 1e-7 / seconds : 0
    return Self.padded(NumberText.fixed(share, decimals: 1), 5) + " %"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
