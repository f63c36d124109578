import BorelHeap
import Testing

/// States that are written and read again, and words that no writer has written.
struct StateTests {
  /// A box that holds an array twice, an array of arrays, and a matrix.
  private func nested(_ arena: Arena) -> UInt64 {
    let shared = arena.makeArray([1.5, -0.0, .infinity])
    let outer = arena.makeArray(count: 2, capacity: 5, stride: 2, pointerMask: 0b10)
    for index in 0..<2 {
      outer.elements[2 * index] = UInt64(index)
      outer.elements[2 * index + 1] = shared.object.bits
    }
    let matrix = arena.makeMatrix(rows: 2, columns: 1)
    matrix.elements[0] = 3
    matrix.elements[1] = 4
    let box = arena.makeBox(tag: 7, fieldCount: 4, pointerMask: 0b1011)
    for (k, word) in [shared.object.bits, 9, outer.object.bits, matrix.object.bits].enumerated() {
      box.fields[k] = word
    }
    box.fields[2] = 42
    box.fields[1] = outer.object.bits
    return box.object.bits
  }

  private func written() -> [UInt64] {
    let arena = Arena()
    let object = nested(arena)
    var writer = StateWriter()
    writer.write("β and a longer text")
    writer.write(object, isHandle: true)
    writer.write([1.0, .nan])
    writer.write(object, isHandle: true)
    writer.write(true)
    return writer.finish()
  }

  @Test func objectsAreReadAsTheyWere() throws {
    let arena = Arena()
    let original = Object(bits: nested(arena))
    var reader = try StateReader(written())
    #expect(try reader.readText() == "β and a longer text")
    let object = Object(bits: try reader.readWord(isHandle: true, into: arena))
    #expect(structurallyEqual(object, original))
    let box = BoxObject(bits: object.bits)
    #expect(box.tag == 7)
    #expect(box.fields[2] == 42)
    let outer = ArrayObject(bits: box.fields[1])
    #expect(outer.elements[1] == box.fields[0], "shared objects stay shared")
    #expect(try reader.readDoubles()[1].isNaN)
    #expect(try reader.readWord(isHandle: true, into: arena) == object.bits)
    #expect(try reader.readBool())
    #expect(reader.isAtEnd)
    #expect(throws: DamagedState.self) { try reader.readWord() }
  }

  /// Nesting costs no stack.
  @Test func deepObjectsAreWrittenAndRead() throws {
    let arena = Arena()
    var bits: UInt64 = 0
    for _ in 0..<200_000 {
      let box = arena.makeBox(tag: 1, fieldCount: 1, pointerMask: 1)
      box.fields[0] = bits
      bits = box.object.bits
    }
    var writer = StateWriter()
    writer.write(bits, isHandle: true)
    var reader = try StateReader(writer.finish())
    var object = BoxObject(bits: try reader.readWord(isHandle: true, into: arena))
    var depth = 1
    while object.fields[0] != 0 {
      object = BoxObject(bits: object.fields[0])
      depth += 1
    }
    #expect(depth == 200_000)
  }

  /// Every word in turn replaced by words that lengths, numbers and headers might be.
  @Test func wrongWordsAreDamage() throws {
    let words = written()
    var damaged = 0
    for position in words.indices {
      for word: UInt64 in [0, 1, 3, 5, 1 << 31, 1 << 40, .max, words[position] ^ 1] {
        var mutant = words
        mutant[position] = word
        do {
          let arena = Arena()
          var reader = try StateReader(mutant)
          _ = try reader.readText()
          _ = try reader.readWord(isHandle: true, into: arena)
          _ = try reader.readDoubles()
          _ = try reader.readWord(isHandle: true, into: arena)
          _ = try reader.readBool()
        } catch is DamagedState {
          damaged += 1
        }
      }
    }
    #expect(damaged > words.count)
    for length in words.indices {
      #expect(throws: DamagedState.self) {
        var reader = try StateReader(Array(words[..<length]))
        _ = try reader.readText()
        _ = try reader.readWord(isHandle: true, into: Arena())
        _ = try reader.readDoubles()
        _ = try reader.readWord()
        _ = try reader.readBool()
      }
    }
  }
}
