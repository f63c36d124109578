import BorelBase
import BorelIR

/// Tallies `weight.x` of the weights of all choices and data that an input is a parameter of, or
/// that have a mean which is linear in it: with the score they give the maximum of the expected complete log-density in closed form, the
/// maximisation step of expectation-maximisation.
package struct CompleteInformation: Transform {
  package var function: FunctionID
  package var inputs: [Differentiated.Input]

  package init(_ function: FunctionID, inputs: [Differentiated.Input]) {
    self.function = function
    self.inputs = inputs
  }

  package var name: String {
    "CompleteInformation(function: \(function.index), "
      + "\(inputs.map(\.name).joined(separator: ", ")))"
  }
  package var from: Set<Representation> { [.weighted] }
  package var excluding: Set<Representation> { [.simulated, .enumerated, .differentiated] }
  package var to: Representation { .weighted }
  package var removes: Set<EffectKind> { [] }
  package var adds: Set<EffectKind> { [] }

  package static func weightName(_ input: String) -> String { "weight.\(input)" }

  package func rewrite(_ program: Program) throws -> Program {
    let complete = CompleteForms(program.functions[Int(function.index)], inputs)
    _ = try complete.forms()
    var program = program
    let first = program.tallies.count
    program.tallies += inputs.map { Self.weightName($0.name) }
    let index = Int(function.index)
    for block in program.functions[index].blocks.indices {
      var code = BlockCode(function: program.functions[index])
      for instruction in program.functions[index].blocks[block].instructions {
        code.instructions.append(instruction)
        guard let use = CompleteUse(instruction) else { continue }
        for (number, flow) in complete.flows.enumerated() {
          guard let position = use.parameters.firstIndex(where: { flow.contains($0) }),
            let form = ClosedForm.of(family: use.family, position: position)
          else { continue }
          let weight = code.weight(
            form.weight, use, factors: flow.factors[use.parameters[position]] ?? [],
            at: instruction.span)
          code.instructions.append(
            Instruction(.tally(first + number), [weight], results: [], span: instruction.span))
        }
      }
      program.functions[index] = code.function
      program.functions[index].blocks[block].instructions = code.instructions
    }
    return program
  }

  /// How each input enters.
  ///
  /// - Throws: `Diagnostics` E0579 for one whose maximum has no closed form, with the line.
  package func forms(_ program: Program) throws -> [CompleteForm] {
    try CompleteForms(program.functions[Int(function.index)], inputs).forms()
  }

  /// The instructions of a block that is rewritten.
  private struct BlockCode {
    var function: Function
    var instructions: [Instruction] = []

    init(function: Function) { self.function = function }

    private mutating func emit(
      _ operation: Operation, _ operands: [ValueID], at span: Span
    ) -> ValueID {
      let value = function.addValue(.real)
      instructions.append(Instruction(operation, operands, results: [value], span: span))
      return value
    }

    /// - Parameter factors: The product of their squares is a factor of the weight.
    mutating func weight(
      _ weight: ClosedForm.Weight, _ use: CompleteUse, factors: [ValueID], at span: Span
    ) -> ValueID {
      var result: ValueID
      switch weight {
      case .one: result = emit(.constant(.real(1)), [], at: span)
      case .parameter(let position):
        let value = use.parameters[position]
        result =
          function.valueTypes[Int(value.index)] == .int
          ? emit(.primitive("real.fromInt"), [value], at: span) : value
      case .precision(let position):
        let square = emit(.primitive("square.real"), [use.parameters[position]], at: span)
        let one = emit(.constant(.real(1)), [], at: span)
        result = emit(.primitive("divide.real"), [one, square], at: span)
      }
      for factor in factors {
        let square = emit(.primitive("square.real"), [factor], at: span)
        result = emit(.primitive("multiply.real"), [result, square], at: span)
      }
      if let flag = use.flag {
        let zero = emit(.constant(.real(0)), [], at: span)
        result = emit(.primitive("select.word"), [flag, result, zero], at: span)
      }
      return result
    }
  }
}
