/// A register: one word for all lanes of a strand, or a column.
package struct Slot {
  /// The word when it is uniform.
  package var bits: UInt64
  /// The column, or -1 when it is uniform.
  package var column: Int32

  @inline(__always)
  package init(uniform bits: UInt64) {
    self.bits = bits
    self.column = -1
  }

  @inline(__always)
  package init(column: Int32) {
    self.bits = 0
    self.column = column
  }

  @inline(__always)
  package var isUniform: Bool { column < 0 }
}

/// All columns of a machine, counted by reference.
///
/// A column is born *pending*: an instruction that will fill it has been recorded but not run.
/// When the record is run, columns that something still refers to get memory for all lanes; the
/// others live in block-sized scratch memory only. Memory is recycled by size, so that in the
/// steady state a step of a filter allocates nothing.
package final class ColumnPool {
  struct Entry {
    var data: UnsafeMutablePointer<UInt64>?
    var capacity: Int
    var references: Int32
    /// References that the record of pending operations holds.
    var traceReferences: Int32
    /// Scratch slot while a record runs, or -1.
    var scratch: Int32
    /// Last reading position in the record that is being run.
    var lastUse: Int32
    /// Round of the last collection that visited the column.
    var mark: UInt32
  }

  private(set) var entries: UnsafeMutablePointer<Entry>
  private var entryCapacity = 256
  private var entryCount = 0
  private var freeEntries: [Int32] = []
  private var freeMemory: [Int: [UnsafeMutablePointer<UInt64>]] = [:]
  /// Words of column memory in use and in the free lists.
  package private(set) var wordsAllocated = 0
  private static let slack = 16

  package init() {
    entries = .allocate(capacity: entryCapacity)
  }

  deinit {
    for index in 0..<entryCount {
      if let data = entries[index].data { Self.free(data) }
    }
    for list in freeMemory.values { for data in list { Self.free(data) } }
    entries.deallocate()
  }

  private static func free(_ data: UnsafeMutablePointer<UInt64>) {
    UnsafeMutableRawPointer(data).deallocate()
  }

  /// A pending column with one reference.
  @inline(__always)
  func makePending() -> Int32 {
    let index: Int32
    if let free = freeEntries.popLast() {
      index = free
    } else {
      index = growEntries()
    }
    entries[Int(index)] = Entry(
      data: nil, capacity: 0, references: 1, traceReferences: 0, scratch: -1, lastUse: -1,
      mark: 0)
    return index
  }

  private func growEntries() -> Int32 {
    if entryCount == entryCapacity {
      let larger = UnsafeMutablePointer<Entry>.allocate(capacity: entryCapacity * 2)
      larger.update(from: entries, count: entryCount)
      entries.deallocate()
      entries = larger
      entryCapacity *= 2
    }
    entryCount += 1
    return Int32(entryCount - 1)
  }

  /// A column with memory for `count` lanes and one reference; the words are not initialised.
  func make(count: Int) -> Int32 {
    let index = makePending()
    materialise(index, count: count)
    return index
  }

  func materialise(_ index: Int32, count: Int) {
    let capacity = Self.capacity(for: count)
    let data: UnsafeMutablePointer<UInt64>
    if let recycled = freeMemory[capacity]?.popLast() {
      data = recycled
    } else {
      wordsAllocated += capacity
      data = UnsafeMutableRawPointer.allocate(
        byteCount: (capacity + Self.slack) * 8, alignment: 64
      ).bindMemory(to: UInt64.self, capacity: capacity + Self.slack)
    }
    entries[Int(index)].data = data
    entries[Int(index)].capacity = capacity
  }

  private static func capacity(for count: Int) -> Int {
    if count > 1024 { return (count + 1023) & ~1023 }
    var capacity = 16
    while capacity < count { capacity *= 2 }
    return capacity
  }

  @inline(__always)
  func retain(_ index: Int32) { entries[Int(index)].references += 1 }

  @inline(__always)
  func retain(_ slot: Slot) { if slot.column >= 0 { retain(slot.column) } }

  @inline(__always)
  func release(_ slot: Slot) { if slot.column >= 0 { release(slot.column) } }

  @inline(__always)
  func release(_ index: Int32) {
    entries[Int(index)].references -= 1
    if entries[Int(index)].references == 0 { recycle(index) }
  }

  private func recycle(_ index: Int32) {
    if let data = entries[Int(index)].data {
      freeMemory[entries[Int(index)].capacity, default: []].append(data)
      entries[Int(index)].data = nil
    }
    freeEntries.append(index)
  }

  @inline(__always)
  func data(_ index: Int32) -> UnsafeMutablePointer<UInt64> {
    entries[Int(index)].data.unsafelyUnwrapped
  }

  /// Counts a reference from the record of pending operations.
  @inline(__always)
  func retainForTrace(_ index: Int32) {
    entries[Int(index)].references += 1
    entries[Int(index)].traceReferences += 1
  }

  @inline(__always)
  func releaseFromTrace(_ index: Int32) {
    entries[Int(index)].traceReferences -= 1
    release(index)
  }

  /// Whether something other than the record refers to the column.
  @inline(__always)
  func isNeeded(_ index: Int32) -> Bool {
    entries[Int(index)].references > entries[Int(index)].traceReferences
  }

  @inline(__always)
  func isPending(_ index: Int32) -> Bool { entries[Int(index)].data == nil }

  /// The word of a slot in a row of its strand.
  @inline(__always)
  func word(_ slot: Slot, row: Int) -> UInt64 {
    slot.column < 0 ? slot.bits : data(slot.column)[row]
  }

  /// Gives unused memory back to the system.
  func trim() {
    for (capacity, list) in freeMemory {
      wordsAllocated -= capacity * list.count
      for data in list { Self.free(data) }
    }
    freeMemory = [:]
  }
}
