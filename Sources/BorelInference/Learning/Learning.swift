import BorelBase
import BorelIR
import BorelKernels
import BorelTransforms

/// Maximum likelihood of the `param` arguments of a model: an ascent on the unconstrained scale,
/// then the observed information at its end.
struct Learning {
  struct Outcome {
    var learned: Learned
    /// The words of the arguments at the maximum.
    var words: [UInt64]
    var diagnostics: [Diagnostic]
  }

  let estimator: ScoreEstimator
  let settings: LearnSettings
  let key: UInt64

  private var parameters: LearnableParameters { estimator.parameters }

  /// The end of an ascent on the unconstrained scale.
  private struct End {
    var point: [Double]
    var error: [Double]?
    var points: [[Double]]
    var logEvidence: [Double]
    var isConverged: Bool
    /// Where each coordinate was still going: its sign.
    var drift: [Double]
  }

  func execute() throws -> Outcome {
    let isAscent = !estimator.isExact || settings.schedule == .em
    let end = try isAscent ? ascend() : climb()
    let information = try InformationEstimator(estimator: estimator, key: stepKey(settings.steps))
      .information(at: end.point)
    return outcome(end, information)
  }

  private func stepKey(_ step: Int) -> UInt64 {
    borel_key_child(key, UInt32(BOREL_KEY_SWEEP), UInt64(step))
  }

  // MARK: Ascent

  private func ascend() throws -> End {
    var ascent = StochasticAscent(settings, start: parameters.start)
    var logEvidence: [Double] = []
    var isConverged = false
    let start = ContinuousClock.now
    let forms = try settings.schedule == .em ? estimator.closedForms() : []
    for step in 0..<settings.steps {
      let estimate = try estimate(&ascent, step: step)
      logEvidence.append(estimate.logEvidence.logValue)
      if settings.schedule == .em {
        ascent.move(to: maximised(forms, estimate, from: ascent.point))
      } else {
        ascent.move(parameters.unconstrained(estimate.score, at: ascent.point))
      }
      estimator.engine.limits.progress?(
        RunProgress(
          count: Double(step + 1), unit: "steps",
          share: Double(step + 1) / Double(settings.steps),
          seconds: Double((ContinuousClock.now - start).nanoseconds) * 1e-9))
      if ascent.isFinished {
        isConverged = true
        break
      }
    }
    let average = ascent.average
    return End(
      point: average.point, error: average.error, points: ascent.points, logEvidence: logEvidence,
      isConverged: isConverged, drift: average.trend.map { $0.magnitude > 3 ? $0 : 0 })
  }

  /// The maximum of the expected complete log-density, means before deviations.
  private func maximised(
    _ forms: [CompleteForm], _ estimate: ScoreEstimator.Estimate, from point: [Double]
  ) -> [Double] {
    let values = parameters.values(point)
    var result = point
    for k in forms.indices where forms[k].means.isEmpty && estimate.weights[k] > 0 {
      result[k] = inside(
        k, from: point,
        parameters.rule.maximum(
          forms[k].form, from: values[k], score: estimate.score[k], weight: estimate.weights[k]))
    }
    let moved = parameters.values(result)
    for k in forms.indices where !forms[k].means.isEmpty && estimate.weights[k] > 0 {
      let change = forms[k].means.reduce(0) { sum, mean in
        let step = moved[mean] - values[mean]
        return sum + step * (step * estimate.weights[mean] - 2 * estimate.score[mean])
      }
      // The sum of squares changes with the mean, by so much in units of the old variance. The
      // derivative of the log-density in the deviation is the sum over v^3.
      let score = estimate.score[k] + parameters.rule.change(ofSquares: change) / values[k]
      result[k] = inside(
        k, from: point,
        parameters.rule.maximum(
          forms[k].form, from: values[k], score: score, weight: estimate.weights[k]))
    }
    return result
  }

  /// The coordinate of a value. One at the end of a domain, or beyond it, is approached in halves.
  private func inside(_ k: Int, from point: [Double], _ value: Double) -> Double {
    let scale = parameters.coordinates[k].scale
    let start = scale.value(point[k])
    var target = value
    for _ in 0..<60 {
      let coordinate = scale.coordinate(target)
      if coordinate.isFinite { return coordinate }
      target = 0.5 * (target + start)
    }
    return point[k]
  }

  /// The estimate at the ascent's point. A step that leads to where nothing can be computed is
  /// taken back in halves.
  private func estimate(
    _ ascent: inout StochasticAscent, step: Int
  ) throws -> ScoreEstimator.Estimate {
    for attempt in 0..<8 {
      do {
        let estimate = try estimator.estimate(at: ascent.point, key: stepKey(step))
        if estimate.score.allSatisfy(\.isFinite) { return estimate }
        if step == 0 || attempt == 7 { throw Self.noScore(parameters, ascent.point) }
      } catch let problem as Diagnostic
        where step > 0 && attempt < 7 && problem.isBecauseOfParameters
      {}
      ascent.retreat()
    }
    throw Self.noScore(parameters, ascent.point)
  }

  private static func noScore(
    _ parameters: LearnableParameters, _ point: [Double]
  ) -> Diagnostic {
    let values = zip(parameters.coordinates, parameters.values(point)).map {
      "\($0.name) = \($1)"
    }
    return Diagnostic(
      "E0578", .inference, "the gradient is not finite at \(values.joined(separator: ", "))",
      at: parameters.coordinates.first?.span ?? .none,
      hints: ["start elsewhere, or give the parameters a domain such as `in 0<..`"])
  }

  private func climb() throws -> End {
    let outcome = try QuasiNewtonAscent.maximum(from: parameters.start, steps: settings.steps) {
      point in
      // Beyond this the values do not differ from the ends of their domains.
      guard point.allSatisfy({ $0.magnitude < 300 }) else { return nil }
      let estimate = try estimator.estimate(at: point, key: key)
      let gradient = parameters.unconstrained(estimate.score, at: point)
      guard estimate.logEvidence.logValue.isFinite, gradient.allSatisfy(\.isFinite) else {
        return nil
      }
      return (estimate.logEvidence.logValue, gradient)
    }
    guard let outcome else { throw Self.noScore(parameters, parameters.start) }
    let drift = zip(outcome.point, parameters.start).map { $0 - $1 }
    return End(
      point: outcome.point, error: nil, points: outcome.points, logEvidence: outcome.values,
      isConverged: outcome.isConverged, drift: drift)
  }

  // MARK: Result

  private func outcome(_ end: End, _ information: ObservedInformation) -> Outcome {
    let count = parameters.count
    let atBoundary = (0..<count).map { k in
      information.matrix.map { isAtBoundary(k, end, $0[k * count + k]) } ?? false
    }
    let inside = (0..<count).filter { !atBoundary[$0] }
    let deviations = information.matrix.flatMap {
      ObservedInformation.deviations($0, inside, of: count)
    }
    var list: [Learned.Parameter] = []
    for (k, coordinate) in parameters.coordinates.enumerated() {
      let scale = coordinate.scale
      let slope = scale.slope(end.point[k]).magnitude
      var parameter = Learned.Parameter(
        name: coordinate.name, value: scale.value(end.point[k]), standardError: nil, reason: nil,
        monteCarloError: end.error.map { $0[k] * slope } ?? 0,
        trajectory: end.points.map { scale.value($0[k]) })
      if parameter.monteCarloError?.isFinite == false { parameter.monteCarloError = nil }
      if atBoundary[k] {
        parameter.reason = "the optimum is at the boundary of the domain"
      } else if let deviations, let position = inside.firstIndex(of: k) {
        parameter.standardError = deviations[position] * slope
      } else {
        parameter.reason =
          information.reason ?? "the observed information is not positive definite"
      }
      list.append(parameter)
    }
    let learned = Learned(
      parameters: list, method: estimator.method.text, steps: end.points.count - 1,
      isConverged: end.isConverged, logEvidence: end.logEvidence)
    return Outcome(
      learned: learned, words: parameters.words(at: end.point, in: estimator.engine.arena),
      diagnostics: diagnostics(end, atBoundary))
  }

  /// A coordinate that runs off to an end of its domain: the evidence is flat there, so its
  /// information is small, and the way from the start led there.
  private func isAtBoundary(_ k: Int, _ end: End, _ information: Double) -> Bool {
    let scale = parameters.coordinates[k].scale
    let way = end.point[k] - parameters.start[k]
    guard let limit = scale.end(towards: way) else { return false }
    let distance = (scale.value(end.point[k]) - limit).magnitude
    let before = (parameters.coordinates[k].start - limit).magnitude
    return distance < 0.2 * before && information < Self.flat && way.magnitude > 1
  }

  /// Information below which a coordinate is not determined to within a factor of e^2.
  private static let flat = 0.25

  private func diagnostics(_ end: End, _ atBoundary: [Bool]) -> [Diagnostic] {
    var list: [Diagnostic] = []
    for (k, coordinate) in parameters.coordinates.enumerated() where atBoundary[k] {
      list.append(
        Diagnostic(
          "W0571", .inference, "the optimum of '\(coordinate.name)' is at the boundary",
          at: coordinate.span, severity: .warning,
          hints: ["the value shown is where the ascent ended; the data prefer the end itself"]))
    }
    if !end.isConverged, !atBoundary.contains(true) {
      list.append(
        Diagnostic(
          "W0570", .inference,
          "the ascent ended after \(end.points.count - 1) steps before its stopping rule was met",
          at: .none, severity: .warning,
          hints: ["take more steps, more particles, or a larger tolerance"]))
    }
    return list
  }
}
