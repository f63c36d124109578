extension FunctionVerifier {
  /// Checks the operations that only differentiated programs have.
  mutating func checkTangent(
    _ instruction: Instruction, _ operands: [IRType], _ results: [IRType]
  ) {
    switch instruction.operation {
    case .zeroTangent:
      let expected = operands.first.flatMap { TangentTypes(program).tangent(of: $0) }
      guard operands.count == 1, results.count == 1, let expected,
        expected.resembles(results[0], program)
      else {
        report(
          .types,
          "'zero.tangent' takes a value with reals, found (\(irText(operands))) and "
            + "(\(irText(results)))")
        return
      }
    case .distributionTangent(let family, let value):
      checkFamily(family, parameters: operands, value: value)
      expect("distribution.tangent", [], [], results, [.distribution(value)])
    case .densityTangent(let family, let count, let value, let wanted, let directions):
      checkChange(
        "density.tangent", family, count, value, wanted, directions, instruction.operands)
      expect(
        "density.tangent", [], [], results, [IRType](repeating: .real, count: directions))
    case .densityCurvature(let family, let count, let value, let wanted):
      checkChange("density.curvature", family, count, value, wanted, 2, instruction.operands)
      expect("density.curvature", [], [], results, [.real])
    default: break
    }
  }

  private mutating func checkChange(
    _ name: String, _ family: String?, _ count: Int, _ value: [IRType], _ wanted: [Int],
    _ directions: Int, _ operands: [ValueID]
  ) {
    let width = count + value.count
    guard count >= 0, directions >= 1, operands.count == width + directions * wanted.count,
      wanted.allSatisfy({ $0 >= 0 && $0 < width })
    else {
      report(
        .types,
        "'\(name)' of \(width) words along \(wanted.count) in \(directions) directions has "
          + "\(operands.count) operands")
      return
    }
    let words = types(operands.prefix(width))
    if let family {
      checkFamily(family, parameters: Array(words.prefix(count)), value: value)
    } else {
      checkDistribution(words.first, over: value)
    }
    expect(name, Array(words.dropFirst(count)), value, [], [])
    let tangents = types(operands.dropFirst(width))
    let expected = (0..<directions).flatMap { _ in wanted.map { words[$0] } }
    for (found, type) in zip(tangents, expected) where !type.resembles(found, program) {
      report(.types, "'\(name)' needs the tangent of \(type), found \(found)")
    }
  }
}

extension IRType {
  /// Whether a word of the type may be a tangent of this one: the same type, or arrays of those
  /// words of the elements that have tangents.
  fileprivate func resembles(_ other: IRType, _ program: Program) -> Bool {
    let types = TangentTypes(program)
    switch (self, other) {
    case (.array(let element), .array(let found)):
      if element == found { return true }
      let tangents = element.compactMap { types.tangent(of: $0) }
      return tangents.count == found.count
        && zip(tangents, found).allSatisfy { $0.resembles($1, program) }
    case (.enumeration, .enumeration): return true
    default: return self == other
    }
  }
}
