import BorelDistributions
import BorelHeap
import Testing

private func violation(
  _ name: String, _ columns: [[UInt64]], from start: Int = 0
) -> (ParameterViolation?, String) {
  guard let family = FamilyRegistry.family(named: name) else { return (nil, "no family") }
  let count = columns.map(\.count).max() ?? 1
  let storage = columns.map { column -> UnsafeMutablePointer<UInt64> in
    let pointer = UnsafeMutablePointer<UInt64>.allocate(capacity: column.count)
    pointer.initialize(from: column, count: column.count)
    return pointer
  }
  defer { for column in storage { column.deallocate() } }
  let operands = zip(storage, columns).map {
    ColumnOperand(base: $0, stride: $1.count == 1 ? 0 : 1)
  }
  let found = family.firstViolation(count: count, from: start, parameters: operands)
  return (found, found.map { family.message(for: $0, parameters: operands) } ?? "")
}

private func reals(_ values: Double...) -> [UInt64] { values.map(\.bitPattern) }

@Test func violationIsReportedForTheSmallestLane() {
  let (found, text) = violation("Normal", [reals(0, 1, 2, .nan), reals(1, 1, -2, 1)])
  #expect(found == ParameterViolation(lane: 2, parameter: 1))
  #expect(text == "parameter 'sd' of 'Normal' must be positive and finite, found -2")
}

@Test func uniformParameterIsReportedForTheFirstLane() {
  let (found, text) = violation("Normal", [reals(0, 1, 2), reals(0)])
  #expect(found == ParameterViolation(lane: 0, parameter: 1))
  #expect(text == "parameter 'sd' of 'Normal' must be positive and finite, found 0")
  #expect(violation("Normal", [reals(.nan, 1, 2), reals(1)], from: 1).0 == nil)
  #expect(violation("Normal", [reals(.nan, 1, 2), reals(1)], from: 3).0 == nil)
}

@Test func notANumberLiesInNoDomain() {
  for domain: Domain in [
    .any, .finite, .positive, .nonNegative, .openUnitInterval, .unitInterval,
    .interval(-1, 1, lowerOpen: true, upperOpen: false), .intAtLeast(0),
  ] {
    #expect(!domain.contains(Double.nan.bitPattern, .real), "\(domain.text)")
  }
}

@Test func intervalEndsAreOpenOrClosed() {
  let domain = Domain.interval(0, 1, lowerOpen: true, upperOpen: false)
  #expect(!domain.contains((0.0).bitPattern, .real) && domain.contains((1.0).bitPattern, .real))
  #expect(domain.text == "above 0 and at most 1")
  #expect(!Domain.positive.contains(Double.infinity.bitPattern, .real))
  #expect(Domain.unitInterval.contains((0.0).bitPattern, .real))
  #expect(!Domain.openUnitInterval.contains((1.0).bitPattern, .real))
}

@Test func arraysAreCheckedAsAWhole() {
  let arena = Arena()
  func word(_ values: [Double]) -> UInt64 { arena.makeArray(values).object.bits }
  #expect(Domain.weights.contains(word([0, 2]), .realArray))
  for wrong in [[], [0, 0], [1, -1], [.nan, 1], [.infinity, 1]] as [[Double]] {
    #expect(!Domain.weights.contains(word(wrong), .realArray), "\(wrong)")
    #expect(!Domain.simplex.contains(word(wrong), .realArray), "\(wrong)")
  }
  #expect(Domain.simplex.contains(word([0.25, 0.75]), .realArray))
  #expect(!Domain.simplex.contains(word([0.25, 0.7]), .realArray))
  #expect(Domain.increasing.contains(word([-1, 2]), .realArray))
  #expect(!Domain.increasing.contains(word([2, 2]), .realArray))
  #expect(!Domain.weights.contains(0, .realArray))
  #expect(Domain.each(.positive).contains(word([1, 2]), .realArray))
  #expect(!Domain.each(.positive).contains(word([1, 0]), .realArray))
}

@Test func matricesAreCheckedForDefiniteness() {
  let arena = Arena()
  func word(_ rows: [[Double]]) -> UInt64 {
    let matrix = arena.makeMatrix(rows: rows.count, columns: rows[0].count)
    for (i, row) in rows.enumerated() {
      for (j, x) in row.enumerated() { matrix.elements[i * row.count + j] = x }
    }
    return matrix.object.bits
  }
  let definite = Domain.symmetricPositiveDefinite
  #expect(definite.contains(word([[2, 1], [1, 2]]), .matrix))
  #expect(!definite.contains(word([[1, 2], [2, 1]]), .matrix))
  #expect(!definite.contains(word([[2, 1], [0, 2]]), .matrix))
  #expect(!definite.contains(word([[2, 1, 0], [1, 2, 0]]), .matrix))
  #expect(Domain.choleskyFactor.contains(word([[1, 0], [-3, 2]]), .matrix))
  #expect(!Domain.choleskyFactor.contains(word([[1, 1], [-3, 2]]), .matrix))
  #expect(!Domain.choleskyFactor.contains(word([[0, 0], [1, 1]]), .matrix))
}

@Test func jointConditionsNameAllParameters() {
  let (found, text) = violation("Uniform", [reals(0, 1), reals(1)])
  #expect(found == ParameterViolation(lane: 1, parameter: nil))
  #expect(text == "parameters of 'Uniform': 'low' must be below 'high', found low 1, high 1")
  // A parameter outside its own domain in an earlier lane comes first.
  let (other, _) = violation("Uniform", [reals(0, .nan, 2), reals(1)])
  #expect(other == ParameterViolation(lane: 1, parameter: 0))
}

@Test func messagesUseTheParametrisationOfTheProgram() {
  guard let gamma = FamilyRegistry.family(named: "Gamma") else { return }
  let parameters = ParameterWords([.real(1), .real(-0.5)])
  let text = gamma.message(
    for: ParameterViolation(lane: 0, parameter: 1), parameters: parameters.uniformOperands,
    parametrisation: 1)
  #expect(text == "parameter 'scale' of 'Gamma' must be positive and finite, found -2")
}
