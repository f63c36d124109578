import BorelBase
import BorelSyntax

extension BodyChecker {
  /// Declares a local that is visible from here on.
  func declare(
    _ name: String, _ type: StaticType, _ role: TypedLocal.Role, isVariable: Bool, _ span: Span
  ) -> LocalID {
    let local = LocalID(locals.count)
    locals.append(
      Local(
        typed: TypedLocal(name: name, type: type, role: role, isVariable: isVariable, span: span),
        frame: frames.count - 1, scope: scopeDepth))
    if !name.isEmpty, name != "_" {
      visible[name, default: []].append(local)
      scopeNames.append(name)
    }
    return local
  }

  /// A local of the compiler, which no program can name.
  func declareHidden(_ type: StaticType, _ span: Span) -> LocalID {
    declare("", type, .value, isVariable: false, span)
  }

  /// A function, model or constant of the program. The library sees none of them.
  func userFunction(_ name: String) -> TypedFunctionID? {
    state.isLibrary ? nil : checker.userFunctions[name]
  }

  /// A struct or enum of the program. The library sees none of them.
  func declaredType(_ name: String) -> StaticType? {
    state.isLibrary ? nil : checker.types.names[name]
  }

  /// Runs a part of the check in a scope of its own.
  func scoped<Result>(isBranch: Bool = false, _ body: () -> Result) -> Result {
    let mark = scopeNames.count
    scopeDepth += 1
    let result = body()
    scopeDepth -= 1
    while scopeNames.count > mark {
      let name = scopeNames.removeLast()
      guard let local = visible[name]?.popLast() else { continue }
      let typed = locals[local.index].typed
      if isBranch, typed.role == .latent { branchLatents[name] = typed.span }
    }
    return result
  }

  /// The innermost visible local with a name.
  func local(named name: String) -> LocalID? { visible[name]?.last }

  /// Notes a read of a local: captures it in the closures between, and follows choices.
  func read(_ local: LocalID) {
    let info = locals[local.index]
    if info.dependsOnChoice { choiceReads += 1 }
    capture(local)
  }

  private func capture(_ local: LocalID) {
    let depth = locals[local.index].frame
    var index = frames.count - 1
    while index > depth {
      if !frames[index].captures.contains(local) { frames[index].captures.append(local) }
      index -= 1
    }
  }

  /// Whether a local belongs to a function around the closure that is being checked.
  func isCaptured(_ local: LocalID) -> Bool { locals[local.index].frame < frames.count - 1 }

  /// Runs a check and tells whether what it read depends on a random choice.
  func followingChoices<Result>(_ body: () -> Result) -> (Result, dependsOnChoice: Bool) {
    let before = choiceReads
    let result = body()
    return (result, choiceReads > before)
  }

  /// Runs the check of a branch or loop body that runs, or runs again, as a choice has it.
  func underChoice<Result>(_ depends: Bool, _ body: () -> Result) -> Result {
    guard depends else { return body() }
    choiceBranches.append(scopeDepth)
    defer { choiceBranches.removeLast() }
    return body()
  }

  /// Notes an assignment: the variable depends on a choice when the value does, or when a choice
  /// decides whether the assignment happens and the variable is seen outside the branch.
  func noteAssignment(to local: LocalID, dependsOnChoice depends: Bool) {
    locals[local.index].isAssigned = true
    let scope = locals[local.index].scope
    if depends || choiceBranches.contains(where: { scope <= $0 }) {
      locals[local.index].dependsOnChoice = true
    }
  }

  /// The path of the data argument that an expression reads: `y`, `data.flow`; nil otherwise.
  func dataPath(of expression: Expression) -> String? {
    switch expression.kind {
    case .name(let name): return local(named: name).flatMap { locals[$0.index].dataPath }
    case .member(let base, let name): return dataPath(of: base).map { "\($0).\(name.text)" }
    case .index(let base, _): return dataPath(of: base)
    case .ascription(let base, _): return dataPath(of: base)
    default: return nil
    }
  }
}
