import BorelIR
import BorelRuntime
import BorelTransforms

/// A short run from the prior that tells how far weighting alone goes.
struct PriorPilot {
  static let lanes = 1_000
  /// Fewer effective draws than this call for another method.
  static let leastEffectiveSize = 100.0

  /// Effective sample size of prior draws, for a model whose choices all come before its first
  /// observation; nil for other models, where resampling can act, and for those that cannot be run.
  static func staticEffectiveSize(
    _ engine: Engine, _ model: ModelInfo, _ words: [UInt64]
  ) throws -> Double? {
    let transforms: [any Transform] = [
      Traced(models: [model.function]), Sequential(), Weighted(),
    ]
    guard Traced(models: [model.function]).refusals(engine.program).isEmpty else { return nil }
    let run = try engine.modelRun(model, words: words, under: transforms, keepsReports: false)
    let machine = run.startedMachine(key: 0, groups: 1, lanesPerGroup: lanes)
    let tape = ChoiceTape(laneCount: lanes)
    let store = ChoiceStore(laneCount: lanes)
    tape.sink = store
    machine.tape = tape
    machine.rejectsFailures = true
    machine.visitDriverRoots = { store.visitHandles($0) }
    try machine.advance()
    let count = store.instances.count
    while !machine.isFinished {
      try machine.beginGeneration()
      try machine.advance()
      if store.instances.count > count { return nil }
    }
    if count == 0 { return nil }
    var logWeights = [Double](repeating: 0, count: lanes)
    machine.readLogWeights(into: &logWeights)
    return Weights.effectiveSampleSize(Weights.normalized(logWeights, count: lanes))
  }
}
