import BorelData

/// An array of a Zarr store, in one uncompressed chunk.
///
/// Source: Zarr storage specification, version 2; the names of dimensions are an attribute, as
/// xarray expects them.
struct ZarrArray {
  enum Element {
    case real([Double])
    case integer([Int64])
    case bool([Bool])
  }

  var name: String
  /// Row-major.
  var elements: Element
  var shape: [Int]
  var dimensions: [String]
  var attributes: [(String, JSONValue)] = []

  private var type: String {
    switch elements {
    case .real: "<f8"
    case .integer: "<i8"
    case .bool: "|b1"
    }
  }

  private var fill: JSONValue {
    switch elements {
    case .real: .string("NaN")
    // A value to fill with would be read as missing.
    case .integer, .bool: .null
    }
  }

  var metadata: JSONValue {
    let sizes = JSONValue.array(shape.map { .integer(Int64($0)) })
    // A chunk has no empty side.
    let chunk = JSONValue.array(shape.map { .integer(Int64(max($0, 1))) })
    return .object([
      ("chunks", chunk), ("compressor", .null), ("dtype", .string(type)), ("fill_value", fill),
      ("filters", .null), ("order", .string("C")), ("shape", sizes), ("zarr_format", .integer(2)),
    ])
  }

  var allAttributes: JSONValue {
    .object([("_ARRAY_DIMENSIONS", .array(dimensions.map { .string($0) }))] + attributes)
  }

  /// The only chunk, little-endian.
  var chunk: [UInt8] {
    switch elements {
    case .real(let values): Self.bytes(values.map(\.bitPattern))
    case .integer(let values): Self.bytes(values.map { UInt64(bitPattern: $0) })
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }

  private static func bytes(_ words: [UInt64]) -> [UInt8] {
    words.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }
}

/// A group of a Zarr store.
struct ZarrGroup {
  var name: String
  var arrays: [ZarrArray]
  var attributes: [(String, JSONValue)]

  /// The files of a store with some groups, its consolidated metadata included.
  static func store(_ groups: [ZarrGroup], path: String) -> [WrittenFile] {
    var files: [WrittenFile] = []
    var metadata: [(String, JSONValue)] = []
    func add(_ key: String, _ value: JSONValue) {
      metadata.append((key, value))
      files.append(WrittenFile(path: "\(path)/\(key)", bytes: Array((value.text + "\n").utf8)))
    }
    let mark = JSONValue.object([("zarr_format", .integer(2))])
    add(".zgroup", mark)
    add(".zattrs", .object([]))
    for group in groups {
      add("\(group.name)/.zgroup", mark)
      add("\(group.name)/.zattrs", .object(group.attributes))
      for array in group.arrays {
        let folder = "\(group.name)/\(array.name)"
        add("\(folder)/.zarray", array.metadata)
        add("\(folder)/.zattrs", array.allAttributes)
        let chunk = array.shape.isEmpty ? "0" : array.shape.map { _ in "0" }.joined(separator: ".")
        files.append(WrittenFile(path: "\(path)/\(folder)/\(chunk)", bytes: array.chunk))
      }
    }
    let consolidated = JSONValue.object([
      ("metadata", .object(metadata)), ("zarr_consolidated_format", .integer(1)),
    ])
    files.append(
      WrittenFile(path: "\(path)/.zmetadata", bytes: Array((consolidated.text + "\n").utf8)))
    return files
  }
}
