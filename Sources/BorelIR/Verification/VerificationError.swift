import BorelBase

/// A rule of the IR that a program breaks: a bug of the pass that made the program, or an error
/// in hand-written IR.
package struct VerificationError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Rule: String, Hashable, Sendable, CaseIterable {
    /// Numbers of values, blocks, functions, reports, tallies and enums exist.
    case reference
    /// Every value has exactly one definition.
    case singleDefinition
    /// A definition dominates its uses.
    case dominance
    /// Operands and results have the types that the operation asks for.
    case types
    /// Targets pass as many arguments as the block has parameters, and of their types.
    case blockArguments
    /// The entry block is the target of no jump.
    case entry
    /// Calls, closures and models fit the signature of the function.
    case call
    /// Returned values fit the results of the function.
    case results
    /// The operation's effect has a meaning in the representation that the program is in.
    case effects
    /// Site numbers are unique in the program.
    case sites
    /// Names of functions are unique.
    case names
  }

  package var rule: Rule
  /// Lower case, says what was found and what was expected.
  package var message: String
  /// The name of the function; nil for the program itself.
  package var function: String?
  package var block: Int?
  /// The instruction in the block; the number of instructions stands for the terminator.
  package var position: Int?
  package var span: Span

  package var description: String {
    var place: [String] = []
    if let function { place.append("function '\(function)'") }
    if let block { place.append("bb\(block)") }
    if let position { place.append("instruction \(position)") }
    return place.isEmpty ? message : "\(place.joined(separator: ", ")): \(message)"
  }

  /// The error as a diagnostic E0192 at the span of the instruction.
  package var diagnostic: Diagnostic {
    Diagnostic("E0192", .check, description, at: span)
  }
}
