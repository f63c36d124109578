extension PlanBuilder {
  /// The plan of a finished walk: scratch memory for columns that die in it, places for the rest.
  func makePlan(_ key: Plan.Key) -> Plan {
    let columnCount = Int(self.columnCount)
    var isInput = [Bool](repeating: false, count: columnCount)
    for input in columnInputs { isInput[Int(input.index)] = true }
    var references = [Int32](repeating: 0, count: columnCount)
    func count(_ value: PlanValue) {
      if case .column(let column) = value { references[Int(column)] += 1 }
    }
    for output in outputs { count(output.value) }
    for emission in emissions { (emission.loops + emission.values).forEach(count) }
    for draw in recordedDraws {
      for column in draw.columns { references[Int(column)] += 1 }
    }

    var operations = self.operations
    var lastUse = [Int](repeating: -1, count: columnCount)
    for index in operations.indices.reversed() {
      let operation = operations[index]
      let made = results[operation.results..<(operation.results + operation.resultCount)]
      if !operation.canFail,
        made.allSatisfy({ lastUse[Int($0)] < 0 && references[Int($0)] == 0 })
      {
        operations[index].isDead = true
        continue
      }
      for value in operands[operation.operands..<(operation.operands + operation.operandCount)] {
        if case .column(let column) = value {
          lastUse[Int(column)] = max(lastUse[Int(column)], index)
        }
      }
    }

    foldProducts(&operations, references)

    let words = UnsafeMutablePointer<UInt64>.allocate(capacity: max(self.words.count, 1))
    words.initialize(from: self.words, count: self.words.count)
    let total = operands.count + results.count
    let resolved = UnsafeMutablePointer<ResolvedOperand>.allocate(capacity: max(total, 1))
    resolved.initialize(
      repeating: ResolvedOperand(base: nil, scratch: 0, stride: 1), count: max(total, 1))
    var patches: [Plan.Register] = []
    var scratch = [Int32](repeating: -1, count: columnCount)
    var free: [Int32] = []
    var scratchCount: Int32 = 0
    func place(_ column: Int32, at position: Int) {
      if isInput[Int(column)] || references[Int(column)] > 0 {
        patches.append(Plan.Register(register: Int32(position), index: column))
      } else {
        resolved[position] = ResolvedOperand(
          base: nil, scratch: scratch[Int(column)], stride: 1)
      }
    }
    for index in operations.indices where !operations[index].isDead {
      let operation = operations[index]
      var dying: Set<Int32> = []
      for position in operation.operands..<(operation.operands + operation.operandCount) {
        switch operands[position] {
        case .word(let word):
          resolved[position] = ResolvedOperand(base: words + Int(word), scratch: -1, stride: 0)
        case .column(let column):
          place(column, at: position)
          if lastUse[Int(column)] == index, scratch[Int(column)] >= 0 {
            dying.insert(scratch[Int(column)])
          }
        }
      }
      for position in operation.results..<(operation.results + operation.resultCount) {
        let column = results[position]
        if references[Int(column)] == 0 {
          if let slot = free.popLast() {
            scratch[Int(column)] = slot
          } else {
            scratch[Int(column)] = scratchCount
            scratchCount += 1
          }
          if lastUse[Int(column)] < 0 { dying.insert(scratch[Int(column)]) }
        }
        place(column, at: operands.count + position)
      }
      free += dying.sorted()
    }

    let traced = UnsafeMutablePointer<TracedOperation>.allocate(
      capacity: max(operations.count, 1))
    traced.initialize(from: operations, count: operations.count)
    let columns = UnsafeMutablePointer<Int32>.allocate(capacity: max(columnCount, 1))
    columns.initialize(repeating: -1, count: max(columnCount, 1))
    let kept = (0..<Int32(columnCount)).filter { !isInput[Int($0)] && references[Int($0)] > 0 }
    return Plan(
      PlanParts(
        key: key, words: words, wordInputs: wordInputs, columnInputs: columnInputs, steps: steps,
        stepOperands: stepOperands, operations: traced, operationCount: operations.count,
        operandCount: operands.count, resolved: resolved, patches: patches,
        kept: kept.map { Plan.Column(column: $0, references: references[Int($0)]) },
        scratchCount: Int(scratchCount), columns: columns, outputs: outputs,
        emissions: emissions, recordedDraws: recordedDraws, addsWeights: addsWeights,
        blockCount: blockCount, drawCount: drawCount, target: target, checkpoint: checkpoint))
  }

  /// Ties draws from `Normal(a * x, sd)` to the products that only they read.
  private func foldProducts(_ operations: inout [TracedOperation], _ references: [Int32]) {
    var readers = [Int](repeating: 0, count: Int(columnCount))
    var producers = [Int](repeating: -1, count: Int(columnCount))
    for (index, operation) in operations.enumerated() where !operation.isDead {
      for value in operands[operation.operands..<(operation.operands + operation.operandCount)] {
        if case .column(let column) = value { readers[Int(column)] += 1 }
      }
      if operation.kind == .kernel { producers[Int(results[operation.results])] = index }
    }
    for index in operations.indices where operations[index].kind == .sample {
      let use = machine.program.uses[operations[index].payload]
      guard use.type?.signature.name == "Normal", use.parameterCount == 2, !use.isOptional,
        case .column(let mean) = operands[operations[index].operands],
        case .word = operands[operations[index].operands + 1], references[Int(mean)] == 0,
        readers[Int(mean)] == 1, producers[Int(mean)] >= 0
      else { continue }
      let product = producers[Int(mean)]
      let name = machine.program.operations[operations[product].payload].name
      if name != "multiply.real" || operations[product].operandCount != 2 { continue }
      operations[product].isFolded = true
      operations[index].product = Int32(product)
    }
  }
}
