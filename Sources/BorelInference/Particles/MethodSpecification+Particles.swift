import BorelBase

extension MethodSpecification {
  /// The settings of `paris`.
  var parisSettings: SequentialMonteCarlo.Settings {
    SequentialMonteCarlo.Settings(
      particles: int("particles"), groups: int("groups"),
      resampler: Resampler(rawValue: choice("resampler")) ?? .systematic,
      threshold: real("threshold"),
      smoothing: TallySmoother(
        method: BackwardMethod(rawValue: choice("backward")) ?? .automatic,
        draws: int("backwardDraws")))
  }

  /// The settings of `pg`, `pgas` or `ppg`.
  ///
  /// - Throws: E0706 when the burn-in of `ppg` takes all sweeps.
  func gibbsSettings() throws -> ParticleGibbs.Settings {
    let isParisian = name == "ppg"
    var settings = ParticleGibbs.Settings(
      name: name, particles: int("particles"),
      chains: int(isParisian ? "groups" : "chains"), draws: 0,
      burnIn: int("burnIn"),
      resampler: Resampler(rawValue: choice("resampler")) ?? .systematic,
      threshold: real("threshold"), moves: int("moves"))
    if isParisian {
      settings.draws = int("sweeps") - settings.burnIn
      settings.backwardDraws = int("backwardDraws")
      settings.backwardMethod =
        BackwardMethod(rawValue: choice("backward")) ?? .automatic
      guard settings.draws > 0 else {
        throw Diagnostic(
          "E0706", .usage,
          "option 'burnIn' of 'ppg' must be below 'sweeps', found \(settings.burnIn) of "
            + "\(int("sweeps"))", at: .none)
      }
    } else {
      settings.draws = int("draws")
      settings.samplesAncestors = name == "pgas" || bool("ancestors")
      settings.samplesBackward = name == "pg" && bool("backward")
    }
    return settings
  }
}
