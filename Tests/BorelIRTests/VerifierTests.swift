import BorelBase
import BorelIR
import BorelIRTestSupport
import Testing

@Suite struct VerifierTests {
  @Test(arguments: [nileText, everythingText])
  func wellFormedProgramsPass(text: String) throws {
    let errors = verify(try parsed(text), signatures: testSignatures)
    #expect(errors.map(\.description) == [])
  }

  /// A change of a right program that breaks a rule, the rule and the message.
  struct Mutant: Sendable, CustomTestStringConvertible {
    var base = nileText
    var old: String
    var new: String
    var rule: VerificationError.Rule
    var message: String
    var testDescription: String { message }
  }

  static let nileMutants: [Mutant] = [
    Mutant(
      old: "%15: real = subtract.real %14, %8", new: "%15: real = subtract.real %16, %8",
      rule: .dominance,
      message: "%16 may be read before it is defined"),
    Mutant(
      old: "return %8", new: "return %14", rule: .dominance,
      message: "%14 may be read before it is defined"),
    Mutant(
      old: "subtract.real %14, %8", new: "subtract.real %14, %7", rule: .types,
      message: "'subtract.real' takes (real, real), found (real, int)"),
    Mutant(
      old: "subtract.real", new: "minus", rule: .types, message: "there is no primitive 'minus'"),
    Mutant(
      old: "jump bb1(%18, %14)", new: "jump bb1(%18)", rule: .blockArguments,
      message: "bb1 takes 2 arguments, found 1"),
    Mutant(
      old: "jump bb1(%18, %14)", new: "jump bb1(%14, %18)", rule: .blockArguments,
      message: "bb1 takes (int, real), found (real, int)"),
    Mutant(
      old: "jump bb1(%18, %14)", new: "jump bb0(%0, %1)", rule: .entry,
      message: "the entry block cannot be a target"),
    Mutant(
      old: "return %8", new: "return %5", rule: .results,
      message: "the function gives (real), found (int)"),
    Mutant(
      old: "site 2", new: "site 1", rule: .sites,
      message: "site 1 is used twice, also in 'model nile'"),
    Mutant(
      old: "representations sampled", new: "representations sampled weighted", rule: .effects,
      message: "observe after the transform Weighted"),
    Mutant(
      old: "representations sampled", new: "representations sampled simulated", rule: .effects,
      message: "observe after the transform Simulated"),
    Mutant(
      old: "observe<real>", new: "score<real>", rule: .effects,
      message: "score before the transform Weighted"),
    Mutant(
      old: "jump bb7", new: "checkpoint #0 -> bb7", rule: .effects,
      message: "checkpoint before the transform Sequential"),
    Mutant(
      old: "branch %9, bb2, bb6", new: "branch %7, bb2, bb6", rule: .types,
      message: "a branch needs bool, found int"),
    Mutant(
      old: "Normal(%8, %1)", new: "Normal(%8)", rule: .types,
      message: "'Normal' takes 2 parameters, found 1"),
    Mutant(
      old: "Normal(%8, %1)", new: "Normal(%8, %7)", rule: .types,
      message: "parameter 'sd' of 'Normal' cannot be int"),
    Mutant(
      old: "Normal(%8, %1)", new: "Normall(%8, %1)", rule: .types,
      message: "there is no family 'Normall'"),
    Mutant(
      old: "of %11 present %10", new: "of %11 present %11", rule: .types,
      message: "'observe' needs a bool flag, found real"),
    Mutant(
      old: "of %11 present", new: "of %7 present", rule: .types,
      message: "'observe' takes (real), found (int)"),
    Mutant(
      old: "\"flow\" loops(%7)", new: "\"flow\" loops(%14)", rule: .types,
      message: "a loop counter is int, found real"),
    Mutant(
      old: "tally #0 %16", new: "tally #1 %16", rule: .reference, message: "tally #1 is not there"),
    Mutant(
      old: "emit #0 %4", new: "emit #3 %4", rule: .reference, message: "report #3 is not there"),
    Mutant(
      old: "emit #0 %4", new: "emit #0 %1, %4", rule: .types,
      message: "'emit' takes (real), found (real, real)"),
    Mutant(
      old: "branch %12, bb5, bb7", new: "branch %12, bb5, bb9", rule: .reference,
      message: "bb9 is not there"),
    Mutant(
      old: "flow: [real?]", new: "flow: [real]", rule: .call,
      message: "model 'nile' takes ([real], real), its function ([bool, real], real)"),
    Mutant(
      old: "-> real documentation", new: "-> int documentation", rule: .results,
      message: "model 'nile' gives (int), its function (real)"),
    Mutant(
      old: "%0: real = const 40.0", new: "%0: real = const 40", rule: .types,
      message: "'const' gives (int), found (real)"),
    Mutant(
      old: "default @\"default sdLevel\"", new: "default @\"model nile\"", rule: .call,
      message: "the default of 'sdLevel' must be () -> (real)"),
  ]

  static let everythingMutants: [Mutant] = [
    Mutant(
      base: everythingText, old: "representations sampled weighted sequential enumerated",
      new: "representations sampled weighted sequential", rule: .effects,
      message: "fork before the transform Enumerated"),
    Mutant(
      base: everythingText, old: "call @\"closure m.1\"(%1, %36)",
      new: "call @\"closure m.1\"(%36, %1)", rule: .call,
      message: "'closure m.1' takes (int, real), found (real, int)"),
    Mutant(
      base: everythingText, old: "apply %18(%37)", new: "apply %18(%38)", rule: .call,
      message: "the closure takes (int), found (real)"),
    Mutant(
      base: everythingText, old: "apply %18(%37)", new: "apply %37(%37)", rule: .call,
      message: "apply needs a function or a model, found int"),
    Mutant(
      base: everythingText, old: "bb3(%39: int)", new: "bb3(%39: real)", rule: .blockArguments,
      message: "bb3 takes (real), found (int)"),
    Mutant(
      base: everythingText, old: "closure<real> @\"closure m.1\" %2",
      new: "closure<int> @\"closure m.1\" %1", rule: .call,
      message: "'closure m.1' takes (int, real), captured (int)"),
    Mutant(
      base: everythingText, old: "box.make<real> tag 0 %2", new: "box.make<real> tag 1 %2",
      rule: .types, message: "case 1 holds <enum 0, enum 0>, found <real>"),
    Mutant(
      base: everythingText, old: "tag 1 first 1 %15", new: "tag 1 first 2 %15", rule: .types,
      message: "case 1 holds <enum 0, enum 0>, found <enum 0> at 2"),
    Mutant(
      base: everythingText, old: "box.tag %15", new: "box.tag %1", rule: .types,
      message: "'box.tag' takes an enum, found (int)"),
    Mutant(
      base: everythingText, old: "array.make<real> %2, %2", new: "array.make<real> %2, %1",
      rule: .types, message: "'array.make' takes elements <real>, found (real, int)"),
    Mutant(
      base: everythingText, old: "array.set<real> %9, %1, %2", new: "array.set<real> %9, %2, %1",
      rule: .types, message: "'array.set' takes ([real], int, real), found ([real], real, int)"),
    Mutant(
      base: everythingText, old: "logdensity<real> %19, %2", new: "logdensity<int> %19, %1",
      rule: .types, message: "a distribution over <real> cannot give <int>"),
    Mutant(
      base: everythingText, old: "dynamic(%19) site 2", new: "dynamic(%20) site 2", rule: .types,
      message: "a distribution is needed, found real"),
    Mutant(
      base: everythingText, old: "%5: enum 0 = const null", new: "%5: enum 1 = const null",
      rule: .reference, message: "type enum 1 names an enum that is not there"),
    Mutant(
      base: everythingText, old: "factor %25", new: "factor %1", rule: .types,
      message: "'factor' takes (real), found (int)"),
    Mutant(
      base: everythingText, old: "require %21", new: "require %2", rule: .types,
      message: "'require' takes (bool), found (real)"),
    Mutant(
      base: everythingText, old: "memo.store<int><real> %26, %1, %28",
      new: "memo.store<int><real> %26, %28, %1", rule: .types,
      message: "'memo.store' takes (int, int, real), found (int, real, int)"),
    Mutant(
      base: everythingText, old: "print<string> %4", new: "print<string> %3", rule: .types,
      message: "'print' takes (string), found (bool)"),
    Mutant(
      base: everythingText, old: "infer<> \"smc(particles: 10)\" %22",
      new: "infer<> \"smc(particles: 10)\" %1", rule: .types,
      message: "'infer' takes (model<>), found (int)"),
    Mutant(
      base: everythingText, old: "tailcall @m(%0)", new: "tailcall @\"closure m.1\"(%1, %2)",
      rule: .results, message: "the function gives (), found (int)"),
    Mutant(
      base: everythingText, old: "script @script", new: "script @m", rule: .call,
      message: "the script takes no parameters, found 1"),
  ]

  @Test(arguments: nileMutants + everythingMutants)
  func mutantIsRejectedWithItsRule(mutant: Mutant) throws {
    let text = mutant.base.replacing(mutant.old, with: mutant.new)
    #expect(text != mutant.base)
    let errors = verify(try parsed(text), signatures: testSignatures)
    #expect(errors.contains { $0.rule == mutant.rule && $0.message == mutant.message }, "\(errors)")
  }

  @Test func valueWithTwoDefinitionsIsRejected() throws {
    var program = try parsed(nileText)
    let copy = program.functions[0].blocks[0].instructions[0]
    program.functions[0].blocks[6].instructions.append(copy)
    let errors = verify(program, signatures: testSignatures)
    #expect(errors.map(\.rule) == [.singleDefinition])
    #expect(
      errors[0].description == "function 'model nile', bb6, instruction 0: %2 is defined twice")
  }

  @Test func numbersThatAreNotThereAreRejected() throws {
    var program = try parsed(nileText)
    program.functions[0].blocks[6].terminator = .returnValues([ValueID(99)])
    #expect(verify(program, signatures: testSignatures).map(\.message) == ["%99 is not there"])
    program = try parsed(nileText)
    program.functions[0].blocks[6].terminator = .tailCall(FunctionID(7), [])
    #expect(
      verify(program, signatures: testSignatures).map(\.message) == ["function 7 is not there"])
    program = try parsed(nileText)
    program.functions[0].blocks = []
    #expect(
      verify(program, signatures: testSignatures).contains {
        $0.message == "a function needs a block"
      })
  }

  @Test func equalNamesOfFunctionsAreRejected() throws {
    var program = try parsed(nileText)
    program.functions[1].name = "model nile"
    #expect(verify(program, signatures: testSignatures).map(\.rule) == [.names])
  }

  @Test func everyRuleHasAMutant() {
    let tested = Set((Self.nileMutants + Self.everythingMutants).map(\.rule))
    let elsewhere: Set<VerificationError.Rule> = [.singleDefinition, .names]
    #expect(tested.union(elsewhere) == Set(VerificationError.Rule.allCases))
  }
}
