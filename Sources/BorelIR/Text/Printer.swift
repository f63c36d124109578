import BorelBase

/// Prints a program in its text form, which `parseIR` reads back.
///
/// - Parameter sources: When given, each line ends with a comment `; line:column` of its span.
package func printIR(_ program: Program, sources: SourceMap? = nil) -> String {
  var printer = IRPrinter(program: program, sources: sources)
  printer.printProgram()
  return printer.text
}

/// Prints one function of a program.
package func printIR(
  _ function: FunctionID, of program: Program, sources: SourceMap? = nil
) -> String {
  var printer = IRPrinter(program: program, sources: sources)
  printer.printFunction(program.functions[Int(function.index)])
  return printer.text
}

/// Writes the text form. Never fails, also not on programs that the verifier rejects, so that
/// those can be shown.
struct IRPrinter {
  let program: Program
  let sources: SourceMap?
  var text = ""

  init(program: Program, sources: SourceMap?) {
    self.program = program
    self.sources = sources
  }

  mutating func printProgram() {
    line("representations " + program.representations.map(\.rawValue).joined(separator: " "))
    for enumeration in program.enumerations {
      let cases = enumeration.cases.map { item in
        item.payload.isEmpty
          ? quotedIfNeeded(item.name)
          : quotedIfNeeded(item.name) + "(" + item.payload.map(irText).joined(separator: ", ")
            + ")"
      }
      line("enumeration \(quotedIfNeeded(enumeration.name)) { \(cases.joined(separator: ", ")) }")
    }
    for report in program.reports {
      line(
        "report \(quoted(report.name)): \(irText(report.shape))"
          + (report.isImputed ? " imputed" : ""),
        at: report.span)
    }
    for tally in program.tallies { line("tally \(quoted(tally))") }
    for model in program.models { printModel(model) }
    for move in program.moves { printMove(move) }
    if let script = program.script { line("script \(name(of: script))") }
    for function in program.functions {
      text += "\n"
      printFunction(function)
    }
  }

  private mutating func printModel(_ model: ModelInfo) {
    var head = "model \(quotedIfNeeded(model.name)) = \(name(of: model.function))"
    head += " -> \(irText(model.result))"
    if !model.documentation.isEmpty { head += " documentation \(quoted(model.documentation))" }
    line(head + " {", at: model.span)
    for parameter in model.parameters {
      var description = "  \(quotedIfNeeded(parameter.name)): \(irText(parameter.shape))"
      if parameter.isLearnable { description += " learnable" }
      description += bound("lower", parameter.lower, isOpen: parameter.isLowerOpen)
      description += bound("upper", parameter.upper, isOpen: parameter.isUpperOpen)
      if let function = parameter.defaultFunction {
        description += " default \(name(of: function))"
      }
      line(description, at: parameter.span)
    }
    line("}")
  }

  private mutating func printMove(_ move: MoveInfo) {
    var head = "move \(quotedIfNeeded(move.name)) of \(name(of: move.model))"
    head += " = \(name(of: move.involution))"
    if let proposal = move.proposal { head += " proposal \(name(of: proposal))" }
    line(head + " {", at: move.span)
    for (kind, choices) in [("trace", move.trace), ("auxiliary", move.auxiliary)] {
      for choice in choices {
        line(
          "  \(kind) \(quotedIfNeeded(choice.name)): \(irText(choice.shape)) site \(choice.site)")
      }
    }
    for argument in move.arguments { line("  argument \(argument)") }
    line("}")
  }

  private func bound(_ label: String, _ value: Double?, isOpen: Bool) -> String {
    guard value != nil || isOpen else { return "" }
    return " \(label)" + (isOpen ? " open" : "") + (value.map { " \(irText($0))" } ?? "")
  }

  mutating func printFunction(_ function: Function) {
    line(
      "func @\(quotedIfNeeded(function.name)) -> (\(irText(function.results))) {",
      at: function.span)
    let defined = definedValues(of: function)
    for index in function.valueTypes.indices where !defined.contains(Int32(index)) {
      line("  unused \(definition(ValueID(index), in: function))")
    }
    for (index, block) in function.blocks.enumerated() {
      let parameters = block.parameters.map { definition($0, in: function) }
      let list = parameters.isEmpty ? "" : "(\(parameters.joined(separator: ", ")))"
      line("bb\(index)\(list):")
      for instruction in block.instructions {
        line("  " + describe(instruction, in: function), at: instruction.span)
      }
      line("  " + describe(block.terminator, in: function), at: block.terminatorSpan)
    }
    line("}")
  }

  private func definedValues(of function: Function) -> Set<Int32> {
    var defined: Set<Int32> = []
    for block in function.blocks {
      for parameter in block.parameters { defined.insert(parameter.index) }
      for instruction in block.instructions {
        for result in instruction.results { defined.insert(result.index) }
      }
    }
    return defined
  }

  mutating func line(_ content: String, at span: Span = .none) {
    text += content
    if let file = sources?.file(of: span), !span.isNone {
      let (line, column) = file.position(of: Int(span.start))
      text += "  ; \(line):\(column)"
    }
    text += "\n"
  }

  func name(of function: FunctionID) -> String {
    let index = Int(function.index)
    guard program.functions.indices.contains(index) else { return "@\"no function \(index)\"" }
    return "@" + quotedIfNeeded(program.functions[index].name)
  }

  func value(_ value: ValueID, in function: Function) -> String {
    let name = function.valueNames[value.index].map { "." + quotedIfNeeded($0) } ?? ""
    return "%\(value.index)\(name)"
  }

  func values(_ list: some Sequence<ValueID>, in function: Function) -> String {
    list.map { value($0, in: function) }.joined(separator: ", ")
  }

  func definition(_ value: ValueID, in function: Function) -> String {
    let index = Int(value.index)
    let isTyped = function.valueTypes.indices.contains(index)
    return "\(self.value(value, in: function)): "
      + (isTyped ? irText(function.valueTypes[index]) : "untyped")
  }

  func target(_ target: Target, in function: Function) -> String {
    let arguments = target.arguments.isEmpty ? "" : "(\(values(target.arguments, in: function)))"
    return "bb\(target.block.index)\(arguments)"
  }
}
