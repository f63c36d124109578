import BorelBase
import BorelDistributions
import BorelIR

extension Machine {
  /// Finds the instances of a choice that is about to be recorded: once for all lanes when they came
  /// the same way, else by row.
  func place(
    of strand: Strand, _ code: UnsafePointer<CompiledInstruction>, on tape: ChoiceTape
  ) throws -> TracedChoice {
    if tape.source != nil { ownWeight(strand) }
    let step = Address.step(.choice, UInt64(code.pointee.payload))
    var place = TracedChoice()
    if strand.path.isUniform {
      let address = Address.mix(strand.path.bits, step)
      if let source = tape.source, let number = source.number(of: address) {
        place.source = Int32(number)
      }
      if let sink = tape.sink {
        place.sink = Int32(try instance(address, strand, code, row: 0, in: sink))
      }
      return place
    }
    // A new instance may need the record to be run, which must not happen after rows are counted.
    if tape.sink != nil, loopCounters(code).contains(where: { isPending(strand.registers[$0]) }) {
      try flush(strand)
      if strand.count == 0 { return place }
    }
    let paths = pool.data(strand.path.column)
    let count = strand.count
    if let source = tape.source {
      let rows = UnsafeMutablePointer<Int32>.allocate(capacity: count)
      var (last, found) = (UInt64(0), Int32(-1))
      for row in 0..<count {
        if row == 0 || paths[row] != last {
          last = paths[row]
          found = source.number(of: Address.mix(last, step)).map { Int32($0) } ?? -1
        }
        rows[row] = found
      }
      place.sourceRows = rows
    }
    if let sink = tape.sink {
      let rows = UnsafeMutablePointer<Int32>.allocate(capacity: count)
      place.sinkRows = rows
      var (last, found) = (UInt64(0), Int32(-1))
      for row in 0..<count {
        if row == 0 || paths[row] != last {
          last = paths[row]
          found = Int32(try instance(Address.mix(last, step), strand, code, row: row, in: sink))
        }
        rows[row] = found
      }
    }
    return place
  }

  private func instance(
    _ address: UInt64, _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, row: Int,
    in store: ChoiceStore
  ) throws -> Int {
    if let known = store.number(of: address) { return known }
    let use = program.uses[code.pointee.payload]
    let registers = loopCounters(code)
    if registers.contains(where: { isPending(strand.registers[$0]) }) { try flush(strand) }
    // Without lanes left nothing is recorded, and the counters cannot be read.
    if strand.count == 0 { return -1 }
    let isHandle = program.functions[strand.function].isHandle
    return store.add(
      ChoiceSchema.Instance(
        address: address, site: code.pointee.payload,
        loops: registers.map { Int64(bitPattern: pool.word(strand.registers[$0], row: row)) },
        layout: use.layout,
        parameterIsHandle: store.keepsParameters
          ? (0..<use.parameterCount).map { isHandle[code.pointee.operands[$0]] } : []))
  }

  /// Registers of the loop counters of a `sample` or `score`.
  private func loopCounters(_ code: UnsafePointer<CompiledInstruction>) -> [Int] {
    let use = program.uses[code.pointee.payload]
    let first =
      use.parameterCount + (code.pointee.kind == .score ? use.layout.count : 0)
      + (use.isOptional ? 1 : 0)
    let operands = code.pointee.operands
    return (min(first, operands.count)..<operands.count).map { operands[$0] }
  }
}

/// The static choices of a program, by the number that `ChoiceSchema.Instance.site` has.
extension CompiledProgram {
  package func site(_ number: Int) -> Site { uses[number].site }

  /// The static choices of some functions, ascending; missing data that are drawn are among them.
  package func sites(ofFunctions numbers: some Sequence<Int>) -> [Int] {
    var sites: [Int] = []
    for number in numbers {
      let function = functions[number]
      for block in 0..<function.blockCount {
        for index in 0..<function.blocks[block].instructionCount {
          let code = function.blocks[block].instructions[index]
          switch code.kind {
          case .sample: sites.append(code.payload)
          case .score:
            if uses[code.payload].isOptional, code.results.count > 0 { sites.append(code.payload) }
          default: break
          }
        }
      }
    }
    return sites.sorted()
  }

  /// Where the choice stands in the source.
  package func span(ofSite number: Int) -> Span { uses[number].span }

  /// The family that the choice is drawn from; nil when it is a value.
  package func family(ofSite number: Int) -> (any Family.Type)? { uses[number].type }
}
