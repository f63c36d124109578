extension FunctionVerifier {
  mutating func checkEffect(
    _ instruction: Instruction, _ operands: [IRType], _ results: [IRType]
  ) {
    let representations = program.representations
    switch instruction.operation {
    case .sample(let family, _, let count, let value):
      checkDraw(family: family, parameterCount: count, operands: instruction.operands, value: value)
      expect("sample", [], [], results, value)
    case .observe(let family, _, let count, let value, let isOptional):
      if let handler = representations.first(where: { $0 == .weighted || $0 == .simulated }) {
        report(.effects, "observe after the transform \(handler.transformName)")
      }
      checkDatum(
        "observe", family, count, value, isOptional, instruction.operands, results)
    case .score(let family, _, let count, let value, let isOptional):
      if !representations.contains(.weighted) {
        report(.effects, "score before the transform Weighted")
      }
      checkDatum("score", family, count, value, isOptional, instruction.operands, results)
    case .factor: expect("factor", operands, [.real], results, [])
    case .require: expect("require", operands, [.bool], results, [])
    case .tally(let number):
      guard program.tallies.indices.contains(number) else {
        report(.reference, "tally #\(number) is not there")
        return
      }
      let isVector = operands == [.array([.real])]
      expect("tally", operands, isVector ? operands : [.real], results, [])
    case .emit(let number, let loopCount):
      guard program.reports.indices.contains(number) else {
        report(.reference, "report #\(number) is not there")
        return
      }
      let words = program.reports[number].shape.layout(program.enumerations)
      let counters = [IRType](repeating: .int, count: max(0, loopCount))
      expect("emit", operands, words + counters, results, [])
    case .print(let shape):
      expect("print", operands, shape.layout(program.enumerations), results, [])
    case .describe(let shape):
      expect("describe", operands, shape.layout(program.enumerations), results, [.string])
    case .decode(let shape):
      expect("decode", operands, [.int], results, shape.layout(program.enumerations))
    case .debug(let shape):
      expect("debug", operands, shape.layout(program.enumerations), results, [])
    case .fail: expect("fail", operands, operands.isEmpty ? [] : [.string], results, [])
    case .memoMake: expect("memo.make", operands, [], results, [.int])
    case .memoEnter(let key):
      expect("memo.enter", operands, [.int] + key, results, [])
    case .memoFind(let key, let value):
      expect("memo.find", operands, [.int] + key, results, [.bool] + value)
    case .memoStore(let key, let value):
      expect("memo.store", operands, [.int] + key + value, results, [])
    case .infer(_, let value):
      let flag: [IRType] = results.count == 2 ? [.bool] : []
      expect("infer", operands, [.model(value)], results, flag + [.posterior(value)])
    case .host(let name, let value): expect(name, [], [], results, value)
    default: break
    }
  }

  /// Checks the operands of a sample or fork: parameters, then loop counters.
  mutating func checkDraw(
    family: String?, parameterCount: Int, operands: [ValueID], value: [IRType]
  ) {
    guard parameterCount >= 0, parameterCount <= operands.count else {
      report(.types, "a draw with \(parameterCount) parameters has \(operands.count) operands")
      return
    }
    checkSource(family, types(operands.prefix(parameterCount)), value)
    checkCounters(types(operands.dropFirst(parameterCount)))
  }

  private mutating func checkDatum(
    _ name: String, _ family: String?, _ count: Int, _ value: [IRType], _ isOptional: Bool,
    _ operands: [ValueID], _ results: [IRType]
  ) {
    let flagCount = isOptional ? 1 : 0
    guard count >= 0, count + flagCount + value.count <= operands.count else {
      report(
        .types,
        "'\(name)' with \(count) parameters and \(value.count) words has "
          + "\(operands.count) operands")
      return
    }
    checkSource(family, types(operands.prefix(count)), value)
    var rest = types(operands.dropFirst(count))
    if isOptional {
      if rest[0] != .bool { report(.types, "'\(name)' needs a bool flag, found \(rest[0])") }
      rest.removeFirst()
    }
    expect(
      name, Array(rest.prefix(value.count)), value, results, results.isEmpty ? [] : value)
    checkCounters(Array(rest.dropFirst(value.count)))
  }

  private mutating func checkCounters(_ found: [IRType]) {
    for type in found where type != .int {
      report(.types, "a loop counter is int, found \(type)")
    }
  }

  private mutating func checkSource(_ family: String?, _ parameters: [IRType], _ value: [IRType]) {
    if let family {
      checkFamily(family, parameters: parameters, value: value)
    } else if parameters.count != 1 {
      report(.types, "a draw from a distribution value has one parameter")
    } else {
      checkDistribution(parameters.first, over: value)
    }
  }

  mutating func checkFamily(_ name: String, parameters: [IRType], value: [IRType]) {
    guard let signature = signatures.family(name) else {
      report(.types, "there is no family '\(name)'")
      return
    }
    if let problem = FamilyTyping.problem(signature, parameters: parameters, value: value) {
      report(.types, problem)
    }
  }

  mutating func checkDistribution(_ type: IRType?, over value: [IRType]) {
    switch type {
    case .distribution(let words), .posterior(let words):
      if words != value {
        report(.types, "a distribution over \(layout(words)) cannot give \(layout(value))")
      }
    default:
      report(.types, "a distribution is needed, found \(type.map(irText) ?? "nothing")")
    }
  }
}

extension Representation {
  /// The name of the transform that leads here.
  package var transformName: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
