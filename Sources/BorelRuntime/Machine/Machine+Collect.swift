import BorelHeap
import BorelIR

extension Machine {
  /// Moves all reachable objects into a new arena and frees the old ones.
  ///
  /// Roots are the live registers of all strands and of their frames, their memo tables, and
  /// emitted values. The record must be empty.
  func collect(_ running: Strand?) throws {
    if let running {
      try flush(running)
      if running.count == 0 { return }
    }
    options.profile?.add { $0.collections += 1 }
    let target = Arena()
    var roots = RootVisitor(collector: Collector(into: target), pool: pool)
    for strand in ready.strands + suspended + (running.map { [$0] } ?? []) { visit(strand, &roots) }
    for index in emissions.indices {
      let report = program.source.reports[emissions[index].report]
      let types = report.shape.layout(program.source.enumerations)
      for (k, type) in types.enumerated() where type.isHandle {
        emissions[index].values[k] = roots.visited(
          emissions[index].values[k], emissions[index].count)
      }
    }
    visitHeldSlots? { roots.visited($0, $1) }
    visitDriverRoots? { roots.visit($0) }
    arena = target
    executor.workers.removeAll()
    collectionThreshold = max(options.collectionThreshold, target.byteCount * 2)
  }

  /// Collects while no lane runs: what the driver keeps survives.
  package func collectIdle() throws { try collect(nil) }

  private func visit(_ strand: Strand, _ roots: inout RootVisitor) {
    let live = liveRegisters(of: strand)
    if case .returned = strand.state {
      for k in 0..<live.count where resultIsHandle(strand, k) {
        strand.registers[k] = roots.visited(strand.registers[k], strand.count)
      }
    } else {
      let isHandle = program.functions[strand.function].isHandle
      for k in 0..<live.count where isHandle[live[k]] {
        strand.registers[live[k]] = roots.visited(strand.registers[live[k]], strand.count)
      }
    }
    strand.memo = roots.visited(strand.memo, strand.count)
    var frame = strand.frame
    while let current = frame, roots.isNew(current) {
      let function = program.functions[Int(current.function)]
      let saved = function.blocks[Int(current.block)].terminator.pointee.continuation.pointee.saved
      for k in 0..<saved.count where function.isHandle[saved[k]] {
        current.replace(k, by: roots.visited(current.saved[k], current.rowCount))
      }
      frame = current.parent
    }
  }

  private func resultIsHandle(_ strand: Strand, _ index: Int) -> Bool {
    let results = program.source.functions[strand.function].results
    return index < results.count && results[index].isHandle
  }
}

/// Visits the words of slots, each column once.
private struct RootVisitor {
  var collector: Collector
  let pool: ColumnPool
  private var columns: Set<Int32> = []
  private var frames: Set<ObjectIdentifier> = []

  init(collector: Collector, pool: ColumnPool) {
    self.collector = collector
    self.pool = pool
  }

  mutating func isNew(_ frame: Frame) -> Bool { frames.insert(ObjectIdentifier(frame)).inserted }

  mutating func visited(_ slot: Slot, _ count: Int) -> Slot {
    var slot = slot
    if slot.isUniform {
      collector.visit(&slot.bits)
    } else if columns.insert(slot.column).inserted {
      let data = pool.data(slot.column)
      for row in 0..<count { collector.visit(data + row) }
    }
    return slot
  }

  mutating func visit(_ word: UnsafeMutablePointer<UInt64>) { collector.visit(word) }
}
