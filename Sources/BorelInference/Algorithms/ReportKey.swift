/// What tells reported values apart: the name, and the counters of the loops around the report.
package struct ReportKey: Hashable {
  package var name: String
  package var loops: [Int64]

  package init(name: String, loops: [Int64]) {
    self.name = name
    self.loops = loops
  }

  /// As results show it: `x[2][0]`.
  package var text: String { name + loops.map { "[\($0)]" }.joined() }

  /// A variable drawn before a loop and redrawn in it from the second iteration on is one series:
  /// its first draw has index 0.
  package static func numberFirstDraws<Entry>(_ entries: inout [ReportKey: Entry]) {
    for key in entries.keys where key.loops.isEmpty {
      let indices = entries.keys.filter { $0.name == key.name && $0.loops.count == 1 }
      if indices.isEmpty || indices.contains(where: { $0.loops == [0] }) { continue }
      entries[ReportKey(name: key.name, loops: [0])] = entries.removeValue(forKey: key)
    }
  }
}
