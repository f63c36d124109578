import BorelBase
import BorelInference
import Foundation

/// What the answers should be: exact, or from long runs with an error.
struct Reference {
  let logEvidence: Double
  /// Relative standard error of the evidence.
  let evidenceError: Double
  let functionals: [Functional]
  /// By functional: its expectation (draws without the variable count as zero), how often the
  /// variable exists, and the standard error of the expectation.
  let expectations: [(value: Double, present: Double, error: Double)]
  let description: String

  /// From runs of one method, all of the same size.
  ///
  /// - Parameter posteriors: Nil for evidence zero.
  init?(_ posteriors: [Posterior?], isExact: Bool, description: String) {
    guard let first = posteriors.compactMap({ $0 }).first else { return nil }
    let logs = posteriors.map { $0?.evidence?.logValue ?? -.infinity }
    let total = LogSum.of(logs) - log(Double(logs.count))
    guard total.isFinite else { return nil }
    let ratios = logs.map { exp($0 - total) }
    let count = Double(ratios.count)
    func error(_ deviations: [Double]) -> Double {
      isExact || count < 2
        ? 0 : (deviations.reduce(0) { $0 + $1 * $1 } / (count * (count - 1))).squareRoot()
    }
    let functionals = Functional.all(of: first)
    let weights = posteriors.map { $0?.normalizedWeights ?? [] }
    logEvidence = total
    evidenceError = error(ratios.map { $0 - 1 })
    self.functionals = functionals
    var expectations: [(value: Double, present: Double, error: Double)] = []
    for functional in functionals {
      var found: [(value: Double, present: Double)] = []
      for (posterior, weights) in zip(posteriors, weights) {
        found.append(posterior.map { functional.expectation($0, weights) } ?? (0, 0))
      }
      var (value, present) = (0.0, 0.0)
      for (ratio, one) in zip(ratios, found) {
        value += ratio * one.value / count
        present += ratio * one.present / count
      }
      let deviations = zip(ratios, found).map { ratio, one in ratio * (one.value - value) }
      expectations.append((value, present, error(deviations)))
    }
    self.expectations = expectations
    self.description = description
  }
}

extension ModelValidation {
  /// The evidence of a reference may have this relative standard error at most.
  private static var worstEvidenceError: Double { 0.2 }
  private static var runs: Int { 24 }

  /// An exact or a long-run reference; or why there is none.
  func reference() throws(Diagnostics) -> Result<Reference, NoReference> {
    if request.method.name != "enumerate", let exact = try enumerated() { return .success(exact) }
    let particles = options.referenceParticles
    let candidates = [
      "importance(particles: \(particles))",
      "smc(particles: \(particles), resampler: multinomial)",
    ]
    var best: (method: String, spread: Double)?
    for text in candidates {
      let method = try MethodSpecification(parsing: text)
      var pilot = request
      pilot.method = method
      pilot.probe = InferenceProbe()
      pilot.method.options["particles"] = .int(max(particles / 10, 100))
      var logs: [Double] = []
      for index in 0..<8 {
        let posterior = try replicate(pilot, seed: seed("pilot", 0, index))
        logs.append(posterior?.evidence?.logValue ?? -.infinity)
      }
      let total = LogSum.of(logs) - log(8)
      let spread = logs.reduce(0) { $0 + pow(exp($1 - total) - 1, 2) }
      if total > -.infinity, spread < best?.spread ?? .infinity { best = (text, spread) }
    }
    guard let best else {
      return .failure(NoReference(reason: "every pilot run had evidence zero"))
    }
    var long = request
    long.probe = InferenceProbe()
    long.method = try MethodSpecification(parsing: best.method)
    var posteriors: [Posterior?] = []
    for index in 0..<Self.runs {
      posteriors.append(try replicate(long, seed: seed("reference", 0, index)))
    }
    let description =
      "\(Self.runs) runs of \(long.method.name) with \(particles) particles"
    guard let reference = Reference(posteriors, isExact: false, description: description) else {
      return .failure(NoReference(reason: "every reference run had evidence zero"))
    }
    if reference.evidenceError > Self.worstEvidenceError {
      return .failure(
        NoReference(
          reason: "no reference: the evidence of \(description) has a relative standard error of "
            + "\(Int((reference.evidenceError * 100).rounded())) %; raise --reference-particles"))
    }
    return .success(reference)
  }

  private func enumerated() throws(Diagnostics) -> Reference? {
    var exact = request
    exact.probe = InferenceProbe()
    exact.method = try MethodSpecification(parsing: "enumerate(executions: 200_000)")
    do {
      return Reference([try infer(exact)], isExact: true, description: "exact enumeration")
    } catch {
      return nil
    }
  }
}

/// Why there is no reference.
struct NoReference: Error {
  var reason: String
}
