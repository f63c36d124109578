import BorelKernels
import Testing

/// Applies a kernel on Ints; nil where it reports a failure.
func integers(_ kernel: borel_kernel, _ a: Int64, _ b: Int64) -> Int64? {
  var result: Int64 = 0
  return kernel(1, &result, [a], [b], nil, 0) == -1 ? result : nil
}

struct IntegerTests {
  let interesting: [Int64] = [
    0, 1, -1, 2, -2, 7, -7, 1 << 31, 1 << 32, -(1 << 32), 3_037_000_500, .max, .max - 1, .min,
    .min + 1,
  ]

  @Test func arithmeticAgreesWithSwiftAndReportsOverflow() {
    func check(
      _ name: String, _ kernel: borel_kernel, _ exact: (Int64, Int64) -> (Int64, Bool)
    ) {
      for a in interesting {
        for b in interesting {
          let (value, overflow) = exact(a, b)
          #expect(integers(kernel, a, b) == (overflow ? nil : value), "\(name) \(a) \(b)")
        }
      }
    }
    check("add", borel_k_add_int) { $0.addingReportingOverflow($1) }
    check("sub", borel_k_sub_int) { $0.subtractingReportingOverflow($1) }
    check("mul", borel_k_mul_int) { $0.multipliedReportingOverflow(by: $1) }
    check("quotient", borel_k_quotient_int) { $0.dividedReportingOverflow(by: $1) }
    check("remainder", borel_k_remainder_int) { a, b in
      b == -1 ? (0, false) : a.remainderReportingOverflow(dividingBy: b)
    }
    check("neg", borel_k_neg_int) { a, _ in Int64(0).subtractingReportingOverflow(a) }
    check("abs", borel_k_abs_int) { a, _ in
      a < 0 ? Int64(0).subtractingReportingOverflow(a) : (a, false)
    }
    check("sign", borel_k_sign_int) { a, _ in (a.signum(), false) }
    check("lt", borel_k_lt_int) { ($0 < $1 ? 1 : 0, false) }
    check("max", borel_k_max_int) { (max($0, $1), false) }
  }

  @Test func powersAreExactOrFail() {
    #expect(integers(borel_k_power_int, 3, 4) == 81)
    #expect(integers(borel_k_power_int, -2, 63) == .min)
    #expect(integers(borel_k_power_int, 2, 63) == nil)
    #expect(integers(borel_k_power_int, 2, -1) == nil)
    #expect(integers(borel_k_power_int, 0, 0) == 1)
    #expect(integers(borel_k_power_int, -1, .max) == -1)
  }

  @Test func theFirstFailureIsReported() {
    for position in [0, 3, 8, 17, 20] {
      var a = [Int64](repeating: 1, count: 21)
      a[position] = .max
      if position < 17 { a[19] = .max }
      var result = a
      #expect(borel_k_add_int(21, &result, a, [1], nil, 2) == Int64(position))
      #expect(borel_k_mul_int(21, &result, a, [2], nil, 2) == Int64(position))
    }
  }

  @Test func realsConvertOnlyWhenTheyFit() {
    func convert(_ kernel: borel_kernel, _ x: Double) -> Int64? {
      var result: Int64 = 0
      return kernel(1, &result, [x], nil, nil, 0) == -1 ? result : nil
    }
    #expect(convert(borel_k_floor_to_int, -2.5) == -3)
    #expect(convert(borel_k_ceil_to_int, -2.5) == -2)
    #expect(convert(borel_k_round_to_int, -2.5) == -3)
    #expect(convert(borel_k_trunc_to_int, -2.5) == -2)
    #expect(convert(borel_k_trunc_to_int, -0x1p63) == .min)
    #expect(convert(borel_k_trunc_to_int, 0x1p63) == nil)
    #expect(convert(borel_k_round_to_int, .nan) == nil)
    #expect(convert(borel_k_floor_to_int, 0x1.fffffffffffffp62) == 9_223_372_036_854_774_784)
  }
}
