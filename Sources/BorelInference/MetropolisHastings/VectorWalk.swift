import BorelKernels

/// Symmetric steps of vectors in the coordinates of their support.
enum VectorWalk {
  /// A step of every element, sized so that its length does not grow with their number.
  static func gaussianStep(
    _ old: [Double], _ scale: Double, normal: () -> Double
  ) -> (values: [Double], logHastings: Double)? {
    let size = scale / Double(max(old.count, 1)).squareRoot()
    return (old.map { $0 + size * normal() }, 0)
  }

  /// A step of a simplex in additive log-ratio coordinates; the density of the first K - 1 entries in
  /// terms of them has the factor prod x_k over all K. Nil where an entry is or becomes zero.
  static func simplexStep(
    _ old: [Double], _ scale: Double, normal: () -> Double
  ) -> (values: [Double], logHastings: Double)? {
    guard old.count > 1, old.allSatisfy({ $0 > 0 }) else { return nil }
    let size = scale / Double(old.count - 1).squareRoot()
    var new = old.map { borel_log($0) }
    for k in 0..<(old.count - 1) { new[k] += size * normal() }
    let largest = new.max() ?? 0
    new = new.map { borel_exp($0 - largest) }
    let total = new.reduce(0, +)
    new = new.map { $0 / total }
    guard new.allSatisfy({ $0 > 0 }) else { return nil }
    return (new, zip(new, old).reduce(0) { $0 + (borel_log($1.0) - borel_log($1.1)) })
  }
}
