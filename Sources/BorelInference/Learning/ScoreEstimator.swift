import BorelBase
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// The score of a model, the derivative of its log evidence, from the executions of an inference
/// method: by Fisher's identity the posterior expectation of the derivatives of the log-densities
/// of everything that was drawn and scored.
///
/// With `enumerate` it is exact. Weighted draws and the genealogy of a particle filter make it
/// consistent, with a bias that decreases with the number of particles; smoothed tallies do so with
/// less noise.
///
/// Source: Cappé, Moulines, Rydén (2005), section 10.1.3.
struct ScoreEstimator {
  struct Estimate {
    var logEvidence: Evidence
    /// On the scale of the values.
    var score: [Double]
    /// Its standard errors from the spread over groups; nil from few groups.
    var scoreError: [Double]?
    /// The matrix of second derivatives of the log evidence, by rows; nil when it was not asked for.
    var hessian: [Double]?
    /// Expected weights of the choices and data with a parameter, see `CompleteInformation`; empty
    /// when they were not asked for.
    var weights: [Double] = []
  }

  let engine: Engine
  let model: ModelInfo
  let parameters: LearnableParameters
  let method: MethodSpecification
  private let differentiated: Differentiated
  private let information: CompleteInformation
  /// What gives the tallies of scores and weights, the last one first.
  private let tallied: [any Transform]
  private let smoothed: SmoothedScore
  /// Whether estimates have the weights of the complete data.
  private let wantsWeights: Bool

  init(
    engine: Engine, model: ModelInfo, parameters: LearnableParameters,
    method: MethodSpecification, wantsWeights: Bool = false
  ) {
    self.engine = engine
    self.model = model
    self.parameters = parameters
    self.method = method
    self.wantsWeights = wantsWeights
    differentiated = Differentiated(model.function, inputs: parameters.inputs)
    information = CompleteInformation(model.function, inputs: parameters.inputs)
    tallied =
      wantsWeights ? [differentiated, information, Weighted()] : [differentiated, Weighted()]
    smoothed = SmoothedScore(
      engine, model, differentiated, transforms: tallied, wantsWeights: wantsWeights)
  }

  /// How each parameter is maximised given the complete data.
  ///
  /// - Throws: E0579 for one that has no closed form.
  func closedForms() throws -> [CompleteForm] {
    try information.forms(try engine.form([Weighted()]).program)
  }

  /// Whether estimates have no Monte Carlo error.
  var isExact: Bool { method.name == "enumerate" }

  /// - Throws: What the inference throws, and E057x for a model that is not differentiable.
  func estimate(
    at point: [Double], key: UInt64, groups: Int? = nil, wantsHessian: Bool = false
  ) throws -> Estimate {
    let words = parameters.words(at: point, in: engine.arena)
    switch method.name {
    case "enumerate": return try enumerate(words)
    case "importance":
      let settings = SequentialMonteCarlo.Settings(
        particles: method.int("particles"), groups: 1, resampler: .multinomial, threshold: 0)
      return try weighted(settings, words, nil, key: key, wantsHessian)
    case "smc":
      let settings = SequentialMonteCarlo.Settings(
        particles: method.int("particles"), groups: groups ?? method.int("groups"),
        resampler: Resampler(rawValue: method.choice("resampler")) ?? .systematic,
        threshold: method.real("threshold"))
      let sequential = Sequential(
        at: Sequential.Placement(rawValue: method.choice("checkpoints")))
      return try weighted(settings, words, sequential, key: key, wantsHessian)
    case "paris":
      return Estimate(try smoothed.paris(method.parisSettings, words, key: key))
    case "ppg":
      return Estimate(try smoothed.parisianGibbs(method.gibbsSettings(), words, key: key))
    default:
      throw Diagnostic(
        "E0577", .usage, "'learn' cannot use the method '\(method.name)'", at: .none,
        hints: ["use 'paris(...)', 'ppg(...)', 'smc(...)', 'importance(...)' or 'enumerate'"])
    }
  }

  // MARK: Smoothed tallies

  /// Whether the score can be smoothed, with any method.
  var canSmooth: Bool {
    get throws { try smoothed.isPossible(parameters.words(at: parameters.start, in: engine.arena)) }
  }

  /// Scores on the scale of the values, `[coordinate][group]`, from PaRIS.
  func smoothedScores(
    at point: [Double], particles: Int, groups: Int, key: UInt64
  ) throws -> [[Double]] {
    try smoothed.paris(
      SequentialMonteCarlo.Settings(
        particles: particles, groups: groups, resampler: .systematic, threshold: 0.5,
        smoothing: TallySmoother(method: .automatic, draws: 2)),
      parameters.words(at: point, in: engine.arena), key: key
    ).scores
  }

  private func transforms(
    _ outer: (any Transform)?, wantsHessian: Bool
  ) -> [any Transform] {
    var list = tallied
    if wantsHessian {
      var second = differentiated
      second.output = .curvature
      list.insert(second, at: 0)
    }
    if let outer { list.insert(outer, at: 0) }
    return list
  }

  // MARK: Weighted executions

  private func weighted(
    _ settings: SequentialMonteCarlo.Settings, _ words: [UInt64], _ outer: (any Transform)?,
    key: UInt64, _ wantsHessian: Bool
  ) throws -> Estimate {
    let run = try engine.modelRun(
      model, words: words, under: transforms(outer, wantsHessian: wantsHessian),
      keepsReports: false)
    let outcome = try SequentialMonteCarlo(settings, run: run, key: key).execute()
    let lanes = settings.particles * settings.groups
    let weights = Weights.normalized(outcome.logWeights, count: lanes)
    let names = differentiated.directionNames
    let scores = names.map { column(Differentiated.scoreName($0), run.program, outcome.machine) }
    let means = scores.map { Self.mean($0, weights) }
    let evidence = EvidenceEstimate.make(
      groupLogEvidence: outcome.groupLogEvidence, logWeights: outcome.logWeights,
      eves: outcome.eves, resamplings: outcome.resamplings.max() ?? 0,
      resampler: settings.resampler)
    var hessian: [Double]?
    if wantsHessian {
      hessian = louis(names, scores, means, weights, run.program, outcome.machine)
    }
    let information =
      wantsWeights
      ? parameters.inputs.map {
        Self.mean(
          column(CompleteInformation.weightName($0.name), run.program, outcome.machine), weights)
      } : []
    return Estimate(
      logEvidence: evidence, score: means, scoreError: errors(scores, means, weights, settings),
      hessian: hessian, weights: information)
  }

  private func column(_ tally: String, _ program: Program, _ machine: Machine) -> [Double] {
    guard let number = program.tallies.lastIndex(of: tally) else {
      internalError("a differentiated program has no tally '\(tally)'")
    }
    return machine.tally(number)
  }

  /// Louis' identity: the second derivatives of the log evidence are the posterior mean of those of
  /// the complete log-density plus the posterior covariance of its first derivatives.
  ///
  /// Source: Louis (1982), "Finding the observed information matrix when using the EM algorithm",
  /// equation 3.2.
  private func louis(
    _ names: [String], _ scores: [[Double]], _ means: [Double], _ weights: [Double],
    _ program: Program, _ machine: Machine
  ) -> [Double] {
    let count = names.count
    var hessian = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in i..<count {
        let curvature = column(
          Differentiated.curvatureName(names[i], names[j]), program, machine)
        var sum = 0.0
        for lane in weights.indices where weights[lane] > 0 {
          let product = (scores[i][lane] - means[i]) * (scores[j][lane] - means[j])
          sum += weights[lane] * (curvature[lane] + product)
        }
        hessian[i * count + j] = sum
        hessian[j * count + i] = sum
      }
    }
    return hessian
  }

  /// The standard errors of a ratio of means over independent groups, or over independent draws.
  ///
  /// Source: Owen (2013), "Monte Carlo theory, methods and examples", equation 9.8.
  private func errors(
    _ scores: [[Double]], _ means: [Double], _ weights: [Double],
    _ settings: SequentialMonteCarlo.Settings
  ) -> [Double]? {
    let units = settings.groups > 1 ? settings.groups : weights.count
    guard settings.groups >= EvidenceEstimate.groupsForSpread || settings.threshold == 0 else {
      return nil
    }
    let size = weights.count / units
    let correction = Double(units) / Double(max(units - 1, 1))
    return zip(scores, means).map { values, mean in
      var squares = 0.0
      for unit in 0..<units {
        var sum = 0.0
        for lane in (unit * size)..<((unit + 1) * size) where weights[lane] > 0 {
          sum += weights[lane] * (values[lane] - mean)
        }
        squares += sum * sum
      }
      return (squares * correction).squareRoot()
    }
  }

  private static func mean(_ values: [Double], _ weights: [Double]) -> Double {
    zip(values, weights).reduce(0) { $0 + ($1.1 > 0 ? $1.0 * $1.1 : 0) }
  }

  // MARK: Exact

  private func enumerate(_ words: [UInt64]) throws -> Estimate {
    let enumerated = Enumerated(
      coverage: method.real("tolerance") > 0 ? .partial : .complete, models: [model.function])
    let run = try engine.modelRun(
      model, words: words, under: transforms(enumerated, wantsHessian: false),
      keepsReports: false)
    let outcome = try Enumeration.execute(
      Enumeration.Settings(
        tolerance: method.real("tolerance"), executions: method.int("executions")),
      run: run, wantsReports: false)
    let score = differentiated.directionNames.map { name in
      run.program.tallies.lastIndex(of: Differentiated.scoreName(name)).map {
        outcome.tallies[$0]
      } ?? 0
    }
    let information = parameters.inputs.compactMap { input in
      run.program.tallies.lastIndex(of: CompleteInformation.weightName(input.name)).map {
        outcome.tallies[$0]
      }
    }
    return Estimate(
      logEvidence: Evidence(logValue: outcome.logEvidence, standardError: 0), score: score,
      scoreError: score.map { _ in 0 }, hessian: nil, weights: information)
  }
}

extension ScoreEstimator.Estimate {
  fileprivate init(_ replicates: SmoothedScore.Replicates) {
    self.init(
      logEvidence: replicates.logEvidence, score: replicates.means,
      scoreError: replicates.errors, hessian: nil, weights: replicates.meanWeights)
  }
}
