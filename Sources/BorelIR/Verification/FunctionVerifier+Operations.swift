extension FunctionVerifier {
  mutating func checkOperation(_ instruction: Instruction) {
    let operands = types(instruction.operands)
    let results = types(instruction.results)
    switch instruction.operation {
    case .constant(let constant): checkConstant(constant, operands, results)
    case .primitive(let name):
      guard let signature = signatures.primitive(name) else {
        report(.types, "there is no primitive '\(name)'")
        return
      }
      if name == "select.word", operands.count == 3 {
        // Words of any type, the same in both places.
        expect(name, operands, [.bool, operands[1], operands[1]], results, [operands[1]])
        return
      }
      expect(
        name, operands, signature.parameters.map(\.irType), results, [signature.result.irType])
    case .boxMake, .boxTag, .boxFields: checkBox(instruction.operation, operands, results)
    case .closureMake(let callee, let captures):
      guard let callee = calledFunction(callee) else { return }
      let parameters = callee.parameters.compactMap { callee.type(of: $0) }
      guard operands == captures, parameters.count >= captures.count,
        Array(parameters.suffix(captures.count)) == captures
      else {
        report(
          .call, "'\(callee.name)' takes (\(irText(parameters))), captured (\(irText(operands)))")
        return
      }
      let own = Array(parameters.dropLast(captures.count))
      expect("closure", [], [], results, [.function(own, callee.results)])
    case .modelMake(let callee, _):
      guard let callee = calledFunction(callee) else { return }
      checkArguments(operands, of: callee)
      expect("model", [], [], results, [.model(callee.results)])
    case .distributionMake(let family, let value):
      checkFamily(family, parameters: operands, value: value)
      expect("distribution", [], [], results, [.distribution(value)])
    case .logDensity(let value):
      expect(
        "logdensity", Array(operands.dropFirst()), value, results, [.real])
      checkDistribution(operands.first, over: value)
    case .equal(let value): expect("equal", operands, value + value, results, [.bool])
    case .zeroTangent, .distributionTangent, .densityTangent, .densityCurvature:
      checkTangent(instruction, operands, results)
    case .arrayMake, .arrayFill, .arrayCount, .arrayGet, .arraySet, .arrayAppend, .arrayConcat,
      .arraySlice:
      checkArray(instruction.operation, operands, results)
    default: checkEffect(instruction, operands, results)
    }
  }

  /// Reports operands or results that differ from what the operation asks for.
  mutating func expect(
    _ operation: String, _ operands: [IRType], _ expectedOperands: [IRType], _ results: [IRType],
    _ expectedResults: [IRType]
  ) {
    if operands != expectedOperands {
      report(
        .types, "'\(operation)' takes (\(irText(expectedOperands))), found (\(irText(operands)))")
    }
    if results != expectedResults {
      report(
        .types, "'\(operation)' gives (\(irText(expectedResults))), found (\(irText(results)))")
    }
  }

  private mutating func checkConstant(
    _ constant: Constant, _ operands: [IRType], _ results: [IRType]
  ) {
    switch constant {
    case .real: expect("const", operands, [], results, [.real])
    case .int: expect("const", operands, [], results, [.int])
    case .bool: expect("const", operands, [], results, [.bool])
    case .string: expect("const", operands, [], results, [.string])
    case .null:
      if !operands.isEmpty || results.count != 1 || !results[0].isHandle {
        report(.types, "'const null' gives one handle, found (\(irText(results)))")
      }
    }
  }

  private mutating func checkArray(
    _ operation: Operation, _ operands: [IRType], _ results: [IRType]
  ) {
    switch operation {
    case .arrayMake(let element):
      let isWhole =
        element.isEmpty ? operands.isEmpty : operands.count.isMultiple(of: element.count)
      guard isWhole, operands.indices.allSatisfy({ operands[$0] == element[$0 % element.count] })
      else {
        report(
          .types, "'array.make' takes elements \(layout(element)), found (\(irText(operands)))")
        return
      }
      expect("array.make", [], [], results, [.array(element)])
    case .arrayFill(let element):
      expect("array.fill", operands, [.int] + element, results, [.array(element)])
    case .arrayCount:
      guard operands.count == 1, case .array = operands[0] else {
        report(.types, "'array.count' takes an array, found (\(irText(operands)))")
        return
      }
      expect("array.count", [], [], results, [.int])
    case .arrayGet(let element):
      expect("array.get", operands, [.array(element), .int], results, element)
    case .arraySet(let element):
      expect(
        "array.set", operands, [.array(element), .int] + element, results, [.array(element)])
    case .arrayAppend(let element):
      expect("array.append", operands, [.array(element)] + element, results, [.array(element)])
    case .arrayConcat(let element):
      expect(
        "array.concat", operands, [.array(element), .array(element)], results, [.array(element)])
    case .arraySlice(let element):
      expect(
        "array.slice", operands, [.array(element), .int, .int], results, [.array(element)])
    default: break
    }
  }

  private mutating func checkBox(
    _ operation: Operation, _ operands: [IRType], _ results: [IRType]
  ) {
    switch operation {
    case .boxMake(let tag, let fields):
      guard results.count == 1, let words = payload(results[0], tag: tag) else {
        report(.types, "'box.make' gives an enum with case \(tag), found (\(irText(results)))")
        return
      }
      if words != fields {
        report(.types, "case \(tag) holds \(layout(words)), found \(layout(fields))")
      }
      expect("box.make", operands, fields, [], [])
    case .boxTag:
      guard operands.count == 1, case .enumeration = operands[0] else {
        report(.types, "'box.tag' takes an enum, found (\(irText(operands)))")
        return
      }
      expect("box.tag", [], [], results, [.int])
    case .boxFields(let tag, let first, let fields):
      guard operands.count == 1, let words = payload(operands[0], tag: tag) else {
        report(.types, "'box.fields' takes an enum with case \(tag), found (\(irText(operands)))")
        return
      }
      guard first >= 0, first + fields.count <= words.count,
        Array(words[first..<first + fields.count]) == fields
      else {
        report(
          .types, "case \(tag) holds \(layout(words)), found \(layout(fields)) at \(first)")
        return
      }
      expect("box.fields", [], [], results, fields)
    default: break
    }
  }

  /// The words in a box of this type with a tag; nil when there is no such case.
  private func payload(_ type: IRType, tag: Int) -> [IRType]? {
    guard case .enumeration(let index) = type,
      program.enumerations[index].cases.indices.contains(tag)
    else { return nil }
    return program.enumerations[index].cases[tag].payload.flatMap {
      $0.layout(program.enumerations)
    }
  }
}
