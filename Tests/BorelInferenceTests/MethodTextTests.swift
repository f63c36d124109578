import BorelBase
import BorelInference
import Testing

private func problem(_ text: String, at place: Span = .none) -> Diagnostic? {
  do {
    _ = try MethodSpecification(parsing: text, at: place)
    return nil
  } catch {
    return error.list.first
  }
}

@Test func methodTextsAreNormalised() throws {
  let method = try MethodSpecification(
    parsing: "smc(threshold: 1, particles: 10_000, resampler: stratified)")
  #expect(method.int("particles") == 10_000)
  #expect(method.choice("resampler") == "stratified")
  #expect(method.text == "smc(resampler: stratified, threshold: 1)")
  #expect(try MethodSpecification(parsing: method.completeText) == method)
}

@Test func everyMethodRoundTripsThroughItsText() throws {
  for signature in MethodRegistry.methods {
    #expect(
      try MethodSpecification(parsing: signature.defaults.completeText) == signature.defaults)
    #expect(try MethodSpecification(parsing: signature.name) == signature.defaults)
  }
  let names = MethodRegistry.methods.map(\.name)
  #expect(names == names.sorted())
}

@Test func wrongMethodsAreExplained() throws {
  let unknown = try #require(problem("smcc(particles: 3)"))
  #expect(unknown.message == "there is no method 'smcc'")
  #expect(unknown.hints == ["did you mean 'smc'?"])
  let other = try #require(problem("hamiltonian"))
  let names = MethodRegistry.methods.map { "'\($0.name)'" }
  #expect(
    other.hints == ["the methods are \(names.prefix(12).joined(separator: ", ")) and others"])
  #expect(problem("smc(partices: 3)")?.hints == ["did you mean 'particles'?"])
  #expect(
    problem("smc(particles: 0)")?.message
      == "option 'particles' of 'smc' must be an integer of at least 1, found '0'")
  #expect(
    problem("smc(threshold: 1.5)")?.message
      == "option 'threshold' of 'smc' must be a number from 0 to 1, found '1.5'")
  #expect(problem("smc(resampler: systemtic)")?.hints == ["did you mean 'systematic'?"])
  #expect(problem("smc(10)")?.code == "E0704")
  #expect(problem("smc(groups: 2, groups: 3)")?.code == "E0705")
  #expect(problem("1 + 1")?.code == "E0702")
  #expect(problem("smc(particles:")?.code == "E0701")
  #expect(problem("")?.code == "E0701")
}

@Test func problemsPointIntoThePlaceOfTheText() throws {
  let place = Span(start: 100, end: 120, file: 3)
  let found = try #require(problem("smc(partices: 3)", at: place))
  #expect(found.span == Span(start: 104, end: 112, file: 3))
}
