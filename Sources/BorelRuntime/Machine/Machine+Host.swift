import BorelBase
import BorelHeap
import BorelIR
import BorelKernels

extension Machine {
  /// The column function of a traced operation that is not a kernel.
  func columnFunction(
    _ operation: TracedOperation, context: FlushContext, firstRow: Int
  ) -> ColumnFunction {
    switch operation.kind {
    case .memoMake, .memoFind, .memoStore: return memoFunction(operation.kind, operation.payload)
    case .infer, .host: return hostFunction(operation, context: context, firstRow: firstRow)
    default: return program.operations[operation.payload].function
    }
  }

  /// Calls the host once per lane. Lanes with equal arguments share the result of an inference,
  /// which is exact or carries its own randomness by key.
  private func hostFunction(
    _ operation: TracedOperation, context: FlushContext, firstRow: Int
  ) -> ColumnFunction {
    let machine = Unchecked(self)
    let isInference = operation.kind == .infer
    let payload = operation.payload
    let resultCount = operation.resultCount
    let place = Place(
      function: Int(operation.function), block: Int(operation.block),
      instruction: Int(operation.instruction))
    return { call in
      forEachLane(call) { lane in
        let words = (0..<call.operandCount).map { call.operands[$0].word(lane) }
        do {
          let row = firstRow + lane
          let results = try machine.value.callHost(
            isInference ? machine.value.nestedKey(context, row: row, draw: operation.draw) : nil,
            payload, words, resultCount: resultCount, at: place)
          for (k, word) in results.enumerated() { call.results[k][lane] = word }
          return true
        } catch {
          machine.value.noteHostFailure(error, lane: firstRow + lane)
          return false
        }
      }
    }
  }

  /// The key of an inference inside a lane: a child of the lane's key and draw number.
  private func nestedKey(_ context: FlushContext, row: Int, draw: UInt32) -> UInt64 {
    let number = context.lanes.map { Int($0[row]) } ?? context.firstLane + row
    let group = number / lanesPerGroup
    let base = context.draws.map { UInt32(truncatingIfNeeded: $0[row]) } ?? context.drawBase
    return nestedKey(group: group, lane: number - group * lanesPerGroup, draw: base &+ draw)
  }

  private func nestedKey(group: Int, lane: Int, draw: UInt32) -> UInt64 {
    let step = borel_key_child(
      groupKeys[group], UInt32(BOREL_KEY_NESTED), UInt64(generation) << 32 | UInt64(draw))
    return borel_key_child(step, UInt32(BOREL_KEY_NESTED), UInt64(lane))
  }

  /// Calls the host.
  /// - Parameter key: The key of an inference; nil for all else.
  private func callHost(
    _ key: UInt64?, _ payload: Int, _ words: [UInt64], resultCount: Int, at place: Place
  ) throws -> [UInt64] {
    guard let host else { return [] }
    let effect = program.effects[payload]
    if let key {
      func posterior() throws -> UInt64 {
        try host.infer(
          model: words[0], method: effect.text, layout: effect.value, machine: self, key: key,
          at: span(place))
      }
      if resultCount < 2 { return [try posterior()] }
      do {
        return [1, try posterior()]
      } catch let diagnostic as Diagnostic where diagnostic.code == "E0502" {
        return [0, 0]
      } catch let list as Diagnostics where list.list.first?.code == "E0502" {
        return [0, 0]
      }
    }
    if effect.text == HostCall.describe {
      let text = host.text(words, .tuple([effect.shape]))
      return [UInt64(bitPattern: StringTable.shared.number(of: text))]
    }
    if effect.text == HostCall.decode {
      return try host.decode(
        document: Int64(bitPattern: words[0]), as: effect.shape, machine: self)
    }
    return try host.call(
      effect.text, arguments: words, types: effect.key, results: effect.value, machine: self,
      at: span(place))
  }

  private func noteHostFailure(_ error: any Error, lane: Int) {
    if let diagnostic = error as? Diagnostic { note(lane: lane, diagnostic) }
    if let list = error as? Diagnostics, let first = list.list.first { note(lane: lane, first) }
  }

  /// A host function or an inference whose arguments are the same for all lanes runs once.
  func runUniformHostCall(
    _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, _ index: Int
  ) throws -> Bool {
    let operands = code.pointee.operands
    let words = (0..<operands.count).map { strand.registers[operands[$0]].bits }
    let place = Place(function: strand.function, block: strand.block, instruction: index)
    let results: [UInt64]
    do {
      var key: UInt64?
      if code.pointee.kind == .infer {
        let base = strand.draws.isUniform ? strand.draws.bits : 0
        let draw = UInt32(truncatingIfNeeded: base) &+ strand.drawOffset
        key = nestedKey(group: 0, lane: 0, draw: draw)
        strand.drawOffset += 1
      }
      results = try callHost(
        key, code.pointee.payload, words, resultCount: code.pointee.results.count, at: place)
    } catch {
      try flush(strand)
      throw error
    }
    let targets = code.pointee.results
    for k in 0..<targets.count {
      strand.registers[targets[k]] = Slot(uniform: k < results.count ? results[k] : 0)
    }
    return true
  }

  /// Stops a driver that works on its own, without advancing lanes, when it was asked to or when its
  /// time is over.
  package func checkTime() throws {
    if host?.isCancelled == true { throw Interruption() }
    if let deadline, ContinuousClock.now > deadline {
      throw Diagnostic("E0603", .limit, "the time limit is over", at: .none)
    }
  }

  /// Stops a run that has reached a limit, and starts a collection when the heap has grown.
  func checkLimits(_ strand: Strand) throws {
    let limits = options.limits
    if laneSteps > limits.laneSteps {
      throw Diagnostic(
        "E0602", .limit, "the run has taken more than \(limits.laneSteps) lane-steps",
        at: span(Place(function: strand.function, block: strand.block, instruction: -1)),
        hints: ["set a larger limit, or look for a loop that does not end"])
    }
    if host?.isCancelled == true { throw Interruption() }
    host?.note(laneSteps: laneSteps, of: self)
    arena.hasLargeObject = false
    if let deadline {
      if ContinuousClock.now > deadline {
        throw Diagnostic(
          "E0603", .limit, "the time limit is over",
          at: span(Place(function: strand.function, block: strand.block, instruction: -1)))
      }
    }
    let bytes = heapBytes
    if bytes > collectionThreshold { try collect(strand) }
    let textBytes = texts.byteCount
    nextTextCheck = textBytes + (1 << 20)
    if heapBytes + pool.wordsAllocated * 8 + textBytes - textBytesBefore > limits.memory {
      throw Diagnostic(
        "E0605", .limit, "the run needs more than \(limits.memory) bytes",
        at: span(Place(function: strand.function, block: strand.block, instruction: -1)))
    }
    nextCheck = laneSteps &+ max(4096, UInt64(strand.count))
  }

  var heapBytes: Int {
    executor.workers.reduce(arena.byteCount) { $0 + ($1.arena === arena ? 0 : $1.arena.byteCount) }
  }
}

extension Duration {
  /// Whole nanoseconds.
  package var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
