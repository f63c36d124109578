import BorelBase
import BorelIR
import BorelPrimitives

extension FunctionDifferentiation {
  /// Keeps a primitive and adds the tangents of its result, by the formulas of the registry.
  mutating func differentiate(primitive name: String, _ instruction: Instruction) {
    keep(instruction)
    guard let result = instruction.results.first else { return }
    let members = directions(result).members
    if members.isEmpty { return }
    let operands = instruction.operands
    if name == "select.word" {
      guard let type = context.tangentType(type(result)) else { return }
      for direction in members {
        let words = operands.dropFirst().map { tangentOrZero($0, direction) }
        setTangent(
          emit(.primitive(name), [operands[0]] + words, type), of: result, direction)
      }
      return
    }
    guard let primitive = context.program.primitive(named: name),
      case .terms(let terms) = primitive.derivative
    else { return }
    var formulas = Formulas(operands: operands, result: result, primitive)
    for direction in members {
      formulas.tangents = operands.map { tangent($0, direction) }
      var sum: Word?
      for (operand, term) in zip(operands, terms) {
        guard let term, term.hasTangent, tangent(operand, direction) != nil else { continue }
        let word = evaluate(term, &formulas)
        sum = sum.map { apply("add", [$0, word]) } ?? word
      }
      guard var total = sum else {
        setTangent(tangentOrZero(result, direction), of: result, direction)
        continue
      }
      if total.type == .real, primitive.result == .realArray {
        total = apply("stretch", [Word(value: result, type: .realArray), total])
      }
      setTangent(total.value, of: result, direction)
    }
  }

  /// A value with its type as primitives see it.
  struct Word: Hashable {
    var value: ValueID
    var type: WordType
  }

  /// The evaluation of formulas about one primitive: parts without tangents are shared.
  struct Formulas {
    let operands: [Word]
    let result: Word
    var tangents: [ValueID?] = []
    var known: [Formula: Word] = [:]

    init(operands: [ValueID], result: ValueID, _ primitive: Primitive) {
      self.operands = zip(operands, primitive.parameters).map { Word(value: $0, type: $1) }
      self.result = Word(value: result, type: primitive.result)
    }
  }

  private mutating func evaluate(_ formula: Formula, _ formulas: inout Formulas) -> Word {
    switch formula {
    case .operand(let position): return formulas.operands[position]
    case .result: return formulas.result
    case .tangent(let position):
      guard let tangent = formulas.tangents[position] else {
        internalError("a term of a derivative has the tangent of another operand")
      }
      return Word(value: tangent, type: formulas.operands[position].type)
    case .real, .int, .apply: break
    }
    if let known = formulas.known[formula] { return known }
    let word: Word
    switch formula {
    case .real(let value): word = Word(value: real(value), type: .real)
    case .int(let value):
      word = Word(value: emit(.constant(.int(value)), [], .int), type: .int)
    case .apply(let name, let arguments):
      word = apply(name, arguments.map { evaluate($0, &formulas) })
    case .operand, .result, .tangent: internalError("a leaf of a formula has no parts")
    }
    if !formula.hasTangent { formulas.known[formula] = word }
    return word
  }

  private mutating func apply(_ name: String, _ arguments: [Word]) -> Word {
    var arguments = arguments
    // A scalar factor that is added to an array stands for each element.
    if name == "add", arguments[0].type != arguments[1].type,
      arguments.contains(where: { $0.type == .realArray })
    {
      for position in 0..<2 where arguments[position].type == .real {
        arguments[position] = apply("stretch", [arguments[1 - position], arguments[position]])
      }
    }
    let types = arguments.map(\.type)
    let known =
      PrimitiveRegistry.primitive(name, of: types) ?? context.program.host.primitive(named: name)
    guard let primitive = known else {
      internalError("no primitive '\(name)' of \(types) for a derivative")
    }
    let value = emit(
      .primitive(primitive.name), arguments.map(\.value), primitive.result.irType)
    return Word(value: value, type: primitive.result)
  }
}
