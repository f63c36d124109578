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

    /// The key of each entry; a single one where all entries have the same loop counters.
    func keys(_ program: Program) -> [ReportKey] {
      let name = program.reports[number].name
      if loops.allSatisfy({ $0.count == 1 }) {
        return [ReportKey(name: name, loops: loops.map { $0[0] })]
      }
      return lanes.indices.map { entry in
        ReportKey(name: name, loops: loops.map { $0.count == 1 ? $0[0] : $0[entry] })
      }
    }
  }

  /// From the lanes of this generation to those of the next one.
  private struct Step {
    /// Lane of this generation behind each forked lane.
    let parents: [Int32]
    let merged: MergedLanes
    /// Lanes before the fork; some may have no descendants.
    let laneCount: Int

    /// Mass of the lanes before the step from that of the lanes after it.
    func pull(_ masses: [Double]) -> [Double] {
      var before = [Double](repeating: 0, count: laneCount)
      for (lane, parent) in parents.enumerated() {
        before[Int(parent)] += masses[Int(merged.lanes[lane])] * merged.shares[lane]
      }
      return before
    }
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

    mutating func add(_ words: [UInt64], _ mass: Double) {
      if let known = masses[words] {
        masses[words] = known + mass
      } else {
        masses[words] = mass
        sequence.append(words)
      }
    }
  }

  /// Adds up posterior mass by value, from the last generation to the first.
  private struct Marginals {
    /// Of the lanes of the generation.
    var masses: [Double]
    /// See `firstGenerations`.
    let firstGenerations: [ReportKey: Int]
    var tables: [ReportKey: Table] = [:]
    /// Mass of the lanes' descendants that have reported a key already.
    private var reported: [ReportKey: [Double]] = [:]

    init(masses: [Double], firstGenerations: [ReportKey: Int]) {
      self.masses = masses
      self.firstGenerations = firstGenerations
    }

    mutating func step(back step: Step, to generation: Int) {
      masses = step.pull(masses)
      reported = reported.filter { firstGenerations[$0.key].map { $0 <= generation } ?? false }
        .mapValues { step.pull($0) }
    }

    mutating func add(_ report: Report, order: (Int, Int), _ program: Program) {
      let keys = report.keys(program)
      let shape = program.reports[report.number].shape
      for (entry, lane) in report.lanes.enumerated() where lane < masses.count {
        let key = keys[keys.count == 1 ? 0 : entry]
        let mass = take(key, lane)
        if mass <= 0 { continue }
        var table = tables[key] ?? Table(shape: shape, order: order)
        tables[key] = nil
        if order < table.order { table.order = order }
        table.add(report.values.map { $0[entry] }, mass)
        tables[key] = table
      }
    }

    /// The mass of a lane that no later report of the key has taken.
    private mutating func take(_ key: ReportKey, _ lane: Int) -> Double {
      guard firstGenerations[key] != nil else { return masses[lane] }
      var taken = reported.removeValue(forKey: key) ?? [Double](repeating: 0, count: masses.count)
      let rest = masses[lane] - taken[lane]
      taken[lane] = masses[lane]
      reported[key] = taken
      // What rounding leaves of lanes whose descendants have all reported.
      return rest > 1e-13 * masses[lane] ? rest : 0
    }
  }

  /// The exact marginal of every reported variable: of several reports under one key on the way to
  /// a final lane the last one counts.
  ///
  /// - Parameter finalMasses: Posterior probabilities of the final lanes.
  func marginals(finalMasses: [Double], program: Program) -> [Variable] {
    var marginals = Marginals(masses: finalMasses, firstGenerations: firstGenerations(program))
    for generation in reports.indices.reversed() {
      for (position, report) in reports[generation].enumerated().reversed() {
        marginals.add(report, order: (generation, position), program)
      }
      if generation > 0 { marginals.step(back: steps[generation - 1], to: generation - 1) }
    }
    ReportKey.numberFirstDraws(&marginals.tables)
    return Self.variables(marginals.tables, program)
  }

  /// Where keys are reported for the first time, of those that more than one report has.
  private func firstGenerations(_ program: Program) -> [ReportKey: Int] {
    var first: [ReportKey: Int] = [:]
    var repeated: Set<ReportKey> = []
    for generation in reports.indices {
      for report in reports[generation] {
        for key in Set(report.keys(program)) {
          if first[key] == nil { first[key] = generation } else { repeated.insert(key) }
        }
      }
    }
    return first.filter { repeated.contains($0.key) }
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
