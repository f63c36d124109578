import BorelHeap

/// A distribution as a value: a box whose tag is the number of the family in `FamilyRegistry` and
/// whose fields are the words of its canonical parameters.
package struct DistributionValue {
  let abilities: UnsafePointer<FamilyAbilities>
  package let parameters: LaneWords

  package var family: any Family.Type { abilities.pointee.family }

  /// Nil for the null handle of a dead lane and for boxes that are no distribution.
  package init?(bits: UInt64) {
    let box = BoxObject(bits: bits)
    guard bits != 0, box.object.kind == .box, box.tag < FamilyAbilities.count else { return nil }
    abilities = FamilyAbilities.table + box.tag
    parameters = LaneWords(box.fields)
  }

  /// - Parameter family: Its number in `FamilyRegistry`.
  package init(family: Int, parameters: LaneWords) {
    precondition(family >= 0 && family < FamilyAbilities.count)
    abilities = FamilyAbilities.table + family
    self.parameters = parameters
  }

  init(abilities: UnsafePointer<FamilyAbilities>, parameters: LaneWords) {
    self.abilities = abilities
    self.parameters = parameters
  }

  /// Makes the box of a distribution.
  ///
  /// - Parameters:
  ///   - family: Its number in `FamilyRegistry`.
  ///   - words: One word per canonical parameter.
  package static func make(
    family: Int, _ words: some Collection<UInt64>, in arena: Arena
  ) -> UInt64 {
    let parameters = FamilyRegistry.family(at: family).signature.parametrisations[0].parameters
    var mask: UInt64 = 0
    for (index, parameter) in parameters.enumerated() where parameter.kind.isHandle {
      mask |= 1 << UInt64(index)
    }
    let box = arena.makeBox(tag: family, fieldCount: words.count, pointerMask: mask)
    for (index, word) in words.enumerated() { box.fields[index] = word }
    return box.object.bits
  }

  package var valueLayout: ValueLayout { family.valueLayout(parameters) }

  package func logDensity(_ value: LaneWords) -> Double { family.logDensity(value, parameters) }

  package func draw(
    using random: inout LaneRandom, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    family.draw(parameters, using: &random, arena: arena, into: value)
  }

  /// What is wrong with the parameters; nil when nothing is.
  package var violation: String? {
    for index in abilities.pointee.parameters.indices {
      let word = parameters.word(index)
      let kind = abilities.pointee.parameters[index].kind
      if abilities.pointee.parameters[index].domain.contains(word, kind) { continue }
      let parameter = abilities.pointee.parameters[index]
      return "parameter '\(parameter.name)' of '\(family.signature.name)' must be "
        + "\(parameter.domain.text), found \(Domain.found(word, kind))"
    }
    let text = family.violation(parameters)
    return family is any HostFamily.Type ? text : text.map { "'\(family.signature.name)': \($0)" }
  }
}

extension ParameterKind {
  /// Whether the word of the parameter is an object handle.
  package var isHandle: Bool {
    switch self {
    case .real, .int, .bool: false
    default: true
    }
  }
}
