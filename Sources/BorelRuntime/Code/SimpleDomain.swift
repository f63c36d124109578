import BorelDistributions
import BorelHeap
import BorelKernels

/// A domain that one comparison decides: checked for uniform parameters without a call.
enum SimpleDomain: UInt8 {
  case any, finite, positive, nonNegative, unitInterval
  /// Everything else: the family's own check.
  case other

  init(_ parameter: Parametrisation.Parameter) {
    switch (parameter.kind, parameter.domain) {
    case (.bool, _), (.int, .any), (.distribution, _), (.value, _): self = .any
    case (.real, .finite): self = .finite
    case (.real, .positive): self = .positive
    case (.real, .nonNegative): self = .nonNegative
    case (.real, .unitInterval): self = .unitInterval
    default: self = .other
    }
  }

  /// Whether the word is known to lie inside.
  @inline(__always)
  func surelyContains(_ bits: UInt64) -> Bool {
    let x = Double(bitPattern: bits)
    switch self {
    case .any: return true
    case .finite: return x - x == 0
    case .positive: return x > 0 && x < .infinity
    case .nonNegative: return x >= 0 && x < .infinity
    case .unitInterval: return x >= 0 && x <= 1
    case .other: return false
    }
  }

  /// Whether all rows of an operand are known to lie inside.
  func surelyContains(_ operand: ColumnOperand, count: Int) -> Bool {
    if operand.stride == 0 { return surelyContains(operand.base[0]) }
    let column = UnsafeRawPointer(operand.base).assumingMemoryBound(to: Double.self)
    let n = Int64(count)
    switch self {
    case .any: return true
    case .finite: return borel_all_finite(n, column) != 0
    case .positive: return borel_all_positive(n, column) != 0
    case .nonNegative: return borel_all_non_negative(n, column) != 0
    case .unitInterval: return borel_all_unit_interval(n, column) != 0
    case .other: return false
    }
  }
}
