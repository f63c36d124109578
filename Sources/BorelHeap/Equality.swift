/// Whether two values have the same structure: equal words, and behind handles equal arrays,
/// matrices and boxes.
///
/// Words that are not handles are compared by their bits: 0 differs from -0, and a NaN equals a NaN
/// with the same bits. Nested objects cost no stack, and shared parts are compared once.
///
/// - Parameters:
///   - a: `count` words.
///   - b: `count` words.
///   - pointerMask: Bit k set: word k is a handle.
package func structurallyEqual(
  _ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, count: Int, pointerMask: UInt64
) -> Bool {
  var comparison = StructuralComparison()
  return comparison.enqueue(a, b, count: count, pointerMask: pointerMask)
    && comparison.finish()
}

/// Whether two handles refer to equal objects, or are both null.
package func structurallyEqual(_ a: Object, _ b: Object) -> Bool {
  if a.bits == b.bits { return true }
  var comparison = StructuralComparison()
  return comparison.enqueue(a.bits, b.bits) && comparison.finish()
}

/// The state of a comparison: pairs of objects still to be compared.
private struct StructuralComparison {
  private struct Pair: Hashable {
    var a: UInt64
    var b: UInt64
  }
  private var pending: [Pair] = []
  /// Pairs met, once there are so many that sharing could matter.
  private var met: Set<Pair> = []
  private var comparedCount = 0
  private static let countBeforeTracking = 64

  /// Compares two handles as far as that needs no visit; false when they certainly differ.
  mutating func enqueue(_ a: UInt64, _ b: UInt64) -> Bool {
    if a == b { return true }
    if a == 0 || b == 0 { return false }
    let pair = Pair(a: a, b: b)
    comparedCount += 1
    if comparedCount > Self.countBeforeTracking, !met.insert(pair).inserted { return true }
    pending.append(pair)
    return true
  }

  /// Compares runs of words; handles in them are enqueued.
  mutating func enqueue(
    _ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, count: Int, pointerMask: UInt64
  ) -> Bool {
    for k in 0..<count {
      if k < 64, pointerMask & (1 << UInt64(k)) != 0 {
        if !enqueue(a[k], b[k]) { return false }
      } else if a[k] != b[k] {
        return false
      }
    }
    return true
  }

  /// Compares all pending pairs and what they lead to.
  mutating func finish() -> Bool {
    while let pair = pending.popLast() {
      let (a, b) = (Object(bits: pair.a), Object(bits: pair.b))
      guard a.kindBits == b.kindBits else { return false }
      let equal =
        switch a.kind {
        case .array: enqueueArrays(ArrayObject(a), ArrayObject(b))
        case .matrix: enqueueMatrices(MatrixObject(bits: a.bits), MatrixObject(bits: b.bits))
        case .box: enqueueBoxes(BoxObject(bits: a.bits), BoxObject(bits: b.bits))
        case .buffer, .forwarded, nil: false
        }
      if !equal { return false }
    }
    return true
  }

  private mutating func enqueueArrays(_ a: ArrayObject, _ b: ArrayObject) -> Bool {
    guard a.count == b.count else { return false }
    if a.count == 0 { return true }
    let (stride, mask) = (a.stride, a.pointerMask)
    guard b.stride == stride, b.pointerMask == mask else { return false }
    let (first, second) = (a.elements, b.elements)
    if first == second { return true }
    if mask == 0 { return enqueue(first, second, count: a.count * stride, pointerMask: 0) }
    for index in 0..<a.count {
      let offset = index * stride
      let equal = enqueue(first + offset, second + offset, count: stride, pointerMask: mask)
      if !equal { return false }
    }
    return true
  }

  private mutating func enqueueMatrices(_ a: MatrixObject, _ b: MatrixObject) -> Bool {
    guard a.rows == b.rows, a.columns == b.columns else { return false }
    return enqueue(
      a.object.words + 3, b.object.words + 3, count: a.rows * a.columns, pointerMask: 0)
  }

  private mutating func enqueueBoxes(_ a: BoxObject, _ b: BoxObject) -> Bool {
    guard a.tag == b.tag, a.fieldCount == b.fieldCount, a.pointerMask == b.pointerMask else {
      return false
    }
    return enqueue(a.fields, b.fields, count: a.valueFieldCount, pointerMask: a.pointerMask)
  }
}
