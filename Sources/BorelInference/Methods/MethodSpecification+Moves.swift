import BorelBase
import BorelIR

extension MethodSpecification {
  /// A move of the program as a kernel.
  package static func move(_ name: String) -> MethodSpecification {
    MethodSpecification(name: name)
  }

  /// Checks that the kernels that are not of the language are moves of a model.
  ///
  /// - Throws: E0711.
  func checkMoves(of model: ModelInfo, in program: Program) throws {
    for setting in options.values {
      if case .kernel(let kernel) = setting { try kernel.checkMove(of: model, in: program) }
    }
  }

  private func checkMove(of model: ModelInfo, in program: Program) throws {
    for part in parts { try part.checkMove(of: model, in: program) }
    if KernelRegistry.kernel(named: name) != nil { return }
    guard let move = program.moves.last(where: { $0.name == name }) else {
      throw Diagnostic.unknownKernel(name, moves: program.moves.map(\.name), at: .none)
    }
    if move.model == model.function { return }
    let other = program.models.first { $0.function == move.model }?.name ?? "another model"
    throw Diagnostic.moveOfOtherModel(move, other, model.name)
  }
}

extension Diagnostic {
  static func unknownKernel(_ name: String, moves: [String], at span: Span) -> Diagnostic {
    let names = KernelRegistry.kernels.map(\.name) + moves
    let hint = Spelling.hint(for: name, among: names, kind: "kernels")
    return Diagnostic(
      "E0711", .usage, "there is no kernel '\(name)'", at: span, hints: hint.map { [$0] } ?? [])
  }

  fileprivate static func moveOfOtherModel(
    _ move: MoveInfo, _ expected: String, _ found: String
  ) -> Diagnostic {
    Diagnostic(
      "E0711", .usage, "'\(move.name)' moves traces of '\(expected)', not of '\(found)'", at: .none,
      labels: [Label(move.span, "declared here")])
  }
}
