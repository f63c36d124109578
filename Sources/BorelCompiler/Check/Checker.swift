import BorelBase
import BorelSyntax

import class BorelIR.HostTable

/// Checks a whole program: collects the declarations of all files, then checks the bodies.
///
/// Bodies of the program are checked in source order; a function whose result type must be known
/// first, and those of the standard library, when they are first used.
final class Checker {
  let sourceMap: SourceMap
  /// Judges the text of a method; nil when it is fine.
  let validateMethod: MethodValidation?
  /// What the app adds to the language.
  let host: HostTable
  var diagnostics: [Diagnostic] = []
  var types = DeclaredTypes()
  var functions: [FunctionState] = []
  /// Functions, models and constants of the program by name.
  var userFunctions: [String: TypedFunctionID] = [:]
  var libraryFunctions: [String: TypedFunctionID] = [:]
  var models: [TypedFunctionID] = []
  var moves: [CheckedMove] = []
  /// Names of the moves that the program declares: what methods may name as kernels.
  var moveNames: [String] = []
  var tallies: [String] = []
  var tallyNumbers: [String: Int] = [:]
  /// Names bound by top-level statements, for the diagnostic in functions.
  var scriptNames: [String: Span] = [:]
  /// Top-level names with constant values, which functions see.
  var constantNames: Set<String> = []
  /// Requirements of purity that wait for the effects of all functions.
  var purityRequirements: [PurityRequirement] = []
  /// Diagnostics of bodies that are finished: no second attempt of another body drops them.
  var settledDiagnostics: [Diagnostic] = []
  /// Nested expressions and blocks being checked at the moment, over all bodies.
  var depth = 0
  /// Second attempts at calls and closures that are still allowed.
  var retryBudget = 20_000

  /// Beyond this depth the body of a function waits until those around it are finished. Together
  /// with the nesting limit of the parser it bounds the stack.
  static let depthLimit = 1_500

  init(
    sourceMap: SourceMap, validateMethod: MethodValidation?, host: HostTable = .empty
  ) {
    self.sourceMap = sourceMap
    self.host = host
    self.validateMethod = validateMethod
  }

  func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  func text(_ type: StaticType) -> String { types.text(type) }

  /// Adds a function and returns its number.
  func add(_ state: FunctionState) -> TypedFunctionID {
    functions.append(state)
    return TypedFunctionID(functions.count - 1)
  }

  /// Checks the body of a function unless that is done or under way.
  func ensureChecked(_ id: TypedFunctionID) {
    let state = functions[id.index]
    guard state.stage == .declared, depth < Self.depthLimit else { return }
    state.stage = .active
    let outer = diagnostics
    diagnostics = []
    BodyChecker(self, function: id).run()
    settledDiagnostics += diagnostics
    diagnostics = outer
    state.stage = .done
  }
}

/// Judges the text of an inference method, given the moves of the program: a message and a hint when
/// it is wrong.
package typealias MethodValidation =
  @Sendable (_ text: String, _ moves: [String]) -> (
    message: String, hint: String
  )?

/// A function while the program is checked.
final class FunctionState {
  enum Stage { case declared, active, done }

  let name: String
  let role: TypedFunction.Role
  /// Nil for the script.
  let declaration: FunctionDeclaration?
  /// The expression of a default or a constant.
  let expression: Expression?
  /// The top-level statements of the script.
  var statements: Block?
  /// For an entry of an interactive session: the variables of earlier ones that it mentions.
  var sessionVariables: [SessionVariable]?
  /// For an entry of an interactive session: the variables that it leaves.
  var exports: [SessionExport] = []
  let documentation: String
  let span: Span
  let isLibrary: Bool
  var stage = Stage.declared
  var generics: [(name: String, constraint: GenericConstraint?)] = []
  var parameters: [TypedParameter] = []
  /// Nil until it is known.
  var result: StaticType?
  var effects: Effects = []
  var callees: Set<Int> = []
  var typed: TypedFunction?
  /// Something that is checked refers to it.
  var isNeeded = false

  init(
    name: String, role: TypedFunction.Role, declaration: FunctionDeclaration? = nil,
    expression: Expression? = nil, documentation: String = "", span: Span, isLibrary: Bool
  ) {
    self.name = name
    self.role = role
    self.declaration = declaration
    self.expression = expression
    self.documentation = documentation
    self.span = span
    self.isLibrary = isLibrary
  }
}
