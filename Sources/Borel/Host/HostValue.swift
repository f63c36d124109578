import BorelHeap
import BorelPrimitives

/// A Swift type that functions of a ``HostLibrary`` take and give: `Double`, `Int`, `Bool`, `String`
/// and arrays of the first three, in programs `Real`, `Int`, `Bool`, `String`, `[Real]`, `[Int]` and
/// `[Bool]`. Other types cannot conform in a useful way.
public protocol HostValue: Sendable {
  /// The type in programs.
  static var hostType: HostType { get }
  /// The value in a word of the machine.
  init(_ word: HostWord)
  /// The word of the value; what does not fit into it is allocated.
  func word(in memory: HostMemory) -> HostWord
  /// Whether it is or holds a NaN.
  var holdsNaN: Bool { get }
}

/// What a value is in programs.
public enum HostType: String, Sendable, Hashable, CustomStringConvertible {
  case real = "Real"
  case int = "Int"
  case bool = "Bool"
  case string = "String"
  case reals = "[Real]"
  case ints = "[Int]"
  case bools = "[Bool]"

  public var description: String { rawValue }
}

/// A word of the machine.
public struct HostWord: Sendable {
  @usableFromInline let bits: UInt64
  @inlinable init(bits: UInt64) { self.bits = bits }
}

/// Where the machine keeps arrays.
public struct HostMemory: @unchecked Sendable {
  let arena: Arena
  init(_ arena: Arena) { self.arena = arena }
}

extension Double: HostValue {
  public static var hostType: HostType { .real }
  @inlinable public init(_ word: HostWord) { self.init(bitPattern: word.bits) }
  @inlinable public func word(in memory: HostMemory) -> HostWord { HostWord(bits: bitPattern) }
  @inlinable public var holdsNaN: Bool { isNaN }
}

extension Int: HostValue {
  public static var hostType: HostType { .int }
  @inlinable public init(_ word: HostWord) { self.init(Int64(bitPattern: word.bits)) }
  @inlinable public func word(in memory: HostMemory) -> HostWord {
    HostWord(bits: UInt64(bitPattern: Int64(self)))
  }
  @inlinable public var holdsNaN: Bool { false }
}

extension Bool: HostValue {
  public static var hostType: HostType { .bool }
  @inlinable public init(_ word: HostWord) { self = word.bits != 0 }
  @inlinable public func word(in memory: HostMemory) -> HostWord {
    HostWord(bits: self ? 1 : 0)
  }
  @inlinable public var holdsNaN: Bool { false }
}

extension String: HostValue {
  public static var hostType: HostType { .string }
  public init(_ word: HostWord) { self = StringTable.shared[Int64(bitPattern: word.bits)] }
  public func word(in memory: HostMemory) -> HostWord {
    HostWord(bits: UInt64(bitPattern: StringTable.shared.number(of: self)))
  }
  public var holdsNaN: Bool { false }
}

extension Array: HostValue where Element: HostArrayElement {
  public static var hostType: HostType { Element.hostArrayType }

  /// Empty where an execution that has ended has no array.
  public init(_ word: HostWord) {
    let array = ArrayObject(bits: word.bits)
    self =
      array.object.isNull
      ? [] : (0..<array.count).map { Element(HostWord(bits: array.elements[$0])) }
  }

  public func word(in memory: HostMemory) -> HostWord {
    let array = memory.arena.makeArray(count: count)
    for (index, element) in enumerated() { array.elements[index] = element.word(in: memory).bits }
    return HostWord(bits: array.object.bits)
  }

  public var holdsNaN: Bool { contains(where: \.holdsNaN) }
}

/// A type of which functions of the host take and give arrays.
public protocol HostArrayElement: HostValue {
  static var hostArrayType: HostType { get }
}

extension Double: HostArrayElement { public static var hostArrayType: HostType { .reals } }
extension Int: HostArrayElement { public static var hostArrayType: HostType { .ints } }
extension Bool: HostArrayElement { public static var hostArrayType: HostType { .bools } }

extension HostType {
  var wordType: WordType {
    switch self {
    case .real: .real
    case .int: .int
    case .bool: .bool
    case .string: .string
    case .reals: .realArray
    case .ints: .intArray
    case .bools: .boolArray
    }
  }

  var isArray: Bool { self == .reals || self == .ints || self == .bools }

  /// A value as messages show it; long arrays are cut short.
  func text(_ bits: UInt64) -> String {
    let word = HostWord(bits: bits)
    func list<Element: HostArrayElement>(_ values: [Element]) -> String {
      let shown = values.prefix(8).map { "\($0)" }.joined(separator: ", ")
      return "[\(shown)\(values.count > 8 ? ", ... \(values.count) elements" : "")]"
    }
    return switch self {
    case .real: "\(Double(word))"
    case .int: "\(Int(word))"
    case .bool: "\(Bool(word))"
    case .string: "\"\(String(word))\""
    case .reals: list([Double](word))
    case .ints: list([Int](word))
    case .bools: list([Bool](word))
    }
  }
}
