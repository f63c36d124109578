import BorelDistributions
import BorelHeap
import Foundation
import Testing

/// Mixtures of a block of lanes, of different sizes.
private final class MixtureBlock {
  let arena = Arena()
  var weights: [UInt64] = []
  var parts: [UInt64] = []

  init(_ mixtures: [(weights: [Double], parts: [VectorArgument])]) {
    for mixture in mixtures {
      weights.append(VectorArgument.reals(mixture.weights).word(in: arena))
      parts.append(VectorArgument.distributions(mixture.parts).word(in: arena))
    }
  }

  /// Calls with the two columns of parameters.
  func withColumns<Result>(_ body: (UnsafePointer<ColumnOperand>) -> Result) -> Result {
    weights.withUnsafeBufferPointer { weights in
      parts.withUnsafeBufferPointer { parts in
        let columns = [weights, parts].compactMap { column in
          column.baseAddress.map { ColumnOperand(base: $0, stride: 1) }
        }
        return columns.withUnsafeBufferPointer { body($0.baseAddress.unsafelyUnwrapped) }
      }
    }
  }

  /// The log-densities of a value in each lane, by the layout; nil when there is none.
  func logDensities(_ columns: MixtureColumns, _ values: [UInt64]) -> [Double]? {
    withColumns { parameters in
      guard columns.layOut(count: weights.count, parameters: parameters) else { return nil }
      var result = [Double](repeating: 0.25, count: weights.count)
      values.withUnsafeBufferPointer { values in
        let value = ColumnOperand(
          base: values.baseAddress.unsafelyUnwrapped, stride: values.count == 1 ? 0 : 1)
        columns.accumulate(value, into: &result)
      }
      return result
    }
  }

  /// The same lane by lane.
  func expected(_ lane: Int, _ value: UInt64) -> Double {
    let family = FamilyRegistry.family(named: "Mixture")
    return withUnsafePointer(to: value) { value in
      [weights[lane], parts[lane]].withUnsafeBufferPointer {
        0.25
          + (family?.logDensity(
            LaneWords(value), LaneWords($0.baseAddress.unsafelyUnwrapped)) ?? .nan)
      }
    }
  }
}

private func blocks(_ part: (Int) -> VectorArgument) -> MixtureBlock {
  MixtureBlock(
    (0..<21).map { lane in
      let size = 1 + lane % 6
      return (
        (0..<size).map { $0 == 2 ? 0 : 0.3 + Double(($0 * 7 + lane) % 5) },
        (0..<size).map { part($0 + 3 * lane) }
      )
    })
}

private struct PartFamily: Sendable {
  var name: String
  var isWhole = false
  var arguments: @Sendable (Int) -> [VectorArgument]
}

private let families = [
  PartFamily(name: "Normal") { [.real(Double($0 % 7) - 3), .real(0.5 + Double($0 % 3))] },
  PartFamily(name: "Gamma") { [.real(1 + Double($0 % 4)), .real(0.5 + Double($0 % 3))] },
  PartFamily(name: "StudentT") { [.real(3), .real(Double($0 % 5)), .real(2)] },
  PartFamily(name: "Weibull") { [.real(1 + Double($0 % 3)), .real(2)] },
  PartFamily(name: "Poisson", isWhole: true) { [.real(1 + Double($0 % 5))] },
]

/// To the bit, for one value and for one per lane; 300 is far out in all of them.
@Test(arguments: families.indices)
func mixturesOfABlockEqualTheirLanes(_ index: Int) throws {
  let family = families[index]
  let block = blocks { .distribution(family.name, family.arguments($0)) }
  let columns = MixtureColumns()
  func word(_ x: Double) -> UInt64 { family.isWhole ? UInt64(Int64(x)) : x.bitPattern }
  for x in [0, 1, 2.5, 300] {
    let found = try #require(block.logDensities(columns, [word(x)]))
    for lane in found.indices { #expect(found[lane] == block.expected(lane, word(x))) }
  }
  let values = (0..<21).map { word(Double($0) * 0.75) }
  let found = try #require(block.logDensities(columns, values))
  for lane in found.indices { #expect(found[lane] == block.expected(lane, values[lane])) }
}

/// Log-densities of mixtures by hand.
@Test func aLayoutServesManyValuesAndGivesWayToAnother() throws {
  let normal = VectorArgument.distribution("Normal", [.real(0), .real(1)])
  let wide = VectorArgument.distribution("Normal", [.real(0), .real(2)])
  let columns = MixtureColumns()
  let same = MixtureBlock([([2], [normal]), ([1, 3], [normal, normal])])
  let other = MixtureBlock([([2], [wide]), ([1, 3], [wide, wide])])
  for _ in 0..<2 {
    for x in [0.0, 1.5] {
      for (block, sd) in [(same, 1.0), (other, 2.0)] {
        let density = -x * x / (2 * sd * sd) - 0.918_938_533_204_672_742 - log(sd)
        for found in try #require(block.logDensities(columns, [x.bitPattern])) {
          #expect(abs(found - 0.25 - density) < 1e-12)
        }
      }
    }
  }
}

@Test func lanesWithoutAMixtureAreLeftAlone() throws {
  let normal = VectorArgument.distribution("Normal", [.real(0), .real(1)])
  let flat = VectorArgument.distribution("Normal", [.real(0), .real(-1)])
  let columns = MixtureColumns()
  let block = MixtureBlock([
    ([1], [normal]), ([1], [flat]), ([-1], [normal]), ([1, 1], [normal]), ([1], [normal]),
  ])
  block.parts[0] = 0
  let found = try #require(block.logDensities(columns, [0]))
  #expect(columns.unfit == [0, 1, 2, 3])
  #expect(found[0..<4] == [0.25, 0.25, 0.25, 0.25])
  #expect(found[4] == block.expected(4, 0))
}

@Test func mixturesOfSeveralFamiliesHaveNoLayout() {
  let normal = VectorArgument.distribution("Normal", [.real(0), .real(1)])
  let laplace = VectorArgument.distribution("Laplace", [.real(0), .real(1)])
  let atom = VectorArgument.distribution("Delta", [.values([.real(0)])])
  let columns = MixtureColumns()
  #expect(MixtureBlock([([1, 1], [normal, laplace])]).logDensities(columns, [0]) == nil)
  #expect(MixtureBlock([([1], [atom])]).logDensities(columns, [0]) == nil)
}
