import BorelDistributions
import BorelHeap
import Foundation

/// A distribution with its parameters in one execution.
struct ScalarDistribution {
  private let family: any Family.Type
  private let parameters: [UInt64]

  /// - Parameters:
  ///   - family: Its name; nil when the only word is a distribution as a value.
  ///   - words: The canonical parameters.
  init?(family: String?, words: [UInt64]) {
    if let family {
      guard let index = FamilyRegistry.index(of: family) else { return nil }
      self.family = FamilyRegistry.family(at: index)
      parameters = words
      return
    }
    guard let bits = words.first, let value = DistributionValue(bits: bits) else { return nil }
    self.family = value.family
    let box = BoxObject(bits: bits)
    parameters = (0..<box.fieldCount).map { box.fields[$0] }
  }

  private func withParameters<Result>(_ body: (LaneWords) -> Result) -> Result {
    (parameters + [0]).withUnsafeBufferPointer { buffer in
      body(LaneWords(buffer.baseAddress.unsafelyUnwrapped))
    }
  }

  /// What is wrong with the parameters; nil when nothing is.
  var violation: String? {
    guard let index = FamilyRegistry.index(of: family.signature.name) else { return nil }
    return withParameters { DistributionValue(family: index, parameters: $0).violation }
  }

  func logDensity(of value: [UInt64]) -> Double {
    (value + [0]).withUnsafeBufferPointer { buffer in
      withParameters {
        family.logDensity(LaneWords(buffer.baseAddress.unsafelyUnwrapped), $0)
      }
    }
  }

  /// The values with positive probability; nil when there is no finite list of them.
  func values(width: Int, in arena: Arena) -> [(words: [UInt64], probability: Double)]? {
    guard let finite = family as? any FiniteSupport.Type else { return nil }
    let count = withParameters { finite.supportCount($0) }
    guard count >= 0, count <= 1 << 16 else { return nil }
    return (0..<count).compactMap { index in
      LaneBuffer.withBuffer { buffer in
        withParameters { finite.supportValue(index, $0, arena: arena, into: buffer) }
        let words = (0..<width).map { buffer[$0] }
        let probability = exp(logDensity(of: words))
        return probability > 0 ? (words, probability) : nil
      }
    }
  }
}
