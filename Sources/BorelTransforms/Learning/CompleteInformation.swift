import BorelBase
import BorelIR

/// Tallies `weight.x` of the weights of all choices and data that an input is a parameter of: with
/// the score they give the maximum of the expected complete log-density in closed form, the
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
    _ = try forms(program)
    var program = program
    let first = program.tallies.count
    program.tallies += inputs.map { Self.weightName($0.name) }
    let index = Int(function.index)
    let parameters = program.functions[index].parameters
    for block in program.functions[index].blocks.indices {
      var code = BlockCode(function: program.functions[index])
      for instruction in program.functions[index].blocks[block].instructions {
        code.instructions.append(instruction)
        guard let use = Use(instruction) else { continue }
        for (number, input) in inputs.enumerated() {
          guard let position = use.parameters.firstIndex(of: parameters[input.position]),
            let form = ClosedForm.of(family: use.family, position: position)
          else { continue }
          let weight = code.weight(form.weight, use, at: instruction.span)
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
  package func forms(_ program: Program) throws -> [ClosedForm] {
    let code = program.functions[Int(function.index)]
    var problems: [Diagnostic] = []
    var forms: [ClosedForm] = []
    let values = inputs.map { code.parameters[$0.position] }
    for (input, value) in zip(inputs, values) {
      do {
        forms.append(try form(of: value, among: values, input.name, in: code))
      } catch let problem as Diagnostic {
        problems.append(problem)
      }
    }
    guard problems.isEmpty else { throw Diagnostics(problems) }
    return forms
  }

  private func form(
    of value: ValueID, among all: [ValueID], _ name: String, in code: Function
  ) throws -> ClosedForm {
    var found: ClosedForm?
    for block in code.blocks {
      for instruction in block.instructions where instruction.operands.contains(value) {
        guard let use = Use(instruction) else {
          throw Self.refusal(name, "it is used here otherwise", at: instruction.span)
        }
        let positions = use.parameters.indices.filter { use.parameters[$0] == value }
        guard positions.count == 1, use.operandCount(of: value) == 1,
          let form = ClosedForm.of(family: use.family, position: positions[0])
        else {
          throw Self.refusal(
            name, "its maximum is not known for a parameter of '\(use.family)' such as this",
            at: instruction.span)
        }
        if use.parameters.contains(where: { $0 != value && all.contains($0) }) {
          throw Self.refusal(
            name, "another parameter of the same distribution is learned", at: instruction.span)
        }
        if let found, found != form {
          throw Self.refusal(
            name, "it enters here in another way than before", at: instruction.span)
        }
        found = form
      }
      let passed = block.terminator.operands + block.terminator.targets.flatMap(\.arguments)
      if passed.contains(value) {
        throw Self.refusal(name, "it is passed on here", at: block.terminatorSpan)
      }
    }
    guard let found else {
      throw Self.refusal(name, "it is no parameter of a distribution", at: code.span)
    }
    return found
  }

  private static func refusal(_ name: String, _ reason: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0579", .inference, "'\(name)' is not maximised in closed form: \(reason)", at: span,
      hints: ["learn it with gradients: schedule adam"])
  }

  /// A choice or a datum with its distribution.
  private struct Use {
    var family: String
    var parameters: [ValueID]
    /// Whether there is a datum; nil when there always is a value.
    var flag: ValueID?
    private let operands: [ValueID]

    init?(_ instruction: Instruction) {
      operands = instruction.operands
      switch instruction.operation {
      case .sample(let family?, _, let count, _):
        self.family = family
        parameters = Array(instruction.operands.prefix(count))
      case .score(let family?, _, let count, _, let isOptional):
        self.family = family
        parameters = Array(instruction.operands.prefix(count))
        // A missing datum whose value is used was drawn, and counts.
        if isOptional, instruction.results.isEmpty { flag = instruction.operands[count] }
      default: return nil
      }
    }

    func operandCount(of value: ValueID) -> Int { operands.count { $0 == value } }
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

    mutating func weight(_ weight: ClosedForm.Weight, _ use: Use, at span: Span) -> ValueID {
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
      if let flag = use.flag {
        let zero = emit(.constant(.real(0)), [], at: span)
        result = emit(.primitive("select.word"), [flag, result, zero], at: span)
      }
      return result
    }
  }
}
