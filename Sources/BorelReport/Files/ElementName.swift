/// The name of a scalar taken apart: `m[0,1]` is element (0, 1) of `m`, `p.x[2]` element 2 of `p.x`.
struct ElementName: Hashable {
  /// The name without indices.
  var array: String
  /// From 0; empty for what is no element.
  var indices: [Int]

  init(_ name: String) {
    var array = ""
    var indices: [Int] = []
    var rest = Substring(name)
    while let open = rest.firstIndex(of: "[") {
      array += rest[..<open]
      rest = rest[rest.index(after: open)...]
      guard let close = rest.firstIndex(of: "]") else { break }
      let parts = rest[..<close].split(separator: ",").compactMap { Int($0) }
      indices += parts
      rest = rest[rest.index(after: close)...]
    }
    self.array = array + rest
    self.indices = indices
  }
}
