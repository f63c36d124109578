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

  @exclusivity(unchecked) private(set) var entries: UnsafeMutablePointer<Entry>
  @exclusivity(unchecked) private var entryCapacity = 256
  @exclusivity(unchecked) private var entryCount = 0
  /// The first unused entry, or -1; `lastUse` of an unused entry is the next one.
  @exclusivity(unchecked) private var freeEntry: Int32 = -1
  @exclusivity(unchecked) private var freeMemory = ColumnMemory()
  /// Words of column memory in use and in the free lists.
  @exclusivity(unchecked) package private(set) var wordsAllocated = 0

  package init() {
    entries = .allocate(capacity: entryCapacity)
  }

  deinit {
    for index in 0..<entryCount {
      if let data = entries[index].data { freeMemory.give(data, capacity: entries[index].capacity) }
    }
    freeMemory.retire()
    entries.deallocate()
  }

  /// A pending column with one reference.
  @inline(__always)
  func makePending() -> Int32 {
    let index: Int32
    if freeEntry >= 0 {
      index = freeEntry
      freeEntry = entries[Int(index)].lastUse
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
    if let recycled = freeMemory.take(capacity: capacity) {
      data = recycled
    } else {
      wordsAllocated += capacity
      data = ColumnMemory.allocate(capacity: capacity)
    }
    entries[Int(index)].data = data
    entries[Int(index)].capacity = capacity
  }

  /// Few sizes, so that memory is used again: powers of two, from 4,096 on with eight steps between
  /// them.
  private static func capacity(for count: Int) -> Int {
    let bits = Int.bitWidth - max(count - 1, 15).leadingZeroBitCount
    let power = 1 << bits
    if power <= 4096 { return power }
    let step = power >> 4
    return (count + step - 1) & ~(step - 1)
  }

  /// Whether the column has room for so many words and nothing else refers to it, so that it may
  /// grow where it is.
  @inline(__always)
  func canGrow(_ index: Int32, to count: Int) -> Bool {
    entries[Int(index)].references == 1 && entries[Int(index)].capacity >= count
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
      freeMemory.give(data, capacity: entries[Int(index)].capacity)
      entries[Int(index)].data = nil
    }
    entries[Int(index)].lastUse = freeEntry
    freeEntry = index
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
  func trim() { wordsAllocated -= freeMemory.free() }
}
