import BorelKernels
import Testing

func uniforms(_ count: Int, key: UInt64) -> [Double] {
  var column = [Double](repeating: 0, count: count)
  borel_fill_uniform_contiguous(Int64(count), &column, key, 0, 0, 0)
  return column
}

struct ColumnTests {
  @Test func tileSumsOfWeightsAgreeWithDirectSums() {
    for count in [0, 1, 7, 8, 9, 100, 1024] {
      let logWeights = uniforms(count, key: 1).map { 20 * $0 - 700 }
      let maximum = borel_tile_max(Int64(count), logWeights)
      #expect(maximum == logWeights.max() ?? -.infinity)
      var weights = [Double](repeating: 0, count: count)
      var sum = 0.0
      var squares = 0.0
      borel_tile_exp_sum(Int64(count), logWeights, maximum, &weights, &sum, &squares)
      #expect(weights == logWeights.map { borel_exp($0 - maximum) })
      let exact = weights.reduce(0, +)
      let exactSquares = weights.reduce(0) { $0 + $1 * $1 }
      #expect(abs(sum - exact) <= 1e-13 * exact)
      #expect(abs(squares - exactSquares) <= 1e-13 * exactSquares)
      #expect(borel_tile_sum(Int64(count), weights) == sum)
    }
  }

  @Test func deadTilesHaveNoWeight() {
    let logWeights = [Double](repeating: -.infinity, count: 20)
    var sum = 1.0
    var squares = 1.0
    #expect(borel_tile_max(20, logWeights) == -.infinity)
    borel_tile_exp_sum(20, logWeights, -.infinity, nil, &sum, &squares)
    #expect(sum == 0 && squares == 0)
  }

  @Test func theFirstNaNIsFound() {
    for position in [0, 6, 8, 19] {
      var column = [Double](repeating: 1, count: 20)
      #expect(borel_first_nan(20, column) == -1)
      column[position] = .nan
      column[19] = .nan
      #expect(borel_first_nan(20, column) == Int64(position))
    }
  }

  /// Counts differ from the expected number by less than one, and dead particles have none.
  @Test func systematicCountsFollowTheWeights() {
    for count in [1, 8, 13, 1000] {
      var weights = uniforms(count, key: 2)
      for index in stride(from: 1, to: count, by: 3) { weights[index] = 0 }
      let total = weights.reduce(0, +)
      for positions in [1, count, 3 * count] {
        let scale = Double(positions) / total
        var counts = [Int32](repeating: -1, count: count)
        var cumulative = 0.0
        let used = borel_systematic_counts(
          Int64(count), weights, &cumulative, scale, 0.37, Int64(positions), 0, &counts)
        #expect(used == Int64(positions))
        #expect(counts.reduce(0) { $0 + Int64($1) } == used)
        for (count, weight) in zip(counts, weights) {
          #expect(abs(Double(count) - weight * scale) < 1 + 1e-9 && count >= 0)
          if weight == 0 { #expect(count == 0) }
        }
      }
    }
  }

  @Test func countsOfTilesContinue() {
    let weights = uniforms(2048, key: 3)
    let scale = 2048 / weights.reduce(0, +)
    var whole = [Int32](repeating: 0, count: 2048)
    var parts = whole
    var cumulative = 0.0
    _ = borel_systematic_counts(2048, weights, &cumulative, scale, 0.5, 2048, 0, &whole)
    cumulative = 0
    var used: Int64 = 0
    for tile in 0..<2 {
      parts.withUnsafeMutableBufferPointer { counts in
        used = borel_systematic_counts(
          1024, Array(weights[tile * 1024..<(tile + 1) * 1024]), &cumulative, scale, 0.5, 2048,
          used, counts.baseAddress! + tile * 1024)
      }
    }
    #expect(whole == parts)
  }

  @Test func stratifiedCountsTakeEachStratumOnce() {
    let weights = uniforms(100, key: 4)
    let offsets = uniforms(100, key: 5)
    let total = weights.reduce(0, +)
    var counts = [Int32](repeating: 0, count: 100)
    var cumulative = 0.0
    let used = borel_stratified_counts(
      100, weights, &cumulative, 100 / total, offsets, 100, 0, &counts)
    #expect(used >= 99 && used <= 100)
    for (count, weight) in zip(counts, weights) {
      #expect(abs(Double(count) - 100 * weight / total) < 2)
    }
  }

  @Test func ancestorsRepeatEachIndexByItsCount() {
    for seed in UInt64(0)..<20 {
      let counts = uniforms(50, key: seed).map { $0 < 0.5 ? 0 : Int32($0 * 12 - 5) }
      let expected = counts.enumerated().flatMap { index, count in
        [Int32](repeating: Int32(index) + 100, count: Int(count))
      }
      var ancestors = [Int32](repeating: -1, count: expected.count + 1)
      let written = borel_ancestors_from_counts(50, counts, 100, &ancestors)
      #expect(written == Int64(expected.count))
      #expect(Array(ancestors.dropLast()) == expected)
      #expect(ancestors.last == -1)
    }
  }

  @Test func gatherAndScatterAreInverse() {
    let source = uniforms(33, key: 6)
    let order = (0..<33).map { Int32(($0 * 10) % 33) }
    var gathered = source
    var back = [Double](repeating: 0, count: 33)
    borel_gather64(33, &gathered, source, order)
    #expect(gathered == order.map { source[Int($0)] })
    borel_scatter64(33, &back, gathered, order)
    #expect(back == source)
  }

  @Test func compactionKeepsOrderAndStaysInside() {
    for count in 0...40 {
      let source = uniforms(count, key: 7)
      let mask = uniforms(count, key: 8).map { Int64($0 < 0.4 ? 1 : 0) }
      let yes = mask.indices.filter { mask[$0] == 1 }
      let no = mask.indices.filter { mask[$0] == 0 }
      for want in Int32(0)...1 {
        let kept = want == 1 ? yes : no
        var result = [Double](repeating: -1, count: count + 1)
        let found = borel_compact64(Int64(count), &result, source, mask, want)
        #expect(Array(result.prefix(Int(found))) == kept.map { source[$0] })
        #expect(result.last == -1)
        var inPlace = source.map { Float($0) }
        let expected = kept.map { inPlace[$0] }
        let moved = inPlace.withUnsafeMutableBufferPointer {
          borel_compact32(Int64(count), $0.baseAddress, $0.baseAddress, mask, want)
        }
        #expect(Array(inPlace.prefix(Int(moved))) == expected)
      }
      var trueIndex = [Int32](repeating: 0, count: count)
      var falseIndex = trueIndex
      var trueCount: Int64 = 0
      borel_partition_indices(Int64(count), mask, &trueIndex, &falseIndex, &trueCount)
      #expect(trueIndex.prefix(Int(trueCount)).map(Int.init) == yes)
      #expect(falseIndex.prefix(no.count).map(Int.init) == no)
      #expect(borel_count_true(Int64(count), mask) == Int64(yes.count))
    }
  }
}

/// Weights carried from tile to tile.
struct CumulativeWeightTests {
  @Test func theCarryHasTheBitsOfTheCounts() {
    for count in [1024, 1000, 8, 5, 1] {
      let weights = uniforms(count, key: UInt64(count))
      var cumulative = 0.75
      var counts = [Int32](repeating: 0, count: count)
      _ = borel_systematic_counts(
        Int64(count), weights, &cumulative, 1.5, 0.25, 1 << 20, 0, &counts)
      #expect(borel_cumulative_weight(Int64(count), weights, 0.75) == cumulative)
    }
  }
}
