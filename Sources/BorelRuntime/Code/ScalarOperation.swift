/// Simple operations on two words that the machine does by itself where they are the same for all
/// lanes: the call of a kernel, and reading what its vector registers have written, takes some times
/// as long. The bits are those of the kernels.
package enum ScalarOperation: UInt8, CaseIterable, BitwiseCopyable {
  /// Everything else: by kernel.
  case none
  case addReal, subtractReal, multiplyReal, divideReal, negateReal
  case lessReal, lessEqualReal, greaterReal, greaterEqualReal
  case addInt, subtractInt, multiplyInt
  case lessInt, lessEqualInt, greaterInt, greaterEqualInt, equalInt, notEqualInt
  case and, or, not
  case realOfInt

  private static let names: [String: ScalarOperation] = [
    "add.real": .addReal, "subtract.real": .subtractReal, "multiply.real": .multiplyReal,
    "divide.real": .divideReal, "negate.real": .negateReal, "less.real": .lessReal,
    "lessEqual.real": .lessEqualReal, "greater.real": .greaterReal,
    "greaterEqual.real": .greaterEqualReal, "add.int": .addInt, "subtract.int": .subtractInt,
    "multiply.int": .multiplyInt, "less.int": .lessInt, "lessEqual.int": .lessEqualInt,
    "greater.int": .greaterInt, "greaterEqual.int": .greaterEqualInt, "equal.int": .equalInt,
    "notEqual.int": .notEqualInt, "and": .and, "or": .or, "not": .not, "real.fromInt": .realOfInt,
  ]

  /// - Parameter primitive: Its unique name, such as `add.real`.
  package init(primitive: String) { self = Self.names[primitive] ?? .none }

  /// The result; nil where the operation fails, which the kernel is to find out.
  ///
  /// - Parameters:
  ///   - a: The first operand.
  ///   - b: The second one; any word for operations with one operand.
  @inline(__always)
  package func apply(_ a: UInt64, _ b: UInt64) -> UInt64? {
    switch self {
    case .none: return nil
    case .addReal: return real(a, b, +)
    case .subtractReal: return real(a, b, -)
    case .multiplyReal: return real(a, b, *)
    case .divideReal: return real(a, b, /)
    case .negateReal: return (-Double(bitPattern: a)).bitPattern
    case .lessReal: return Double(bitPattern: a) < Double(bitPattern: b) ? 1 : 0
    case .lessEqualReal: return Double(bitPattern: a) <= Double(bitPattern: b) ? 1 : 0
    case .greaterReal: return Double(bitPattern: a) > Double(bitPattern: b) ? 1 : 0
    case .greaterEqualReal: return Double(bitPattern: a) >= Double(bitPattern: b) ? 1 : 0
    case .addInt: return whole(Int64(bitPattern: a).addingReportingOverflow(Int64(bitPattern: b)))
    case .subtractInt:
      return whole(Int64(bitPattern: a).subtractingReportingOverflow(Int64(bitPattern: b)))
    case .multiplyInt:
      return whole(Int64(bitPattern: a).multipliedReportingOverflow(by: Int64(bitPattern: b)))
    case .lessInt: return Int64(bitPattern: a) < Int64(bitPattern: b) ? 1 : 0
    case .lessEqualInt: return Int64(bitPattern: a) <= Int64(bitPattern: b) ? 1 : 0
    case .greaterInt: return Int64(bitPattern: a) > Int64(bitPattern: b) ? 1 : 0
    case .greaterEqualInt: return Int64(bitPattern: a) >= Int64(bitPattern: b) ? 1 : 0
    case .equalInt: return a == b ? 1 : 0
    case .notEqualInt: return a != b ? 1 : 0
    case .and: return a & b
    case .or: return a | b
    case .not: return a ^ 1
    case .realOfInt: return Double(Int64(bitPattern: a)).bitPattern
    }
  }

  /// Nil for NaN, whose bits depend on the order of operands that a compiler chooses.
  @inline(__always)
  private func real(_ a: UInt64, _ b: UInt64, _ body: (Double, Double) -> Double) -> UInt64? {
    let result = body(Double(bitPattern: a), Double(bitPattern: b))
    return result == result ? result.bitPattern : nil
  }

  @inline(__always)
  private func whole(_ result: (partialValue: Int64, overflow: Bool)) -> UInt64? {
    result.overflow ? nil : UInt64(bitPattern: result.partialValue)
  }
}
