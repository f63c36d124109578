import BorelBase
import BorelDistributions
import BorelIR
import BorelPrimitives

/// What makes derivatives at fixed choices impossible, with its lines.
struct DifferentiationRefusals {
  let analysis: Smoothness
  let directionNames: [String]
  let root: FunctionID
  /// Derivatives along the path that is taken are enough: jumps are the caller's business.
  let allowsJumps: Bool

  private var program: Program { analysis.program }

  func problems() -> [Diagnostic] {
    let reached = CallGraph(program, closures: analysis.closures).reachable(
      from: [Int(root.index)])
    var problems: [Diagnostic] = []
    for index in reached.indices {
      for block in program.functions[index].blocks {
        for instruction in block.instructions {
          if let problem = problem(instruction, index) { problems.append(problem) }
        }
        if case .branch(let condition, _, _) = block.terminator, !allowsJumps {
          let directions = analysis.jump(condition, index)
          if !directions.isEmpty {
            problems.append(decides("a branch", directions, at: block.terminatorSpan))
          }
        }
      }
    }
    var seen: Set<Span> = []
    return problems.filter { seen.insert($0.span).inserted }
  }

  private func problem(_ instruction: Instruction, _ index: Int) -> Diagnostic? {
    let jumps = instruction.operands.map { analysis.jump($0, index) }.union
    let smooth = instruction.operands.map { analysis.tangent($0, index) }
    switch instruction.operation {
    case .primitive(let name):
      return problem(primitive: name, instruction, smooth, index)
    case .sample(let family, _, let count, _):
      return density(family, count, instruction, smooth, index)
    case .observe(let family, _, let count, let layout, _),
      .score(let family, _, let count, let layout, _):
      return density(family, count, instruction, smooth, index)
        ?? changing(value: layout, after: count, of: family, instruction, smooth, index)
    case .distributionMake(let family, _):
      return density(family, instruction.operands.count, instruction, smooth, index)
    case .logDensity, .factor:
      return jumps.isEmpty || allowsJumps
        ? nil : decides("a log-weight", jumps, at: instruction.span)
    case .require:
      return jumps.isEmpty || allowsJumps
        ? nil : decides("a 'require'", jumps, at: instruction.span)
    case .memoFind(let key, _), .memoStore(let key, _):
      let words = instruction.operands[1..<(1 + key.count)]
      let directions = words.map { analysis.dependence($0, index) }.union
      return directions.isEmpty || allowsJumps
        ? nil : decides("the key of a 'mem' function", directions, at: instruction.span)
    case .host(let name, _):
      let directions = smooth.union
      return directions.isEmpty ? nil : underivable("'\(name)'", directions, at: instruction.span)
    case .infer: return problem(nested: instruction, index)
    case .arrayGet, .arraySet, .arraySlice, .arrayFill:
      let words = instruction.operands.dropFirst(
        { if case .arrayFill = instruction.operation { 0 } else { 1 } }())
      let directions = words.filter { !analysis.types.hasTangent(type($0, index)) }
        .map { analysis.jump($0, index) }.union
      return directions.isEmpty || allowsJumps
        ? nil : decides("a position in an array", directions, at: instruction.span)
    default: return nil
    }
  }

  private func type(_ value: ValueID, _ index: Int) -> IRType {
    program.functions[index].valueTypes[Int(value.index)]
  }

  private func problem(
    primitive name: String, _ instruction: Instruction, _ smooth: [Directions], _ index: Int
  ) -> Diagnostic? {
    guard let primitive = program.primitive(named: name) else { return nil }
    if name == "select.word" {
      let directions = analysis.jump(instruction.operands[0], index)
      return directions.isEmpty || allowsJumps
        ? nil : decides("a branch", directions, at: instruction.span)
    }
    guard case .terms(let terms) = primitive.derivative else { return nil }
    for (directions, term) in zip(smooth, terms) where term == nil && !directions.isEmpty {
      return underivable(
        "'\(primitive.languageName ?? primitive.name)'", directions, at: instruction.span)
    }
    return nil
  }

  /// A density is smooth in a parameter that keeps the support.
  private func density(
    _ family: String?, _ count: Int, _ instruction: Instruction, _ smooth: [Directions],
    _ index: Int
  ) -> Diagnostic? {
    let jumps = instruction.operands.prefix(count).map { analysis.jump($0, index) }.union
    if !jumps.isEmpty, !allowsJumps {
      return decides("a parameter of a distribution", jumps, at: instruction.span)
    }
    guard let family else { return nil }
    for (position, directions) in smooth.prefix(count).enumerated() where !directions.isEmpty {
      if let problem = problem(family, position, directions, at: instruction.span) {
        return problem
      }
    }
    return nil
  }

  private func problem(
    _ family: String, _ position: Int, _ directions: Directions, at span: Span
  ) -> Diagnostic? {
    guard let type = program.family(named: family) else { return nil }
    let parameter = type.signature.parametrisations[0].parameters[position].name
    guard let smooth = type as? any HasTangent.Type else {
      return underivable("the density of '\(family)'", directions, at: span)
    }
    if smooth.isSmooth(in: position) { return nil }
    return Diagnostic(
      "E0571", .inference,
      "\(names(directions)) moves the support of '\(family)' by its parameter '\(parameter)', so "
        + "the density is not differentiable", at: span,
      hints: ["learn a parameter that keeps the support, such as a scale"])
  }

  /// Data that depend on an input need a density that is smooth in the value.
  private func changing(
    value layout: [IRType], after count: Int, of family: String?, _ instruction: Instruction,
    _ smooth: [Directions], _ index: Int
  ) -> Diagnostic? {
    let isOptional =
      if case .score(_, _, _, _, true) = instruction.operation { true } else { false }
    let first = count + (isOptional ? 1 : 0)
    let words = first..<(first + layout.count)
    let jumps = instruction.operands[words].map { analysis.jump($0, index) }.union
    if !jumps.isEmpty, !allowsJumps { return decides("data", jumps, at: instruction.span) }
    let directions = smooth[words].union
    guard !directions.isEmpty, let family, let type = program.family(named: family)
    else { return nil }
    if let smooth = type as? any HasTangent.Type, smooth.isSmooth(in: count) { return nil }
    return underivable("the density of '\(family)' in the data", directions, at: instruction.span)
  }

  private func problem(nested instruction: Instruction, _ index: Int) -> Diagnostic? {
    guard let model = instruction.operands.first else { return nil }
    var directions = resultsDirections(type(model, index))
    for callee in analysis.closures.targets(of: model, in: index) {
      for parameter in program.functions[callee].parameters {
        directions.formUnion(analysis.dependence(parameter, callee))
      }
    }
    if directions.isEmpty { return nil }
    return Diagnostic(
      "E0573", .inference,
      "the nested inference depends on \(names(directions)), so it has no derivative here",
      at: instruction.span, hints: ["pass data only to a model that is inferred inside a model"])
  }

  private func resultsDirections(_ type: IRType) -> Directions {
    (analysis.resultsOfType[type] ?? []).union
  }

  // MARK: Diagnostics

  private func names(_ directions: Directions) -> String {
    directions.members.map { "'\(directionNames[$0])'" }.joined(separator: ", ")
  }

  private func decides(_ what: String, _ directions: Directions, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0570", .inference,
      "\(names(directions)) decides \(what) here, so the density may jump and has no derivative",
      at: span,
      hints: [
        "let learnable parameters enter distributions smoothly; bounds belong to the declaration: "
          + "`param x: Real in 0<..`"
      ])
  }

  private func underivable(
    _ what: String, _ directions: Directions, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0572", .inference, "\(what) has no derivative with respect to \(names(directions))",
      at: span)
  }
}
