import BorelBase
import BorelHeap
import BorelIR

/// The checkpoints of one run. Between its iterations an algorithm offers its state; it is kept when
/// enough time has passed.
///
/// What an algorithm does later is a function of this state, the run and the seed, since randomness
/// is addressed by counters: a run that goes on from a checkpoint has the same bits as one that was
/// never stopped, for any number of threads.
final class CheckpointSession {
  /// The methods whose runs can be kept.
  static let methods = ["mh", "pg", "pgas", "pmmh", "ppg"]

  private let plan: CheckpointPlan
  private let facts: [CheckpointFile.Fact]
  private let engine: Engine
  private var nextTime: ContinuousClock.Instant
  private var state: [UInt64]?

  /// - Throws: `Diagnostic` E0714 for a method without checkpoints, E0432 for a file that cannot be
  ///   read, `Diagnostics` E0433 for one of another run.
  init(
    _ plan: CheckpointPlan, facts: [CheckpointFile.Fact], method: MethodSpecification,
    engine: Engine
  ) throws {
    guard Self.methods.contains(method.name) else { throw Self.refusal(of: method) }
    self.plan = plan
    self.facts = facts
    self.engine = engine
    nextTime = .now + .seconds(plan.interval)
    guard let source = plan.source else { return }
    let file = try CheckpointFile(source)
    try Self.compare(file.facts, with: facts, source.name)
    try file.enterStrings(source.name)
    state = file.state
  }

  /// Hands out the state that the run goes on from, once; does nothing in a run that starts anew.
  func resume(_ body: (inout StateReader) throws -> Void) throws {
    guard let words = state, let name = plan.source?.name else { return }
    state = nil
    do {
      var reader = try StateReader(words)
      engine.diagnostics = try [Diagnostic](from: &reader)
      try body(&reader)
      guard reader.isAtEnd else { throw DamagedState() }
    } catch is DamagedState {
      throw CheckpointFile.damage(name)
    }
  }

  /// Keeps a state when it is time to.
  func save(_ body: (inout StateWriter) -> Void) {
    guard let keep = plan.keep, ContinuousClock.now >= nextTime else { return }
    var writer = StateWriter()
    engine.diagnostics.write(to: &writer)
    body(&writer)
    keep(
      CheckpointFile(
        facts: facts, strings: StringTable.shared.strings, state: writer.finish()
      ).bytes)
    nextTime = .now + .seconds(plan.interval)
  }

  private static func refusal(of method: MethodSpecification) -> Diagnostic {
    Diagnostic(
      "E0714", .usage, "a run of '\(method.name)' has no checkpoints", at: .none,
      hints: [
        "runs of " + methods.map { "'\($0)'" }.joined(separator: ", ") + " have them"
      ])
  }

  static func compare(
    _ found: [CheckpointFile.Fact], with expected: [CheckpointFile.Fact], _ name: String
  ) throws {
    let differences = expected.compactMap { fact -> Diagnostic? in
      let value = found.first { $0.name == fact.name }?.value ?? "none"
      if value == fact.value { return nil }
      return Diagnostic(
        "E0433", .data,
        "the checkpoint '\(name)' is of a run with another \(fact.name): found \(value), "
          + "expected \(fact.value)", at: .none)
    }
    if !differences.isEmpty { throw Diagnostics(differences) }
  }
}

extension PosteriorRun {
  /// The checkpoints of this run by a method; nil when none are asked for.
  func checkpointSession(_ method: MethodSpecification) throws -> CheckpointSession? {
    guard let checkpoints else { return nil }
    let manifest = posterior(method, drawCount: 0).manifest
    let variables = engine.keptReports.map { $0.sorted().joined(separator: ", ") } ?? "all"
    return try CheckpointSession(
      checkpoints,
      facts: [
        .init(name: "version", value: manifest.version),
        .init(name: "program", value: Self.hash(of: printIR(engine.program))),
        .init(name: "model", value: model.name),
        .init(name: "data hash", value: String(manifest.dataHash, radix: 16)),
        .init(name: "method", value: manifest.method),
        .init(name: "seed", value: String(manifest.seed)),
        .init(name: "instruction set", value: manifest.instructionSet),
        .init(name: "choice of variables", value: variables),
        .init(
          name: "choice of '--pointwise'",
          value: engine.pointwiseModel == nil ? "off" : "on"),
        .init(
          name: "treatment of errors", value: engine.limits.rejectsFailures ? "reject" : "stop"),
      ], method: method, engine: engine)
  }

  /// FNV-1a, 64 bits.
  static func hash(of text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }
}
