import BorelBase
import BorelSyntax

extension Checker {
  /// A checker that goes on where another one has finished: what that one has declared keeps its
  /// numbers.
  convenience init(
    after previous: Checker?, sourceMap: SourceMap, validateMethod: MethodValidation?
  ) {
    self.init(sourceMap: sourceMap, validateMethod: validateMethod)
    guard let previous else {
      for (index, library) in StandardLibrarySource.programs.enumerated() {
        declareFunctions(of: library, isLibrary: true, file: index + 1)
      }
      return
    }
    types = previous.types
    functions = previous.functions
    userFunctions = previous.userFunctions
    libraryFunctions = previous.libraryFunctions
    models = previous.models
    moves = previous.moves
    moveNames = previous.moveNames
    tallies = previous.tallies
    tallyNumbers = previous.tallyNumbers
    constantNames = previous.constantNames
  }

  /// Takes a definition away; those that refer to it keep the old one.
  func forget(_ name: String) {
    userFunctions[name] = nil
    moves.removeAll { $0.name == name }
    moveNames.removeAll { $0 == name }
    constantNames.remove(name)
    switch types.names.removeValue(forKey: name) {
    case .structure(let id): types.structs[id.index].name = "old \(name)"
    case .enumeration(let id): types.enums[id.index].name = "old \(name)"
    default: break
    }
  }

  /// Declares and checks an entry.
  ///
  /// - Parameters:
  ///   - definitions: Declarations and constants, old ones that are checked anew included.
  ///   - statements: What is run.
  ///   - variables: Those of the session that the statements mention.
  ///   - names: Of all variables of the session, for diagnostics.
  func checkEntry(
    definitions: [Item], statements: [Statement], variables: [SessionVariable], names: [String]
  ) -> CheckedProgram {
    for name in names { scriptNames[name] = Span.none }
    let known = functions.count
    let program = Program(definitions)
    declareTypes(of: program)
    declareFunctions(of: program, isLibrary: false, file: 0)
    for item in definitions {
      if case .statement(let statement) = item.kind { declareNames(of: statement) }
    }
    let script = declareEntry(statements, variables)
    for index in known..<functions.count { ensureChecked(TypedFunctionID(index)) }
    checkMoves(of: program)
    return finish(script: script)
  }

  private func declareEntry(
    _ statements: [Statement], _ variables: [SessionVariable]
  ) -> TypedFunctionID? {
    guard let first = statements.first, let last = statements.last else { return nil }
    for statement in statements { declareNames(of: statement) }
    let state = FunctionState(
      name: "script", role: .script, span: first.span.joined(last.span), isLibrary: false)
    state.statements = Block(statements, state.span)
    state.result = .unit
    state.sessionVariables = variables
    return add(state)
  }
}
