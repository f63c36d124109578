import BorelBase
import BorelIR
import BorelInference
import BorelRuntime
import Foundation

extension Measure {
  /// The expected weighted output of a method on a finite model, over every way in which the
  /// choices of the program and of the algorithm can fall: exact, without Monte Carlo noise.
  ///
  /// A method with a Markov kernel starts from a weighted draw, and every draw that follows has
  /// the weight of its start: the measure stays the exact one if the kernel leaves it invariant.
  ///
  /// - Parameters:
  ///   - request: With a method whose choices are finite; few lanes, since the ways multiply. One
  ///     chain, without adaptation.
  ///   - limit: Most ways.
  /// - Returns: Nil when there are more ways, or when draws have no weights.
  /// - Throws: What the method throws, but for evidence zero, which is a mass of zero.
  package static func ofAlgorithm(
    _ request: InferenceRequest, limit: Int = 50_000
  ) throws -> Measure? {
    var measure = Measure()
    let starts = StartLog()
    var request = request
    request.probe.starts = starts
    var hasWeights = true
    let isComplete = try inferEveryPath(request, limit: limit) { probability, posterior in
      let started = starts.take()
      guard let posterior else { return }
      guard let weight = started.first ?? posterior.evidence?.logValue else {
        hasWeights = false
        return
      }
      let scale = log(probability) + weight
      let masses = posterior.normalizedWeights.map { $0 > 0 ? log($0) + scale : -.infinity }
      measure.add(posterior.variables, logMasses: masses)
    }
    return isComplete && hasWeights ? measure : nil
  }
}
