import BorelBase
import BorelIR

/// Reports the log-density of every datum: `observe d v` under the name `y` also emits
/// `log_lik.y`. For leave-one-out cross-validation.
///
/// The measure and the random choices stay what they are. The density of data that a map was
/// applied to (`Transformed`) includes the derivative of the map.
package struct Pointwise: Transform {
  /// What the names of reports start with.
  package static let prefix = "log_lik."

  /// The model whose data are reported.
  package var model: FunctionID

  package init(model: FunctionID) { self.model = model }

  package var name: String { "Pointwise" }
  package var from: Set<Representation> { [.sampled] }
  package var excluding: Set<Representation> { [.weighted, .simulated] }
  package var to: Representation { .sampled }
  package var removes: Set<EffectKind> { [] }
  package var adds: Set<EffectKind> { [] }

  package func rewrite(_ program: Program) throws -> Program {
    let problems = refusals(program)
    guard problems.isEmpty else { throw Diagnostics(problems) }
    var program = program
    var uses: [String: Int] = [:]
    let index = Int(model.index)
    for block in program.functions[index].blocks.indices {
      rewrite(block: block, of: index, &uses, in: &program)
    }
    return program
  }

  /// Data that would not get names of their own.
  private func refusals(_ program: Program) -> [Diagnostic] {
    let reached = CallGraph(program).reachable(from: [Int(model.index)])
    var problems: [Diagnostic] = []
    for index in reached.indices {
      let instructions = program.functions[index].blocks.flatMap(\.instructions)
      for instruction in instructions {
        guard case .observe(_, _, _, let types, let isOptional) = instruction.operation else {
          continue
        }
        let isMapped =
          isOptional
          && instructions.contains {
            $0.operation == .factor && $0.span == instruction.span
          }
        if index != Int(model.index) {
          problems.append(
            Self.refusal("an 'observe' in a function", instruction, "move it into the model"))
        } else if isMapped || (isOptional && types.contains(where: \.isHandle)) {
          problems.append(
            Self.refusal("a datum of this kind that may be missing", instruction, nil))
        }
      }
    }
    return problems
  }

  private static func refusal(
    _ what: String, _ instruction: Instruction, _ hint: String?
  ) -> Diagnostic {
    Diagnostic(
      "E0599", .inference, "the log-likelihood of single data is not known for \(what)",
      at: instruction.span, hints: hint.map { [$0] } ?? [])
  }

  private func rewrite(
    block: Int, of index: Int, _ uses: inout [String: Int], in program: inout Program
  ) {
    var result: [Instruction] = []
    /// Derivatives of maps, which stand in front of the observation.
    var factors: [Instruction] = []
    for instruction in program.functions[index].blocks[block].instructions {
      if instruction.operation == .factor { factors.append(instruction) }
      guard
        case .observe(let family, let site, let count, let types, let isOptional) =
          instruction.operation
      else {
        result.append(instruction)
        continue
      }
      let operands = instruction.operands
      let span = instruction.span
      func add(_ operation: Operation, _ operands: [ValueID], _ type: IRType) -> ValueID {
        let value = program.functions[index].addValue(type)
        result.append(Instruction(operation, operands, results: [value], span: span))
        return value
      }
      var distribution = operands[0]
      if let family {
        distribution = add(
          .distributionMake(family: family, types), Array(operands.prefix(count)),
          .distribution(types))
      }
      let start = count + (isOptional ? 1 : 0)
      let values = Array(operands[start..<(start + types.count)])
      var density = add(.logDensity(types), [distribution] + values, .real)
      for factor in factors where factor.span == span {
        density = add(.primitive("add.real"), [density, factor.operands[0]], .real)
      }
      let counters = Array(operands.dropFirst(start + types.count))
      let reported = (isOptional ? [operands[count]] : []) + [density]
      let name = site.name ?? "data"
      uses[name, default: 0] += 1
      let suffix = uses[name].map { $0 > 1 ? ".\($0)" : "" } ?? ""
      program.reports.append(
        Report(
          name: Self.prefix + name + suffix, shape: isOptional ? .optional(.real) : .real,
          span: span))
      result.append(
        Instruction(
          .emit(program.reports.count - 1, loopCount: counters.count), reported + counters,
          results: [], span: span))
      // Last, so that nothing of this is needed after a checkpoint.
      result.append(instruction)
    }
    program.functions[index].blocks[block].instructions = result
  }
}
