/// One word per chain.
final class ChainColumn {
  let words: UnsafeMutablePointer<UInt64>

  init(count: Int) {
    words = UnsafeMutableRawPointer.allocate(byteCount: (count + 32) * 8, alignment: 64)
      .bindMemory(to: UInt64.self, capacity: count + 32)
    words.initialize(repeating: 0, count: count + 32)
  }

  deinit { words.deallocate() }

  var reals: UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(words).assumingMemoryBound(to: Double.self)
  }
}
