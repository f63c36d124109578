import BorelHeap
import BorelIR

/// Random choices of many lanes: for every address the values, their log-densities, and which lanes
/// have it.
///
/// An *instance* is an address that some lane has had. Its columns have one entry per lane. Values
/// that are handles are roots of the heap: the owner of a store visits them in
/// `Machine.visitDriverRoots` by `visitHandles`.
package final class ChoiceStore {
  /// What is known of an address, the same in all lanes.
  package struct Instance {
    package let address: UInt64
    /// Number of the static choice: instances with the same number come from one instruction.
    package let site: Int
    /// Counters of the loops around it when it was first met: for messages only.
    package let loops: [Int64]
    /// Layout of the value.
    package let layout: [IRType]
    /// Which words of the parameters are handles; empty when parameters are not kept.
    package let parameterIsHandle: [Bool]
  }

  /// The columns of an instance.
  package struct Columns {
    /// Value words, shape `[width][lane]`.
    package let words: UnsafeMutablePointer<UInt64>
    /// Parameters of the distribution, shape `[parameter][lane]`; empty unless they are kept.
    package let parameters: UnsafeMutablePointer<UInt64>
    /// Log-density of the value under the parameters, in nats.
    package let logDensities: UnsafeMutablePointer<Double>
    /// Whether the lane has the choice; the other columns mean nothing where it has not.
    package let present: UnsafeMutablePointer<Bool>
  }

  package let laneCount: Int
  /// Whether the parameters of distributions are kept beside values.
  package let keepsParameters: Bool
  package private(set) var instances: [Instance] = []
  private var numbers: [UInt64: Int32] = [:]
  private(set) var table: UnsafeMutablePointer<Columns>
  private var capacity = 64

  package init(laneCount: Int, keepsParameters: Bool = false) {
    self.laneCount = laneCount
    self.keepsParameters = keepsParameters
    table = .allocate(capacity: capacity)
  }

  deinit {
    for index in instances.indices {
      table[index].words.deallocate()
      table[index].parameters.deallocate()
      table[index].logDensities.deallocate()
      table[index].present.deallocate()
    }
    table.deallocate()
  }

  /// The number of the instance with an address.
  package func number(of address: UInt64) -> Int? { numbers[address].map { Int($0) } }

  @inline(__always)
  package func columns(_ instance: Int) -> Columns { table[instance] }

  /// The number of an instance, which is made when there is none yet. No lane has it then.
  package func add(_ instance: Instance) -> Int {
    if let known = numbers[instance.address] { return Int(known) }
    let number = instances.count
    if number == capacity {
      let larger = UnsafeMutablePointer<Columns>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: table, count: number)
      table.deallocate()
      table = larger
      capacity *= 2
    }
    func words(_ width: Int) -> UnsafeMutablePointer<UInt64> {
      let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, width * laneCount))
      memory.initialize(repeating: 0, count: width * laneCount)
      return memory
    }
    let columns = Columns(
      words: words(instance.layout.count), parameters: words(instance.parameterIsHandle.count),
      logDensities: .allocate(capacity: max(1, laneCount)),
      present: .allocate(capacity: max(1, laneCount)))
    columns.logDensities.initialize(repeating: 0, count: laneCount)
    columns.present.initialize(repeating: false, count: laneCount)
    (table + number).initialize(to: columns)
    instances.append(instance)
    numbers[instance.address] = Int32(number)
    return number
  }

  /// Takes all choices away; the instances stay for the next recording.
  package func removeAll() {
    for index in instances.indices {
      table[index].present.update(repeating: false, count: laneCount)
    }
  }

  /// Takes the choices of some lanes from another store with as many lanes: the others keep theirs.
  ///
  /// - Parameter isTaken: By lane.
  package func take(_ isTaken: [Bool], from other: ChoiceStore) {
    precondition(other.laneCount == laneCount && isTaken.count == laneCount)
    let lanes = isTaken.indices.filter { isTaken[$0] }
    if lanes.isEmpty { return }
    for index in instances.indices {
      let present = table[index].present
      for lane in lanes { present[lane] = false }
    }
    for index in other.instances.indices {
      let source = other.table[index]
      guard lanes.contains(where: { source.present[$0] }) else { continue }
      let target = table[add(other.instances[index])]
      let width = instances[Int(numbers[other.instances[index].address] ?? 0)].layout.count
      let parameterCount = keepsParameters ? other.instances[index].parameterIsHandle.count : 0
      for lane in lanes where source.present[lane] {
        target.present[lane] = true
        target.logDensities[lane] = source.logDensities[lane]
        for k in 0..<width {
          target.words[k * laneCount + lane] = source.words[k * laneCount + lane]
        }
        for k in 0..<parameterCount {
          target.parameters[k * laneCount + lane] = source.parameters[k * laneCount + lane]
        }
      }
    }
  }

  /// Words that are handles, for the collector.
  package func visitHandles(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    for (index, instance) in instances.enumerated() {
      let columns = table[index]
      for (k, type) in instance.layout.enumerated() where type.isHandle {
        for lane in 0..<laneCount where columns.present[lane] {
          visit(columns.words + k * laneCount + lane)
        }
      }
      for (k, isHandle) in instance.parameterIsHandle.enumerated() where isHandle {
        for lane in 0..<laneCount where columns.present[lane] {
          visit(columns.parameters + k * laneCount + lane)
        }
      }
    }
  }
}
