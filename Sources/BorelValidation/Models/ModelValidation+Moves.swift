import BorelBase
import BorelInference

/// The law of moves that the program declares: they are involutions.
extension ModelValidation {
  /// Diagnostics of a move that is none.
  private static let violations: Set = ["E0524", "E0525", "E0526", "E0527", "E0528"]

  /// The law after all runs: every proposal of positive density was mapped back. Nil for a method
  /// without moves of the program.
  func moves() -> ValidationReport.Law? {
    let names = request.program.moves.map(\.name).filter { request.method.names.contains($0) }
    if names.isEmpty { return nil }
    let list = names.map { "'\($0)'" }.joined(separator: ", ")
    return .init(
      "moves", .holds, "\(list): every proposal of positive density leads back, in all runs")
  }

  /// The violation that ended a run; nil for other errors.
  static func violation(_ problems: Diagnostics) -> ValidationReport.Law? {
    guard let first = problems.list.first, violations.contains(first.code) else { return nil }
    return .init(
      "moves", .violated, ([first.message] + first.hints).joined(separator: "; "))
  }
}

extension MethodSpecification {
  /// The names of all kernels.
  fileprivate var names: Set<String> {
    var names: Set<String> = []
    for part in parts { names.formUnion(part.names.union([part.name])) }
    for case .kernel(let kernel) in options.values {
      names.formUnion(kernel.names.union([kernel.name]))
    }
    return names
  }
}
