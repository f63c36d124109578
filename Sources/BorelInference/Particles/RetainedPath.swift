import BorelHeap
import BorelRuntime

/// The random choices of one path per group, step by step: what a conditional sweep keeps. Choices
/// rather than states, so that the path can be replayed after parameters have moved.
struct RetainedPath {
  /// One table per step; row g belongs to group g.
  var steps: [ChoiceTable]

  init(_ steps: [ChoiceTable]) { self.steps = steps }

  /// - Parameters:
  ///   - lanes: The lane of each group's path, by step.
  ///   - records: The choices of all lanes, by step.
  init(_ lanes: [[Int32]], _ records: [StepRecord], program: CompiledProgram) {
    steps = []
    _ = replace(by: lanes, records, program: program)
  }

  /// Takes over the choices of new paths, where possible in the memory of the old ones.
  ///
  /// - Returns: Whether the choices of each group have changed, shape `[steps][groups]`.
  mutating func replace(
    by lanes: [[Int32]], _ records: [StepRecord], program: CompiledProgram
  ) -> [Bool] {
    let groups = lanes.first?.count ?? 0
    var changes = [Bool](repeating: true, count: records.count * groups)
    if records.count < steps.count { steps.removeLast(steps.count - records.count) }
    steps.reserveCapacity(records.count)
    for (step, record) in records.enumerated() {
      let first = step * groups
      if step < steps.count, isKnownUniquelyReferenced(&steps[step]),
        steps[step].overwrite(
          copying: lanes[step], of: record,
          changes: { changes[first + $0] = $1 })
      {
        continue
      }
      let table = ChoiceTable(
        copying: lanes[step], of: record, program: program,
        like: step > 0 ? steps[step - 1] : nil)
      if step == steps.count {
        steps.append(table)
        continue
      }
      for group in 0..<groups {
        changes[first + group] = !table.agrees(group, with: steps[step], group)
      }
      steps[step] = table
    }
    return changes
  }

  /// The words of all choices of a group, in order.
  func words(group: Int) -> [UInt64] {
    steps.flatMap { step in
      step.listChoices(of: group).flatMap { choice in
        (0..<choice.width).map { step.word(choice, row: group, $0) }
      }
    }
  }

  func write(to writer: inout StateWriter) {
    writer.write(steps.count)
    for step in steps { step.write(to: &writer) }
  }

  /// The path that another one of the same run has written.
  ///
  /// - Parameter arena: Where objects are made.
  init(
    from reader: inout StateReader, groups: Int, program: CompiledProgram, into arena: Arena
  ) throws {
    steps = []
    for _ in 0..<(try reader.readCount()) {
      let table = try ChoiceTable(
        from: &reader, program: program, into: arena, like: steps.last)
      guard table.rowCount == groups else { throw DamagedState() }
      steps.append(table)
    }
  }

  func visitHandles(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    for step in steps { step.visitHandles(visit) }
  }
}
