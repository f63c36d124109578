/// A state as words: numbers, texts, and objects with all that they reach. Shared objects are stored
/// once. `StateReader` reads it back.
///
///     words    object count, object words, objects, then what was written
///     object   as on the heap, with the number of an object, from 1, in place of a handle
///
/// Strings are numbers of the `StringTable`, which has to be stored beside the state.
package struct StateWriter {
  private var words: [UInt64] = []
  private var objects: [UInt64] = []
  private var numbers: [UInt64: UInt64] = [:]

  package init() {}

  package mutating func write(_ word: UInt64) { words.append(word) }
  package mutating func write(_ value: Int) { words.append(UInt64(bitPattern: Int64(value))) }
  package mutating func write(_ value: Double) { words.append(value.bitPattern) }
  package mutating func write(_ value: Bool) { words.append(value ? 1 : 0) }

  /// A list with its length.
  package mutating func write(_ values: [UInt64]) {
    write(values.count)
    words += values
  }

  package mutating func write(_ values: [Int64]) {
    write(values.count)
    for value in values { words.append(UInt64(bitPattern: value)) }
  }

  package mutating func write(_ values: [Double]) {
    write(values.count)
    for value in values { words.append(value.bitPattern) }
  }

  package mutating func write(_ values: [Bool]) {
    write(values.count)
    for value in values { write(value) }
  }

  package mutating func write(_ text: String) {
    let bytes = Array(text.utf8)
    write(bytes.count)
    for start in stride(from: 0, to: bytes.count, by: 8) {
      var word: UInt64 = 0
      for k in start..<min(start + 8, bytes.count) { word |= UInt64(bytes[k]) << (8 * (k - start)) }
      words.append(word)
    }
  }

  /// A word of a register: by value when it is a handle.
  package mutating func write(_ word: UInt64, isHandle: Bool) {
    words.append(isHandle ? number(of: word) : word)
  }

  private mutating func number(of handle: UInt64) -> UInt64 {
    if handle == 0 { return 0 }
    if let known = numbers[handle] { return known }
    objects.append(handle)
    let number = UInt64(objects.count)
    numbers[handle] = number
    return number
  }

  /// The whole state. Objects that objects reach are numbered as they are met, so that depth of
  /// nesting costs no stack.
  package consuming func finish() -> [UInt64] {
    let body = words
    words = []
    var next = 0
    while next < objects.count {
      writeObject(Object(bits: objects[next]))
      next += 1
    }
    return [UInt64(objects.count), UInt64(words.count)] + words + body
  }

  private mutating func writeObject(_ object: Object) {
    let start = object.words
    switch object.kind {
    case .array:
      words += [Object.header(.array, sizeInWords: 3), start[1], number(of: start[2])]
    case .buffer:
      let (used, stride) = (Int(start[1]), Int(start[3] & 0xFFFF))
      let mask = start[3] >> 16
      // Room to grow is not part of the value.
      words += [
        Object.header(.buffer, sizeInWords: 4 + used * stride), start[1], start[1], start[3],
      ]
      for index in 0..<used {
        for k in 0..<stride {
          write(start[4 + index * stride + k], isHandle: mask & (1 << UInt64(k)) != 0)
        }
      }
    case .matrix:
      words.append(Object.header(.matrix, sizeInWords: object.sizeInWords))
      for k in 1..<object.sizeInWords { words.append(start[k]) }
    case .box:
      let mask = start[1]
      words += [
        Object.header(.box, tag: object.tag, sizeInWords: object.sizeInWords), mask,
      ]
      let count = object.sizeInWords - 2
      // What a box owns cannot be stored; where it is asked for afterwards, the box has none.
      let stored = start[0] & BoxObject.ownerFlag == 0 ? count : count - 1
      for k in 0..<stored {
        write(start[2 + k], isHandle: k < HeapLimits.boxFields && mask & (1 << UInt64(k)) != 0)
      }
      if stored < count { words.append(0) }
    case .forwarded, nil: preconditionFailure("no object stands where a handle points")
    }
  }
}
