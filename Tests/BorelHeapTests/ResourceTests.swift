import BorelHeap
import Testing

/// Swift values that boxes own live exactly as long as a copy of the box.
@Suite struct ResourceTests {
  /// Tells whether it is still there.
  private final class Tracked: Sendable {}

  private func owner(in arena: Arena, _ watch: inout Watch, bytes: Int = 100) -> UInt64 {
    let box = arena.makeBox(tag: 3, fieldCount: 2, pointerMask: 0)
    box.fields[0] = 7
    let value = Tracked()
    watch.value = value
    arena.own(Resource(value, byteCount: bytes), by: box)
    return box.object.bits
  }

  private struct Watch { weak var value: Tracked? }

  @Test func valuesGoWithTheirArena() {
    var watch = Watch()
    do {
      let arena = Arena()
      let bits = owner(in: arena, &watch)
      #expect(BoxObject(bits: bits).resource?.value is Tracked)
      #expect(arena.byteCount > 100)
      withExtendedLifetime(arena) {}
    }
    #expect(watch.value == nil)
  }

  @Test func whatIsReachedMovesAndWhatIsNotGoes() {
    var (kept, lost) = (Watch(), Watch())
    var arena = Arena()
    var root = owner(in: arena, &kept)
    _ = owner(in: arena, &lost)
    let target = Arena()
    var collector = Collector(into: target)
    collector.visit(&root)
    arena = target
    #expect(kept.value != nil && lost.value == nil)
    #expect(BoxObject(bits: root).resource?.value is Tracked)
    arena.reset()
    #expect(kept.value == nil)
  }

  @Test func copiesShareTheValue() {
    var watch = Watch()
    let (first, second) = (Arena(), Arena())
    let bits = owner(in: first, &watch)
    var cloner = Cloner(into: second)
    let copy = cloner.clone(bits)
    first.reset()
    #expect(BoxObject(bits: copy).resource?.value is Tracked)
    let third = Arena()
    third.absorb(second)
    second.reset()
    #expect(watch.value != nil)
    third.reset()
    #expect(watch.value == nil)
  }

  @Test func theReferenceIsNoPartOfTheValue() {
    var (one, other) = (Watch(), Watch())
    let arena = Arena()
    let (a, b) = (owner(in: arena, &one), owner(in: arena, &other))
    #expect(structurallyEqual(Object(bits: a), Object(bits: b)))
    func hash(_ bits: UInt64) -> UInt64 {
      withUnsafePointer(to: bits) { structuralHash($0, count: 1, pointerMask: 1) }
    }
    #expect(hash(a) == hash(b))
  }
}
