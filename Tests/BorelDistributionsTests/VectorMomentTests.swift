import BorelDistributions
import Foundation
import Testing

/// A vector family with the moments of what it draws.
struct VectorMoments: Sendable, CustomStringConvertible {
  var name: String
  var arguments: [VectorArgument]
  /// Of each element; matrices by rows.
  var mean: [Double]
  /// Of pairs of elements.
  var covariances: [Covariance]
  var description: String { name }

  struct Covariance: Sendable {
    var i: Int
    var j: Int
    var value: Double
  }

  init(
    _ name: String, _ arguments: [VectorArgument], mean: [Double],
    covariances: [(Int, Int, Double)]
  ) {
    self.name = name
    self.arguments = arguments
    self.mean = mean
    self.covariances = covariances.map { Covariance(i: $0.0, j: $0.1, value: $0.2) }
  }

  private static let lower = [[2.0, 0], [0.6, 0.8]]
  // lower times its transpose: 4, 1.2, 1.

  static let all: [VectorMoments] = [
    VectorMoments(
      "Multinomial", [.int(10), .reals([0.2, 0.5, 0.3])], mean: [2, 5, 3],
      covariances: [(0, 0, 1.6), (1, 1, 2.5), (0, 1, -1), (1, 2, -1.5)]),
    VectorMoments(
      "Dirichlet", [.reals([0.5, 2, 2.5])], mean: [0.1, 0.4, 0.5],
      covariances: [(0, 0, 0.09 / 6), (1, 1, 0.24 / 6), (0, 1, -0.04 / 6), (1, 2, -0.2 / 6)]),
    // The covariance of the multinomial times (n + A) / (1 + A).
    VectorMoments(
      "DirichletMultinomial", [.int(10), .reals([1, 3])], mean: [2.5, 7.5],
      covariances: [(0, 0, 1.875 * 14 / 5), (0, 1, -1.875 * 14 / 5)]),
    VectorMoments(
      "MultivariateNormal", [.reals([1, -2]), .matrix(lower)], mean: [1, -2],
      covariances: [(0, 0, 4), (0, 1, 1.2), (1, 1, 1)]),
    VectorMoments(
      "MultivariateStudentT", [.real(9), .reals([1, -2]), .matrix(lower)], mean: [1, -2],
      covariances: [(0, 0, 4 * 9.0 / 7), (0, 1, 1.2 * 9 / 7), (1, 1, 9.0 / 7)]),
    // Var(W_ij) = df (S_ij^2 + S_ii S_jj).
    VectorMoments(
      "Wishart", [.real(5), .matrix(lower)], mean: [20, 6, 6, 5],
      covariances: [
        (0, 0, 5 * 32), (1, 1, 5 * (1.44 + 4)), (3, 3, 5 * 2), (0, 3, 5 * 2 * 1.44),
      ]),
    // Var(X_ii) = 2 S_ii^2 / ((df - p - 1)^2 (df - p - 3)).
    VectorMoments(
      "InverseWishart", [.real(13), .matrix(lower)], mean: [0.4, 0.12, 0.12, 0.1],
      covariances: [(0, 0, 2 * 16.0 / (100 * 8)), (3, 3, 2.0 / (100 * 8))]),
    // Each correlation is 2 Beta(a, a) - 1 with a = concentration + (dimension - 2) / 2.
    VectorMoments(
      "LKJ", [.int(4), .real(1.5)],
      mean: (0..<16).map { $0 % 5 == 0 ? 1 : 0 },
      covariances: [(1, 1, 1.0 / 6), (2, 2, 1.0 / 6), (7, 7, 1.0 / 6), (11, 11, 1.0 / 6)]),
    // Breaks with mean 1 / 3 and second moment 1 / 6, what is left with second moment 1 / 2.
    VectorMoments(
      "StickBreaking", [.real(2), .int(3)], mean: [1.0 / 3, 2.0 / 9, 4.0 / 9],
      covariances: [
        (0, 0, 1.0 / 6 - 1.0 / 9), (1, 1, 1.0 / 12 - 4.0 / 81), (2, 2, 1.0 / 4 - 16.0 / 81),
      ]),
    VectorMoments(
      "RandomWalk", [.real(0.5), .int(4), .real(3)], mean: [3, 3, 3, 3],
      covariances: [(0, 0, 0.25), (3, 3, 1), (1, 3, 0.5)]),
    VectorMoments(
      "AR", [.reals([0.5, -0.2]), .real(2), .int(3), .real(1)], mean: [1, 1, 1],
      covariances: [(0, 0, 4), (1, 1, 5), (0, 1, 2), (2, 2, 4 * (1 + 0.25 + 0.0025)), (0, 2, 0.2)]),
  ]
}

/// Two-sided normal quantile for a false alarm of 1e-6 over all cases and moments (about 60).
private let quantile = 5.9

@Test(arguments: VectorMoments.all)
func vectorMomentsAgreeWithDraws(moments: VectorMoments) throws {
  let instance = VectorInstance(moments.name, moments.arguments)
  #expect(instance.violation == nil)
  let draws = instance.numbers(10_000)
  let n = Double(draws.count)
  for (index, mean) in moments.mean.enumerated() {
    let deviations = draws.map { $0[index] - mean }
    let variance = deviations.reduce(0) { $0 + $1 * $1 } / n
    let error = abs(deviations.reduce(0, +) / n)
    #expect(error <= quantile * (variance / n).squareRoot() + 1e-12, "mean of element \(index)")
  }
  for covariance in moments.covariances {
    let (i, j) = (covariance.i, covariance.j)
    let products = draws.map { ($0[i] - moments.mean[i]) * ($0[j] - moments.mean[j]) }
    let average = products.reduce(0, +) / n
    let spread = products.reduce(0) { $0 + ($1 - average) * ($1 - average) } / n
    #expect(
      abs(average - covariance.value) <= quantile * (spread / n).squareRoot(),
      "covariance of \(i) and \(j): \(average), expected \(covariance.value)")
  }
}

@Test(arguments: VectorMoments.all)
func vectorDrawsHavePositiveDensity(moments: VectorMoments) throws {
  let instance = VectorInstance(moments.name, moments.arguments)
  for word in instance.draw(500, draw: 8)[0] {
    let density = instance.logDensity(word: word)
    #expect(density.isFinite)
    if let bound = instance.ask { $0.logDensityBound } { #expect(density <= bound + 1e-9) }
  }
}

@Test func smallConcentrationsNeitherUnderflowNorLeaveTheSimplex() {
  let instance = VectorInstance("Dirichlet", [.reals([1e-3, 2e-3, 1e-4])])
  for word in instance.draw(2000)[0] {
    let density = instance.logDensity(word: word)
    #expect(density.isFinite)
  }
  for weights in instance.numbers(2000) {
    #expect(weights.allSatisfy { $0 > 0 } && abs(weights.reduce(0, +) - 1) < 1e-12)
  }
}

@Test func correlationMatricesAreSymmetricWithUnitDiagonal() {
  let instance = VectorInstance("LKJ", [.int(5), .real(0.4)])
  for r in instance.numbers(500) {
    for i in 0..<5 {
      #expect(r[i * 6] == 1)
      for j in 0..<5 { #expect(r[i * 5 + j] == r[j * 5 + i] && abs(r[i * 5 + j]) <= 1) }
    }
  }
}
