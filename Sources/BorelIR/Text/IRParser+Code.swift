import BorelBase

extension IRParser {
  /// `%3: real = add.real %1, %2`
  mutating func instruction() throws(IRSyntaxError) -> Instruction {
    let start = token.span
    var results: [ValueID] = []
    if case .value = token.kind {
      results.append(try definition())
      while accept(",") { results.append(try definition()) }
      try expect("=")
    }
    let (operation, operands) = try operation()
    return Instruction(operation, operands, results: results, span: span(from: start))
  }

  private mutating func operation() throws(IRSyntaxError) -> (Operation, [ValueID]) {
    guard case .word(let word) = token.kind else { throw unexpected("an operation") }
    advance()
    switch word {
    case "const": return (.constant(try constant()), try operands())
    case "primitive": return (.primitive(try string()), try operands())
    case "array.make": return (.arrayMake(try layout()), try operands())
    case "array.fill": return (.arrayFill(try layout()), try operands())
    case "array.count": return (.arrayCount, try operands())
    case "array.get": return (.arrayGet(try layout()), try operands())
    case "array.set": return (.arraySet(try layout()), try operands())
    case "array.append": return (.arrayAppend(try layout()), try operands())
    case "array.concat": return (.arrayConcat(try layout()), try operands())
    case "array.slice": return (.arraySlice(try layout()), try operands())
    case "box.make":
      let types = try layout()
      try expect(word: "tag")
      return (.boxMake(tag: try count(), types), try operands())
    case "box.tag": return (.boxTag, try operands())
    case "box.fields":
      let types = try layout()
      try expect(word: "tag")
      let tag = try count()
      try expect(word: "first")
      return (.boxFields(tag: tag, first: try count(), types), try operands())
    case "closure":
      let types = try layout()
      return (.closureMake(try functionReference(), types), try operands())
    case "distribution":
      let types = try layout()
      return (.distributionMake(family: try name(), types), try arguments())
    case "logdensity": return (.logDensity(try layout()), try operands())
    case "equal": return (.equal(try layout()), try operands())
    case "zero.tangent": return (.zeroTangent, try operands())
    case "distribution.tangent":
      let types = try layout()
      return (.distributionTangent(family: try name(), types), try arguments())
    case "density.tangent", "density.curvature": return try change(word)
    case "model":
      let types = try layout()
      return (.modelMake(try functionReference(), types), try operands())
    default: return try effect(word)
    }
  }

  private mutating func effect(_ word: String) throws(IRSyntaxError) -> (Operation, [ValueID]) {
    switch word {
    case "sample":
      let draw = try draw()
      return (
        .sample(
          family: draw.family, draw.site, parameterCount: draw.parameterCount, draw.types),
        draw.operands
      )
    case "observe", "score":
      let (draw, isOptional) = try datum()
      let operation: Operation =
        word == "observe"
        ? .observe(
          family: draw.family, draw.site, parameterCount: draw.parameterCount, draw.types,
          isOptional: isOptional)
        : .score(
          family: draw.family, draw.site, parameterCount: draw.parameterCount, draw.types,
          isOptional: isOptional)
      return (operation, draw.operands)
    case "factor": return (.factor, try operands())
    case "require": return (.require, try operands())
    case "tally": return (.tally(try number()), try operands())
    case "emit":
      let number = try number()
      let words = try operands()
      let counters = try loops()
      return (.emit(number, loopCount: counters.count), words + counters)
    case "print", "describe", "decode", "debug":
      try expect("<")
      let shape = try shape()
      try expect(">")
      let operands = try operands()
      switch word {
      case "print": return (.print(shape), operands)
      case "describe": return (.describe(shape), operands)
      case "decode": return (.decode(shape), operands)
      default: return (.debug(shape), operands)
      }
    case "fail": return (.fail(try string()), try operands())
    case "memo.make": return (.memoMake, try operands())
    case "memo.enter": return (.memoEnter(key: try layout()), try operands())
    case "memo.find":
      let key = try layout()
      return (.memoFind(key: key, value: try layout()), try operands())
    case "memo.store":
      let key = try layout()
      return (.memoStore(key: key, value: try layout()), try operands())
    case "infer":
      let types = try layout()
      return (.infer(method: try string(), types), try operands())
    case "host":
      let types = try layout()
      return (.host(try string(), types), try operands())
    default:
      guard isPlainPrimitive(word) else {
        position -= 1
        throw unexpected("an operation")
      }
      return (.primitive(word), try operands())
    }
  }

  /// The terminator that starts here, or nil when an instruction does.
  mutating func terminator() throws(IRSyntaxError) -> Terminator? {
    guard case .word(let word) = token.kind else { return nil }
    switch word {
    case "jump":
      advance()
      return .jump(try target())
    case "branch":
      advance()
      let condition = try value()
      try expect(",")
      let then = try target()
      try expect(",")
      return .branch(condition, then: then, otherwise: try target())
    case "call":
      advance()
      let callee = try functionReference()
      let arguments = try arguments()
      return .call(callee, arguments, continuation: try continuation())
    case "apply":
      advance()
      let closure = try value()
      let arguments = try arguments()
      return .apply(closure, arguments, continuation: try continuation())
    case "return":
      advance()
      return .returnValues(try operands())
    case "tailcall":
      advance()
      let callee = try functionReference()
      return .tailCall(callee, try arguments())
    case "checkpoint":
      advance()
      let number = try number()
      return .checkpoint(number, continuation: try continuation())
    case "fork":
      advance()
      let draw = try draw()
      return .fork(
        family: draw.family, draw.site, operands: draw.operands,
        parameterCount: draw.parameterCount, draw.types, continuation: try continuation())
    default: return nil
    }
  }

  private struct Draw {
    var family: String?
    var site: Site
    var parameterCount: Int
    var types: [IRType]
    var operands: [ValueID]
  }

  private mutating func draw() throws(IRSyntaxError) -> Draw {
    let types = try layout()
    let (family, parameters) = try source()
    let site = try site()
    return Draw(
      family: family, site: site, parameterCount: parameters.count, types: types,
      operands: parameters + (try loops()))
  }

  private mutating func datum() throws(IRSyntaxError) -> (Draw, isOptional: Bool) {
    let types = try layout()
    let (family, parameters) = try source()
    try expect(word: "of")
    let words = try operands()
    let flag = accept(word: "present") ? [try value()] : []
    let site = try site()
    let draw = Draw(
      family: family, site: site, parameterCount: parameters.count, types: types,
      operands: parameters + flag + words + (try loops()))
    return (draw, !flag.isEmpty)
  }

  /// `<real> Normal(%1, %2) of %3 along 0 1 (%4, %5) (%6, %7)`
  private mutating func change(
    _ word: String
  ) throws(IRSyntaxError) -> (Operation, [ValueID]) {
    let types = try layout()
    let (family, parameters) = try source()
    try expect(word: "of")
    var operands = parameters + (try self.operands())
    try expect(word: "along")
    var wanted: [Int] = []
    while !isAt("(") { wanted.append(try count()) }
    var directions = 0
    while isAt("(") {
      operands += try arguments()
      directions += 1
    }
    let operation: Operation =
      word == "density.tangent"
      ? .densityTangent(
        family: family, parameterCount: parameters.count, types, wanted: wanted,
        directionCount: directions)
      : .densityCurvature(
        family: family, parameterCount: parameters.count, types, wanted: wanted)
    return (operation, operands)
  }

  private mutating func source() throws(IRSyntaxError) -> (String?, [ValueID]) {
    if accept(word: "dynamic") { return (nil, try arguments()) }
    return (try name(), try arguments())
  }

  private mutating func site() throws(IRSyntaxError) -> Site {
    try expect(word: "site")
    var site = Site(number: try integer(), name: nil)
    if case .string(let name) = token.kind {
      site.name = name
      advance()
    }
    site.isReported = accept(word: "reported")
    site.isPlate = accept(word: "plate")
    if accept(word: "drift") { site.drift = try real() }
    return site
  }

  private mutating func loops() throws(IRSyntaxError) -> [ValueID] {
    accept(word: "loops") ? try arguments() : []
  }

  /// `%1, %2`, possibly empty. A value that is followed by a colon starts the next instruction.
  private mutating func operands() throws(IRSyntaxError) -> [ValueID] {
    guard case .value = token.kind, following.kind != .symbol(":") else { return [] }
    var values = [try value()]
    while accept(",") { values.append(try value()) }
    return values
  }

  /// `(%1, %2)`
  private mutating func arguments() throws(IRSyntaxError) -> [ValueID] {
    try list("(", ")") { parser throws(IRSyntaxError) in try parser.value() }
  }

  private mutating func continuation() throws(IRSyntaxError) -> Target {
    try expect("->")
    return try target()
  }

  private mutating func target() throws(IRSyntaxError) -> Target {
    guard case .word(let word) = token.kind, word.hasPrefix("bb"),
      let number = Int(word.dropFirst(2)), number >= 0, number < IRLexer.largestNumber
    else { throw unexpected("a block") }
    advance()
    return Target(BlockID(number), isAt("(") ? try arguments() : [])
  }
}
