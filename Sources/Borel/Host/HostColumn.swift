import BorelHeap

/// The argument of a function over columns: one value per lane. To be used in the call only.
public struct HostColumn<Value: HostValue>: RandomAccessCollection {
  @usableFromInline let base: UnsafePointer<UInt64>
  @usableFromInline let stride: Int
  /// Number of lanes.
  public let count: Int

  init(_ operand: ColumnOperand, count: Int) {
    base = operand.base
    stride = operand.stride
    self.count = count
  }

  /// Whether all lanes have the same value.
  @inlinable public var isUniform: Bool { stride == 0 }
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }

  @inlinable public subscript(lane: Int) -> Value {
    precondition(lane >= 0 && lane < count, "no such lane")
    return Value(HostWord(bits: base[lane &* stride]))
  }
}

/// Where a function over columns puts its results: one value per lane. To be used in the call only.
public struct HostResults<Value: HostValue> {
  @usableFromInline let base: UnsafeMutablePointer<UInt64>
  @usableFromInline let memory: HostMemory
  /// Number of lanes.
  public let count: Int

  init(_ base: UnsafeMutablePointer<UInt64>, _ arena: Arena, count: Int) {
    self.base = base
    memory = HostMemory(arena)
    self.count = count
  }

  @inlinable public var indices: Range<Int> { 0..<count }

  /// 0, false, or an empty array where nothing has been written.
  @inlinable public subscript(lane: Int) -> Value {
    get {
      precondition(lane >= 0 && lane < count, "no such lane")
      return Value(HostWord(bits: base[lane]))
    }
    nonmutating set {
      precondition(lane >= 0 && lane < count, "no such lane")
      base[lane] = newValue.word(in: memory).bits
    }
  }
}
