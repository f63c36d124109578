import BorelHeap
import BorelKernels

/// The shape of the steps, tuned while the chain warms up: a multiple of the covariance of the
/// points so far.
///
/// Source: Haario, Saksman, Tamminen (2001), An adaptive Metropolis algorithm; Andrieu, Thoms
/// (2008), A tutorial on adaptive MCMC, algorithm 4.
struct ProposalScale {
  let dimension: Int
  private var count = 0.0
  private var mean: [Double]
  private var covariance: [Double]
  private var logFactor = 0.0
  /// Lower triangle of the steps, row by row.
  private var factor: [Double]
  /// Share of moves that lead elsewhere, at which the scale aims.
  private let target: Double

  init(dimension: Int, target: Double = 0.6) {
    self.dimension = dimension
    self.target = target
    mean = [Double](repeating: 0, count: dimension)
    covariance = [Double](repeating: 0, count: dimension * dimension)
    factor = covariance
    for k in 0..<dimension { factor[k * dimension + k] = 0.2 }
  }

  func write(to writer: inout StateWriter) {
    writer.write(dimension)
    writer.write(target)
    writer.write(count)
    writer.write(logFactor)
    for values in [mean, covariance, factor] { writer.write(values) }
  }

  /// - Throws: `DamagedState`.
  init(from reader: inout StateReader) throws {
    dimension = try reader.readInt(in: 0..<(1 << 16))
    target = try reader.readDouble()
    count = try reader.readDouble()
    logFactor = try reader.readDouble()
    mean = try reader.readDoubles()
    covariance = try reader.readDoubles()
    factor = try reader.readDoubles()
    guard mean.count == dimension, covariance.count == dimension * dimension,
      factor.count == covariance.count
    else { throw DamagedState() }
  }

  func step(from point: [Double], using stream: inout DriverStream) -> [Double] {
    let noise = (0..<max(1, dimension)).map { _ in stream.normal() }
    let scale = borel_exp(logFactor)
    return point.indices.map { row in
      var sum = point[row]
      for column in 0...row { sum += scale * factor[row * dimension + column] * noise[column] }
      return sum
    }
  }

  mutating func learn(_ point: [Double], hasMoved: Bool) {
    count += 1
    let rate = 1 / (1 + count).squareRoot()
    logFactor += rate * ((hasMoved ? 1 : 0) - target)
    let weight = 1 / count
    let deviations = point.indices.map { point[$0] - mean[$0] }
    for k in point.indices { mean[k] += weight * deviations[k] }
    for row in 0..<dimension {
      for column in 0..<dimension {
        let product = deviations[row] * deviations[column] * (1 - weight)
        covariance[row * dimension + column] +=
          weight * (product - covariance[row * dimension + column])
      }
    }
    if count >= 20, Int(count) % 10 == 0 { refactor() }
  }

  /// Cholesky factor of the covariance; the old one stays where it is not positive definite.
  private mutating func refactor() {
    var lower = [Double](repeating: 0, count: dimension * dimension)
    for row in 0..<dimension {
      for column in 0...row {
        var sum = covariance[row * dimension + column] + (row == column ? 1e-8 : 0)
        for k in 0..<column { sum -= lower[row * dimension + k] * lower[column * dimension + k] }
        if row == column {
          guard sum > 0 else { return }
          lower[row * dimension + row] = sum.squareRoot()
        } else {
          lower[row * dimension + column] = sum / lower[column * dimension + column]
        }
      }
    }
    factor = lower
  }
}
