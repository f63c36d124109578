import BorelBase
import BorelIR
import BorelSyntax

/// Compiles the entries of an interactive session one after the other.
///
/// Functions and types keep their numbers for the whole session, so that closures, models and
/// values of older types that earlier entries have left still mean the same. When a definition
/// takes the place of another one, the definitions that mention it are checked anew against it;
/// one that does not fit any more is set aside until it does. Used by one thread at a time.
package final class SessionCompiler: @unchecked Sendable {
  /// What is known after an entry has been accepted.
  package struct Entry: Sendable {
    package struct Result: Sendable {
      /// Nil for the value of the last statement.
      package var name: String?
      package var type: StaticType
      package var typeText: String
      package var shape: Shape
      package var isVariable: Bool
      /// Where it is declared.
      package var span: Span
    }

    /// The session so far; its functions have the same numbers in every later entry.
    package var program: BorelIR.Program
    /// Runs the statements; nil when there are none.
    package var function: FunctionID?
    /// Session variables that the function takes, in order.
    package var parameters: [String]
    /// What the function returns, in order.
    package var results: [Result]
    /// New definitions, by name.
    package var defined: [SessionDefinition]
    /// Definitions that do not fit the new ones.
    package var setAside: [String]
    /// Warnings, and errors of the definitions that were set aside.
    package var diagnostics: [Diagnostic]
  }

  /// Diagnostics that end the attempt to compile an entry, with the texts that they point into.
  package struct Failure: Error {
    package var diagnostics: [Diagnostic]
    package var sources: SourceMap
  }

  package private(set) var definitions: [SessionDefinition] = []
  package private(set) var sources: SourceMap
  private let validateMethod: MethodValidation?
  private(set) var checker: Checker?
  private var lowering: ProgramLowering?
  private var scripts: [FunctionID] = []

  package init(validateMethod: MethodValidation?) {
    self.validateMethod = validateMethod
    sources = SourceMap([SourceFile(name: "", text: "")] + StandardLibrarySource.files)
  }

  /// Adds a text to those that diagnostics point into, and gives its number.
  package func add(_ file: SourceFile) -> Int {
    sources.files.append(file)
    return sources.files.count - 1
  }

  // MARK: Compiling

  /// Checks an entry without accepting it.
  ///
  /// - Returns: The results that it would have.
  package func check(
    _ file: SourceFile, variables: [SessionVariable]
  ) throws(Failure) -> [Entry.Result] {
    let attempt = try attempt(file, variables)
    return results(attempt)
  }

  /// Checks an entry and takes its definitions over.
  ///
  /// Functions are numbered anew, and older versions dropped, when no variable can refer to one.
  package func compile(
    _ file: SourceFile, variables: [SessionVariable]
  ) throws(Failure) -> Entry {
    let attempt = try attempt(file, variables)
    if !variables.contains(where: { mayHoldCode($0.type) }) {
      lowering = nil
      scripts = []
    }
    sources = attempt.sources
    checker = attempt.checker
    var new = attempt.new
    definitions = definitions.compactMap { definition in
      // A new definition takes the place of the old one.
      if let index = new.firstIndex(where: { $0.name == definition.name }) {
        return new.remove(at: index)
      }
      if attempt.shadowed.contains(definition.name) { return nil }
      var definition = definition
      if attempt.failed.contains(definition.name) { definition.isSetAside = true }
      if attempt.renewed.contains(definition.name) { definition.isSetAside = false }
      return definition
    }
    definitions += new
    return withDeepStack { self.lower(attempt) }
  }

  /// A check that has succeeded.
  private struct Attempt: @unchecked Sendable {
    var checker: Checker
    var checked: CheckedProgram
    var sources: SourceMap
    var new: [SessionDefinition]
    /// Names that are now variables.
    var shadowed: Set<String>
    var renewed: Set<String>
    var failed: Set<String>
    var diagnostics: [Diagnostic]
    var parameters: [SessionVariable]
  }

  private func attempt(
    _ file: SourceFile, _ variables: [SessionVariable]
  ) throws(Failure) -> Attempt {
    let result: Result<Attempt, Failure> = withDeepStack { self.tryAttempt(file, variables) }
    return try result.get()
  }

  private func tryAttempt(
    _ file: SourceFile, _ variables: [SessionVariable]
  ) -> Result<Attempt, Failure> {
    let map = SourceMap(sources.files + [file])
    let index = map.files.count - 1
    let (program, syntax) = parse(file, fileIndex: index)
    if syntax.contains(where: { $0.severity == .error }) {
      return .failure(Failure(diagnostics: syntax, sources: map))
    }
    let entry = ParsedEntry(program, file)
    let parameters = variables.filter { entry.mentions.contains($0.name) }
    let dependents = dependents(of: entry.names.filter { entry.declares($0) || isDefined($0) })
    var failed: Set<String> = []
    var notices: [Diagnostic] = []
    while true {
      let checker = Checker(after: self.checker, sourceMap: map, validateMethod: validateMethod)
      let renewed = dependents.filter { !failed.contains($0.name) }
      for name in entry.names.union(dependents.map(\.name)) { checker.forget(name) }
      let checked = checker.checkEntry(
        definitions: renewed.map(\.item) + entry.declarations, statements: entry.statements,
        variables: parameters, names: variables.map(\.name))
      let diagnostics = checker.sortedDiagnostics()
      let errors = diagnostics.filter { $0.severity == .error }
      let culprits = Set(
        renewed.filter { definition in
          errors.contains { definition.contains($0.span) }
        }.map(\.name))
      if errors.isEmpty {
        let warnings = diagnostics.filter { Int($0.span.file) == index }
        return .success(
          Attempt(
            checker: checker, checked: checked, sources: map,
            new: entry.definitions(seenBy: checker), shadowed: entry.names,
            renewed: Set(renewed.map(\.name)), failed: failed,
            diagnostics: syntax + notices + warnings, parameters: parameters))
      }
      if culprits.isEmpty || errors.contains(where: { Int($0.span.file) == index }) {
        let own = diagnostics.filter { Int($0.span.file) == index }
        return .failure(
          Failure(diagnostics: syntax + (own.isEmpty ? diagnostics : own), sources: map))
      }
      for definition in renewed where culprits.contains(definition.name) {
        guard !definition.isSetAside,
          let reason = errors.first(where: { definition.contains($0.span) })
        else { continue }
        notices.append(.setAside(definition, reason))
      }
      failed.formUnion(culprits)
    }
  }

  private func isDefined(_ name: String) -> Bool { definitions.contains { $0.name == name } }

  /// The definitions that mention one of some names, directly or through others.
  private func dependents(of names: Set<String>) -> [SessionDefinition] {
    var reached = names
    var found: Set<String> = []
    var changed = true
    while changed {
      changed = false
      for definition in definitions
      where !names.contains(definition.name) && !found.contains(definition.name)
        && !definition.mentions.isDisjoint(with: reached)
      {
        found.insert(definition.name)
        reached.insert(definition.name)
        changed = true
      }
    }
    return definitions.filter { found.contains($0.name) }
  }

  private func lower(_ attempt: Attempt) -> Entry {
    let old = lowering?.checked.models.count ?? 0
    let lowering = self.lowering ?? ProgramLowering(attempt.checked)
    self.lowering = lowering
    for script in scripts { lowering.discard(script) }
    scripts = []
    let current = Set(attempt.checker.userFunctions.values)
    let function = lowering.extend(
      to: attempt.checked, models: attempt.checked.models[old...].filter(current.contains))
    if let function { scripts.append(function) }
    var program = lowering.program
    optimise(&program, keepsNumbers: true)
    return Entry(
      program: program, function: function, parameters: attempt.parameters.map(\.name),
      results: results(attempt), defined: attempt.new, setAside: attempt.failed.sorted(),
      diagnostics: attempt.diagnostics)
  }

  private func results(_ attempt: Attempt) -> [Entry.Result] {
    guard let script = attempt.checked.script else { return [] }
    let state = attempt.checker.functions[script.index]
    let types = TypeLowering(attempt.checked)
    return state.exports.compactMap { export in
      guard let local = state.typed?.locals[export.local.index] else { return nil }
      return Entry.Result(
        name: export.name, type: local.type, typeText: attempt.checker.text(local.type),
        shape: types.shape(local.type), isVariable: export.isVariable, span: local.span)
    }
  }
}

/// The parts of the text of an entry.
private struct ParsedEntry {
  /// Functions, models and types.
  var declarations: [Item] = []
  var statements: [Statement] = []
  /// Every name in the text.
  var mentions: Set<String>
  /// What the text declares at the top level.
  var names: Set<String> = []
  private var candidates: [SessionDefinition] = []

  init(_ program: BorelSyntax.Program, _ file: SourceFile) {
    let tokens = SessionTokens(file)
    mentions = tokens.all
    for item in program.items {
      if let definition = SessionDefinition(item, in: file, tokens: tokens) {
        candidates.append(definition)
        names.insert(definition.name)
      }
      guard case .statement(let statement) = item.kind else {
        declarations.append(item)
        continue
      }
      statements.append(statement)
      switch statement.kind {
      case .draw(_, let name, _, _): names.insert(name.text)
      case .binding(_, let pattern, _, _): names.formUnion(pattern.names)
      default: break
      }
    }
  }

  /// Whether functions may see what the text declares under a name.
  func declares(_ name: String) -> Bool { candidates.contains { $0.name == name } }

  /// The definitions, of which those by `let` are constants.
  func definitions(seenBy checker: Checker) -> [SessionDefinition] {
    candidates.filter { $0.kind != .constant || checker.constantNames.contains($0.name) }
  }
}

extension Pattern {
  fileprivate var names: [String] {
    switch kind {
    case .binding(let name): [name.text]
    case .tuple(let parts): parts.flatMap(\.names)
    case .wildcard, .literal, .enumCase: []
    }
  }
}

extension SessionDefinition {
  fileprivate func contains(_ place: Span) -> Bool {
    place.file == span.file && place.start >= span.start && place.start <= span.end
  }
}

extension Diagnostic {
  fileprivate static func setAside(
    _ definition: SessionDefinition, _ reason: Diagnostic
  ) -> Diagnostic {
    Diagnostic(
      "W0206", .check,
      "'\(definition.name)' does not fit the new definition and is set aside: \(reason.message)",
      at: reason.span, severity: .warning, labels: reason.labels,
      hints: ["define it again"])
  }
}
