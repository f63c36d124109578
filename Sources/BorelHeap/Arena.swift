/// Memory for heap objects: bump allocation in chunks, freed all at once or by a copying
/// collection that the machine starts between two regions of code.
///
/// One arena per worker; an arena is used by one thread at a time. Objects of one arena may refer
/// to objects of another one that lives at least as long.
package final class Arena: @unchecked Sendable {
  private var chunks: [UnsafeMutableRawBufferPointer] = []
  @exclusivity(unchecked) @usableFromInline var next: UnsafeMutablePointer<UInt64>
  @exclusivity(unchecked) @usableFromInline var limit: UnsafeMutablePointer<UInt64>
  /// Words handed out and still owned, spare room of full chunks included.
  @exclusivity(unchecked) package private(set) var wordsInChunks = 0
  // Other modules do not see the attribute, and would check every access.
  @exclusivity(unchecked) private var largeObject = false
  @exclusivity(unchecked) private var problem: String?
  @exclusivity(unchecked) private var owners = ResourceOwners()
  private static let chunkWords = 1 << 15

  package init() {
    next = UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped
    limit = next
  }

  deinit {
    owners.release()
    for chunk in chunks { chunk.deallocate() }
  }

  /// Set when an object or an owned value larger than a chunk was allocated; cleared by who reads it.
  package var hasLargeObject: Bool {
    get { largeObject }
    set { largeObject = newValue }
  }

  /// What went wrong in code of the host that drew values, since it was last looked at; samplers have
  /// no other way to say it.
  package var hostProblem: String? {
    get { problem }
    set { problem = newValue }
  }

  /// Room for an object. The words are not initialised.
  @inlinable @inline(__always)
  package func allocate(words count: Int) -> UnsafeMutablePointer<UInt64> {
    let start = next
    if limit - start >= count {
      next = start + count
      return start
    }
    return allocateSlowly(words: count)
  }

  @usableFromInline
  func allocateSlowly(words count: Int) -> UnsafeMutablePointer<UInt64> {
    let size = max(count, Self.chunkWords)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: size * 8, alignment: 64)
    chunks.append(chunk)
    wordsInChunks += size
    let start = chunk.baseAddress.unsafelyUnwrapped.bindMemory(to: UInt64.self, capacity: size)
    if size == Self.chunkWords {
      next = start + count
      limit = start + size
    } else {
      hasLargeObject = true
    }
    return start
  }

  /// Bytes held by the arena and by what its boxes own.
  package var byteCount: Int { wordsInChunks * 8 + owners.byteCount }

  /// Makes the last field of a box of this arena the owner of a Swift value.
  package func own(_ resource: Resource, by box: BoxObject) {
    owners.give(resource, to: box)
    if resource.byteCount > Self.chunkWords * 8 { hasLargeObject = true }
  }

  /// Takes notice of a box that was moved or copied into the arena.
  func received(_ words: UnsafeMutablePointer<UInt64>, isCopy: Bool) {
    let box = BoxObject(bits: UInt64(UInt(bitPattern: words)))
    if isCopy { owners.share(box) } else { owners.adopt(box) }
  }

  /// Takes over all memory of another arena, which is empty afterwards.
  package func absorb(_ other: Arena) {
    chunks.append(contentsOf: other.chunks)
    wordsInChunks += other.wordsInChunks
    owners.absorb(&other.owners)
    other.chunks = []
    other.wordsInChunks = 0
    other.next = UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped
    other.limit = other.next
  }

  /// Frees everything. Handles into the arena are invalid afterwards.
  package func reset() {
    owners.release()
    for chunk in chunks { chunk.deallocate() }
    chunks = []
    wordsInChunks = 0
    next = UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped
    limit = next
  }
}
