import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR

extension Machine {
  /// Whether some lane stands at a fork.
  package var isAtFork: Bool {
    suspended.contains { if case .fork = $0.state { true } else { false } }
  }

  /// Replaces every lane at a fork by one lane per value of its distribution, with the
  /// log-probability added to the weight, and numbers all lanes anew. Lanes elsewhere keep their
  /// order. Zero-probability values are left out.
  ///
  /// - Returns: The former number of each lane.
  /// - Throws: `Diagnostic` when a distribution has no finite support or bad parameters.
  package func expandForks() throws -> [Int32] {
    var parents: [Int32] = []
    var next: [Strand] = []
    for strand in suspended {
      guard case .fork = strand.state else {
        let first = parents.count
        for row in 0..<strand.count { parents.append(Int32(laneNumber(strand, row: row))) }
        pool.release(strand.lanes)
        strand.lanes = Slot(uniform: UInt64(first))
        next.append(strand)
        continue
      }
      if let part = try expand(strand, first: parents.count, &parents) { next.append(part) }
      release(strand)
    }
    suspended = []
    for strand in next {
      if case .fork = strand.state {
        strand.state = .ready
        addReady(strand)
      } else {
        suspended.append(strand)
      }
    }
    laneCount = parents.count
    lanesPerGroup = max(laneCount, 1)
    deadLanes.removeAll()
    return parents
  }

  private func expand(
    _ strand: Strand, first: Int, _ parents: inout [Int32]
  ) throws -> Strand? {
    let block = program.functions[strand.function].blocks[strand.block]
    let terminator = block.terminator.pointee
    let use = program.uses[terminator.number]
    let width = use.layout.count
    var rows: [Int32] = []
    var logProbabilities: [Double] = []
    var values = [[UInt64]](repeating: [], count: width)
    let dead = (-Double.infinity).bitPattern
    for row in 0..<strand.count {
      if pool.word(strand.weight, row: row) == dead { continue }
      try forEachValue(strand, row, terminator.arguments, use) { words, logProbability in
        rows.append(Int32(row))
        logProbabilities.append(logProbability)
        for k in 0..<width { values[k].append(words[k]) }
      }
    }
    if rows.isEmpty { return nil }
    for row in rows { parents.append(Int32(laneNumber(strand, row: Int(row)))) }
    let part = select(strand, rows)
    pool.release(part.lanes)
    part.lanes = Slot(uniform: UInt64(first))
    materialiseWeight(part)
    let weights = UnsafeMutableRawPointer(pool.data(part.weight.column))
      .assumingMemoryBound(to: Double.self)
    for row in rows.indices { weights[row] += logProbabilities[row] }
    resume(part, terminator.continuation, values)
    part.state = .fork
    return part
  }

  /// Puts the drawn words into the parameters of the continuation.
  private func resume(
    _ strand: Strand, _ continuation: UnsafePointer<CompiledContinuation>, _ values: [[UInt64]]
  ) {
    let saved = continuation.pointee.saved
    let kept = (0..<saved.count).map { strand.registers[saved[$0]] }
    for slot in kept { pool.retain(slot) }
    let live = liveRegisters(of: strand)
    for k in 0..<live.count { pool.release(strand.registers[live[k]]) }
    for k in 0..<saved.count { strand.registers[continuation.pointee.restored[k]] = kept[k] }
    let results = continuation.pointee.results
    for k in 0..<results.count where results.start[k] >= 0 {
      let column = pool.make(count: strand.count)
      pool.data(column).update(from: values[k], count: strand.count)
      strand.registers[results[k]] = Slot(column: column)
    }
    strand.isAtTerminator = false
    strand.block = continuation.pointee.block
  }

  private func forEachValue(
    _ strand: Strand, _ row: Int, _ operands: RegisterList, _ use: DistributionUse,
    _ body: (UnsafeMutablePointer<UInt64>, Double) -> Void
  ) throws {
    var words = (0..<operands.count).map { pool.word(strand.registers[operands[$0]], row: row) }
    try words.withUnsafeMutableBufferPointer { buffer in
      var parameters = UnsafePointer(buffer.baseAddress.unsafelyUnwrapped)
      var type = use.type
      if type == nil {
        let box = BoxObject(bits: parameters[0])
        if box.object.isNull { return }
        type = FamilyRegistry.family(at: box.tag)
        parameters = UnsafePointer(box.fields)
      } else if let type {
        try check(parameters, type, use)
      }
      guard let finite = type as? any FiniteSupport.Type else {
        let name = type?.name(LaneWords(parameters)) ?? ""
        throw notFinite(name, at: use.span)
      }
      let lanes = LaneWords(parameters)
      let count = finite.supportCount(lanes)
      // A combinator may have a part without finite support.
      if count < 0 { throw notFinite(finite.name(lanes), at: use.span) }
      if count >= Int(Int32.max) {
        throw Diagnostic(
          "E0607", .limit, "'\(finite.name(lanes))' has too many values to enumerate",
          at: use.span, hints: ["draw smaller parts, or use 'smc(...)' or 'importance(...)'"])
      }
      var problem: String?
      LaneBuffer.withBuffer { value in
        for index in 0..<count {
          finite.supportValue(index, lanes, arena: arena, into: value)
          let logProbability = finite.logDensity(LaneWords(UnsafePointer(value)), lanes)
          if logProbability > -.infinity { body(value, logProbability) }
          if logProbability.isNaN, problem == nil, let host = finite as? any HostFamily.Type {
            problem = host.densityProblem(LaneWords(UnsafePointer(value)), lanes)
          }
        }
      }
      if let problem { throw Diagnostic("E0320", .runtime, problem, at: use.span) }
    }
  }

  private func check(
    _ words: UnsafePointer<UInt64>, _ type: any Family.Type, _ use: DistributionUse
  ) throws {
    let views = (0..<use.parameterCount).map { ColumnOperand(base: words + $0, stride: 0) }
    try views.withUnsafeBufferPointer { views in
      let start = views.baseAddress.unsafelyUnwrapped
      if let violation = type.firstViolation(count: 1, parameters: start) {
        throw outsideDomain(type, violation, start, of: use, at: use.span)
      }
    }
  }
}
