import BorelBase

/// Checks one function: references and single definitions first, then dominance and types.
struct FunctionVerifier {
  let function: Function
  let program: Program
  let signatures: SignatureSource
  var errors: [VerificationError] = []
  var block = 0
  var position: Int?

  init(function: Function, program: Program, signatures: SignatureSource) {
    self.function = function
    self.program = program
    self.signatures = signatures
  }

  mutating func check() {
    guard !function.blocks.isEmpty else {
      errors.append(
        VerificationError(
          rule: .reference, message: "a function needs a block", function: function.name,
          span: function.span))
      return
    }
    checkReferences()
    guard errors.isEmpty else { return }
    let definitions = checkDefinitions()
    guard errors.isEmpty else { return }
    checkDominance(definitions)
    for index in function.blocks.indices {
      block = index
      for (index, instruction) in function.blocks[block].instructions.enumerated() {
        position = index
        checkOperation(instruction)
      }
      position = function.blocks[block].instructions.count
      checkTerminator(function.blocks[block].terminator)
    }
  }

  mutating func report(_ rule: VerificationError.Rule, _ message: String) {
    var span = function.span
    if let position {
      let code = function.blocks[block]
      let own =
        position < code.instructions.count
        ? code.instructions[position].span : code.terminatorSpan
      if !own.isNone { span = own }
    }
    errors.append(
      VerificationError(
        rule: rule, message: message, function: function.name, block: block, position: position,
        span: span))
  }

  func type(_ value: ValueID) -> IRType { function.valueTypes[Int(value.index)] }
  func types(_ values: some Sequence<ValueID>) -> [IRType] { values.map { type($0) } }

  private mutating func checkReferences() {
    let valueCount = function.valueTypes.count
    for (index, code) in function.blocks.enumerated() {
      block = index
      position = nil
      checkExist(code.parameters, below: valueCount)
      for (index, instruction) in code.instructions.enumerated() {
        position = index
        checkExist(instruction.operands + instruction.results, below: valueCount)
      }
      position = code.instructions.count
      checkExist(code.terminator.operands, below: valueCount)
      for target in code.terminator.targets {
        checkExist(target.arguments, below: valueCount)
        if !function.blocks.indices.contains(Int(target.block.index)) {
          report(.reference, "bb\(target.block.index) is not there")
        } else if target.block.index == 0 {
          report(.entry, "the entry block cannot be a target")
        }
      }
    }
  }

  private mutating func checkExist(_ values: [ValueID], below count: Int) {
    for value in values where value.index < 0 || Int(value.index) >= count {
      report(.reference, "%\(value.index) is not there")
    }
  }

  /// Where each value is defined: block and position, -1 for parameters.
  private struct Definition {
    var block: Int
    var position: Int
  }

  private mutating func checkDefinitions() -> [Definition?] {
    var definitions = [Definition?](repeating: nil, count: function.valueTypes.count)
    for (index, code) in function.blocks.enumerated() {
      block = index
      position = nil
      for parameter in code.parameters {
        define(parameter, Definition(block: index, position: -1), in: &definitions)
      }
      for (place, instruction) in code.instructions.enumerated() {
        position = place
        for result in instruction.results {
          define(result, Definition(block: index, position: place), in: &definitions)
        }
      }
    }
    return definitions
  }

  private mutating func define(
    _ value: ValueID, _ definition: Definition, in definitions: inout [Definition?]
  ) {
    if definitions[Int(value.index)] != nil {
      report(.singleDefinition, "%\(value.index) is defined twice")
    }
    definitions[Int(value.index)] = definition
  }

  private mutating func checkDominance(_ definitions: [Definition?]) {
    let flow = ControlFlow(function)
    for index in flow.reversePostorder {
      block = index
      let code = function.blocks[index]
      for place in 0...code.instructions.count {
        position = place
        let uses =
          place < code.instructions.count
          ? code.instructions[place].operands
          : code.terminator.operands + code.terminator.targets.flatMap(\.arguments)
        for use in uses {
          guard let definition = definitions[Int(use.index)] else {
            report(.dominance, "%\(use.index) is never defined")
            continue
          }
          let isDefined =
            definition.block == index
            ? definition.position < place : flow.dominates(definition.block, index)
          if !isDefined { report(.dominance, "%\(use.index) may be read before it is defined") }
        }
      }
    }
  }
}
