import BorelBase
import BorelIR
import BorelKernels
import BorelLinearAlgebra
import BorelRuntime

/// The observed information on the unconstrained scale, or why there is none.
struct ObservedInformation {
  /// By rows.
  var matrix: [Double]?
  var reason: String?

  /// The standard deviations of some coordinates from the inverse of their information; nil when
  /// it is not positive definite.
  static func deviations(_ matrix: [Double], _ kept: [Int], of count: Int) -> [Double]? {
    let size = kept.count
    var own = [Double](repeating: 0, count: size * size)
    for (i, row) in kept.enumerated() {
      for (j, column) in kept.enumerated() { own[i * size + j] = matrix[row * count + column] }
    }
    var factor = own
    guard size == 0 || LinearAlgebra.cholesky(size: size, own, into: &factor) else { return nil }
    return (0..<size).map { k in
      // The variance is the squared norm of L^-1 e_k.
      var solution = (0..<size).map { $0 == k ? 1.0 : 0 }
      LinearAlgebra.solveLower(size: size, factor, &solution)
      return solution.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
  }

  static func symmetrize(_ matrix: inout [Double], _ count: Int) {
    for i in 0..<count {
      for j in 0..<i {
        let mean = 0.5 * (matrix[i * count + j] + matrix[j * count + i])
        matrix[i * count + j] = mean
        matrix[j * count + i] = mean
      }
    }
  }
}

/// Finds the observed information at the end of an ascent: by differences of scores that are exact
/// or smoothed, otherwise by Louis' identity.
struct InformationEstimator {
  let estimator: ScoreEstimator
  let key: UInt64

  private var parameters: LearnableParameters { estimator.parameters }

  func information(at point: [Double]) throws -> ObservedInformation {
    if estimator.isExact { return try exactDifferences(at: point) }
    if estimator.method.name != "importance", try estimator.canSmooth {
      do {
        return try SmoothedDifferences(estimator: estimator, key: key).information(at: point)
      } catch let problem as Diagnostic where problem.isBecauseOfParameters {
        return ObservedInformation(reason: "the score cannot be computed around the optimum")
      }
    }
    return try louis(at: point)
  }

  /// Groups of the run that estimates the information of a particle filter: within one, lanes share
  /// their early ancestors, so that the spread comes from many of them.
  private static let groups = 64

  private func louis(at point: [Double]) throws -> ObservedInformation {
    let groups = max(
      Self.groups, estimator.method.name == "smc" ? estimator.method.int("groups") : 1)
    do {
      let estimate = try estimator.estimate(
        at: point, key: key, groups: groups, wantsHessian: true)
      guard let hessian = estimate.hessian, hessian.allSatisfy(\.isFinite) else {
        return ObservedInformation(reason: "the second derivatives are not finite")
      }
      return ObservedInformation(
        matrix: parameters.unconstrained(
          hessian: hessian, gradient: estimate.score, at: point))
    } catch let problems as Diagnostics {
      guard problems.list.allSatisfy({ $0.code == "E0572" }) else { throw problems }
      return ObservedInformation(reason: "a function of the model has no second derivative")
    }
  }

  /// Central differences of exact gradients.
  private func exactDifferences(at point: [Double]) throws -> ObservedInformation {
    let count = point.count
    let step = 1e-4
    func gradient(_ point: [Double]) throws -> [Double] {
      let estimate = try estimator.estimate(at: point, key: key)
      return parameters.unconstrained(estimate.score, at: point)
    }
    var matrix = [Double](repeating: 0, count: count * count)
    for k in 0..<count {
      var (above, below) = (point, point)
      above[k] += step
      below[k] -= step
      let (high, low) = (try gradient(above), try gradient(below))
      for i in 0..<count { matrix[i * count + k] = -(high[i] - low[i]) / (2 * step) }
    }
    ObservedInformation.symmetrize(&matrix, count)
    return ObservedInformation(matrix: matrix)
  }
}

extension Diagnostic {
  /// Whether other parameters may help: impossible data, or a value outside a domain.
  var isBecauseOfParameters: Bool { category == .inference || category == .runtime }
}
