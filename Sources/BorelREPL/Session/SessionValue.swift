import BorelBase
import BorelCompiler
import BorelIR

/// A variable of the session with its value in words of the machine.
struct SessionValue {
  var type: StaticType
  /// As programs write the type.
  var typeText: String
  var shape: Shape
  var words: [UInt64]
  var isVariable: Bool
  /// Where it is declared.
  var span = Span.none
}

/// A value that an entry has left, in the order of the text.
package struct SessionResult {
  /// `x`, `$1`.
  package var name: String
  package var typeText: String
  /// One line, or the table of a posterior.
  package var text: String
  package var isPosterior: Bool
}
