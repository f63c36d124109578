import BorelBase
import BorelIR

/// A small deterministic generator (SplitMix64), so that failing programs can be made again.
package struct TestRandom: RandomNumberGenerator {
  private var state: UInt64
  package init(seed: UInt64) { state = seed }
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// A random well-formed program with a model `m(data: [Real?], scale: Real)`: nested branches and
/// loops, uniform and varying, helper functions, closures, memo tables, plates, early returns.
package func randomProgram(seed: UInt64) -> Program {
  var generator = RandomProgram(seed: seed)
  return generator.make()
}

/// Arguments for the model of a random program.
package let randomProgramArguments: [Word] = [
  .array([
    [.bool(true), .real(0.5)], [.bool(false), .real(0)], [.bool(true), .real(-1)],
  ]),
  .real(0.75),
]

struct RandomProgram {
  private var random: TestRandom
  private var functions: [Function] = []
  private var site = 0

  init(seed: UInt64) { random = TestRandom(seed: seed) }

  /// Functions come before those that call them; the model is the last one.
  mutating func make() -> Program {
    for index in 0..<Int.random(in: 1...3, using: &random) {
      var writer = FunctionWriter(name: "helper \(index)", parameters: [.real, .real])
      write(&writer, depth: 2, isModel: false)
      functions.append(writer.function)
    }
    var writer = FunctionWriter(name: "model m", parameters: [.array([.bool, .real]), .real])
    write(&writer, depth: 3, isModel: true)
    functions.append(writer.function)
    let real = Report(name: "x", shape: .real, span: .none)
    return Program(
      functions: functions,
      models: [
        ModelInfo(
          name: "m", function: FunctionID(functions.count - 1),
          parameters: [
            ModelInfo.Parameter(name: "data", shape: .array(.optional(.real)), span: .none),
            ModelInfo.Parameter(name: "scale", shape: .real, span: .none),
          ],
          result: .real, span: .none)
      ],
      reports: [real], tallies: ["s"])
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  private mutating func nextSite(_ name: String?, isPlate: Bool = false) -> Site {
    site += 1
    return Site(number: site, name: name, isPlate: isPlate)
  }

  private mutating func write(_ writer: inout FunctionWriter, depth: Int, isModel: Bool) {
    let data = isModel ? writer.function.blocks[0].parameters[0] : nil
    let one = writer.real(1)
    writer.one = one
    writer.data = data
    if isModel {
      writer.variables = [writer.function.blocks[0].parameters[1], writer.real(0.25), one]
    } else {
      writer.variables = writer.function.blocks[0].parameters + [one]
    }
    writer.table = writer.append(.memoMake, [], [.int])[0]
    for _ in 0..<(3 + pick(4)) { statement(&writer, depth) }
    writer.finish(.returnValues([writer.variables[pick(3)]]))
  }

  private mutating func variable(_ writer: FunctionWriter) -> ValueID {
    writer.variables[pick(writer.variables.count)]
  }

  private mutating func statement(_ writer: inout FunctionWriter, _ depth: Int) {
    guard !writer.isFinished else { return }
    switch pick(depth > 0 ? 19 : 9) {
    case 0:
      let name = ["add.real", "subtract.real", "max.real"][pick(3)]
      writer.variables[pick(3)] =
        writer.append(
          .primitive(name), [variable(writer), variable(writer)], [.real])[0]
    case 1, 2:
      writer.variables[pick(3)] =
        writer.append(
          .sample(family: "Normal", nextSite(nil), parameterCount: 2, [.real]),
          [variable(writer), writer.one] + writer.counters, [.real])[0]
    case 3, 4: observe(&writer)
    case 5: _ = writer.append(.tally(0), [variable(writer)], [])
    case 6:
      _ = writer.append(
        .emit(0, loopCount: writer.counters.count), [variable(writer)] + writer.counters, [])
    case 7: if pick(3) == 0 { _ = writer.append(.factor, [variable(writer)], []) }
    case 8: call(&writer)
    case 9, 10, 11: branch(&writer, depth)
    case 12, 13: loop(&writer, depth)
    case 14: randomLoop(&writer, depth)
    case 15: plate(&writer)
    case 16, 17: array(&writer, depth)
    default: memo(&writer)
    }
  }

  private mutating func observe(_ writer: inout FunctionWriter, isPlate: Bool = false) {
    let parameters = [variable(writer), writer.one]
    if let data = writer.data, pick(2) == 0 {
      let index = writer.counters.last ?? writer.int(Int64(pick(3)))
      let datum = writer.append(.arrayGet([.bool, .real]), [data, index], [.bool, .real])
      let isUsed = pick(2) == 0
      let result = writer.append(
        .observe(
          family: "Normal", nextSite("data", isPlate: isPlate), parameterCount: 2, [.real],
          isOptional: true),
        parameters + datum + writer.counters, isUsed ? [.real] : [])
      if isUsed { writer.variables[pick(3)] = result[0] }
    } else {
      _ = writer.append(
        .observe(
          family: "Normal", nextSite("y", isPlate: isPlate), parameterCount: 2, [.real],
          isOptional: false),
        parameters + [writer.one] + writer.counters, [])
    }
  }

  private mutating func condition(_ writer: inout FunctionWriter) -> ValueID {
    switch pick(4) {
    case 0:
      return writer.append(
        .sample(family: "Bernoulli", nextSite(nil), parameterCount: 1, [.bool]),
        [writer.one] + writer.counters, [.bool])[0]
    case 1:
      let bound = writer.int(1)
      let counter = writer.counters.last ?? bound
      return writer.append(.primitive("less.int"), [counter, bound], [.bool])[0]
    default:
      return writer.append(
        .primitive("less.real"), [variable(writer), variable(writer)], [.bool])[0]
    }
  }

  private mutating func statements(_ writer: inout FunctionWriter, _ depth: Int) {
    for _ in 0..<pick(3) { statement(&writer, depth - 1) }
    if depth < 3, pick(12) == 0 { writer.finish(.returnValues([variable(writer)])) }
  }

  private mutating func branch(_ writer: inout FunctionWriter, _ depth: Int) {
    let condition = condition(&writer)
    let then = writer.newBlock()
    let otherwise = writer.newBlock()
    let merge = writer.newBlock()
    writer.finish(
      .branch(
        condition, then: Target(then, writer.variables),
        otherwise: Target(otherwise, writer.variables)))
    for arm in [then, otherwise] {
      writer.begin(arm)
      statements(&writer, depth)
      writer.finish(.jump(Target(merge, writer.variables)))
    }
    writer.begin(merge)
  }

  private mutating func counted(
    _ writer: inout FunctionWriter, count: ValueID,
    _ body: (inout RandomProgram, inout FunctionWriter) -> Void
  ) {
    let zero = writer.int(0)
    let header = writer.newBlock(counter: true)
    let inside = writer.newBlock()
    let exit = writer.newBlock()
    writer.finish(.jump(Target(header, writer.variables + [zero])))
    writer.begin(header)
    let counter = writer.function.blocks[Int(header.index)].parameters[3]
    let more = writer.append(.primitive("less.int"), [counter, count], [.bool])[0]
    writer.finish(
      .branch(
        more, then: Target(inside, writer.variables), otherwise: Target(exit, writer.variables)))
    writer.begin(inside)
    writer.counters.append(counter)
    body(&self, &writer)
    writer.counters.removeLast()
    if !writer.isFinished {
      let next = writer.append(.primitive("add.int"), [counter, writer.int(1)], [.int])[0]
      writer.finish(.jump(Target(header, writer.variables + [next])))
    }
    writer.begin(exit)
  }

  /// A loop over an array of variables, of which the length may depend on a condition.
  private mutating func array(_ writer: inout FunctionWriter, _ depth: Int) {
    func make(_ generator: inout RandomProgram, _ writer: inout FunctionWriter) -> ValueID {
      let elements = (0...generator.pick(3)).map { _ in generator.variable(writer) }
      return writer.append(.arrayMake([.real]), elements, [.array([.real])])[0]
    }
    var array = make(&self, &writer)
    if pick(2) == 0 {
      let condition = condition(&writer)
      let merge = writer.newBlock(extra: .array([.real]))
      let arms = [writer.newBlock(), writer.newBlock()]
      writer.finish(
        .branch(
          condition, then: Target(arms[0], writer.variables),
          otherwise: Target(arms[1], writer.variables)))
      for arm in arms {
        writer.begin(arm)
        let made = make(&self, &writer)
        writer.finish(.jump(Target(merge, writer.variables + [made])))
      }
      writer.begin(merge)
      array = writer.function.blocks[Int(merge.index)].parameters[3]
    }
    let count = writer.append(.arrayCount, [array], [.int])[0]
    counted(&writer, count: count) { generator, writer in
      let index = writer.counters[writer.counters.count - 1]
      writer.variables[generator.pick(3)] =
        writer.append(
          .arrayGet([.real]), [array, index], [.real])[0]
      generator.observe(&writer)
      generator.statements(&writer, depth)
    }
  }

  private mutating func loop(_ writer: inout FunctionWriter, _ depth: Int) {
    let count: ValueID
    if let data = writer.data, pick(2) == 0 {
      count = writer.append(.arrayCount, [data], [.int])[0]
    } else {
      count = writer.int(Int64(1 + pick(3)))
    }
    counted(&writer, count: count) { generator, writer in
      generator.statement(&writer, 0)
      generator.statements(&writer, depth)
    }
  }

  private mutating func plate(_ writer: inout FunctionWriter) {
    let count = writer.int(Int64(pick(3)))
    counted(&writer, count: count) { generator, writer in
      generator.observe(&writer, isPlate: true)
    }
  }

  /// A loop that goes on while a coin shows heads, three times at most.
  private mutating func randomLoop(_ writer: inout FunctionWriter, _ depth: Int) {
    let exit = writer.newBlock()
    counted(&writer, count: writer.int(3)) { generator, writer in
      let coin = writer.append(
        .sample(
          family: "Bernoulli", generator.nextSite(nil), parameterCount: 1, [.bool]),
        [writer.one] + writer.counters, [.bool])[0]
      let inside = writer.newBlock()
      writer.finish(
        .branch(
          coin, then: Target(inside, writer.variables), otherwise: Target(exit, writer.variables)))
      writer.begin(inside)
      generator.statements(&writer, depth)
    }
    writer.finish(.jump(Target(exit, writer.variables)))
    writer.begin(exit)
  }

  private mutating func call(_ writer: inout FunctionWriter) {
    guard !functions.isEmpty else { return }
    let arguments = [variable(writer), variable(writer)]
    let type = IRType.function([.real], [.real])
    switch pick(3) {
    case 0:
      let next = writer.newBlock(word: true)
      writer.finish(
        .call(
          FunctionID(pick(functions.count)), arguments,
          continuation: Target(next, writer.variables)))
      writer.beginAfterCall(next, into: pick(3))
    case 1:
      let closure = writer.append(
        .closureMake(FunctionID(pick(functions.count)), [.real]), [arguments[1]], [type])[0]
      let next = writer.newBlock(word: true)
      writer.finish(
        .apply(closure, [arguments[0]], continuation: Target(next, writer.variables)))
      writer.beginAfterCall(next, into: pick(3))
    default:
      // Which closure is applied depends on a condition.
      let condition = condition(&writer)
      let closures = (0..<2).map { _ in
        writer.append(
          .closureMake(FunctionID(pick(functions.count)), [.real]), [variable(writer)], [type])[0]
      }
      let merge = writer.newBlock(extra: type)
      let arms = [writer.newBlock(), writer.newBlock()]
      writer.finish(
        .branch(
          condition, then: Target(arms[0], writer.variables),
          otherwise: Target(arms[1], writer.variables)))
      for (arm, closure) in zip(arms, closures) {
        writer.begin(arm)
        writer.finish(.jump(Target(merge, writer.variables + [closure])))
      }
      writer.begin(merge)
      let chosen = writer.function.blocks[Int(merge.index)].parameters[3]
      let next = writer.newBlock(word: true)
      writer.finish(
        .apply(chosen, [variable(writer)], continuation: Target(next, writer.variables)))
      writer.beginAfterCall(next, into: pick(3))
    }
  }

  /// `mem`: looks a key up, draws and stores when it is not there.
  private mutating func memo(_ writer: inout FunctionWriter) {
    guard let table = writer.table else { return }
    let key = writer.counters.last ?? writer.int(Int64(pick(2)))
    let found = writer.append(
      .memoFind(key: [.int], value: [.real]), [table, key], [.bool, .real])
    let hit = writer.newBlock()
    let miss = writer.newBlock()
    let merge = writer.newBlock()
    let target = pick(3)
    writer.finish(
      .branch(
        found[0], then: Target(hit, writer.variables), otherwise: Target(miss, writer.variables)))
    writer.begin(hit)
    writer.variables[target] = found[1]
    writer.finish(.jump(Target(merge, writer.variables)))
    writer.begin(miss)
    _ = writer.append(.memoEnter(key: [.int]), [table, key], [])
    let drawn = writer.append(
      .sample(family: "Normal", nextSite(nil), parameterCount: 2, [.real]),
      [writer.one, writer.one] + writer.counters, [.real])[0]
    _ = writer.append(.memoStore(key: [.int], value: [.real]), [table, key, drawn], [])
    writer.variables[target] = drawn
    writer.finish(.jump(Target(merge, writer.variables)))
    writer.begin(merge)
  }
}
