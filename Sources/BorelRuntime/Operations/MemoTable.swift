import BorelHeap
import BorelIR

/// The memo tables of a lane: a persistent value on the heap, so that a lane that is copied by a
/// resample shares what was drawn before and nothing after.
///
///     root   box: tables made so far, newest entry
///     entry  box: table, hash of the key, next entry, words of the key, words of the value
enum MemoTable {
  private static let entryFields = 3

  /// (root) -> root, number of the new table
  static let make: ColumnFunction = { call in
    for lane in 0..<call.count {
      let root = BoxObject(bits: call.operands[0].word(lane))
      let isNew = root.object.isNull
      let count = isNew ? 1 : root.fields[0] + 1
      let next = makeRoot(call.arena, count, head: isNew ? 0 : root.fields[1])
      call.results[0][lane] = next
      call.results[1][lane] = count
    }
    return -1
  }

  private static func makeRoot(_ arena: Arena, _ count: UInt64, head: UInt64) -> UInt64 {
    let root = arena.makeBox(tag: 0, fieldCount: 2, pointerMask: 0b10)
    root.fields[0] = count
    root.fields[1] = head
    return root.object.bits
  }

  /// (root, table, key words) -> found, value words
  static func find(key: [IRType], value: [IRType]) -> ColumnFunction {
    { call in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: key.count + 1) { words in
        for lane in 0..<call.count {
          for k in 0..<key.count { words[k] = call.operands[2 + k].word(lane) }
          let hash = hash(words, key)
          let entry = lookUp(
            call.operands[0].word(lane), table: call.operands[1].word(lane), hash: hash, words, key)
          call.results[0][lane] = entry == nil ? 0 : 1
          for k in 0..<value.count {
            call.results[1 + k][lane] = entry.map { $0[entryFields + key.count + k] } ?? 0
          }
        }
        return -1
      }
    }
  }

  /// (root, table, key words, value words) -> root
  static func store(key: [IRType], value: [IRType]) -> ColumnFunction {
    let mask = ([IRType.int, .int, .matrix] + key + value).pointerMask
    let width = key.count + value.count
    return { call in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: key.count + 1) { words in
        for lane in 0..<call.count {
          for k in 0..<key.count { words[k] = call.operands[2 + k].word(lane) }
          let root = BoxObject(bits: call.operands[0].word(lane))
          let entry = call.arena.makeBox(
            tag: 0, fieldCount: entryFields + width, pointerMask: mask)
          let fields = entry.fields
          fields[0] = call.operands[1].word(lane)
          fields[1] = hash(words, key)
          fields[2] = root.object.isNull ? 0 : root.fields[1]
          for k in 0..<width { fields[entryFields + k] = call.operands[2 + k].word(lane) }
          call.results[0][lane] = makeRoot(
            call.arena, root.object.isNull ? 0 : root.fields[0], head: entry.object.bits)
        }
        return -1
      }
    }
  }

  private static func hash(_ words: UnsafeMutableBufferPointer<UInt64>, _ key: [IRType]) -> UInt64 {
    guard let start = words.baseAddress else { return 0 }
    return structuralHash(start, count: key.count, pointerMask: key.pointerMask)
  }

  private static func lookUp(
    _ rootBits: UInt64, table: UInt64, hash: UInt64,
    _ words: UnsafeMutableBufferPointer<UInt64>, _ key: [IRType]
  ) -> UnsafeMutablePointer<UInt64>? {
    if rootBits == 0 { return nil }
    var next = BoxObject(bits: rootBits).fields[1]
    while next != 0 {
      let fields = BoxObject(bits: next).fields
      if fields[1] == hash, fields[0] == table {
        var isEqual = true
        for k in 0..<key.count where isEqual {
          isEqual = wordsEqual(fields[entryFields + k], words[k], key[k])
        }
        if isEqual { return fields }
      }
      next = fields[2]
    }
    return nil
  }
}
