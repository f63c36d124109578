import BorelHeap
import BorelKernels

/// The type of one word of a primitive's signature.
package enum WordType: Hashable, Sendable {
  case real, int, bool, string
  case realArray, intArray, boolArray, matrix

  /// Whether the word holds reals, so that it may have a derivative.
  package var isContinuous: Bool { self == .real || self == .realArray || self == .matrix }
}

/// A deterministic operation on values of fixed types: one table entry with everything that the
/// checker, the machine, the reference pages and the law tests need.
package struct Primitive: Sendable {
  /// How the operation is carried out over a block of lanes.
  package enum Implementation: Sendable {
    /// A C kernel with at most three operands and one result.
    case kernel(borel_kernel)
    case column(ColumnFunction)
  }

  /// Why a lane may fail; the machine adds operand values and position.
  package enum Failure: Hashable, Sendable {
    case never
    case integerOverflow
    case divisionByZero
    case indexOutOfRange
    case notRepresentable
    /// The operand is a text that does not read as a number.
    case notANumber
    case sizeMismatch(String)
    case notPositiveDefinite
    case emptyArray
    case domain(String)
    /// The app computes it: `explain` tells.
    case host
  }

  /// Unique: `add.real`.
  package var name: String
  /// How programs call it: `exp`; nil for operators and for what only the compiler emits.
  package var languageName: String?
  package var parameters: [WordType]
  package var result: WordType
  package var summary: String
  package var failure: Failure
  package var implementation: Implementation
  package var derivative: Derivative
  /// What went wrong for operand words, in place of what `failure` says.
  package var explain: (@Sendable ([UInt64]) -> String)?

  /// Total operations may be speculated by if-conversion.
  package var isTotal: Bool { failure == .never }

  package init(
    _ name: String, calledAs languageName: String? = nil, _ parameters: [WordType],
    _ result: WordType, summary: String, failure: Failure = .never,
    implementation: Implementation, derivative: Derivative? = nil
  ) {
    self.name = name
    self.languageName = languageName
    self.parameters = parameters
    self.result = result
    self.summary = summary
    self.failure = failure
    self.implementation = implementation
    self.derivative =
      derivative
      ?? (result.isContinuous && parameters.contains(where: \.isContinuous)
        ? .terms(parameters.map { _ in nil }) : .jumps)
  }
}
