import BorelHeap

/// A value of a graph, by number.
struct GraphValueID: Hashable {
  let index: Int32
  init(_ index: Int) { self.index = Int32(index) }
}

/// One word for all chains, or a column of one word per chain.
struct GraphValue {
  /// The word or the column. Columns of values that depend on choices are changed in place when a
  /// move is accepted.
  var data: UnsafeMutablePointer<UInt64>
  /// 0 for a word, 1 for a column.
  var stride: Int
  /// Whether it is computed from choices, so that a move may change it.
  var dependsOnChoices: Bool
  /// Whether the words are handles of objects.
  var isHandle: Bool
}

/// What the recorder knows of a column of the machine.
enum GraphBinding {
  case value(GraphValueID)
  /// An array of known length whose elements are values of their own, so that a change of one
  /// element does not touch the others.
  case array(GraphArray)
  /// A box, closure or model with known tag and fields.
  case box(GraphBox)
}

/// An array of known length, element by element.
///
/// Appending shares the storage when nobody else has appended, so that building an array of n
/// elements takes O(n).
struct GraphArray {
  final class Storage {
    var words: [GraphBinding]
    init(_ words: [GraphBinding]) { self.words = words }
  }
  private(set) var storage: Storage
  /// Words in use; `storage` may have more.
  private(set) var wordCount: Int
  /// Words per element.
  let stride: Int
  let pointerMask: UInt64
  /// Whether some element is computed from choices.
  private(set) var dependsOnChoices: Bool
  /// The object with these elements, once somebody has needed it.
  private(set) var object: ObjectBox

  /// A place for the number of the value that holds the object.
  final class ObjectBox {
    var value: GraphValueID?
  }

  init(
    _ words: [GraphBinding], stride: Int, pointerMask: UInt64, dependsOnChoices: Bool
  ) {
    storage = Storage(words)
    wordCount = words.count
    self.stride = stride
    self.pointerMask = pointerMask
    self.dependsOnChoices = dependsOnChoices
    object = ObjectBox()
  }

  var count: Int { stride == 0 ? 0 : wordCount / stride }

  /// The words of an element.
  func element(_ index: Int) -> ArraySlice<GraphBinding> {
    storage.words[(index * stride)..<((index + 1) * stride)]
  }

  var words: ArraySlice<GraphBinding> { storage.words[..<wordCount] }

  func appending(_ words: [GraphBinding], dependsOnChoices: Bool) -> GraphArray {
    var result = self
    result.object = ObjectBox()
    result.dependsOnChoices = result.dependsOnChoices || dependsOnChoices
    if storage.words.count != wordCount { result.storage = Storage(Array(self.words)) }
    result.storage.words += words
    result.wordCount += words.count
    return result
  }

  func slice(_ range: Range<Int>) -> GraphArray {
    GraphArray(
      Array(storage.words[(range.lowerBound * stride)..<(range.upperBound * stride)]),
      stride: stride, pointerMask: pointerMask, dependsOnChoices: dependsOnChoices)
  }

  func setting(
    _ index: Int, to words: [GraphBinding], dependsOnChoices: Bool
  ) -> GraphArray {
    var all = Array(self.words)
    all.replaceSubrange((index * stride)..<((index + 1) * stride), with: words)
    return GraphArray(
      all, stride: stride, pointerMask: pointerMask,
      dependsOnChoices: self.dependsOnChoices || dependsOnChoices)
  }
}

/// A box whose tag is the same for all chains.
struct GraphBox {
  let tag: Int
  let fields: [GraphBinding]
  let pointerMask: UInt64
  let dependsOnChoices: Bool
  let object = GraphArray.ObjectBox()
}
