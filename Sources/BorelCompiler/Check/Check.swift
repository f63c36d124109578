import BorelBase
import BorelStandardLibrary
import BorelSyntax

import class BorelIR.HostTable

/// Parses and checks a program together with the standard library.
///
/// - Parameters:
///   - file: The text of the program; its spans have file number 0.
///   - validateMethod: Judges the text of inference methods.
///   - host: What the app adds to the language.
/// - Returns: The typed program, nil when there are errors; and all diagnostics, those of the
///   parser first, each group ascending by position.
package func check(
  _ file: SourceFile, validateMethod: MethodValidation? = nil, host: HostTable = .empty
) -> (program: CheckedProgram?, diagnostics: [Diagnostic]) {
  withDeepStack {
    let (program, syntaxDiagnostics) = parse(file, fileIndex: 0)
    let sources = SourceMap([file] + StandardLibrarySource.files)
    let checker = Checker(sourceMap: sources, validateMethod: validateMethod, host: host)
    let checked = checker.check(program)
    let diagnostics = syntaxDiagnostics + checker.sortedDiagnostics()
    let hasErrors = diagnostics.contains { $0.severity == .error }
    return (hasErrors ? nil : checked, diagnostics)
  }
}

/// The texts and trees of the standard library, parsed once per process. File numbers in the
/// `SourceMap` start at 1.
enum StandardLibrarySource {
  static let files: [SourceFile] = StandardLibrary.files.map {
    SourceFile(name: "stdlib/\($0.name)", text: $0.text)
  }

  static let programs: [Program] = files.enumerated().map { index, file in
    let (program, diagnostics) = parse(file, fileIndex: index + 1)
    if let first = diagnostics.first {
      internalError("\(file.name): \(first.message) at \(first.span)")
    }
    return program
  }
}

extension Checker {
  func check(_ program: Program) -> CheckedProgram {
    declareTypes(of: program)
    for (index, library) in StandardLibrarySource.programs.enumerated() {
      declareFunctions(of: library, isLibrary: true, file: index + 1)
    }
    declareFunctions(of: program, isLibrary: false, file: 0)
    let script = declareScript(of: program)
    for index in functions.indices where !functions[index].isLibrary {
      ensureChecked(TypedFunctionID(index))
    }
    checkMoves(of: program)
    return finish(script: script)
  }

  /// The checked program, when the bodies of its functions have been checked.
  func finish(script: TypedFunctionID?) -> CheckedProgram {
    checkRemaining()
    inferEffects()
    checkMoveEffects()
    checkPurity()
    return CheckedProgram(
      functions: functions.map { $0.typed ?? unused($0) }, models: models,
      moves: moves, structs: types.structs, enums: types.enums, boxes: types.boxes,
      tallies: tallies,
      script: script, sourceMap: sourceMap, host: host)
  }

  /// Bodies that were met at the depth limit.
  private func checkRemaining() {
    var changed = true
    while changed {
      changed = false
      for index in functions.indices
      where functions[index].stage == .declared && functions[index].isNeeded {
        ensureChecked(TypedFunctionID(index))
        changed = true
      }
    }
  }

  /// A library function that nothing refers to keeps its place.
  private func unused(_ state: FunctionState) -> TypedFunction {
    TypedFunction(
      name: state.name, role: state.role, generics: state.generics.map(\.constraint),
      parameters: state.parameters, result: state.result ?? .unit, locals: [],
      body: TypedBlock(statements: [], value: nil, type: .unit, span: state.span), effects: [],
      documentation: state.documentation, span: state.span)
  }

  func sortedDiagnostics() -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return (settledDiagnostics + diagnostics).enumerated()
      .sorted { ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset) }
      .map(\.element).filter { seen.insert($0).inserted }
  }
}

/// Checks every body of the standard library, also those that programs rarely use.
package func checkStandardLibrary() -> [Diagnostic] {
  withDeepStack {
    let checker = Checker(
      sourceMap: SourceMap([SourceFile(name: "", text: "")] + StandardLibrarySource.files),
      validateMethod: nil)
    for (index, library) in StandardLibrarySource.programs.enumerated() {
      checker.declareFunctions(of: library, isLibrary: true, file: index + 1)
    }
    for index in checker.functions.indices { checker.ensureChecked(TypedFunctionID(index)) }
    checker.inferEffects()
    checker.checkPurity()
    return checker.sortedDiagnostics()
  }
}
