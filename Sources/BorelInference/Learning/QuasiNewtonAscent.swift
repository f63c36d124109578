/// The maximum of a smooth function with exact gradients: BFGS with backtracking.
///
/// Source: Nocedal and Wright (2006), "Numerical Optimization", algorithms 3.1 and 6.1.
struct QuasiNewtonAscent {
  struct Outcome {
    var point: [Double]
    /// All accepted points, the start first.
    var points: [[Double]]
    /// Values of the function there.
    var values: [Double]
    /// Whether the gradient vanished.
    var isConverged: Bool
  }

  /// The gradient counts as zero when no entry is above this.
  static let gradientTolerance = 1e-7
  /// Longest step in any coordinate.
  private static let longestStep = 2.0

  /// - Parameter function: The value and the gradient at a point; nil where it cannot be computed.
  static func maximum(
    from start: [Double], steps: Int,
    of function: ([Double]) throws -> (value: Double, gradient: [Double])?
  ) throws -> Outcome? {
    guard var current = try function(start) else { return nil }
    let count = start.count
    var point = start
    var outcome = Outcome(
      point: start, points: [start], values: [current.value], isConverged: false)
    // The approximate inverse of the matrix of second derivatives, with its sign changed.
    var inverse = identity(count)
    for _ in 0..<steps {
      if current.gradient.allSatisfy({ $0.magnitude <= gradientTolerance }) {
        outcome.isConverged = true
        break
      }
      var direction = product(inverse, current.gradient)
      var slope = dot(direction, current.gradient)
      if !(slope > 0) {
        inverse = identity(count)
        direction = current.gradient
        slope = dot(direction, direction)
      }
      let longest = direction.map(\.magnitude).max() ?? 0
      var length = longest > longestStep ? longestStep / longest : 1
      var next: (value: Double, gradient: [Double])?
      var moved = point
      for _ in 0..<40 {
        moved = zip(point, direction).map { $0 + length * $1 }
        next = try function(moved)
        if let next, next.value >= current.value + 1e-4 * length * slope { break }
        next = nil
        length *= 0.5
      }
      // No step improves: the values are as accurate as rounding lets them be.
      guard let next else {
        outcome.isConverged = current.gradient.allSatisfy { $0.magnitude <= 1e-4 }
        break
      }
      let change = zip(moved, point).map { $0 - $1 }
      let bend = zip(current.gradient, next.gradient).map { $0 - $1 }
      update(&inverse, change, bend)
      (point, current) = (moved, next)
      outcome.points.append(point)
      outcome.values.append(current.value)
    }
    outcome.point = point
    return outcome
  }

  private static func update(_ inverse: inout [Double], _ change: [Double], _ bend: [Double]) {
    let curvature = dot(change, bend)
    guard curvature > 1e-14 else { return }
    let count = change.count
    let moved = product(inverse, bend)
    let scale = (1 + dot(bend, moved) / curvature) / curvature
    for i in 0..<count {
      for j in 0..<count {
        inverse[i * count + j] +=
          scale * change[i] * change[j]
          - (moved[i] * change[j] + change[i] * moved[j]) / curvature
      }
    }
  }

  private static func identity(_ count: Int) -> [Double] {
    (0..<count * count).map { $0 / max(count, 1) == $0 % max(count, 1) ? 1 : 0 }
  }

  private static func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let count = vector.count
    return (0..<count).map { i in
      (0..<count).reduce(0) { $0 + matrix[i * count + $1] * vector[$1] }
    }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
