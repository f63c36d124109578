import BorelIR
import BorelRuntime

/// The merged lanes of an enumeration, generation by generation, with the mass that flows between
/// them and the values that were reported in each.
final class EnumerationGraph {
  private struct Report {
    let number: Int
    let loops: [[Int64]]
    let lanes: [Int]
    var values: [[UInt64]]
  }

  /// From the lanes of this generation to those of the next one.
  private struct Step {
    /// Lane of this generation behind each forked lane.
    let parents: [Int32]
    let merged: MergedLanes
    /// Lanes before the fork; some may have no descendants.
    let laneCount: Int
  }

  private var reports: [[Report]] = [[]]
  private var steps: [Step] = []

  /// Keeps what the lanes reported in this generation.
  func addReports(_ machine: Machine) {
    for emission in machine.emissions {
      let (numbers, loops, values) = machine.read(emission)
      let lanes =
        emission.isContiguous
        ? Array(emission.firstLane..<(emission.firstLane + emission.count))
        : numbers.map { Int($0) }
      reports[reports.count - 1].append(
        Report(number: emission.report, loops: loops, lanes: lanes, values: values))
    }
    machine.discardEmissions()
  }

  func addGeneration(parents: [Int32], merged: MergedLanes, laneCount: Int) {
    steps.append(Step(parents: parents, merged: merged, laneCount: laneCount))
    reports.append([])
  }

  /// Reported words that are handles, for the collector.
  func visitHandles(_ program: Program, _ body: (UnsafeMutablePointer<UInt64>) -> Void) {
    for generation in reports.indices {
      for position in reports[generation].indices {
        let report = program.reports[reports[generation][position].number]
        for (k, type) in report.shape.layout(program.enumerations).enumerated()
        where type.isHandle {
          reports[generation][position].values[k].withUnsafeMutableBufferPointer { words in
            for entry in words.indices { body(words.baseAddress.unsafelyUnwrapped + entry) }
          }
        }
      }
    }
  }

  private struct Table {
    var shape: Shape
    var order: (Int, Int)
    /// Values by their words, with probabilities.
    var masses: [[UInt64]: Double] = [:]
    var sequence: [[UInt64]] = []
  }

  /// The exact marginal of every reported variable.
  ///
  /// - Parameter finalMasses: Posterior probabilities of the final lanes.
  func marginals(finalMasses: [Double], program: Program) -> [Variable] {
    var masses = finalMasses
    var tables: [ReportKey: Table] = [:]
    for generation in reports.indices.reversed() {
      for (position, report) in reports[generation].enumerated() {
        add(report, masses, order: (generation, position), program, &tables)
      }
      if generation > 0 { masses = pull(masses, through: steps[generation - 1]) }
    }
    ReportKey.numberFirstDraws(&tables)
    return Self.variables(tables, program)
  }

  /// Posterior mass of the lanes before a step.
  private func pull(_ masses: [Double], through step: Step) -> [Double] {
    var before = [Double](repeating: 0, count: step.laneCount)
    for (lane, parent) in step.parents.enumerated() {
      before[Int(parent)] += masses[Int(step.merged.lanes[lane])] * step.merged.shares[lane]
    }
    return before
  }

  private func add(
    _ report: Report, _ masses: [Double], order: (Int, Int), _ program: Program,
    _ tables: inout [ReportKey: Table]
  ) {
    let info = program.reports[report.number]
    for (entry, lane) in report.lanes.enumerated() {
      let mass = lane < masses.count ? masses[lane] : 0
      if mass <= 0 { continue }
      let key = ReportKey(
        name: info.name, loops: report.loops.map { $0.count == 1 ? $0[0] : $0[entry] })
      let words = report.values.map { $0[entry] }
      var table = tables[key] ?? Table(shape: info.shape, order: order)
      tables[key] = nil
      if order < table.order { table.order = order }
      if let known = table.masses[words] {
        table.masses[words] = known + mass
      } else {
        table.masses[words] = mass
        table.sequence.append(words)
      }
      tables[key] = table
    }
  }

  private static func variables(_ tables: [ReportKey: Table], _ program: Program) -> [Variable] {
    tables.sorted { a, b in
      if a.value.order != b.value.order { return a.value.order < b.value.order }
      return (a.key.name, a.key.loops.description) < (b.key.name, b.key.loops.description)
    }.flatMap { key, table -> [Variable] in
      let width = table.shape.layout(program.enumerations).count
      let probabilities = table.sequence.map { table.masses[$0] ?? 0 }
      let columns = (0..<width).map { k in table.sequence.map { $0[k] } }
      let present = [Bool](repeating: true, count: probabilities.count)
      return PathReader.variables(
        named: key.text, table.shape, columns,
        present: present, program: program
      ).map { variable in
        var variable = variable
        variable.probabilities = probabilities
        return variable
      }
    }
  }
}
