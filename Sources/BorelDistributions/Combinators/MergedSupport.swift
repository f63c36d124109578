import BorelHeap

/// The union of the finite supports of several distributions over one type of value.
enum MergedSupport {
  /// Largest union that is formed.
  private static let limit = 1 << 20

  /// The number of different values; -1 when a part has no finite support, `Int.max` when the parts
  /// have more than a million values.
  static func count(_ parts: [DistributionValue]) -> Int {
    guard let total = total(parts) else { return -1 }
    return total > limit ? .max : distinct(parts, arena: Arena(), upTo: nil).count
  }

  /// Writes the different value with an index, in the order of the parts.
  static func write(
    _ index: Int, _ parts: [DistributionValue], arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    guard let layout = parts.first?.valueLayout else { return }
    let values = distinct(parts, arena: arena, upTo: index)
    if index < values.count { value.update(from: values[index], count: layout.wordCount) }
  }

  private static func total(_ parts: [DistributionValue]) -> Int? {
    var sum = 0
    for part in parts {
      guard let count = part.supportCount else { return nil }
      let (next, overflow) = sum.addingReportingOverflow(count)
      sum = overflow ? .max : next
    }
    return sum
  }

  /// The different values, as far as the one with an index.
  private static func distinct(
    _ parts: [DistributionValue], arena: Arena, upTo last: Int?
  ) -> [[UInt64]] {
    guard let layout = parts.first?.valueLayout else { return [] }
    let (width, mask) = (layout.wordCount, layout.pointerMask)
    var result: [[UInt64]] = []
    var groups: [UInt64: [Int]] = [:]
    LaneBuffer.withBuffer { words in
      for part in parts {
        for index in 0..<(part.supportCount ?? 0) {
          part.supportValue(index, arena: arena, into: words)
          let hash = structuralHash(words, count: width, pointerMask: mask)
          let isKnown = groups[hash, default: []].contains { known in
            structurallyEqual(result[known], words, count: width, pointerMask: mask)
          }
          if isKnown { continue }
          groups[hash, default: []].append(result.count)
          result.append((0..<width).map { words[$0] })
          if let last, result.count > last { return }
        }
      }
    }
    return result
  }
}
