import BorelBase
import BorelIR

extension FunctionDifferentiation {
  mutating func differentiate(_ instruction: Instruction) {
    let operands = instruction.operands
    switch instruction.operation {
    case .primitive(let name): differentiate(primitive: name, instruction)
    case .arrayMake, .arrayFill, .arraySet, .arrayAppend, .arrayConcat, .arraySlice, .arrayGet:
      keep(instruction)
      differentiate(array: instruction)
    case .boxMake, .boxFields:
      keep(instruction)
      differentiate(box: instruction)
    case .closureMake(let callee, _): makeClosed(callee, instruction)
    case .modelMake(let callee, _): makeClosed(callee, instruction)
    case .distributionMake(let family, let layout):
      keep(instruction)
      for direction in directions(instruction.results[0]).members {
        let changes = operands.map { change($0, direction) }
        let tangent = emit(
          .distributionTangent(family: family, layout), changes, .distribution(layout))
        setTangent(tangent, of: instruction.results[0], direction)
      }
    case .distributionTangent(let family, let layout):
      keep(instruction)
      for direction in directions(instruction.results[0]).members {
        let changes = operands.map { change($0, direction) }
        let tangent = emit(
          .distributionTangent(family: family, layout), changes, .distribution(layout))
        setTangent(tangent, of: instruction.results[0], direction)
      }
    case .logDensity(let layout):
      keep(instruction)
      let density = Density(
        family: nil, parameters: [operands[0]], value: Array(operands.dropFirst()), layout)
      for (direction, tangent) in tangents(of: density) {
        setTangent(tangent, of: instruction.results[0], direction)
      }
    case .densityTangent, .densityCurvature:
      keep(instruction)
      differentiate(densityTangent: instruction)
    case .sample, .score: differentiate(choice: instruction)
    case .factor:
      keep(instruction)
      for direction in directions(operands[0]).members {
        if let tangent = tangent(operands[0], direction) { score(tangent, direction) }
      }
    case .tally(let number):
      keep(instruction)
      for (direction, curvature) in context.tallies.curvature[number] ?? [:] {
        guard let tangent = tangent(operands[0], direction) else { continue }
        code.append(Instruction(.tally(curvature), [tangent], results: [], span: span))
      }
    case .memoFind(let key, let value):
      let known = context.analysis.memoized[[key, value]] ?? value.map { _ in .none }
      var results = [instruction.results[0]]
      for result in instruction.results.dropFirst() {
        results += [result] + declareTangents(of: result)
      }
      code.append(
        Instruction(
          .memoFind(
            key: key.map { context.mapped($0) }, value: context.expanded(value, known)),
          operands, results: results, span: span))
    case .memoStore(let key, let value):
      let known = context.analysis.memoized[[key, value]] ?? value.map { _ in .none }
      let words = expanded(Array(operands.suffix(value.count)), known)
      code.append(
        Instruction(
          .memoStore(
            key: key.map { context.mapped($0) }, value: context.expanded(value, known)),
          operands.dropLast(value.count) + words, results: [], span: span))
    default: keep(instruction)
    }
  }

  /// Appends the instruction as it was.
  mutating func keep(_ instruction: Instruction) {
    var copy = instruction
    copy.operation = copy.operation.mapTypes { context.mapped($0) }
    code.append(copy)
  }

  // MARK: Objects

  private mutating func differentiate(array instruction: Instruction) {
    let operands = instruction.operands
    if case .arrayGet(let element) = instruction.operation {
      for direction in directions(operands[0]).members {
        let array = tangentOrZero(operands[0], direction)
        getTangents(
          .arrayGet(context.tangentTypes(element)), [array, operands[1]],
          of: instruction.results, direction)
      }
      return
    }
    guard let result = instruction.results.first,
      let type = context.tangentType(type(result))
    else { return }
    for direction in directions(result).members {
      let operation: Operation
      var words: [ValueID]
      switch instruction.operation {
      case .arrayMake(let element):
        operation = .arrayMake(context.tangentTypes(element))
        words = changing(operands, direction)
      case .arrayFill(let element):
        operation = .arrayFill(context.tangentTypes(element))
        words = [operands[0]] + changing(Array(operands.dropFirst()), direction)
      case .arraySet(let element):
        operation = .arraySet(context.tangentTypes(element))
        words = [tangentOrZero(operands[0], direction), operands[1]]
        words += changing(Array(operands.dropFirst(2)), direction)
      case .arrayAppend(let element):
        operation = .arrayAppend(context.tangentTypes(element))
        words = changing(operands, direction)
      case .arrayConcat(let element):
        operation = .arrayConcat(context.tangentTypes(element))
        words = changing(operands, direction)
      case .arraySlice(let element):
        operation = .arraySlice(context.tangentTypes(element))
        words = [tangentOrZero(operands[0], direction)] + operands.dropFirst()
      default: return
      }
      setTangent(emit(operation, words, type), of: result, direction)
    }
  }

  /// The tangents of those words that have some.
  private mutating func changing(_ words: [ValueID], _ direction: Int) -> [ValueID] {
    words.filter { context.tangentType(type($0)) != nil }.map { tangentOrZero($0, direction) }
  }

  /// An operation whose results are the tangents of those results that have some.
  private mutating func getTangents(
    _ operation: Operation, _ operands: [ValueID], of results: [ValueID], _ direction: Int
  ) {
    var found: [ValueID] = []
    for result in results {
      guard let type = context.tangentType(type(result)) else { continue }
      let tangent = addValue(type)
      found.append(tangent)
      setTangent(tangent, of: result, direction)
    }
    guard !found.isEmpty else { return }
    code.append(Instruction(operation, operands, results: found, span: span))
  }

  private mutating func differentiate(box instruction: Instruction) {
    let operands = instruction.operands
    switch instruction.operation {
    case .boxMake(let tag, let fields):
      let result = instruction.results[0]
      guard let type = context.tangentType(type(result)) else { return }
      for direction in directions(result).members {
        let words = changing(operands, direction)
        let box = emit(.boxMake(tag: tag, context.tangentTypes(fields)), words, type)
        setTangent(box, of: result, direction)
      }
    case .boxFields(let tag, let first, let fields):
      guard case .enumeration(let number) = type(operands[0]) else { return }
      let enumerations = context.analysis.program.enumerations
      let words = enumerations[number].cases[tag].payload.flatMap { $0.layout(enumerations) }
      let position = context.tangentTypes(Array(words.prefix(first))).count
      for direction in directions(operands[0]).members {
        let box = tangentOrZero(operands[0], direction)
        getTangents(
          .boxFields(tag: tag, first: position, context.tangentTypes(fields)), [box],
          of: instruction.results, direction)
      }
    default: break
    }
  }

  private mutating func makeClosed(_ callee: FunctionID, _ instruction: Instruction) {
    let number = Int(callee.index)
    guard context.active.contains(number) else {
      keep(instruction)
      return
    }
    let count = instruction.operands.count
    let expected = Array(parameterDirections(number).suffix(count))
    let words = expanded(instruction.operands, expected)
    let types = words.map { function.valueTypes[Int($0.index)] }
    let target = context.callee(callee)
    let operation: Operation =
      if case .modelMake = instruction.operation {
        .modelMake(target, types)
      } else {
        .closureMake(target, types)
      }
    code.append(Instruction(operation, words, results: instruction.results, span: span))
  }
}
