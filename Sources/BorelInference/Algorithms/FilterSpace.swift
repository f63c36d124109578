import BorelKernels
import BorelRuntime

/// Memory of a particle filter that lives as long as the run: a step allocates nothing.
final class FilterSpace {
  let lanes: Int
  /// Relative to the largest of the group, shape `[lanes]`.
  let weights: UnsafeMutablePointer<Double>
  @exclusivity(unchecked) var ancestors: [Int32]
  /// First ancestor of each lane; nil while every lane is its own.
  @exclusivity(unchecked) private var firstAncestors: UnsafeMutablePointer<Int32>?
  @exclusivity(unchecked) private var spare: UnsafeMutablePointer<Int32>?
  @exclusivity(unchecked) private var logWeights: UnsafeMutablePointer<Double>?
  private let tracksLineages: Bool
  /// Kernels may write past the end.
  private static let slack = 64

  init(lanes: Int, tracksLineages: Bool) {
    self.lanes = lanes
    self.tracksLineages = tracksLineages
    weights = .allocate(capacity: lanes + Self.slack)
    ancestors = [Int32](repeating: 0, count: lanes)
  }

  deinit {
    weights.deallocate()
    firstAncestors?.deallocate()
    spare?.deallocate()
    logWeights?.deallocate()
  }

  /// The log-weights of all lanes, without a copy where the machine has them in order.
  func logWeights(of machine: Machine) -> UnsafePointer<Double> {
    if let direct = machine.contiguousLogWeights { return direct }
    let copy = logWeights ?? .allocate(capacity: lanes + Self.slack)
    logWeights = copy
    machine.readLogWeights(into: copy)
    return UnsafePointer(copy)
  }

  /// Lane i now descends from the first ancestor of lane `ancestors[i]`.
  func replaceEves() {
    if !tracksLineages { return }
    let target = spare ?? .allocate(capacity: lanes + Self.slack)
    if let firstAncestors {
      borel_gather32(Int64(lanes), target, firstAncestors, ancestors)
    } else {
      target.update(from: ancestors, count: lanes)
    }
    spare = firstAncestors
    firstAncestors = target
  }

  /// First ancestor of each lane; empty while every lane is its own, and when lineages are not
  /// tracked.
  var eves: [Int32] {
    guard let firstAncestors else { return [] }
    return Array(UnsafeBufferPointer(start: firstAncestors, count: lanes))
  }
}
