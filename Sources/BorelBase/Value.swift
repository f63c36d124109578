/// A value of the language outside the machine: data that go in, results that come out.
public indirect enum Value: Hashable, Sendable {
  case unit
  case bool(Bool)
  case int(Int64)
  case real(Double)
  case string(String)
  case array([Value])
  case tuple([Value])
  /// Fields in declaration order.
  case record([Field])
  /// `nil` is `optional(nil)`: missing data.
  case optional(Value?)
  case matrix(rows: Int, columns: Int, [Double])
  /// An enum case by name with its payload.
  case variant(String, [Value])
  /// A value without contents to show: a function, a distribution, a posterior.
  case opaque(String)

  public struct Field: Hashable, Sendable {
    public var name: String
    public var value: Value
    public init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }
}
