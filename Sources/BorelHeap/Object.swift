/// A reference to an immutable object on the heap of the machine: arrays, matrices, enum values
/// with payload, closures, distributions as values. Zero is no object (only in dead lanes).
///
/// A register word that holds a handle is `Object.bits`.
///
/// Layout in words of 8 bytes. Word 0 is the header: bits 0-7 kind, 8-15 flags, 16-31 tag,
/// 32-63 size in words, header included.
///
///     array    header, count, buffer
///     buffer   header, used, capacity, layout (bits 0-15 stride, 16-63 pointer mask), elements
///     matrix   header, rows, columns, elements row by row
///     box      header (tag: enum case, function or family), pointer mask, fields
package struct Object: Hashable, Sendable {
  package var bits: UInt64

  @inlinable @inline(__always)
  package init(bits: UInt64) { self.bits = bits }

  package enum Kind: UInt8, Sendable {
    case array = 1
    case buffer, matrix, box, forwarded
  }

  package static let null = Object(bits: 0)

  @inlinable @inline(__always)
  package var isNull: Bool { bits == 0 }

  @inlinable @inline(__always)
  package var words: UnsafeMutablePointer<UInt64> {
    UnsafeMutablePointer(bitPattern: UInt(bits)).unsafelyUnwrapped
  }

  @inlinable @inline(__always)
  package var kindBits: UInt8 { UInt8(truncatingIfNeeded: words[0]) }

  package var kind: Kind? { isNull ? nil : Kind(rawValue: kindBits) }

  @inlinable @inline(__always)
  package var tag: Int { Int((words[0] >> 16) & 0xFFFF) }

  @inlinable @inline(__always)
  package var sizeInWords: Int { Int(words[0] >> 32) }

  @inlinable @inline(__always)
  package static func header(_ kind: Kind, tag: Int = 0, sizeInWords: Int) -> UInt64 {
    UInt64(kind.rawValue) | (UInt64(tag & 0xFFFF) << 16) | (UInt64(sizeInWords) << 32)
  }
}

/// Most fields of a box, and most words of an array element: the width of a pointer mask.
package enum HeapLimits {
  package static let boxFields = 64
  package static let elementWords = 48
}
