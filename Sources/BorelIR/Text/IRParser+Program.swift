import BorelBase

extension IRParser {
  mutating func parseProgram() throws(IRSyntaxError) -> Program {
    try collectFunctionNames()
    var program = Program(representations: [])
    while token.kind != .end {
      let start = token.span
      guard case .word(let word) = token.kind else { throw unexpected("a declaration") }
      switch word {
      case "representations": try parseRepresentations(into: &program)
      case "enumeration": program.enumerations.append(try enumeration())
      case "report":
        advance()
        let name = try string()
        try expect(":")
        let shape = try shape()
        let isImputed = accept(word: "imputed")
        program.reports.append(
          Report(name: name, shape: shape, span: span(from: start), isImputed: isImputed))
      case "tally":
        advance()
        program.tallies.append(try string())
      case "model": program.models.append(try model())
      case "move": program.moves.append(try move())
      case "script":
        advance()
        program.script = try functionReference()
      case "func": program.functions.append(try function())
      default: throw unexpected("a declaration")
      }
    }
    return program
  }

  private mutating func collectFunctionNames() throws(IRSyntaxError) {
    var count = 0
    for index in tokens.indices.dropLast() where tokens[index].kind == .word("func") {
      guard case .function(let name) = tokens[index + 1].kind else { continue }
      guard functionNumbers.updateValue(count, forKey: name) == nil else {
        throw IRSyntaxError(
          message: "two functions are called '\(name)'", span: tokens[index + 1].span)
      }
      count += 1
    }
  }

  private mutating func parseRepresentations(
    into program: inout Program
  ) throws(IRSyntaxError) {
    advance()
    while case .word(let word) = token.kind, let item = Representation(rawValue: word) {
      program.representations.append(item)
      advance()
    }
  }

  private mutating func enumeration() throws(IRSyntaxError) -> EnumerationInfo {
    advance()
    let name = try name()
    let cases = try list("{", "}") { parser throws(IRSyntaxError) in
      let name = try parser.name()
      let payload =
        parser.isAt("(")
        ? try parser.list("(", ")") { inner throws(IRSyntaxError) in try inner.shape() } : []
      return EnumerationInfo.Case(name: name, payload: payload)
    }
    return EnumerationInfo(name: name, cases: cases)
  }

  private mutating func model() throws(IRSyntaxError) -> ModelInfo {
    let start = token.span
    advance()
    let name = try name()
    try expect("=")
    let function = try functionReference()
    try expect("->")
    let result = try shape()
    let documentation = accept(word: "documentation") ? try string() : ""
    let headSpan = span(from: start)
    try expect("{")
    var parameters: [ModelInfo.Parameter] = []
    while !accept("}") { parameters.append(try modelParameter()) }
    return ModelInfo(
      name: name, function: function, parameters: parameters, result: result, span: headSpan,
      documentation: documentation)
  }

  private mutating func move() throws(IRSyntaxError) -> MoveInfo {
    let start = token.span
    advance()
    let name = try name()
    try expect(word: "of")
    let model = try functionReference()
    try expect("=")
    let involution = try functionReference()
    let proposal = accept(word: "proposal") ? try functionReference() : nil
    var move = MoveInfo(
      name: name, model: model, proposal: proposal, involution: involution, arguments: [],
      trace: [], auxiliary: [], span: span(from: start))
    try expect("{")
    while !accept("}") {
      guard case .word(let word) = token.kind else { throw unexpected("a part of a move") }
      advance()
      switch word {
      case "trace": move.trace.append(try moveChoice())
      case "auxiliary": move.auxiliary.append(try moveChoice())
      case "argument": move.arguments.append(try integer())
      default: throw failure("unknown part '\(word)' of a move")
      }
    }
    return move
  }

  private mutating func moveChoice() throws(IRSyntaxError) -> MoveInfo.Choice {
    let name = try name()
    try expect(":")
    let shape = try shape()
    try expect(word: "site")
    return MoveInfo.Choice(name: name, shape: shape, site: try integer())
  }

  private mutating func modelParameter() throws(IRSyntaxError) -> ModelInfo.Parameter {
    let start = token.span
    let name = try name()
    try expect(":")
    var parameter = ModelInfo.Parameter(name: name, shape: try shape(), span: .none)
    // A word that is followed by a colon is the name of the next parameter.
    while case .word(let word) = token.kind, following.kind != .symbol(":") {
      advance()
      switch word {
      case "learnable": parameter.isLearnable = true
      case "lower": (parameter.lower, parameter.isLowerOpen) = try bound()
      case "upper": (parameter.upper, parameter.isUpperOpen) = try bound()
      case "default": parameter.defaultFunction = try functionReference()
      default: throw failure("unknown property '\(word)' of a parameter")
      }
    }
    parameter.span = span(from: start)
    return parameter
  }

  private mutating func bound() throws(IRSyntaxError) -> (Double?, Bool) {
    let isOpen = accept(word: "open")
    switch token.kind {
    case .real, .int, .word("inf"), .word("nan"): return (try real(), isOpen)
    default: return (nil, isOpen)
    }
  }

  private mutating func function() throws(IRSyntaxError) -> Function {
    let start = token.span
    advance()
    guard case .function(let name) = token.kind else { throw unexpected("'@' and a name") }
    advance()
    try expect("->")
    let results = try list("(", ")") { parser throws(IRSyntaxError) in try parser.type() }
    let headSpan = span(from: start)
    try expect("{")
    valueTypes = [:]
    valueNames = [:]
    valueSpans = [:]
    while accept(word: "unused") { _ = try definition() }
    var blocks: [Block] = []
    while !accept("}") { blocks.append(try block(number: blocks.count)) }
    var types: [IRType] = []
    for index in 0..<valueTypes.count {
      guard let type = valueTypes[index] else {
        throw IRSyntaxError(
          message: "values of '\(name)' are not numbered without gaps: '%\(index)' is missing",
          span: start)
      }
      types.append(type)
    }
    for (index, span) in valueSpans.sorted(by: { $0.key < $1.key }) where index >= types.count {
      throw IRSyntaxError(message: "'%\(index)' is never defined", span: span)
    }
    return Function(
      name: name, blocks: blocks, valueTypes: types, results: results, span: headSpan,
      valueNames: valueNames)
  }

  private mutating func block(number: Int) throws(IRSyntaxError) -> Block {
    guard case .word("bb\(number)") = token.kind else { throw unexpected("'bb\(number)'") }
    advance()
    let parameters =
      isAt("(")
      ? try list("(", ")") { parser throws(IRSyntaxError) in try parser.definition() } : []
    try expect(":")
    var instructions: [Instruction] = []
    while true {
      let start = token.span
      if let terminator = try terminator() {
        return Block(
          parameters: parameters, instructions: instructions, terminator: terminator,
          terminatorSpan: span(from: start))
      }
      instructions.append(try instruction())
    }
  }

  /// `%3.level: real`
  mutating func definition() throws(IRSyntaxError) -> ValueID {
    let start = token.span
    let value = try value()
    try expect(":")
    guard valueTypes[Int(value.index)] == nil else {
      throw IRSyntaxError(message: "'%\(value.index)' is defined twice", span: start)
    }
    valueTypes[Int(value.index)] = try type()
    return value
  }

  mutating func value() throws(IRSyntaxError) -> ValueID {
    guard case .value(let index, let name) = token.kind else { throw unexpected("a value") }
    if valueSpans[index] == nil { valueSpans[index] = token.span }
    if let name { valueNames[Int32(index)] = name }
    advance()
    return ValueID(index)
  }
}
