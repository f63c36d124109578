/// What an instruction reads: a column of words, or one word for all lanes.
///
/// Every register word is 8 bytes: a `Double`, an `Int64`, a Bool as 0 or 1, a string as its
/// number in the string table, or an object handle.
package struct ColumnOperand: @unchecked Sendable {
  package var base: UnsafePointer<UInt64>
  /// 1 for a column, 0 for a uniform value.
  package var stride: Int

  @inlinable @inline(__always)
  package init(base: UnsafePointer<UInt64>, stride: Int) {
    self.base = base
    self.stride = stride
  }

  @inlinable @inline(__always)
  package func word(_ lane: Int) -> UInt64 { base[lane &* stride] }

  @inlinable @inline(__always)
  package func real(_ lane: Int) -> Double { Double(bitPattern: base[lane &* stride]) }

  @inlinable @inline(__always)
  package func int(_ lane: Int) -> Int64 { Int64(bitPattern: base[lane &* stride]) }

  @inlinable @inline(__always)
  package func bool(_ lane: Int) -> Bool { base[lane &* stride] != 0 }
}

/// One application of an operation to the lanes of a block.
///
/// An operation writes a result word for every lane, also for those where it fails (0 is safe
/// there), and returns the index of the first lane where it failed, or -1. A null handle is a
/// failure, never a trap: dead lanes carry such values.
package struct ColumnCall {
  /// Lanes.
  package let count: Int
  package let operands: UnsafePointer<ColumnOperand>
  package let operandCount: Int
  /// One column of `count` words per result.
  package let results: UnsafePointer<UnsafeMutablePointer<UInt64>>
  /// Where results that are objects are allocated.
  package let arena: Arena
  /// Whether array buffers may be shared with lanes that other workers run at the same time.
  package let mayShareBuffers: Bool

  @inlinable
  package init(
    count: Int, operands: UnsafePointer<ColumnOperand>, operandCount: Int,
    results: UnsafePointer<UnsafeMutablePointer<UInt64>>, arena: Arena, mayShareBuffers: Bool
  ) {
    self.count = count
    self.operands = operands
    self.operandCount = operandCount
    self.results = results
    self.arena = arena
    self.mayShareBuffers = mayShareBuffers
  }
}

/// An operation over columns, with the failure convention of `ColumnCall`.
package typealias ColumnFunction = @Sendable (borrowing ColumnCall) -> Int
