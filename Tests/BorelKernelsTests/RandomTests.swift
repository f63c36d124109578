import BorelKernels
import Testing

func philox(_ key: UInt64, _ counter: [UInt32]) -> [UInt32] {
  var out = [UInt32](repeating: 0, count: 4)
  borel_philox(key, counter[0], counter[1], counter[2], counter[3], &out)
  return out
}

typealias Contiguous = (Int64, UnsafeMutablePointer<Double>?, UInt64, UInt32, UInt32, UInt32) ->
  Void
typealias ByLane = (
  Int64, UnsafeMutablePointer<Double>?, UnsafePointer<UInt64>?, UInt32, UnsafePointer<UInt32>?,
  UnsafePointer<UInt32>?, UInt32, UInt32
) -> Void

/// Contiguous columns of any length, columns by lane number in any order, and the scalar form agree.
func checkGeneratorsArePositionIndependent() {
  let generators: [(String, Contiguous, ByLane, (borel_lane_random) -> Double)] = [
    (
      "uniform", borel_fill_uniform_contiguous, borel_fill_uniform_lanes,
      { withUnsafePointer(to: $0) { borel_lane_uniform($0) } }
    ),
    (
      "normal", borel_fill_normal_contiguous, borel_fill_normal_lanes,
      { withUnsafePointer(to: $0) { borel_lane_normal($0) } }
    ),
    (
      "exponential", borel_fill_exponential_contiguous, borel_fill_exponential_lanes,
      { withUnsafePointer(to: $0) { borel_lane_exponential($0) } }
    ),
  ]
  let key: UInt64 = 0x1234_5678_9abc_def0
  for (name, contiguous, byLane, scalar) in generators {
    var all = [Double](repeating: 0, count: 1100)
    contiguous(1100, &all, key, 3, 5, 32)
    for count in 1...70 {
      var part = [Double](repeating: 0, count: count)
      contiguous(Int64(count), &part, key, 3, 5, 48)
      #expect(part == Array(all[16..<16 + count]), "\(name), n = \(count)")
    }
    let lanes = (0..<61).map { UInt32(32 + ($0 * 37) % 1100) }
    let expected = lanes.map { all[Int($0) - 32] }
    var scattered = [Double](repeating: 0, count: 61)
    byLane(61, &scattered, [key], 0, lanes, [5], 0, 3)
    #expect(scattered == expected, "\(name) by lane")
    let keys = [UInt64](repeating: key, count: 61)
    byLane(61, &scattered, keys, 1, lanes, [UInt32](repeating: 5, count: 61), 1, 3)
    #expect(scattered == expected, "\(name) by lane, key and draw columns")
    let alone = lanes.map { scalar(borel_lane_random_make(key, $0, 3, 5)) }
    #expect(alone == expected, "\(name) alone")
  }
}

struct RandomTests {
  /// Source: the known answers distributed with Random123.
  @Test func philoxGivesTheKnownAnswers() {
    #expect(philox(0, [0, 0, 0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    #expect(
      philox(.max, [.max, .max, .max, .max])
        == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    #expect(
      philox(0x299f_31d0_a409_3822, [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344])
        == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }

  @Test func columnsGiveTheBitsOfThatPhilox() {
    var column = [Double](repeating: 0, count: 40)
    borel_fill_uniform_contiguous(40, &column, 77, 6, 4, 160)
    for index in 0..<40 {
      let lane = UInt32(160 + index)
      let block = (lane >> 4) * 8 + (lane & 7)
      let out = philox(77, [0, 4, block, 6])
      let half = Int((lane >> 3) & 1) * 2
      let bits = UInt64(out[half]) | UInt64(out[half + 1]) << 32
      #expect(column[index] == (Double(bits >> 12) + 0.5) * 0x1p-52)
    }
  }

  @Test func generatorsDoNotDependOnPosition() { checkGeneratorsArePositionIndependent() }

  @Test func noCounterIsSharedByTwoLanes() {
    var blocks = [UInt32: Set<UInt32>]()
    for lane in UInt32(0)..<256 {
      let block = (lane >> 4) * 8 + (lane & 7)
      let isNew = blocks[block, default: []].insert((lane >> 3) & 1).inserted
      #expect(isNew)
    }
    #expect(blocks.count == 128)
    var seen = Set<UInt64>()
    for lane in UInt32(0)..<50 {
      for draw in UInt32(0)..<4 {
        var random = borel_lane_random_make(9, lane, 1, draw)
        for _ in 0..<7 { #expect(seen.insert(borel_next_bits(&random)).inserted) }
      }
    }
  }

  @Test func childKeysDiffer() {
    var keys = Set<UInt64>()
    for kind in UInt32(1)...8 {
      for index in UInt64(0)..<50 { #expect(keys.insert(borel_key_child(3, kind, index)).inserted) }
    }
  }

  @Test func normalsWithLocationAndScaleAgreeWithTheScalarForm() {
    let count = 45
    var z = [Double](repeating: 0, count: count)
    var mean = z
    var result = z
    borel_fill_normal_contiguous(Int64(count), &z, 5, 1, 2, 16)
    borel_fill_uniform_contiguous(Int64(count), &mean, 6, 1, 2, 16)
    borel_fill_normal_location_scale(Int64(count), &result, mean, [0.3], 2, 5, 1, 2, 16)
    #expect(result == zip(mean, z).map { borel_location_scale($0, 0.3, $1) })
    borel_fill_normal_affine(Int64(count), &result, [0.9], mean, [0.1], [0.3], 13, 5, 1, 2, 16)
    #expect(result == zip(mean, z).map { borel_affine_location_scale(0.9, $0, 0.1, 0.3, $1) })
  }
}
