import BorelBase
import BorelIR

/// How an input is maximised given the complete data, and together with which others.
package struct CompleteForm: Hashable, Sendable {
  package var form: ClosedForm
  /// Of a deviation: the inputs, by number, in which the mean of the same distribution is linear.
  /// The mean square is taken around their maxima.
  package var means: [Int] = []
}

/// Finds the closed forms of inputs, or the lines that stand in their way.
///
/// An input is a parameter of distributions as it is, or the mean of normal ones is linear in it:
/// `Normal(phi * x, s)`. A mean and the deviation of the same distribution are maximised together.
struct CompleteForms {
  let code: Function
  let inputs: [Differentiated.Input]
  let flows: [LinearFlow]

  init(_ code: Function, _ inputs: [Differentiated.Input]) {
    self.code = code
    self.inputs = inputs
    flows = inputs.map { LinearFlow(of: code.parameters[$0.position], in: code) }
  }

  /// - Throws: `Diagnostics` E0579 for an input whose maximum has no closed form, with the line.
  func forms() throws -> [CompleteForm] {
    var problems: [Diagnostic] = []
    var forms: [CompleteForm] = []
    var deviations: [Int?] = []
    for number in inputs.indices {
      do {
        let (form, deviation) = try form(of: number)
        forms.append(CompleteForm(form: form))
        deviations.append(deviation)
      } catch let problem as Diagnostic {
        problems.append(problem)
      }
    }
    guard problems.isEmpty else { throw Diagnostics(problems) }
    for (number, deviation) in deviations.enumerated() {
      if let deviation { forms[deviation].means.append(number) }
    }
    return forms
  }

  /// The form of an input, and the input that is the deviation where it is a mean.
  private func form(of number: Int) throws -> (ClosedForm, deviation: Int?) {
    var found: ClosedForm?
    var partner: ValueID?
    for block in code.blocks {
      for instruction in block.instructions {
        guard let form = try form(of: number, in: instruction) else { continue }
        let deviation = deviation(form, instruction)
        if let found, found != form || partner != deviation {
          throw refusal(number, "it enters here in another way than before", at: instruction.span)
        }
        (found, partner) = (form, deviation)
      }
      let passed = block.terminator.operands + block.terminator.targets.flatMap(\.arguments)
      if passed.contains(where: { flows[number].contains($0) }) {
        throw refusal(number, "it is passed on here", at: block.terminatorSpan)
      }
    }
    guard let found else {
      throw refusal(number, "it is no parameter of a distribution", at: code.span)
    }
    return (found, flows.firstIndex { $0.input == partner })
  }

  /// Nil for instructions that do not read the input, or pass it on as a linear value.
  private func form(of number: Int, in instruction: Instruction) throws -> ClosedForm? {
    let flow = flows[number]
    let read = instruction.operands.filter { flow.contains($0) }
    if read.isEmpty { return nil }
    if flow.goesOn(through: instruction) {
      let isMixed = instruction.operands.contains { operand in
        !flow.contains(operand) && flows.contains { $0.contains(operand) }
      }
      if isMixed {
        throw refusal(
          number, "another parameter of the same distribution is learned", at: instruction.span)
      }
      return nil
    }
    guard let use = CompleteUse(instruction) else {
      throw refusal(number, "it is used here otherwise", at: instruction.span)
    }
    let positions = use.parameters.indices.filter { flow.contains(use.parameters[$0]) }
    guard positions.count == 1, read.count == 1,
      let form = ClosedForm.of(family: use.family, position: positions[0]),
      form.isLocation || use.parameters[positions[0]] == flow.input
    else {
      throw refusal(
        number, "its maximum is not known for a parameter of '\(use.family)' such as this",
        at: instruction.span)
    }
    let isAlone = use.parameters.indices.allSatisfy { position in
      position == positions[0]
        || isPartner(use, position, of: form)
        || !flows.contains { $0.contains(use.parameters[position]) }
    }
    if !isAlone {
      throw refusal(
        number, "another parameter of the same distribution is learned", at: instruction.span)
    }
    return form
  }

  /// Whether a learned parameter is the deviation to a mean, or the mean to a deviation.
  private func isPartner(_ use: CompleteUse, _ position: Int, of form: ClosedForm) -> Bool {
    switch (form, ClosedForm.of(family: use.family, position: position)) {
    case (.location, .deviation?): flows.contains { $0.input == use.parameters[position] }
    case (.deviation, .location?): true
    default: false
    }
  }

  /// The learned deviation of the distribution whose mean has a form.
  private func deviation(_ form: ClosedForm, _ instruction: Instruction) -> ValueID? {
    guard case .location(let position) = form, let use = CompleteUse(instruction) else {
      return nil
    }
    let value = use.parameters[position]
    return flows.contains { $0.input == value } ? value : nil
  }

  private func refusal(_ number: Int, _ reason: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0579", .inference,
      "'\(inputs[number].name)' is not maximised in closed form: \(reason)", at: span,
      hints: ["learn it with gradients: schedule adam"])
  }
}

/// A choice or a datum with its distribution.
struct CompleteUse {
  var family: String
  var parameters: [ValueID]
  /// Whether there is a datum; nil when there always is a value.
  var flag: ValueID?

  init?(_ instruction: Instruction) {
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
}
