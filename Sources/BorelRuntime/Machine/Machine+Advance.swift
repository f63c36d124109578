import BorelBase
import BorelHeap
import BorelIR

extension Machine {
  /// Lets every lane go on to its next checkpoint, fork or return.
  ///
  /// - Throws: `Diagnostic` for the failure of the smallest lane, a limit, or `Interruption`.
  package func advance() throws {
    if let strand = takeLone() {
      if try !followPlan(strand) { try run(strand) }
    } else {
      resumeSuspended()
    }
    while let strand = takeReady() {
      if try !followPlan(strand) { try run(strand) }
    }
    if let failure {
      self.failure = nil
      throw failure.diagnostic
    }
  }

  /// The only strand, when it waits at a checkpoint.
  private func takeLone() -> Strand? {
    guard ready.isEmpty, suspended.count == 1, let strand = suspended.last,
      case .checkpoint = strand.state
    else { return nil }
    suspended.removeLast()
    strand.state = .ready
    restartDraws(strand)
    return strand
  }

  /// Lanes at checkpoints go on. The generation is part of the random counters, so that draw
  /// numbers start again.
  private func resumeSuspended() {
    for strand in ready.strands { restartDraws(strand) }
    var kept = 0
    for index in suspended.indices {
      let strand = suspended[index]
      if case .checkpoint = strand.state {
        strand.state = .ready
        restartDraws(strand)
        addReady(strand)
      } else {
        suspended[kept] = strand
        kept += 1
      }
    }
    suspended.removeLast(suspended.count - kept)
  }

  private func restartDraws(_ strand: Strand) {
    pool.release(strand.draws)
    strand.draws = Slot(uniform: 0)
    strand.drawOffset = 0
  }

  /// Whether a lane at a checkpoint has drawn since the generation began.
  package var hasDrawn: Bool {
    suspended.contains { strand in
      strand.drawOffset > 0 || !strand.draws.isUniform || strand.draws.bits > 0
    }
  }

  /// Starts the next generation of random counters. Called by the driver between two advances.
  ///
  /// - Parameter keepsEmissions: Whether what was reported stays for the driver to read.
  package func beginGeneration(keepingEmissions keepsEmissions: Bool = false) throws {
    if generation == UInt32.max {
      throw Diagnostic(
        "E0604", .limit, "the run has more than 4,294,967,295 generations", at: .none)
    }
    generation += 1
    if !keepsEmissions, !emissions.isEmpty { emissions.removeAll(keepingCapacity: true) }
  }

  /// The next generation has a number above this one, so that random counters can follow a scheme of
  /// the driver.
  ///
  /// - Precondition: not below the present generation.
  package func skipGenerations(to number: UInt32) {
    precondition(number >= generation)
    generation = number
  }

  /// Whether there are no lanes with a state.
  package var isIdle: Bool { ready.isEmpty && suspended.isEmpty }

  /// Whether any lane is left to advance.
  package var isFinished: Bool {
    suspended.allSatisfy { if case .returned = $0.state { true } else { false } }
      && ready.isEmpty
  }

  /// Runs a strand until it waits, ends, or another one is behind it.
  private func run(_ first: Strand) throws {
    var strand = first
    while true {
      let block = program.blocks[strand.function] + strand.block
      if !strand.isAtTerminator {
        if !ready.isEmpty {
          guard let met = try meetOthers(strand) else { return }
          strand = met
        }
        laneSteps &+= UInt64(strand.count)
        if laneSteps >= nextCheck || arena.hasLargeObject
          || texts.byteCount > nextTextCheck
        {
          try checkLimits(strand)
        }
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
    if count <= 2 {
      // Most edges pass one value or two.
      let first = registers[arguments[0]]
      let second = count == 2 ? registers[arguments[1]] : first
      if parameters.start[0] >= 0 { pool.retain(first) }
      if count == 2, parameters.start[1] >= 0 { pool.retain(second) }
      for k in 0..<releases.count { pool.release(registers[releases[k]]) }
      if parameters.start[0] >= 0 { registers[parameters[0]] = first }
      if count == 2, parameters.start[1] >= 0 { registers[parameters[1]] = second }
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
    for index in suspended.indices where isTogether(strand, suspended[index]) {
      suspended[index] = merge(strand, suspended[index])
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

  /// Takes over ready strands at the same point, and returns the strand with all of them. Nil when
  /// the strand was put back because another one is behind it, or has no lanes left.
  private func meetOthers(_ strand: Strand) throws -> Strand? {
    var strand = strand
    var isFlushed = false
    while let front = ready.front {
      let position = position(of: strand)
      let isSamePlace = front.place == position.place && front.frame == position.frame
      if !isSamePlace, !front.isBehind(position) { break }
      if !isFlushed {
        try flush(strand)
        if strand.count == 0 { return nil }
        isFlushed = true
      }
      if isSamePlace, let other = ready.strands.first, isTogether(strand, other) {
        _ = takeReady()
        strand = merge(strand, other)
      } else if front.isBehind(position) {
        addReady(strand)
        return nil
      } else {
        break
      }
    }
    return strand
  }
}
