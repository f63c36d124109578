extension Arena {
  /// An array with room for `capacity` elements; the first `count` elements must be written by the
  /// caller before anything else is allocated.
  ///
  /// - Parameters:
  ///   - count: Elements of the array, at most `capacity`.
  ///   - stride: Words per element, at most `HeapLimits.elementWords`.
  ///   - pointerMask: Bit k set: word k of an element is a handle.
  package func makeArray(
    count: Int, capacity: Int? = nil, stride: Int = 1, pointerMask: UInt64 = 0
  ) -> ArrayObject {
    let capacity = max(capacity ?? count, count)
    let size = 4 + capacity * stride
    let words = allocate(words: 3 + size)
    let buffer = words + 3
    words[0] = Object.header(.array, sizeInWords: 3)
    words[1] = UInt64(count)
    words[2] = UInt64(UInt(bitPattern: buffer))
    buffer[0] = Object.header(.buffer, sizeInWords: size)
    buffer[1] = UInt64(count)
    buffer[2] = UInt64(capacity)
    buffer[3] = UInt64(stride) | (pointerMask << 16)
    return ArrayObject(bits: UInt64(UInt(bitPattern: words)))
  }

  /// An array of reals.
  package func makeArray(_ values: [Double]) -> ArrayObject {
    let array = makeArray(count: values.count)
    let elements = array.elements
    for index in values.indices { elements[index] = values[index].bitPattern }
    return array
  }

  /// An array of integers.
  package func makeArray(_ values: [Int64]) -> ArrayObject {
    let array = makeArray(count: values.count)
    let elements = array.elements
    for index in values.indices { elements[index] = UInt64(bitPattern: values[index]) }
    return array
  }

  /// A matrix whose `rows * columns` elements must be written by the caller.
  package func makeMatrix(rows: Int, columns: Int) -> MatrixObject {
    let size = 3 + rows * columns
    let words = allocate(words: size)
    words[0] = Object.header(.matrix, sizeInWords: size)
    words[1] = UInt64(rows)
    words[2] = UInt64(columns)
    return MatrixObject(bits: UInt64(UInt(bitPattern: words)))
  }

  /// A box whose fields must be written by the caller.
  package func makeBox(tag: Int, fieldCount: Int, pointerMask: UInt64) -> BoxObject {
    let words = allocate(words: 2 + fieldCount)
    words[0] = Object.header(.box, tag: tag, sizeInWords: 2 + fieldCount)
    words[1] = pointerMask
    return BoxObject(bits: UInt64(UInt(bitPattern: words)))
  }

  /// The array with one more element, `element` pointing to `stride` words.
  ///
  /// The claim on spare room is not atomic: arrays whose buffers are shared between workers must
  /// not be appended to in place, so `mayShareBuffer` forces the copy.
  package func append(
    _ array: ArrayObject, element: UnsafePointer<UInt64>, stride: Int, pointerMask: UInt64,
    mayShareBuffer: Bool = false
  ) -> ArrayObject {
    let count = array.count
    if count > 0, !mayShareBuffer {
      let buffer = array.buffer
      if buffer[1] == UInt64(count), count < Int(buffer[2]) {
        let target = buffer + 4 + count * stride
        for k in 0..<stride { target[k] = element[k] }
        buffer[1] = UInt64(count + 1)
        let words = allocate(words: 3)
        words[0] = Object.header(.array, sizeInWords: 3)
        words[1] = UInt64(count + 1)
        words[2] = UInt64(UInt(bitPattern: buffer))
        return ArrayObject(bits: UInt64(UInt(bitPattern: words)))
      }
    }
    let copy = makeArray(
      count: count + 1, capacity: max(4, count + count / 2 + 1), stride: stride,
      pointerMask: pointerMask)
    if count > 0 {
      copy.elements.update(from: array.elements, count: count * stride)
    }
    let target = copy.elements + count * stride
    for k in 0..<stride { target[k] = element[k] }
    return copy
  }
}
