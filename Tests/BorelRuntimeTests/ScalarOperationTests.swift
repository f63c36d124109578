import BorelKernels
import BorelPrimitives
import BorelRuntime
import Testing

/// Simple operations have the bits of the kernels, and fail where these fail.
struct ScalarOperationTests {
  private static let reals: [Double] = [
    0, -0.0, 1, -1, 0.1, 3, -2.5, 1e-308, 5e-324, -5e-324, 1e308, -1e308, .infinity, -.infinity,
    .nan, 9_007_199_254_740_993,
  ]
  private static let integers: [Int64] = [
    0, 1, -1, 2, -7, 3_037_000_500, -3_037_000_500, 1 << 53 + 1, .max, .min, .max - 1, .min + 1,
  ]

  private static func words(_ type: WordType) -> [UInt64] {
    switch type {
    case .real: reals.map { $0.bitPattern }
    case .bool: [0, 1]
    default: integers.map { UInt64(bitPattern: $0) }
    }
  }

  @Test func bitsAreThoseOfTheKernels() throws {
    var known: Set<ScalarOperation> = []
    for primitive in PrimitiveRegistry.all {
      guard case .kernel(let kernel) = primitive.implementation else { continue }
      let operation = ScalarOperation(primitive: primitive.name)
      if operation == .none { continue }
      known.insert(operation)
      let first = Self.words(primitive.parameters[0])
      let second = primitive.parameters.count > 1 ? Self.words(primitive.parameters[1]) : [0]
      for a in first {
        for b in second {
          var (x, y, expected) = (a, b, UInt64(0))
          let failed = kernel(1, &expected, &x, &y, nil, 7) >= 0
          let isNaN =
            primitive.result == .real && Double(bitPattern: expected).isNaN
            && operation != .negateReal
          let found = operation.apply(a, b)
          #expect(found == (failed || isNaN ? nil : expected), "\(primitive.name) \(a) \(b)")
        }
      }
    }
    #expect(known.count == ScalarOperation.allCases.count - 1)
  }
}
