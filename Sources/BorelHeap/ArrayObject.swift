/// A view of an array object.
///
/// Arrays are values. Appending writes into spare capacity of the buffer when this array ends
/// where the buffer's used part ends, so that building an array costs amortised constant time per
/// element, and copies otherwise; older arrays that share the buffer never see the new element.
package struct ArrayObject: Sendable {
  package let object: Object

  @inlinable @inline(__always)
  package init(_ object: Object) { self.object = object }

  @inlinable @inline(__always)
  package init(bits: UInt64) { self.object = Object(bits: bits) }

  @inlinable @inline(__always)
  package var count: Int { object.isNull ? 0 : Int(object.words[1]) }

  @inlinable @inline(__always)
  package var buffer: UnsafeMutablePointer<UInt64> { Object(bits: object.words[2]).words }

  /// Words per element.
  @inlinable @inline(__always)
  package var stride: Int { Int(buffer[3] & 0xFFFF) }

  @inlinable @inline(__always)
  package var pointerMask: UInt64 { buffer[3] >> 16 }

  /// The first word of the first element. Not to be used on a null array.
  @inlinable @inline(__always)
  package var elements: UnsafeMutablePointer<UInt64> { buffer + 4 }

  @inlinable @inline(__always)
  package func real(_ index: Int) -> Double { Double(bitPattern: elements[index]) }

  @inlinable @inline(__always)
  package func int(_ index: Int) -> Int64 { Int64(bitPattern: elements[index]) }

  /// The elements of an array of reals.
  @inlinable @inline(__always)
  package var reals: UnsafeBufferPointer<Double> {
    if object.isNull { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(
      start: UnsafeRawPointer(elements).assumingMemoryBound(to: Double.self), count: count)
  }
}

/// A view of a matrix object, row by row.
package struct MatrixObject: Sendable {
  package let object: Object

  @inlinable @inline(__always)
  package init(bits: UInt64) { self.object = Object(bits: bits) }

  package var rows: Int { object.isNull ? 0 : Int(object.words[1]) }
  package var columns: Int { object.isNull ? 0 : Int(object.words[2]) }

  /// `rows * columns` elements, row by row. Not to be used on a null matrix.
  package var elements: UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(object.words + 3).assumingMemoryBound(to: Double.self)
  }
}

/// A view of a box: an enum value with payload, a closure, or a distribution as a value.
package struct BoxObject: Sendable {
  package let object: Object

  @inlinable @inline(__always)
  package init(bits: UInt64) { self.object = Object(bits: bits) }

  @inlinable @inline(__always)
  package var tag: Int { object.isNull ? -1 : object.tag }

  package var fieldCount: Int { object.isNull ? 0 : object.sizeInWords - 2 }

  package var pointerMask: UInt64 { object.words[1] }

  @inlinable @inline(__always)
  package var fields: UnsafeMutablePointer<UInt64> { object.words + 2 }
}
