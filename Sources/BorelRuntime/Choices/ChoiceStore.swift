import BorelHeap
import BorelIR

/// Random choices of many lanes: for every address the values, their log-densities, and which lanes
/// have it.
///
/// An *instance* is an address that some lane has had. Its columns have one entry per lane. Values
/// that are handles are roots of the heap: the owner of a store visits them in
/// `Machine.visitDriverRoots` by `visitHandles`.
package final class ChoiceStore {
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
  package let schema: ChoiceSchema
  private(set) var table: UnsafeMutablePointer<Columns>
  private var count = 0
  private var capacity = 64

  /// - Parameter schema: Shared by stores whose instances are to have the same numbers.
  package init(
    laneCount: Int, keepsParameters: Bool = false, schema: ChoiceSchema = ChoiceSchema()
  ) {
    self.laneCount = laneCount
    self.keepsParameters = keepsParameters
    self.schema = schema
    table = .allocate(capacity: capacity)
  }

  deinit {
    for index in 0..<count {
      table[index].words.deallocate()
      table[index].parameters.deallocate()
      table[index].logDensities.deallocate()
      table[index].present.deallocate()
    }
    table.deallocate()
  }

  package var instances: [ChoiceSchema.Instance] { schema.instances }

  /// The number of the instance with an address.
  package func number(of address: UInt64) -> Int? {
    guard let number = schema.number(of: address) else { return nil }
    reserve()
    return number
  }

  package func columns(_ instance: Int) -> Columns {
    reserve()
    return table[instance]
  }

  /// The number of an instance, which is made when there is none yet. No lane has it then.
  package func add(_ instance: ChoiceSchema.Instance) -> Int {
    let number = schema.add(instance)
    reserve()
    return number
  }

  /// Makes the columns of instances that the schema has and this store has not met.
  private func reserve() {
    while count < schema.instances.count { makeColumns(schema.instances[count]) }
  }

  private func makeColumns(_ instance: ChoiceSchema.Instance) {
    if count == capacity {
      let larger = UnsafeMutablePointer<Columns>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: table, count: count)
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
      words: words(instance.layout.count),
      parameters: words(keepsParameters ? instance.parameterIsHandle.count : 0),
      logDensities: .allocate(capacity: max(1, laneCount)),
      present: .allocate(capacity: max(1, laneCount)))
    columns.logDensities.initialize(repeating: 0, count: laneCount)
    columns.present.initialize(repeating: false, count: laneCount)
    (table + count).initialize(to: columns)
    count += 1
  }

  /// The words of a value in a lane.
  package func value(_ instance: Int, lane: Int) -> [UInt64] {
    let columns = columns(instance)
    return schema.instances[instance].layout.indices.map { columns.words[$0 * laneCount + lane] }
  }

  /// The parameter words of a choice in a lane; empty unless they are kept.
  package func parameters(_ instance: Int, lane: Int) -> [UInt64] {
    if !keepsParameters { return [] }
    let columns = columns(instance)
    return schema.instances[instance].parameterIsHandle.indices.map {
      columns.parameters[$0 * laneCount + lane]
    }
  }

  /// Takes all choices away; the instances stay for the next recording.
  package func removeAll() {
    for index in 0..<count { table[index].present.update(repeating: false, count: laneCount) }
  }

  /// Takes the choices of some lanes from another store with as many lanes; the others keep theirs.
  ///
  /// - Parameter isTaken: By lane.
  package func take(_ isTaken: [Bool], from other: ChoiceStore) {
    precondition(other.laneCount == laneCount && isTaken.count == laneCount)
    let lanes = isTaken.indices.filter { isTaken[$0] }
    if lanes.isEmpty { return }
    if other.schema === schema {
      reserve()
      other.reserve()
      for index in 0..<count { take(lanes, other, index, as: index) }
      return
    }
    for index in 0..<count {
      let present = table[index].present
      for lane in lanes { present[lane] = false }
    }
    for index in 0..<other.count {
      take(lanes, other, index, as: add(other.instances[index]))
    }
  }

  private func take(_ lanes: [Int], _ other: ChoiceStore, _ number: Int, as index: Int) {
    let (source, target) = (other.table[number], table[index])
    for lane in lanes {
      target.present[lane] = source.present[lane]
      target.logDensities[lane] = source.logDensities[lane]
    }
    for k in schema.instances[index].layout.indices {
      let offset = k * laneCount
      for lane in lanes { target.words[offset + lane] = source.words[offset + lane] }
    }
    if !keepsParameters || !other.keepsParameters { return }
    for k in schema.instances[index].parameterIsHandle.indices {
      let offset = k * laneCount
      for lane in lanes { target.parameters[offset + lane] = source.parameters[offset + lane] }
    }
  }

  /// Gives a lane the choices of a lane of another store, whose objects may be elsewhere.
  ///
  /// - Parameters:
  ///   - isWanted: Choices that are left out make it false.
  ///   - clone: Brings an object over.
  package func copy(
    lane source: Int, of other: ChoiceStore, to lane: Int,
    where isWanted: (ChoiceSchema.Instance) -> Bool = { _ in true }, clone: (UInt64) -> UInt64
  ) {
    reserve()
    for index in 0..<count { table[index].present[lane] = false }
    for number in 0..<other.count where other.table[number].present[source] {
      let instance = other.instances[number]
      if !isWanted(instance) { continue }
      let index = other.schema === schema ? number : add(instance)
      let (from, to) = (other.table[number], table[index])
      to.present[lane] = true
      to.logDensities[lane] = from.logDensities[source]
      for (k, type) in instance.layout.enumerated() {
        let word = from.words[k * other.laneCount + source]
        to.words[k * laneCount + lane] = type.isHandle ? clone(word) : word
      }
      if !keepsParameters || !other.keepsParameters { continue }
      for (k, isHandle) in instance.parameterIsHandle.enumerated() {
        let word = from.parameters[k * other.laneCount + source]
        to.parameters[k * laneCount + lane] = isHandle ? clone(word) : word
      }
    }
  }

  /// Gives every lane the choices of another one: lane i those that lane `ancestors[i]` had.
  package func replaceLanes(by ancestors: [Int32]) {
    precondition(ancestors.count == laneCount)
    reserve()
    func gather<T>(_ column: UnsafeMutablePointer<T>) {
      let old = Array(UnsafeBufferPointer(start: column, count: laneCount))
      for lane in 0..<laneCount { column[lane] = old[Int(ancestors[lane])] }
    }
    for index in 0..<count {
      gather(table[index].present)
      gather(table[index].logDensities)
      for k in schema.instances[index].layout.indices {
        gather(table[index].words + k * laneCount)
      }
      if !keepsParameters { continue }
      for k in schema.instances[index].parameterIsHandle.indices {
        gather(table[index].parameters + k * laneCount)
      }
    }
  }

  /// The parameters of a choice of one lane mean nothing any more.
  package func forgetParameters(_ instance: Int, lane: Int) {
    if !keepsParameters { return }
    for k in schema.instances[instance].parameterIsHandle.indices {
      table[instance].parameters[k * laneCount + lane] = 0
    }
  }

  /// Parameters of a choice of one lane that are handles.
  package func visitParameters(
    _ instance: Int, lane: Int, _ visit: (UnsafeMutablePointer<UInt64>) -> Void
  ) {
    if !keepsParameters { return }
    for (k, isHandle) in schema.instances[instance].parameterIsHandle.enumerated() where isHandle {
      visit(table[instance].parameters + k * laneCount + lane)
    }
  }

  /// Words that are handles, for the collector.
  package func visitHandles(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    for index in 0..<count {
      let columns = table[index]
      for (k, type) in schema.instances[index].layout.enumerated() where type.isHandle {
        for lane in 0..<laneCount where columns.present[lane] {
          visit(columns.words + k * laneCount + lane)
        }
      }
      if !keepsParameters { continue }
      for (k, isHandle) in schema.instances[index].parameterIsHandle.enumerated() where isHandle {
        for lane in 0..<laneCount where columns.present[lane] {
          visit(columns.parameters + k * laneCount + lane)
        }
      }
    }
  }
}
