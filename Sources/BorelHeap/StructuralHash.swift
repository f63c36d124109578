/// A hash of the structure of a value: equal for structurally equal values, the same in every
/// process. Reads at most 512 words of large values.
///
/// - Parameters:
///   - words: `count` words.
///   - pointerMask: Bit k set: word k is a handle.
package func structuralHash(
  _ words: UnsafePointer<UInt64>, count: Int, pointerMask: UInt64
) -> UInt64 {
  var hash = StructuralHash()
  hash.combine(words, count: count, pointerMask: pointerMask)
  return hash.finish()
}

/// A traversal in an order that depends on the structure only, so that cutting it off is harmless.
private struct StructuralHash {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var pending: [UInt64] = []
  private var wordsLeft = 512

  mutating func combine(_ words: UnsafePointer<UInt64>, count: Int, pointerMask: UInt64) {
    for k in 0..<min(count, wordsLeft) {
      if k < 64, pointerMask & (1 << UInt64(k)) != 0 {
        mix(words[k] == 0 ? 0 : 1)
        if words[k] != 0 { pending.append(words[k]) }
      } else {
        mix(words[k])
      }
    }
    wordsLeft -= min(count, wordsLeft)
  }

  mutating func finish() -> UInt64 {
    while wordsLeft > 0, let bits = pending.popLast() {
      let object = Object(bits: bits)
      wordsLeft -= 1
      mix(UInt64(object.kindBits))
      switch object.kind {
      case .array:
        let array = ArrayObject(object)
        mix(UInt64(array.count))
        if array.count == 0 { continue }
        let (stride, mask) = (array.stride, array.pointerMask)
        if stride == 0 { continue }
        for index in 0..<array.count where wordsLeft > 0 {
          combine(array.elements + index * stride, count: stride, pointerMask: mask)
        }
      case .matrix:
        let matrix = MatrixObject(bits: bits)
        mix(UInt64(matrix.rows))
        mix(UInt64(matrix.columns))
        combine(object.words + 3, count: matrix.rows * matrix.columns, pointerMask: 0)
      case .box:
        let box = BoxObject(bits: bits)
        mix(UInt64(box.tag))
        combine(box.fields, count: box.valueFieldCount, pointerMask: box.pointerMask)
      case .buffer, .forwarded, nil: break
      }
    }
    return state ^ (state >> 32)
  }

  /// One step of the 64-bit finaliser of Steele, Lea and Flood (2014), "Fast splittable
  /// pseudorandom number generators".
  private mutating func mix(_ word: UInt64) {
    var z = (state ^ word) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    state = z ^ (z >> 31)
  }
}
