import BorelBase
import BorelIR

/// Gives `observe` the meaning *draw*: data are simulated under the names of the arguments, and
/// reported. For prior and posterior predictive draws, simulation-based calibration and Geweke's
/// test (semantics, 4.5).
///
/// `x ~ P with Q` draws from P. `require` stays: the driver meets it by rejection.
package struct Simulated: Transform {
  /// The model to simulate, refused when it has a free `factor` or reads observed data otherwise;
  /// nil checks all models.
  package var model: FunctionID?

  package init(model: FunctionID? = nil) { self.model = model }

  package var name: String { "Simulated" }
  package var from: Set<Representation> { [.sampled] }
  package var excluding: Set<Representation> { [.weighted, .simulated, .enumerated] }
  package var to: Representation { .simulated }
  package var removes: Set<EffectKind> { [.observe] }
  package var adds: Set<EffectKind> { [.sample] }

  package func rewrite(_ program: Program) throws -> Program {
    var program = ProposalRemoval.applied(to: program)
    let problems = refusalsWithoutProposals(program)
    guard problems.isEmpty else { throw Diagnostics(problems) }
    let imputed = Set(program.reports.indices.filter { program.reports[$0].isImputed })
    for index in program.functions.indices {
      for block in program.functions[index].blocks.indices {
        rewrite(block: block, of: index, imputed: imputed, in: &program)
      }
    }
    return program
  }

  /// What makes forward simulation impossible, with its lines.
  package func refusals(_ program: Program) -> [Diagnostic] {
    refusalsWithoutProposals(ProposalRemoval.applied(to: program))
  }

  private func refusalsWithoutProposals(_ program: Program) -> [Diagnostic] {
    let models = program.models.filter { model == nil || $0.function == model }
    let reached = CallGraph(program).reachable(from: models.map { Int($0.function.index) })
    var problems: [Diagnostic] = []
    for index in reached.indices {
      for instruction in program.functions[index].blocks.flatMap(\.instructions)
      where instruction.operation == .factor {
        problems.append(
          Diagnostic(
            "E0591", .inference, "'factor' has no forward simulation", at: instruction.span,
            hints: ["write the likelihood as `observe value ~ distribution`"]))
      }
    }
    for model in models {
      for parameter in DataUse(program, model: model).parameters
      where !parameter.observedAt.isEmpty {
        guard let first = parameter.reads.first else { continue }
        problems.append(
          Diagnostic(
            "E0592", .inference,
            "'\(parameter.name)' is observed and also read otherwise, so it cannot be simulated",
            at: first,
            hints: [
              "use the value of the observation: `let v = observe \(parameter.name) ~ ...`"
            ]))
      }
    }
    return problems
  }

  private func rewrite(
    block: Int, of index: Int, imputed: Set<Int>, in program: inout Program
  ) {
    var result: [Instruction] = []
    for instruction in program.functions[index].blocks[block].instructions {
      // The value of a missing datum is reported with the others.
      if case .emit(let number, _) = instruction.operation, imputed.contains(number) { continue }
      guard
        case .observe(let family, var site, let count, let types, let isOptional) =
          instruction.operation
      else {
        result.append(instruction)
        continue
      }
      site.isReported = true
      let width = types.count + (isOptional ? 1 : 0)
      let counters = Array(instruction.operands.dropFirst(count + width))
      var values = instruction.results
      if values.isEmpty {
        for type in types { values.append(program.functions[index].addValue(type)) }
      }
      result.append(
        Instruction(
          .sample(family: family, site, parameterCount: count, types),
          instruction.operands.prefix(count) + counters, results: values,
          span: instruction.span))
      guard let name = site.name else { continue }
      let number = report(name, types, at: instruction.span, in: &program)
      result.append(
        Instruction(
          .emit(number, loopCount: counters.count), values + counters, results: [],
          span: instruction.span))
    }
    program.functions[index].blocks[block].instructions = result
  }

  /// The report of a datum: that of its missing values where there is one.
  private func report(
    _ name: String, _ types: [IRType], at span: Span, in program: inout Program
  ) -> Int {
    let enumerations = program.enumerations
    let found = program.reports.firstIndex {
      $0.name == name && $0.shape.layout(enumerations) == types
    }
    if let found {
      program.reports[found].isImputed = false
      return found
    }
    program.reports.append(Report(name: name, shape: Shape(words: types), span: span))
    return program.reports.count - 1
  }
}

extension Shape {
  /// A shape with the given words, for values of which only the layout is known.
  init(words: [IRType]) {
    self = words.count == 1 ? Shape(word: words[0]) : .tuple(words.map { Shape(word: $0) })
  }

  private init(word: IRType) {
    switch word {
    case .real: self = .real
    case .int: self = .int
    case .bool: self = .bool
    case .string: self = .string
    case .matrix: self = .matrix
    case .array(let element): self = .array(Shape(words: element))
    case .enumeration(let index): self = .enumeration(index)
    case .function, .distribution, .model, .posterior: self = .opaque(word)
    }
  }
}
