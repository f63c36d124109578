import BorelBase
import BorelCompiler
import BorelIR
import Testing

@Test func variableReadAfterBranchesBecomesABlockParameter() {
  var builder = FunctionBuilder(name: "f", parameters: [.bool], results: [.int], span: .none)
  let x = builder.makeVariable(.int)
  builder.write(x, builder.int(1, at: .none))
  let then = builder.makeBlock()
  let join = builder.makeBlock()
  builder.branch(builder.parameters[0], then: then, otherwise: join, at: .none)
  builder.seal(then)
  builder.enter(then)
  builder.write(x, builder.int(2, at: .none))
  builder.jump(join, at: .none)
  builder.seal(join)
  builder.enter(join)
  builder.returnValues([builder.read(x)], at: .none)
  let function = builder.finish()
  #expect(function.blocks.map(\.parameters.count) == [1, 0, 1])
  #expect(verify(Program(functions: [function])).isEmpty)
}

@Test func loopVariableThatDoesNotChangeIsNoParameter() {
  var builder = FunctionBuilder(
    name: "f", parameters: [.int, .int], results: [.int, .int], span: .none)
  let fixed = builder.makeVariable(.int)
  let counter = builder.makeVariable(.int)
  builder.write(fixed, builder.parameters[1])
  builder.write(counter, builder.int(0, at: .none))
  let header = builder.makeBlock()
  let body = builder.makeBlock()
  let exit = builder.makeBlock()
  builder.jump(header, at: .none)
  builder.enter(header)
  let test = builder.appendValue(
    .primitive("less.int"), [builder.read(counter), builder.parameters[0]], .bool, at: .none)
  builder.branch(test, then: body, otherwise: exit, at: .none)
  builder.seal(body)
  builder.enter(body)
  let sum = builder.appendValue(
    .primitive("add.int"), [builder.read(counter), builder.read(fixed)], .int, at: .none)
  builder.write(counter, sum)
  builder.jump(header, at: .none)
  builder.seal(header)
  builder.seal(exit)
  builder.enter(exit)
  builder.returnValues([builder.read(counter), builder.read(fixed)], at: .none)
  let function = builder.finish()
  #expect(function.blocks.map(\.parameters.count) == [2, 1, 0, 0])
  #expect(verify(Program(functions: [function])).isEmpty)
}

@Test func whatFollowsAReturnIsDropped() {
  var builder = FunctionBuilder(name: "f", parameters: [], results: [.int], span: .none)
  let x = builder.makeVariable(.int)
  builder.write(x, builder.int(1, at: .none))
  builder.returnValues([builder.read(x)], at: .none)
  builder.returnValues([builder.read(x)], at: .none)
  let function = builder.finish()
  #expect(function.blocks.count == 1)
  #expect(verify(Program(functions: [function])).isEmpty)
}

@Test func passesFoldConstantsAndMergeBlocks() {
  var builder = FunctionBuilder(name: "f", parameters: [.bool], results: [.real], span: .none)
  let x = builder.makeVariable(.real)
  let then = builder.makeBlock()
  let otherwise = builder.makeBlock()
  let join = builder.makeBlock()
  builder.branch(builder.parameters[0], then: then, otherwise: otherwise, at: .none)
  builder.seal(then)
  builder.seal(otherwise)
  builder.enter(then)
  let two = builder.real(2, at: .none)
  builder.write(
    x, builder.appendValue(.primitive("multiply.real"), [two, two], .real, at: .none))
  builder.jump(join, at: .none)
  builder.enter(otherwise)
  builder.write(x, builder.real(1, at: .none))
  builder.jump(join, at: .none)
  builder.seal(join)
  builder.enter(join)
  builder.returnValues([builder.read(x)], at: .none)
  var program = Program(functions: [builder.finish()], script: nil)
  program.functions.append(
    {
      var main = FunctionBuilder(name: "script", parameters: [], results: [], span: .none)
      let yes = main.bool(true, at: .none)
      let value = main.call(FunctionID(0), [yes], results: [.real], at: .none)
      main.append(.factor, value, results: [], at: .none)
      main.returnValues([], at: .none)
      return main.finish()
    }())
  program.script = FunctionID(1)
  optimise(&program)
  #expect(verify(program).isEmpty)
  #expect(program.functions.count == 1)
  #expect(program.functions[0].blocks.count == 1)
  let operations = program.functions[0].blocks[0].instructions.map(\.operation)
  #expect(operations == [.constant(.real(4)), .factor])
}
