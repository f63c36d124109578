import BorelBase
import BorelHeap
import BorelIR

/// Turns the records that a machine runs into a graph.
///
/// The machine runs the program once for all chains; the recorder sees every varying operation in
/// order. Uniform control flow leaves no trace of itself, so that loops over data are unrolled and
/// calls are gone. Arrays and boxes of known structure are resolved to their elements.
package final class GraphRecorder {
  let graph: ComputationGraph
  private let program: CompiledProgram
  /// What the machine's columns are; the columns stay alive until the recording ends.
  private var bindings: [Int32: GraphBinding] = [:]
  /// Columns of the machine that are copied when the recording ends.
  private var copies: [(column: Int32, value: GraphValueID)] = []
  private var retained: [Int32] = []
  /// Objects must not move while the recording refers to them.
  private let threshold: Int
  private var constantArrays: [UInt64: GraphArray] = [:]
  /// Why there is no graph: chains may differ in what they run.
  package private(set) var obstacle: String?

  package init(machine: Machine) {
    graph = ComputationGraph(machine: machine)
    program = machine.program
    threshold = machine.collectionThreshold
    machine.collectionThreshold = .max
  }

  func fail(_ reason: String) { if obstacle == nil { obstacle = reason } }

  // MARK: What operands are

  func binding(_ slot: Slot, isHandle: Bool) -> GraphBinding? {
    if slot.isUniform { return .value(graph.constant(slot.bits, isHandle: isHandle)) }
    if let known = bindings[slot.column] { return known }
    fail("a value comes from outside the record")
    return nil
  }

  func dependsOnChoices(_ binding: GraphBinding) -> Bool {
    switch binding {
    case .value(let id): graph[id].dependsOnChoices
    case .array(let array): array.dependsOnChoices
    case .box(let box): box.dependsOnChoices
    }
  }

  /// The word of a binding that is the same for all chains.
  func constantWord(_ binding: GraphBinding) -> UInt64? {
    guard case .value(let id) = binding, graph[id].stride == 0 else { return nil }
    return graph[id].data[0]
  }

  /// The array of a binding, element by element; nil when its structure is not known.
  func array(_ binding: GraphBinding, _ layout: [IRType]) -> GraphArray? {
    if case .array(let array) = binding { return array }
    guard let bits = constantWord(binding), bits != 0 else { return nil }
    if let known = constantArrays[bits] { return known }
    let object = ArrayObject(bits: bits)
    let stride = max(layout.count, 1)
    let words = (0..<(object.count * layout.count)).map { k in
      GraphBinding.value(
        graph.constant(object.elements[k], isHandle: layout[k % stride].isHandle))
    }
    let array = GraphArray(
      words, stride: layout.count, pointerMask: layout.pointerMask, dependsOnChoices: false)
    array.object.value = graph.constant(bits, isHandle: true)
    constantArrays[bits] = array
    return array
  }

  /// The value of a binding; objects are made when somebody needs them whole.
  func materialise(_ binding: GraphBinding, at place: Place) -> GraphValueID {
    switch binding {
    case .value(let id): return id
    case .array(let array):
      return object(array.object, array.words, array.dependsOnChoices, at: place) {
        .makeArray(stride: array.stride, pointerMask: array.pointerMask)
      }
    case .box(let box):
      return object(box.object, box.fields[...], box.dependsOnChoices, at: place) {
        .makeBox(tag: box.tag, pointerMask: box.pointerMask)
      }
    }
  }

  private func object(
    _ known: GraphArray.ObjectBox, _ words: ArraySlice<GraphBinding>, _ dependsOnChoices: Bool,
    at place: Place, _ kind: () -> GraphNode.Kind
  ) -> GraphValueID {
    if let value = known.value { return value }
    let operands = words.map { materialise($0, at: place) }
    let value = graph.append(
      GraphValue(
        data: graph.makeColumn(), stride: 1, dependsOnChoices: dependsOnChoices, isHandle: true))
    graph.append(kind(), operands, results: [value], at: place)
    known.value = value
    return value
  }

  // MARK: Results

  func bind(_ column: Int32, to binding: GraphBinding) { bindings[column] = binding }

  /// A new column of the graph for a column of the machine.
  func makeValue(_ column: Int32, dependsOnChoices: Bool, isHandle: Bool) -> GraphValueID {
    let value = graph.append(
      GraphValue(
        data: graph.makeColumn(), stride: 1, dependsOnChoices: dependsOnChoices,
        isHandle: isHandle))
    bindings[column] = .value(value)
    return value
  }

  /// A column whose words are those of the machine: a choice, or what no choice reaches.
  func copy(_ column: Int32, dependsOnChoices: Bool, isHandle: Bool) -> GraphValueID {
    let value = makeValue(column, dependsOnChoices: dependsOnChoices, isHandle: isHandle)
    copies.append((column, value))
    return value
  }

  /// Keeps a column of the machine until the recording ends, so that its number stays its own.
  func keep(_ column: Int32, in pool: ColumnPool) {
    pool.retain(column)
    retained.append(column)
  }

  // MARK: What the machine tells

  /// Sees the record of a strand before it runs.
  func absorb(_ trace: Trace, _ machine: Machine) {
    for index in 0..<trace.count {
      let operation = trace.operations[index]
      let results = (0..<operation.resultCount).map { trace.results[operation.results + $0] }
      for column in results { keep(column, in: machine.pool) }
      if obstacle != nil { continue }
      let operands = (0..<operation.operandCount).map { trace.operands[operation.operands + $0] }
      absorb(operation, operands, results, machine)
    }
  }

  /// A branch was decided by a column on which all chains agree.
  func noteGuard(_ column: Int32) {
    guard let binding = bindings[column] else { return fail("a branch depends on a random value") }
    if case .value(let id) = binding, graph[id].dependsOnChoices { graph.guards.append(id) }
  }

  /// The captures of a closure became columns.
  func noteCaptures(of closure: Int32, columns: [Slot], in pool: ColumnPool) {
    guard case .box(let box)? = bindings[closure], box.fields.count == columns.count else {
      return fail("which closure is called depends on a random value")
    }
    for (slot, field) in zip(columns, box.fields) where !slot.isUniform {
      keep(slot.column, in: pool)
      bindings[slot.column] = field
    }
  }

  /// Ends the recording: copies what is needed from the machine, and computes the rest.
  ///
  /// - Parameter leavesOutGenerated: Whether choices that no weight depends on are drawn with the
  ///   outputs instead of moved.
  /// - Throws: `Diagnostic` when a term of the log-density is NaN.
  package func finish(
    _ machine: Machine, leavesOutGenerated: Bool
  ) throws -> ComputationGraph? {
    defer {
      for column in retained { machine.pool.release(column) }
      machine.collectionThreshold = threshold
    }
    collectOutputs(machine)
    guard obstacle == nil else { return nil }
    for (column, value) in copies {
      guard !machine.pool.isPending(column) else { continue }
      graph[value].data.update(from: machine.pool.data(column), count: graph.chainCount)
    }
    graph.markLazyNodes(leavesOutGenerated: leavesOutGenerated)
    try graph.computeAll()
    return graph
  }

  private func collectOutputs(_ machine: Machine) {
    let source = program.source
    for emission in machine.emissions {
      let layout = source.reports[emission.report].shape.layout(source.enumerations)
      guard emission.loops.allSatisfy(\.isUniform), emission.count == graph.chainCount else {
        return fail("what is reported depends on a random value")
      }
      let values = output(emission.values, layout)
      graph.emissions.append(
        (emission.report, emission.loops.map { Int64(bitPattern: $0.bits) }, values))
    }
    guard machine.suspended.count == 1, let strand = machine.suspended.first,
      strand.count == graph.chainCount, case .returned = strand.state
    else { return fail("chains end at different places") }
    let layout = source.functions[strand.function].results
    graph.results = output((0..<strand.resultCount).map { strand.registers[$0] }, layout)
    graph.tallies = output(strand.tallies, strand.tallies.map { _ in .real })
  }

  private func output(_ slots: [Slot], _ layout: [IRType]) -> [GraphValueID] {
    zip(slots, layout).compactMap { slot, type in
      binding(slot, isHandle: type.isHandle).map {
        materialise($0, at: Place(function: 0, block: 0, instruction: -1))
      }
    }
  }
}
