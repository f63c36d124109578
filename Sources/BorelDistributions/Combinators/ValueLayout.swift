import BorelHeap

/// How many words a value of a family takes, and which of them are handles.
package struct ValueLayout: Hashable, Sendable {
  package var wordCount: Int
  /// Bit k set: word k is a handle.
  package var pointerMask: UInt64

  package init(wordCount: Int, pointerMask: UInt64) {
    self.wordCount = wordCount
    self.pointerMask = pointerMask
  }

  package static let number = ValueLayout(wordCount: 1, pointerMask: 0)
  package static let handle = ValueLayout(wordCount: 1, pointerMask: 1)

  /// The layout of the elements of an array; that of a number when there is no array.
  package init(elementsOf array: ArrayObject) {
    self =
      array.object.isNull
      ? .number : ValueLayout(wordCount: array.stride, pointerMask: array.pointerMask)
  }
}

extension Family {
  package static func valueLayout(_ parameters: LaneWords) -> ValueLayout {
    switch signature.value {
    case .real, .int, .bool, .element: .number
    case .realArray, .intArray, .matrix, .elementArray: .handle
    }
  }
}
