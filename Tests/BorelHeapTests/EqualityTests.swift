import BorelHeap
import Testing

private func equal(_ a: UInt64, _ b: UInt64) -> Bool {
  structurallyEqual(Object(bits: a), Object(bits: b))
}

private func hash(_ bits: UInt64) -> UInt64 {
  withUnsafePointer(to: bits) { structuralHash($0, count: 1, pointerMask: 1) }
}

@Test func equalArraysInDifferentMemoryAreEqual() {
  let arena = Arena()
  let a = arena.makeArray([1.0, 2.0]).object.bits
  let b = arena.makeArray([1.0, 2.0]).object.bits
  let c = arena.makeArray([1.0, 3.0]).object.bits
  let d = arena.makeArray([1.0]).object.bits
  #expect(equal(a, b) && hash(a) == hash(b))
  #expect(!equal(a, c) && !equal(a, d) && !equal(a, 0))
  #expect(hash(a) != hash(c))
}

@Test func arraysThatShareABufferDifferByLength() {
  let arena = Arena()
  let short = arena.makeArray(count: 1, capacity: 4)
  short.elements[0] = 7
  let long = withUnsafePointer(to: UInt64(8)) {
    arena.append(short, element: $0, stride: 1, pointerMask: 0)
  }
  #expect(!equal(short.object.bits, long.object.bits))
  #expect(equal(long.object.bits, arena.makeArray([7, 8] as [Int64]).object.bits))
}

@Test func nestedValuesAreComparedByContents() {
  let arena = Arena()
  func nested(_ x: Double) -> UInt64 {
    let inner = arena.makeArray([x]).object.bits
    let box = arena.makeBox(tag: 3, fieldCount: 2, pointerMask: 1)
    box.fields[0] = inner
    box.fields[1] = 5
    let outer = arena.makeArray(count: 1, pointerMask: 1)
    outer.elements[0] = box.object.bits
    return outer.object.bits
  }
  #expect(equal(nested(1), nested(1)) && hash(nested(1)) == hash(nested(1)))
  #expect(!equal(nested(1), nested(2)))
}

@Test func boxesDifferByTag() {
  let arena = Arena()
  let a = arena.makeBox(tag: 1, fieldCount: 0, pointerMask: 0).object.bits
  let b = arena.makeBox(tag: 2, fieldCount: 0, pointerMask: 0).object.bits
  #expect(!equal(a, b))
}

@Test func matricesDifferByShape() {
  let arena = Arena()
  func matrix(_ rows: Int, _ columns: Int) -> UInt64 {
    let result = arena.makeMatrix(rows: rows, columns: columns)
    for index in 0..<rows * columns { result.elements[index] = Double(index) }
    return result.object.bits
  }
  #expect(equal(matrix(2, 3), matrix(2, 3)))
  #expect(!equal(matrix(2, 3), matrix(3, 2)))
}

@Test func depthAndSharingCostNeitherStackNorTime() {
  let arena = Arena()
  func chain(_ depth: Int, shared: Bool) -> UInt64 {
    var bits: UInt64 = 0
    for _ in 0..<depth {
      let box = arena.makeBox(tag: 0, fieldCount: 2, pointerMask: 3)
      box.fields[0] = bits
      box.fields[1] = shared ? bits : 0
      bits = box.object.bits
    }
    return bits
  }
  // Without remembering pairs the shared one would take 2^200 steps.
  #expect(equal(chain(200, shared: true), chain(200, shared: true)))
  #expect(!equal(chain(200, shared: true), chain(201, shared: true)))
  #expect(equal(chain(200_000, shared: false), chain(200_000, shared: false)))
  #expect(hash(chain(200, shared: true)) == hash(chain(200, shared: true)))
}
