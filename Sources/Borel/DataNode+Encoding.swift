import BorelBase
import BorelData
import Foundation

extension DataNode {
  /// Data from a Swift value: numbers, arrays and `Value` at once, everything else through its
  /// JSON encoding.
  ///
  /// - Parameters:
  ///   - name: Of the parameter, for messages.
  /// - Throws: E0412 for a value that has no JSON encoding: infinities, NaN.
  init(encoding value: any Encodable, name: String) throws(Diagnostics) {
    switch value {
    case let value as Double: self = try Self.node(value, name)
    case let value as Int: self.init(.integer(Int64(value)), at: .none)
    case let value as Bool: self.init(.bool(value), at: .none)
    case let value as String: self.init(.string(value), at: .none)
    case let values as [Double]:
      self.init(
        .array(
          try values.map { (value) throws(Diagnostics) in
            try Self.node(value, name)
          }), at: .none)
    case let values as [Double?]:
      self.init(
        .array(
          try values.map { (value) throws(Diagnostics) in
            guard let value else { return DataNode(.null, at: .none) }
            return try Self.node(value, name)
          }), at: .none)
    case let values as [Int]:
      self.init(.array(values.map { DataNode(.integer(Int64($0)), at: .none) }), at: .none)
    default: self = try Self.throughJSON(value, name)
    }
  }

  private static func node(_ value: Double, _ name: String) throws(Diagnostics) -> DataNode {
    guard value.isFinite else {
      throw Diagnostics([.notEncodable(name, "\(value) is not a number that data can hold")])
    }
    return DataNode(.number(value), at: .none)
  }

  private static func throughJSON(
    _ value: any Encodable, _ name: String
  ) throws(Diagnostics) -> DataNode {
    let bytes: Data
    do {
      bytes = try JSONEncoder().encode(value)
    } catch {
      throw Diagnostics([.notEncodable(name, "\(error)")])
    }
    let file = SourceFile(name: name, text: String(decoding: bytes, as: UTF8.self))
    return try JSONReader.document(file, fileIndex: -1)
  }
}

extension BorelBase.Diagnostic {
  fileprivate static func notEncodable(_ name: String, _ reason: String) -> Diagnostic {
    Diagnostic("E0412", .data, "'\(name)' cannot be data: \(reason)", at: .none)
  }
}
