import BorelBase
import BorelIR
import BorelInference

/// Tests the laws of inference on one model, with its data, and one method.
///
/// Laws without chance are compared exactly. The others are tests whose false alarms add up to at
/// most `alpha`: the tests of evidence and expectations share one half, calibration has the other.
package struct ModelValidation {
  package struct Options: Sendable {
    /// Probability of rejecting a correct method.
    package var alpha = 1e-6
    /// Runs of the method in the first stage of a statistical test.
    package var replicates = 48
    /// Executions of a run of the reference.
    package var referenceParticles = 10_000

    package init() {}
  }

  let request: InferenceRequest
  let options: Options

  /// - Parameter request: What the user would run; its seed is the root of all seeds.
  package init(_ request: InferenceRequest, options: Options = Options()) {
    self.request = request
    self.options = options
  }

  /// Tests all laws that apply.
  ///
  /// - Throws: What a plain run of the method throws. That a move is no involution is a violation.
  package func run() throws(Diagnostics) -> ValidationReport {
    do {
      return try testLaws()
    } catch {
      guard let violation = Self.violation(error) else { throw error }
      return ValidationReport(
        model: model.name, method: request.method.text, seed: request.seed, alpha: options.alpha,
        laws: [violation])
    }
  }

  private func testLaws() throws(Diagnostics) -> ValidationReport {
    let first = try infer(request)
    // `auto` has chosen by now.
    var chosen = request
    chosen.method = try MethodSpecification(
      parsing: first.method, moves: request.program.moves.map(\.name))
    let validation = ModelValidation(chosen, options: options)
    var laws = [try validation.replay(first), try validation.counters()]
    laws.append(try validation.measure())
    laws += try validation.moments()
    laws.append(try validation.calibration())
    if let law = validation.moves() { laws.append(law) }
    return ValidationReport(
      model: first.model, method: first.method, seed: request.seed, alpha: options.alpha,
      laws: laws)
  }

  var model: ModelInfo { request.program.models[request.model] }

  /// How good the method says its evidence is.
  var guarantee: MethodSignature.Evidence { request.method.evidence }

  /// The seed of a run of a test.
  func seed(_ purpose: String, _ stage: Int, _ index: Int) -> UInt64 {
    var random = SeededRandom(
      seed: request.seed &+ UInt64(purpose.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
        &+ UInt64(stage) << 40 &+ UInt64(index) << 8)
    // Seeds are shown and typed in again.
    return random.next() >> 16
  }

  /// A run with another seed; nil when its evidence is zero.
  func replicate(_ request: InferenceRequest, seed: UInt64) throws(Diagnostics) -> Posterior? {
    var request = request
    request.seed = seed
    do {
      return try infer(request)
    } catch let list where list.list.first?.code == "E0502" {
      return nil
    }
  }
}
