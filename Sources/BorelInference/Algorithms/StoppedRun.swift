import BorelBase
import BorelRuntime

/// What becomes of a run that the user stops.
enum StoppedRun {
  /// Fewer draws per chain say nothing about convergence.
  private static let leastDraws = 4

  /// Makes draws. When the user stops that, those made so far are kept, if the caller wants them;
  /// otherwise the interruption goes on.
  ///
  /// - Parameter made: How many draws of each chain there are.
  static func keepingDraws(
    _ engine: Engine, made: @autoclosure () -> Int, _ body: () throws -> Void
  ) throws {
    do {
      try body()
    } catch let interruption as Interruption {
      guard let keepDone = engine.limits.keepDone, made() >= leastDraws else {
        throw interruption
      }
      keepDone()
    }
  }

  /// The warning of a run with fewer draws than were asked for.
  static func warning(_ made: Int, of wanted: Int) -> [Diagnostic] {
    if made >= wanted { return [] }
    return [
      Diagnostic(
        "W0505", .inference,
        "the run was stopped after \(made) of \(wanted) draws of each chain", at: .none,
        severity: .warning, hints: ["the result rests on these"])
    ]
  }

  /// The warning of a particle filter that stands between two checkpoints.
  static func warning(checkpoints: Int, last: ObservationShare?) -> Diagnostic {
    Diagnostic(
      "W0507", .inference,
      "the run was stopped after \(checkpoints) checkpoint\(checkpoints == 1 ? "" : "s")",
      at: last?.span ?? .none, severity: .warning,
      hints: ["the draws are of the latents up to there, given the data up to there"])
  }
}
