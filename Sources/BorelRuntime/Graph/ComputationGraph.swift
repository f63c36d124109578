import BorelBase
import BorelHeap
import BorelIR

/// The computation of a program as a fixed graph over chains: every operation that its choices
/// reach, in order, with the value of each chain.
///
/// A graph exists where all chains make the same choices and take the same branches whatever the
/// values are. What depends on a choice, its *slice*, is then found by following the edges, for
/// every single choice and not for the line that makes it: in a plate of J elements the slice of
/// one element has the size of one element. A move runs the slice again, for all chains together,
/// and takes over what it computed where it is accepted.
///
/// Memory: one word per chain for every value that depends on choices.
package final class ComputationGraph {
  package let chainCount: Int
  package internal(set) var choices: [GraphChoice] = []
  /// Choices that are drawn with the outputs, by the nodes of their densities.
  var generatedChoices: [Int: Int] = [:]
  /// Conditions that choices reach and that decided a branch: a slice with a guard may change the
  /// structure.
  var guards: [GraphValueID] = []
  var values: [GraphValue] = []
  var nodes: [GraphNode] = []
  var operandList: [GraphValueID] = []
  var resultList: [GraphValueID] = []
  /// Nodes that read each value.
  var users: [[Int32]] = []
  /// What the program reported: number, loop counters, words of the value.
  var emissions: [(report: Int, loops: [Int64], values: [GraphValueID])] = []
  var results: [GraphValueID] = []
  var tallies: [GraphValueID] = []
  /// Owns the columns that the recording left, and the arena.
  let machine: Machine
  private var ownedColumns: [UnsafeMutablePointer<UInt64>] = []
  private var constants: [UInt64: GraphValueID] = [:]

  /// The nodes of the densities of choices; asked for once the graph is complete.
  lazy var choiceNodes = Set(choices.map(\.node))

  /// Stands for the term of a choice that has none.
  let noTerm: UnsafeMutablePointer<Double>

  init(machine: Machine) {
    self.machine = machine
    chainCount = machine.laneCount
    noTerm = .allocate(capacity: chainCount + 1)
    noTerm.initialize(repeating: 0, count: chainCount + 1)
  }

  /// Where objects of proposals are made.
  package var arena: Arena { machine.arena }

  deinit {
    noTerm.deallocate()
    for column in ownedColumns { column.deallocate() }
  }

  /// Memory of one word per chain that lives as long as the graph.
  func makeColumn() -> UnsafeMutablePointer<UInt64> {
    let column = UnsafeMutableRawPointer.allocate(
      byteCount: (chainCount + BlockExecutor.slack) * 8, alignment: 64
    ).bindMemory(to: UInt64.self, capacity: chainCount + BlockExecutor.slack)
    column.initialize(repeating: 0, count: chainCount + BlockExecutor.slack)
    ownedColumns.append(column)
    return column
  }

  func constant(_ bits: UInt64, isHandle: Bool = false) -> GraphValueID {
    if let known = constants[bits], values[Int(known.index)].isHandle == isHandle { return known }
    let word = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
    word.initialize(to: bits)
    ownedColumns.append(word)
    let id = append(
      GraphValue(data: word, stride: 0, dependsOnChoices: false, isHandle: isHandle))
    constants[bits] = id
    return id
  }

  func append(_ value: GraphValue) -> GraphValueID {
    values.append(value)
    users.append([])
    return GraphValueID(values.count - 1)
  }

  subscript(_ id: GraphValueID) -> GraphValue { values[Int(id.index)] }

  func word(_ id: GraphValueID, chain: Int) -> UInt64 {
    let value = self[id]
    return value.data[chain * value.stride]
  }

  /// Adds a node whose results are new columns.
  func append(
    _ kind: GraphNode.Kind, _ operands: [GraphValueID], results: [GraphValueID], at place: Place
  ) {
    let index = nodes.count
    let first = operandList.count
    operandList += operands
    let firstResult = resultList.count
    resultList += results
    nodes.append(
      GraphNode(
        kind: kind, operands: first..<operandList.count,
        results: firstResult..<resultList.count, place: place))
    for operand in Set(operands) where self[operand].dependsOnChoices {
      users[Int(operand.index)].append(Int32(index))
    }
  }

  func operands(of node: GraphNode) -> ArraySlice<GraphValueID> { operandList[node.operands] }
  func results(of node: GraphNode) -> ArraySlice<GraphValueID> { resultList[node.results] }

  /// Bytes of the columns.
  package var byteCount: Int {
    values.reduce(0) { $0 + ($1.stride == 0 ? 8 : 8 * chainCount) }
  }
}
