import BorelBase
import BorelSyntax

/// Checks one body: of a function, a model, a default, or the script.
final class BodyChecker {
  let checker: Checker
  let id: TypedFunctionID
  let state: FunctionState
  var inference = Inference()
  var locals: [Local] = []
  /// Visible locals by name; the last one is the innermost.
  var visible: [String: [LocalID]] = [:]
  /// Names in the order they became visible, for leaving scopes.
  var scopeNames: [String] = []
  /// Latents of branches that are over, for the unknown-name diagnostic.
  var branchLatents: [String: Span] = [:]
  /// The function itself, and the closures inside which the checker stands.
  var frames: [Frame] = [Frame()]
  var effects: Effects = []
  var callees: Set<Int> = []
  /// Grows when something is read that depends on a random choice.
  var choiceReads = 0
  /// Scope depths at which branches begin that a random choice decides about.
  var choiceBranches: [Int] = []
  var closureCount = 0
  /// What stands directly after the `~` or `sample` that is being checked.
  var drawnSource: Span?

  init(_ checker: Checker, function id: TypedFunctionID) {
    self.checker = checker
    self.id = id
    self.state = checker.functions[id.index]
  }

  /// A local and what only the checker needs to know about it.
  struct Local {
    var typed: TypedLocal
    /// Closure depth where it is declared.
    var frame: Int
    /// Its value depends on a random choice.
    var dependsOnChoice = false
    /// The data argument that it is (a part of), as a path without indices.
    var dataPath: String?
    /// Number of the innermost block that declares it.
    var scope: Int
    /// A variable that an earlier entry of an interactive session has left: a draw may hide it.
    var isOfSession = false
    /// It is assigned or drawn again somewhere.
    var isAssigned = false
  }

  /// A function body or closure body.
  struct Frame {
    var captures: [LocalID] = []
    /// What `return` must give; nil while it is collected.
    var expectedResult: StaticType?
    var returned: [StaticType] = []
    var loopDepth = 0
    var hasBreak = false
  }

  var isScript: Bool { state.role == .script }
  var isModel: Bool { state.role == .model }
  var scopeDepth = 0

  func report(_ diagnostic: Diagnostic) { checker.report(diagnostic) }

  /// A type as text, with what inference knows.
  func text(_ type: StaticType) -> String { checker.text(inference.resolveFully(type)) }

  func fresh() -> StaticType { inference.fresh() }

  func resolve(_ type: StaticType) -> StaticType { inference.resolve(type) }

  // MARK: Running

  func run() {
    if let declaration = state.declaration { run(declaration) }
    if let expression = state.expression { run(expression) }
    if let statements = state.statements, let variables = state.sessionVariables {
      runEntry(statements, variables)
    } else if let statements = state.statements {
      frames[0].expectedResult = .unit
      finish(block(statements, .nothing), .unit)
    }
    state.effects.formUnion(effects)
    state.callees.formUnion(callees)
  }

  private func run(_ declaration: FunctionDeclaration) {
    for parameter in state.parameters {
      let local = declare(
        parameter.name, parameter.type, .parameter, isVariable: false, parameter.span)
      locals[local.index].dataPath = parameter.name
    }
    let (body, result) = functionBody(
      declaration.body, expected: state.result, name: state.name,
      nameSpan: declaration.name.span)
    state.result = result
    finish(body, result)
  }

  /// A default or a constant: an expression of its own, which must be pure.
  private func run(_ expression: Expression) {
    let value = pure(whatIsPure, expression.span) { () -> TypedExpression in
      if let type = state.result { return check(expression, type) }
      return infer(expression)
    }
    let type = inference.resolveFully(value.type)
    state.result = state.result ?? type
    let block = TypedBlock(statements: [], value: value, type: type, span: expression.span)
    finish(block, state.result ?? type)
  }

  private var whatIsPure: String {
    "the \(state.name.contains(".") ? "default" : "value") of '\(state.name)'"
  }

  /// Enters the finished body, all types known.
  func finish(_ body: TypedBlock, _ open: StaticType) {
    let solver = TypeSolver(self)
    let solved = solver.block(body)
    // Callers have variables of their own: those of this body must not reach them.
    let result = solver.type(open, at: state.span)
    if state.result != nil { state.result = result }
    state.typed = TypedFunction(
      name: state.name, role: state.role, generics: state.generics.map(\.constraint),
      parameters: state.parameters, result: result,
      locals: locals.map { local in
        var typed = local.typed
        typed.type = solver.type(typed.type, at: typed.span)
        return typed
      },
      body: solved, effects: effects, documentation: state.documentation, span: state.span)
  }

  // MARK: Purity

  /// Runs a check whose effects are forbidden in the end.
  func pure<Result>(_ what: String, _ span: Span, _ body: () -> Result) -> Result {
    let saved = (effects, callees)
    effects = []
    callees = []
    let result = body()
    checker.purityRequirements.append(
      PurityRequirement(what: what, effects: effects, callees: callees, span: span))
    effects.formUnion(saved.0)
    callees.formUnion(saved.1)
    return result
  }

  /// Notes that a function is used, checks its body when that is due, and gives its state.
  func use(_ function: TypedFunctionID) -> FunctionState {
    let used = checker.functions[function.index]
    used.isNeeded = true
    checker.ensureChecked(function)
    callees.insert(function.index)
    if used.effects.contains(.draws) { choiceReads += 1 }
    return used
  }

  // MARK: Second attempts

  /// What has to be put back when an attempt at typing something is given up.
  struct Snapshot {
    var inference: Inference
    var localCount: Int
    var frames: [Frame]
    var diagnosticCount: Int
    var closureCount: Int
  }

  func snapshot() -> Snapshot {
    Snapshot(
      inference: inference, localCount: locals.count, frames: frames,
      diagnosticCount: checker.diagnostics.count, closureCount: closureCount)
  }

  func restore(_ snapshot: Snapshot) {
    inference = snapshot.inference
    locals.removeSubrange(snapshot.localCount...)
    frames = snapshot.frames
    closureCount = snapshot.closureCount
    let diagnostics = checker.diagnostics
    checker.diagnostics.removeSubrange(min(snapshot.diagnosticCount, diagnostics.count)...)
  }

  /// Whether errors were reported since.
  func failed(since snapshot: Snapshot) -> Bool {
    checker.diagnostics[snapshot.diagnosticCount...].contains { $0.severity == .error }
  }
}
