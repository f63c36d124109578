import BorelHeap

/// All mass at one value.
enum Delta: Combinator, FiniteSupport, HasDensityBound {
  static let signature = FamilySignature(
    name: "Delta", summary: "All probability at one value.",
    parametrisations: [
      Parametrisation([.init("value", .value, .any, "The value that is always drawn.")])
    ],
    value: .element, support: .dependent, baseMeasure: .counting, isElementwise: false,
    source: "Definition")

  static func valueLayout(_ p: LaneWords) -> ValueLayout { ValueLayout(elementsOf: p.array(0)) }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    guard p.array(0).count == 1 else { return -.infinity }
    let layout = valueLayout(p)
    return structurallyEqual(
      value.base, p.array(0).elements, count: layout.wordCount, pointerMask: layout.pointerMask)
      ? 0 : -.infinity
  }

  static func logAtom(_ value: LaneWords, _ p: LaneWords) -> Double { logDensity(value, p) }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    supportValue(0, p, arena: arena, into: value)
  }

  static func supportCount(_ p: LaneWords) -> Int { 1 }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    guard p.array(0).count == 1 else { return }
    value.update(from: p.array(0).elements, count: valueLayout(p).wordCount)
  }

  static func logDensityBound(_ p: LaneWords) -> Double { 0 }
}
