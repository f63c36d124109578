/// Where a strand stands, as far as scheduling goes.
struct StrandPosition {
  /// Function and block.
  let place: UInt64
  let order: Int32
  /// Inside a call that the terminator of the block makes.
  let isAtTerminator: Bool
  let frame: UnsafeMutablePointer<FrameLink>?
  let number: Int

  /// Whether this strand has to run before another one so that lanes reconverge: it stands at an
  /// earlier block of the outermost frame in which they differ, or inside a call that the other
  /// has yet to reach. Strands of one frame are neighbours in this order.
  func isBehind(_ other: StrandPosition) -> Bool {
    var a = frame
    var b = other.frame
    var orderA = (block: order, isInCall: isAtTerminator)
    var orderB = (block: other.order, isInCall: other.isAtTerminator)
    if a != b {
      var numberA = 0
      var numberB = 0
      while let top = a, top.pointee.depth > (b?.pointee.depth ?? 0) {
        orderA = (top.pointee.order, true)
        numberA = top.pointee.number
        a = top.pointee.parent
      }
      while let top = b, top.pointee.depth > (a?.pointee.depth ?? 0) {
        orderB = (top.pointee.order, true)
        numberB = top.pointee.number
        b = top.pointee.parent
      }
      while a != b, let topA = a, let topB = b {
        orderA = (topA.pointee.order, true)
        orderB = (topB.pointee.order, true)
        (numberA, numberB) = (topA.pointee.number, topB.pointee.number)
        (a, b) = (topA.pointee.parent, topB.pointee.parent)
      }
      if orderA.block != orderB.block { return orderA.block < orderB.block }
      if orderA.isInCall != orderB.isInCall { return orderB.isInCall }
      if numberA != numberB { return numberA < numberB }
    } else {
      if orderA.block != orderB.block { return orderA.block < orderB.block }
      if orderA.isInCall != orderB.isInCall { return orderB.isInCall }
    }
    return number < other.number
  }
}

/// Strands that can go on, the one that is furthest behind first: a binary heap.
struct ReadyQueue {
  private(set) var strands: [Strand] = []
  private var positions: [StrandPosition] = []

  var isEmpty: Bool { strands.isEmpty }

  /// The position of the strand that is furthest behind.
  var front: StrandPosition? { positions.first }

  mutating func append(_ strand: Strand, at position: StrandPosition) {
    strands.append(strand)
    positions.append(position)
    var index = positions.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      if !positions[index].isBehind(positions[parent]) { return }
      swapAt(index, parent)
      index = parent
    }
  }

  /// Takes the strand that is furthest behind.
  mutating func popFirst() -> Strand? {
    guard let last = positions.indices.last else { return nil }
    swapAt(0, last)
    positions.removeLast()
    let strand = strands.removeLast()
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < last && positions[child].isBehind(positions[least]) {
        least = child
      }
      if least == index { return strand }
      swapAt(index, least)
      index = least
    }
  }

  mutating func removeAll() {
    strands.removeAll()
    positions.removeAll()
  }

  private mutating func swapAt(_ a: Int, _ b: Int) {
    if a == b { return }
    strands.swapAt(a, b)
    positions.swapAt(a, b)
  }
}
