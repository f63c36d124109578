import BorelHeap
import BorelPrimitives
import Testing

@Test func namesOfOperationsAreUnique() {
  let names = PrimitiveRegistry.all.map(\.name)
  #expect(Set(names).count == names.count)
  for (index, name) in names.enumerated() {
    #expect(PrimitiveRegistry.index(of: name) == index)
    #expect(PrimitiveRegistry.named(name)?.name == name)
  }
}

@Test func overloadsDifferInTheirParameters() {
  for name in PrimitiveRegistry.languageNames {
    let overloads = PrimitiveRegistry.overloads(of: name)
    #expect(Set(overloads.map(\.parameters)).count == overloads.count, "\(name)")
  }
}

@Test func everyOperationHasASummary() {
  for primitive in PrimitiveRegistry.all {
    #expect(primitive.summary.hasSuffix("."), "\(primitive.name)")
    #expect(!primitive.parameters.isEmpty && primitive.parameters.count <= 4)
  }
}

@Test(arguments: PrimitiveRegistry.all.map(\.name))
func oneLaneEqualsMany(_ name: String) throws {
  let primitive = try #require(PrimitiveRegistry.named(name))
  let application = Application()
  var random = SplitMix(state: 7)
  let count = 37
  for _ in 0..<20 {
    let columns = primitive.parameters.map { type in
      (0..<count).map { _ in application.operand(type, using: &random) }
    }
    let many = application.apply(primitive, columns, count: count)
    for lane in 0..<count {
      let alone = application.apply(primitive, columns.map { [$0[lane]] }, count: 1)
      if many.failure == lane { #expect(alone.failure == 0) }
      if many.failure < 0 || lane < many.failure { #expect(alone.failure == -1) }
      if many.failure < 0 {
        #expect(isEqual(many.words[lane], alone.words[0], primitive.result), "lane \(lane)")
      }
    }
    if primitive.isTotal { #expect(many.failure == -1) }
  }
}

@Test(arguments: PrimitiveRegistry.all.map(\.name))
func uniformOperandsGiveTheSameResultInEveryLane(_ name: String) throws {
  let primitive = try #require(PrimitiveRegistry.named(name))
  let application = Application()
  var random = SplitMix(state: 8)
  for _ in 0..<20 {
    let columns = primitive.parameters.map { [application.operand($0, using: &random)] }
    let alone = application.apply(primitive, columns, count: 1)
    let many = application.apply(primitive, columns, count: 19, uniform: true)
    #expect(many.failure == alone.failure)
    guard alone.failure < 0 else { continue }
    for word in many.words { #expect(isEqual(word, alone.words[0], primitive.result)) }
  }
}

@Test(arguments: PrimitiveRegistry.all.map(\.name))
func deadLanesNeverTrap(_ name: String) throws {
  let primitive = try #require(PrimitiveRegistry.named(name))
  let application = Application()
  let columns = primitive.parameters.map { _ in [UInt64](repeating: 0, count: 3) }
  let (_, failure) = application.apply(primitive, columns, count: 3)
  #expect(failure == -1 || failure == 0)
  let readsHandles = primitive.parameters.contains {
    [.realArray, .intArray, .boolArray, .matrix].contains($0)
  }
  if readsHandles { #expect(failure == 0) }
}

@Test func aLaneThatFailsDoesNotDisturbTheOthers() throws {
  let application = Application()
  let primitive = try #require(PrimitiveRegistry.named("mean.realArray"))
  let column = [
    application.array([1.0, 3]), application.array([Double]()), application.array([5.0]), 0,
  ]
  let (words, failure) = application.apply(primitive, [column], count: 4)
  #expect(failure == 1)
  #expect(words == [(2.0).word, 0, (5.0).word, 0])
}

private func isEqual(_ a: UInt64, _ b: UInt64, _ type: WordType) -> Bool {
  switch type {
  case .real, .int, .bool, .string: a == b
  case .realArray, .intArray, .boolArray, .matrix:
    structurallyEqual(Object(bits: a), Object(bits: b))
  }
}
