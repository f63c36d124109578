import BorelKernels
import BorelRuntime

/// Particle filters of many parameters side by side: each group of lanes is a filter with the
/// parameters of its row of `population.fixedParameters`.
struct ParameterFilters {
  let run: ModelRun
  let population: LanePopulation
  let resampler: Resampler
  let threshold: Double

  private var machine: Machine { population.machine }

  /// A filter in every group, and a path of each.
  func sweep() throws -> ConditionalSweep.Outcome {
    try sweep(resampler, whenAllDead: {})
  }

  /// A path of each group, from a filter whose lanes have parameters of their own. A conditional
  /// sweep along that path gives the estimate of its evidence: with the filter's own estimate as
  /// its weight the start has the law of the extended target, so that kernels keep it.
  ///
  /// - Parameter inspect: Told the first step of all lanes of the filter.
  /// - Throws: `Diagnostic` when no lane has a positive weight.
  func start(
    hasParameters: Bool, inspect: (ChoiceTable) throws -> Void
  ) throws -> ConditionalSweep.Outcome {
    // Residual resampling has no conditional form.
    let resampler = resampler == .residual ? .systematic : resampler
    func impossible() throws { throw ObservationLedger.impossible(machine) }
    let first = try sweep(resampler, whenAllDead: impossible)
    run.host.engine.probe.starts?.record(first.logEvidence)
    guard hasParameters else { return first }
    try inspect(ChoiceTable(population.keptRecords[0], program: run.compiled))
    population.retained = RetainedPath(
      first.path, population.keptRecords, program: run.compiled)
    defer { population.retained = nil }
    return try sweep(resampler, whenAllDead: impossible)
  }

  private func sweep(
    _ resampler: Resampler, whenAllDead: () throws -> Void
  ) throws -> ConditionalSweep.Outcome {
    let machine = machine
    return try ConditionalSweep(
      settings: .init(resampler: resampler, threshold: threshold)
    ) { purpose, group, step in
      run.driverChoices(
        key: machine.groupKeys[group],
        kind: Int(purpose == .path ? BOREL_KEY_SWEEP : BOREL_KEY_RESAMPLING),
        index: UInt64(machine.generation) << 32 | UInt64(step))
    }.run(population, whenAllDead: whenAllDead)
  }
}
