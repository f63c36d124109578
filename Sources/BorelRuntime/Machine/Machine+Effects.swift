import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR

extension Machine {
  /// Runs or records an instruction with an effect. False when the strand has no lanes left.
  func executeEffect(
    _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, _ index: Int
  ) throws -> Bool {
    let registers = strand.registers
    let operands = code.pointee.operands
    switch code.pointee.kind {
    case .sample:
      guard try checkUniformParameters(strand, code, index) else { return false }
      try recordDraw(strand, code, index)
      if strand.count == 0 { return false }
    case .score:
      return try executeScore(strand, code, index)
    case .factor where replay?.dropsScores == true, .require where replay?.dropsScores == true:
      break
    case .tally where replay?.dropsTallies == true:
      break
    case .factor:
      let slot = registers[operands[0]]
      if slot.isUniform {
        let value = Double(bitPattern: slot.bits)
        if value.isNaN {
          try failUniformly(strand, index)
          return false
        }
        addToWeight(strand, value)
      } else {
        ownWeight(strand)
        record(strand, code, index)
      }
    case .require:
      let slot = registers[operands[0]]
      if !slot.isUniform {
        ownWeight(strand)
        record(strand, code, index)
      } else if slot.bits == 0 {
        try flush(strand)
        setWeight(strand, to: -.infinity)
        strand.mayHaveDeadLanes = true
      }
    case .tally:
      let number = code.pointee.payload
      strand.tallies[number] = add(strand.tallies[number], registers[operands[0]])
    case .emit:
      emit(strand, code)
    case .print, .debug:
      try show(strand, code, index)
    case .fail:
      try failUniformly(strand, index)
      return false
    case .memoMake where tracksAddresses:
      registers[code.pointee.results[0]] = addressOfTable(strand, code)
    case .memoEnter:
      if tracksAddresses { try enterMemo(strand, code) }
    case .memoMake, .memoFind, .memoStore:
      executeMemo(strand, code, index)
      if tracksAddresses, code.pointee.kind == .memoStore { leavePath(strand) }
    case .infer, .host:
      let hasVarying = (0..<operands.count).contains { registers[operands[$0]].column >= 0 }
      if hasVarying {
        trace.usesHeap = true
        trace.mustRunOnOneThread = true
        record(strand, code, index)
        if code.pointee.kind == .infer { strand.drawOffset += 1 }
      } else {
        return try runUniformHostCall(strand, code, index)
      }
    case .constant, .kernel, .column:
      internalError("not an effect")
    }
    return true
  }

  private func recordDraw(
    _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, _ index: Int
  ) throws {
    let choice = try tape.map { try place(of: strand, code, on: $0) }
    if strand.count == 0 { return }
    if let replay, replay.scores {
      ownWeight(strand)
      replay.addBound(program.uses[code.pointee.payload], strand.registers, code.pointee.operands)
    }
    record(strand, code, index)
    if let choice { trace.attach(choice) }
    recording?.add(
      strand, use: code.pointee.payload, results: code.pointee.results, number: strand.drawOffset)
    if case .some(let type) = program.uses[code.pointee.payload].layout.first, type.isHandle {
      trace.usesHeap = true
    }
    strand.drawOffset += 1
  }

  /// Checks parameters that are the same for all lanes where they are met, once.
  private func checkUniformParameters(
    _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, _ index: Int
  ) throws -> Bool {
    let domains = program.uses[code.pointee.payload].domains
    let registers = strand.registers
    let operands = code.pointee.operands
    if !domains.isEmpty {
      var isSure = true
      for k in 0..<domains.count {
        let slot = registers[operands[k]]
        if !slot.isUniform || !domains[k].surelyContains(slot.bits) { isSure = false }
      }
      if isSure { return true }
    }
    let use = program.uses[code.pointee.payload]
    for k in 0..<use.parameterCount where !registers[operands[k]].isUniform { return true }
    guard let type = use.type else {
      if registers[operands[0]].bits != 0 { return true }
      try failUniformly(strand, index)
      return false
    }
    let violation = withUnsafeTemporaryAllocation(
      of: ColumnOperand.self, capacity: use.parameterCount + 1
    ) { views in
      for k in 0..<use.parameterCount {
        views[k] = ColumnOperand(base: bitsPointer(registers + operands[k]), stride: 0)
      }
      return type.firstViolation(
        count: 1, parameters: UnsafePointer(views.baseAddress.unsafelyUnwrapped))
    }
    if violation == nil { return true }
    try failUniformly(strand, index)
    return false
  }

  private func executeScore(
    _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, _ index: Int
  ) throws -> Bool {
    let use = program.uses[code.pointee.payload]
    let registers = strand.registers
    let operands = code.pointee.operands
    let results = code.pointee.results
    let width = use.layout.count
    let flag = use.parameterCount
    let first = flag + (use.isOptional ? 1 : 0)
    if use.isOptional, registers[operands[flag]].isUniform {
      let isPresent = registers[operands[flag]].bits != 0
      if results.count > 0 {
        // A missing datum whose value is used is drawn; the draw number is spent either way, so
        // that later draws do not depend on which data are missing.
        if isPresent {
          for k in 0..<width {
            let slot = registers[operands[first + k]]
            pool.retain(slot)
            registers[results[k]] = slot
          }
        } else {
          guard try checkUniformParameters(strand, code, index) else { return false }
          try recordImputation(strand, code, index, use)
        }
        strand.drawOffset += 1
      }
      if !isPresent { return true }
    } else if results.count > 0 {
      if use.isOptional {
        try recordImputation(strand, code, index, use)
        strand.drawOffset += 1
      } else {
        for k in 0..<width {
          let slot = registers[operands[first + k]]
          pool.retain(slot)
          registers[results[k]] = slot
        }
      }
    }
    if strand.count == 0 { return false }
    if replay?.dropsScores == true { return true }
    guard try checkUniformParameters(strand, code, index) else { return false }
    ownWeight(strand)
    recordWithoutResults(strand, code, index)
    return true
  }

  /// Records a score; its results have been dealt with.
  private func recordWithoutResults(
    _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, _ index: Int
  ) {
    let operands = code.pointee.operands
    let start = trace.operandCount
    for k in 0..<operands.count { addOperand(strand.registers[operands[k]]) }
    trace.append(
      TracedOperation(
        kind: .score, kernel: nil, operands: start, operandCount: operands.count,
        results: trace.resultCount, resultCount: 0, payload: code.pointee.payload,
        draw: strand.drawOffset, function: Int32(strand.function), block: Int32(strand.block),
        instruction: Int32(index), canFail: true))
  }

  /// Records the draw that stands for a missing datum: a sample whose lanes with a datum keep it.
  private func recordImputation(
    _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, _ index: Int,
    _ use: DistributionUse
  ) throws {
    let choice = try tape.map { try place(of: strand, code, on: $0) }
    if strand.count == 0 { return }
    let operands = code.pointee.operands
    let results = code.pointee.results
    if let replay, replay.scores {
      ownWeight(strand)
      replay.addBound(use, strand.registers, operands)
    }
    let start = trace.operandCount
    for k in 0..<operands.count { addOperand(strand.registers[operands[k]]) }
    let firstResult = trace.resultCount
    for k in 0..<results.count { strand.registers[results[k]] = addResult() }
    trace.append(
      TracedOperation(
        kind: .sample, kernel: nil, operands: start, operandCount: operands.count,
        results: firstResult, resultCount: results.count, payload: code.pointee.payload,
        draw: strand.drawOffset, function: Int32(strand.function), block: Int32(strand.block),
        instruction: Int32(index), canFail: true))
    if let choice { trace.attach(choice) }
    recording?.add(
      strand, use: code.pointee.payload, results: results, number: strand.drawOffset)
    if use.layout.contains(where: \.isHandle) { trace.usesHeap = true }
  }

  private func emit(_ strand: Strand, _ code: UnsafePointer<CompiledInstruction>) {
    let effect = program.effects[code.pointee.payload]
    guard keeps(report: effect.number) else { return }
    let operands = code.pointee.operands
    let slots = (0..<operands.count).map { strand.registers[operands[$0]] }
    for slot in slots { pool.retain(slot) }
    pool.retain(strand.lanes)
    let split = slots.count - effect.loopCount
    emissions.append(
      Emission(
        report: effect.number, loops: Array(slots[split...]), values: Array(slots[..<split]),
        lanes: strand.lanes, count: strand.count))
  }

  private func show(
    _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, _ index: Int
  ) throws {
    try flush(strand)
    if strand.count == 0 { return }
    let effect = program.effects[code.pointee.payload]
    let operands = code.pointee.operands
    let words = (0..<operands.count).map {
      pool.word(strand.registers[operands[$0]], row: 0)
    }
    let span = span(Place(function: strand.function, block: strand.block, instruction: index))
    if code.pointee.kind == .print {
      try host?.print(words, effect.shape, at: span)
    } else {
      try host?.debug(words, effect.shape, at: span)
    }
  }
}
