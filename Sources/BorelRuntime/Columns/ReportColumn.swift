import BorelKernels

/// Reported words that outlive their generation: one for all rows, a column of the machine that
/// is kept instead of copied, or words of their own.
package final class ReportColumn {
  private enum Storage {
    case uniform(UInt64)
    case column(Int32, ColumnPool)
    case owned([UInt64])
  }

  private var storage: Storage

  package init(uniform bits: UInt64) { storage = .uniform(bits) }
  package init(_ words: [UInt64]) { storage = .owned(words) }

  /// Takes over the caller's reference to a column.
  init(column: Int32, of pool: ColumnPool) { storage = .column(column, pool) }

  deinit {
    if case .column(let column, let pool) = storage { pool.release(column) }
  }

  package subscript(row: Int) -> UInt64 {
    switch storage {
    case .uniform(let bits): bits
    case .column(let column, let pool): pool.data(column)[row]
    case .owned(let words): words[row]
    }
  }

  /// The words of the first rows.
  package func words(count: Int) -> [UInt64] {
    switch storage {
    case .uniform(let bits): [UInt64](repeating: bits, count: count)
    case .column(let column, let pool):
      Array(UnsafeBufferPointer(start: pool.data(column), count: count))
    case .owned(let words): words
    }
  }

  /// The words of some rows.
  package func gathered(_ rows: UnsafeBufferPointer<Int32>) -> [UInt64] {
    let count = rows.count
    switch storage {
    case .uniform(let bits): return [UInt64](repeating: bits, count: count)
    case .column(let column, let pool): return Self.gather(pool.data(column), rows)
    case .owned(let words):
      return words.withUnsafeBufferPointer { source in
        guard let start = source.baseAddress else { return [] }
        return Self.gather(start, rows)
      }
    }
  }

  private static func gather(
    _ source: UnsafePointer<UInt64>, _ rows: UnsafeBufferPointer<Int32>
  ) -> [UInt64] {
    guard let index = rows.baseAddress else { return [] }
    return [UInt64](unsafeUninitializedCapacity: rows.count) { buffer, count in
      borel_gather64(Int64(rows.count), buffer.baseAddress, source, index)
      count = rows.count
    }
  }

  /// Only these rows stay.
  package func keep(_ rows: UnsafeBufferPointer<Int32>) {
    if case .uniform = storage { return }
    let words = gathered(rows)
    if case .column(let column, let pool) = storage { pool.release(column) }
    storage = .owned(words)
  }

  /// The words as a collector may change them; columns of handles are always owned.
  package func visitWords(_ body: (UnsafeMutablePointer<UInt64>) -> Void) {
    switch storage {
    case .uniform(var bits):
      body(&bits)
      storage = .uniform(bits)
    case .column: break
    case .owned(var words):
      storage = .uniform(0)
      words.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        for index in buffer.indices { body(start + index) }
      }
      storage = .owned(words)
    }
  }
}
