import BorelHeap
import BorelIR

/// A random choice that a strand made in one step, in all of its lanes at once.
struct RecordedDraw {
  /// Number in `CompiledProgram.uses`: which instruction drew.
  let use: Int
  /// Draws that each row had used before the step's own counter: uniform or a column.
  let base: Slot
  /// The step's counter.
  let offset: UInt32
  /// Lane numbers; uniform means contiguous from that number.
  let lanes: Slot
  let count: Int
  /// Position of the first word in the record's columns.
  let firstColumn: Int
  let width: Int
}

/// The choices and reports of all lanes between two checkpoints.
///
/// Within a step the draw number tells choices of a lane apart, and the instruction that drew says
/// whether a replay has come to the same choice. Columns are immutable and counted, so keeping
/// them costs no copy: a record of N lanes holds N words per choice.
package final class StepRecord {
  @exclusivity(unchecked) private(set) var draws: [RecordedDraw] = []
  @exclusivity(unchecked) private(set) var columns: [Slot] = []
  /// Reports of the step, taken over from the machine.
  @exclusivity(unchecked) package private(set) var emissions: [Emission] = []
  @exclusivity(unchecked) private(set) var laneCount: Int
  /// Every choice was made by all lanes together, in lane order, with the same draw number.
  @exclusivity(unchecked) private(set) var isDense = true
  /// Draws used up in the step: one number when all lanes agree, else one per lane (-1 for a lane
  /// without a state).
  @exclusivity(unchecked) private(set) var drawCount: Int32 = 0
  @exclusivity(unchecked) private(set) var drawCounts: [Int32] = []
  private let pool: ColumnPool
  private let program: CompiledProgram

  package init(_ machine: Machine) {
    laneCount = machine.laneCount
    pool = machine.pool
    program = machine.program
  }

  deinit { releaseColumns() }

  private func releaseColumns() {
    for slot in columns { pool.release(slot) }
    for draw in draws {
      pool.release(draw.base)
      pool.release(draw.lanes)
    }
    for emission in emissions {
      for slot in emission.loops { pool.release(slot) }
      for slot in emission.values { pool.release(slot) }
      pool.release(emission.lanes)
    }
  }

  /// Lets go of everything; the memory of the record stays for another step.
  package func clear() {
    releaseColumns()
    draws.removeAll(keepingCapacity: true)
    columns.removeAll(keepingCapacity: true)
    emissions.removeAll(keepingCapacity: true)
    isDense = true
    drawCount = 0
    drawCounts.removeAll(keepingCapacity: true)
  }

  /// Starts another step of the same machine.
  ///
  /// - Precondition: The record is clear.
  package func restart(_ machine: Machine) { laneCount = machine.laneCount }

  /// Notes the draw that has just been put into the trace.
  func add(_ strand: Strand, use: Int, results: RegisterList, number: UInt32) {
    note(strand, use: use, width: results.count, number: number)
    for k in 0..<results.count {
      let slot = strand.registers[results[k]]
      pool.retain(slot)
      columns.append(slot)
    }
  }

  /// Takes over a draw of a plan that has been carried out, with a reference to each of its columns.
  func add(_ strand: Strand, _ draw: PlanDraw, of plan: Plan) {
    note(strand, use: draw.use, width: draw.columns.count, number: draw.number)
    for column in draw.columns { columns.append(plan.slot(.column(column))) }
  }

  private func note(_ strand: Strand, use: Int, width: Int, number: UInt32) {
    if !strand.draws.isUniform || !strand.lanes.isUniform || strand.lanes.bits != 0
      || strand.count != laneCount
    {
      isDense = false
    }
    pool.retain(strand.draws)
    pool.retain(strand.lanes)
    draws.append(
      RecordedDraw(
        use: use, base: strand.draws, offset: number, lanes: strand.lanes, count: strand.count,
        firstColumn: columns.count, width: width))
  }

  /// Closes the record when all lanes have come to the end of the step.
  package func finish(_ machine: Machine) {
    emissions = machine.takeEmissions()
    if machine.suspended.count == 1, let strand = machine.suspended.first,
      strand.draws.isUniform
    {
      drawCount = Int32(truncatingIfNeeded: strand.draws.bits) + Int32(strand.drawOffset)
      if strand.count == laneCount { return }
    }
    drawCounts = [Int32](repeating: -1, count: laneCount)
    for strand in machine.suspended {
      for row in 0..<strand.count {
        drawCounts[machine.laneNumber(strand, row: row)] = machine.drawsUsed(strand, row: row)
      }
    }
  }

  /// Draws that a lane used up in the step.
  func drawsUsed(by lane: Int) -> Int32 { drawCounts.isEmpty ? drawCount : drawCounts[lane] }

  /// The words of a column in a row.
  func word(_ draw: RecordedDraw, _ k: Int, row: Int) -> UInt64 {
    pool.word(columns[draw.firstColumn + k], row: row)
  }

  /// Draw number of a recorded choice in a row.
  func number(_ draw: RecordedDraw, row: Int) -> Int32 {
    Int32(truncatingIfNeeded: pool.word(draw.base, row: row)) + Int32(draw.offset)
  }

  /// The start of a choice's column when all lanes made it together.
  func column(_ draw: RecordedDraw, _ k: Int) -> UnsafePointer<UInt64> {
    UnsafePointer(pool.data(columns[draw.firstColumn + k].column))
  }

  /// The rows in which some lanes made a choice, as pairs of position in `lanes` and row.
  func forEachRow(
    of draw: RecordedDraw, rank: [Int32], _ body: (_ position: Int, _ row: Int) -> Void
  ) {
    for row in 0..<draw.count {
      let lane =
        draw.lanes.isUniform
        ? Int(draw.lanes.bits) + row : Int(pool.data(draw.lanes.column)[row])
      if rank[lane] >= 0 { body(Int(rank[lane]), row) }
    }
  }

  /// The row of a lane in a report of the step; nil when the lane did not make the report.
  package func row(of lane: Int, in emission: Emission) -> Int? {
    if emission.isContiguous {
      let row = lane - emission.firstLane
      return row >= 0 && row < emission.count ? row : nil
    }
    let lanes = pool.data(emission.lanes.column)
    return (0..<emission.count).first { Int(lanes[$0]) == lane }
  }

  /// Word k of a report.
  package func word(_ emission: Emission, _ k: Int, row: Int) -> UInt64 {
    pool.word(emission.values[k], row: row)
  }

  /// Counters of the loops around a report.
  package func loops(_ emission: Emission, row: Int) -> [Int64] {
    emission.loops.map { Int64(bitPattern: pool.word($0, row: row)) }
  }

  /// Whether the counters of the loops around a report are these.
  package func hasLoops(_ loops: [Int64], _ emission: Emission, row: Int) -> Bool {
    guard loops.count == emission.loops.count else { return false }
    for (k, slot) in emission.loops.enumerated()
    where Int64(bitPattern: pool.word(slot, row: row)) != loops[k] {
      return false
    }
    return true
  }

  /// Lets a collection replace the handles that the record holds.
  package func visitHandles(_ visit: (Slot, Int) -> Slot) {
    for draw in draws {
      for (k, type) in program.uses[draw.use].layout.enumerated()
      where k < draw.width && type.isHandle {
        let position = draw.firstColumn + k
        columns[position] = visit(columns[position], draw.count)
      }
    }
    for index in emissions.indices {
      let report = program.source.reports[emissions[index].report]
      for (k, type) in report.shape.layout(program.source.enumerations).enumerated()
      where type.isHandle {
        emissions[index].values[k] = visit(emissions[index].values[k], emissions[index].count)
      }
    }
  }
}
