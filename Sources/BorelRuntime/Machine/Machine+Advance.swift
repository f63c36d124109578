import BorelBase
import BorelHeap
import BorelIR

extension Machine {
  /// Lets every lane go on to its next checkpoint, fork or return.
  ///
  /// - Throws: `Diagnostic` for the failure of the smallest lane, a limit, or `Interruption`.
  package func advance() throws {
    resumeSuspended()
    while let strand = takeFurthestBehind() {
      try run(strand)
    }
    if let failure {
      self.failure = nil
      throw failure.diagnostic
    }
  }

  /// Lanes at checkpoints go on. The generation is part of the random counters, so that draw
  /// numbers start again.
  private func resumeSuspended() {
    var waiting: [Strand] = []
    for strand in suspended {
      switch strand.state {
      case .checkpoint:
        strand.state = .ready
        ready.append(strand)
      case .returned, .fork, .ready: waiting.append(strand)
      }
    }
    suspended = waiting
    for strand in ready {
      pool.release(strand.draws)
      strand.draws = Slot(uniform: 0)
      strand.drawOffset = 0
    }
  }

  /// Starts the next generation of random counters. Called by the driver between two advances.
  package func beginGeneration() throws {
    if generation == UInt32.max {
      throw Diagnostic(
        "E0604", .limit, "the run has more than 4,294,967,295 generations", at: .none)
    }
    generation += 1
    emissions.removeAll()
  }

  /// Whether any lane is left to advance.
  package var isFinished: Bool {
    suspended.allSatisfy { if case .returned = $0.state { true } else { false } }
      && ready.isEmpty
  }

  /// Runs a strand until it waits, ends, or another one is behind it.
  private func run(_ strand: Strand) throws {
    while true {
      let function = program.functions[strand.function]
      let block = function.blocks + strand.block
      if !strand.isAtTerminator {
        if !ready.isEmpty, try meetOthers(strand) { return }
        laneSteps &+= UInt64(strand.count)
        if laneSteps >= nextCheck || arena.hasLargeObject { try checkLimits(strand) }
        try execute(strand, block)
        if strand.count == 0 { return }
      }
      strand.isAtTerminator = false
      let terminator = block.pointee.terminator
      switch terminator.pointee.kind {
      case .jump:
        move(strand, terminator.pointee.target)
      case .branch:
        if try !branch(strand, terminator) { return }
      case .call:
        try call(
          strand, terminator.pointee.number, terminator, order: block.pointee.order, closure: nil)
      case .apply:
        if try !apply(strand, terminator, order: block.pointee.order) { return }
      case .returnValues:
        if try !returnValues(strand, terminator) { return }
      case .tailCall:
        tailCall(strand, terminator)
      case .checkpoint:
        try flush(strand)
        if strand.count == 0 { return }
        move(strand, terminator.pointee.target)
        strand.state = .checkpoint(terminator.pointee.number)
        suspend(strand)
        return
      case .fork:
        try flush(strand)
        if strand.count == 0 { return }
        strand.isAtTerminator = true
        strand.state = .fork
        suspend(strand)
        return
      }
    }
  }

  /// Moves along an edge: arguments become parameters, what nobody needs is given back.
  func move(_ strand: Strand, _ target: UnsafePointer<CompiledTarget>) {
    let registers = strand.registers
    let arguments = target.pointee.arguments
    let parameters = target.pointee.parameters
    let releases = target.pointee.releases
    let count = arguments.count
    if tracksAddresses { follow(strand, target.pointee.loops) }
    if count == 0 {
      for k in 0..<releases.count { pool.release(registers[releases[k]]) }
      strand.block = target.pointee.block
      return
    }
    withUnsafeTemporaryAllocation(of: Slot.self, capacity: count) { moved in
      for k in 0..<count {
        moved[k] = registers[arguments[k]]
        if parameters.start[k] >= 0 { pool.retain(moved[k]) }
      }
      for k in 0..<releases.count { pool.release(registers[releases[k]]) }
      for k in 0..<count where parameters.start[k] >= 0 { registers[parameters[k]] = moved[k] }
    }
    strand.block = target.pointee.block
  }

  /// A suspended strand that stands where another one does, on the same frame, joins it.
  func suspend(_ strand: Strand) {
    for other in suspended where isTogether(strand, other) {
      merge(strand, into: other)
      return
    }
    suspended.append(strand)
  }

  private func isTogether(_ a: Strand, _ b: Strand) -> Bool {
    if case .returned = a.state, case .returned = b.state { return true }
    guard a.function == b.function, a.block == b.block, a.frame === b.frame,
      a.isAtTerminator == b.isAtTerminator
    else { return false }
    switch (a.state, b.state) {
    case (.checkpoint(let first), .checkpoint(let second)): return first == second
    case (.fork, .fork), (.ready, .ready): return true
    default: return false
    }
  }

  /// Takes over ready strands at the same point. True when the strand was put back because
  /// another one is behind it.
  private func meetOthers(_ strand: Strand) throws -> Bool {
    var index = 0
    while index < ready.count {
      if isTogether(strand, ready[index]) {
        try flush(strand)
        if strand.count == 0 { return true }
        let other = ready.remove(at: index)
        merge(other, into: strand)
      } else {
        index += 1
      }
    }
    guard ready.contains(where: { isBehind($0, strand) }) else { return false }
    try flush(strand)
    if strand.count > 0 { ready.append(strand) }
    return true
  }

  private func takeFurthestBehind() -> Strand? {
    guard var best = ready.indices.first else { return nil }
    for index in ready.indices.dropFirst() where isBehind(ready[index], ready[best]) {
      best = index
    }
    return ready.remove(at: best)
  }

  /// Whether `a` has to run before `b` so that lanes reconverge: it stands at an earlier block of
  /// the outermost frame in which they differ, or inside a call that `b` has yet to reach.
  private func isBehind(_ a: Strand, _ b: Strand) -> Bool {
    var frameA = a.frame
    var frameB = b.frame
    var orderA = order(of: a)
    var orderB = order(of: b)
    while (frameA?.depth ?? 0) > (frameB?.depth ?? 0) {
      orderA = (frameA?.order ?? 0, true)
      frameA = frameA?.parent
    }
    while (frameB?.depth ?? 0) > (frameA?.depth ?? 0) {
      orderB = (frameB?.order ?? 0, true)
      frameB = frameB?.parent
    }
    while frameA !== frameB {
      orderA = (frameA?.order ?? 0, true)
      orderB = (frameB?.order ?? 0, true)
      frameA = frameA?.parent
      frameB = frameB?.parent
    }
    if orderA.block != orderB.block { return orderA.block < orderB.block }
    if orderA.isInCall != orderB.isInCall { return orderB.isInCall }
    return a.number < b.number
  }

  private func order(of strand: Strand) -> (block: Int32, isInCall: Bool) {
    (program.functions[strand.function].blocks[strand.block].order, strand.isAtTerminator)
  }
}
