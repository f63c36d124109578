import BorelBase

/// Checks every rule of the IR (see `VerificationError.Rule`).
///
/// - Returns: The broken rules in program order; empty for a well-formed program.
package func verify(
  _ program: Program, signatures: SignatureSource = .registries
) -> [VerificationError] {
  var verifier = ProgramVerifier(program: program, signatures: signatures)
  verifier.check()
  return verifier.errors
}

struct ProgramVerifier {
  let program: Program
  let signatures: SignatureSource
  var errors: [VerificationError] = []

  init(program: Program, signatures: SignatureSource) {
    self.program = program
    self.signatures = signatures.including(program.host)
  }

  mutating func check() {
    checkDeclarations()
    // Layouts of shapes can only be asked for when the enums they name exist.
    guard errors.isEmpty else { return }
    checkNames()
    for model in program.models { checkModel(model) }
    for move in program.moves { checkMove(move) }
    if let script = program.script {
      if let function = function(script, for: "script"), !function.parameters.isEmpty {
        report(.call, "the script takes no parameters, found \(function.parameters.count)")
      }
    }
    for function in program.functions {
      var verifier = FunctionVerifier(
        function: function, program: program, signatures: signatures)
      verifier.check()
      errors += verifier.errors
    }
    checkSites()
  }

  private mutating func report(
    _ rule: VerificationError.Rule, _ message: String, at span: Span = .none
  ) {
    errors.append(VerificationError(rule: rule, message: message, span: span))
  }

  private mutating func checkDeclarations() {
    for enumeration in program.enumerations {
      for item in enumeration.cases {
        for shape in item.payload where !hasEnumerations(shape) {
          report(
            .reference,
            "case '\(item.name)' of '\(enumeration.name)' names an enum that is not there"
          )
        }
      }
    }
    for item in program.reports where !hasEnumerations(item.shape) {
      report(.reference, "report '\(item.name)' names an enum that is not there", at: item.span)
    }
    for model in program.models {
      for shape in [model.result] + model.parameters.map(\.shape) where !hasEnumerations(shape) {
        report(
          .reference, "model '\(model.name)' names an enum that is not there", at: model.span)
      }
    }
    for move in program.moves {
      for choice in move.trace + move.auxiliary where !hasEnumerations(choice.shape) {
        report(.reference, "move '\(move.name)' names an enum that is not there", at: move.span)
      }
    }
    for function in program.functions {
      for type in function.valueTypes + function.results where !hasEnumerations(type) {
        errors.append(
          VerificationError(
            rule: .reference, message: "type \(type) names an enum that is not there",
            function: function.name, span: function.span))
      }
      for block in function.blocks {
        for instruction in block.instructions {
          switch instruction.operation {
          case .print(let shape), .debug(let shape), .describe(let shape), .decode(let shape):
            if !hasEnumerations(shape) {
              errors.append(
                VerificationError(
                  rule: .reference, message: "a printed shape names an enum that is not there",
                  function: function.name, span: instruction.span))
            }
          default: break
          }
        }
      }
    }
  }

  private func hasEnumerations(_ shape: Shape) -> Bool {
    switch shape {
    case .unit, .real, .int, .bool, .string, .matrix: true
    case .array(let inner), .optional(let inner): hasEnumerations(inner)
    case .tuple(let parts): parts.allSatisfy(hasEnumerations)
    case .record(let fields): fields.allSatisfy { hasEnumerations($0.shape) }
    case .enumeration(let index): program.enumerations.indices.contains(index)
    case .opaque(let type): hasEnumerations(type)
    }
  }

  private func hasEnumerations(_ type: IRType) -> Bool {
    switch type {
    case .real, .int, .bool, .string, .matrix: true
    case .array(let words), .distribution(let words), .model(let words), .posterior(let words):
      words.allSatisfy(hasEnumerations)
    case .function(let parameters, let results):
      (parameters + results).allSatisfy(hasEnumerations)
    case .enumeration(let index): program.enumerations.indices.contains(index)
    }
  }

  private mutating func checkNames() {
    var seen: Set<String> = []
    for function in program.functions where !seen.insert(function.name).inserted {
      report(.names, "two functions are called '\(function.name)'", at: function.span)
    }
  }

  private mutating func function(_ id: FunctionID, for user: String) -> Function? {
    guard program.functions.indices.contains(Int(id.index)) else {
      report(.reference, "\(user) names function \(id.index), which is not there")
      return nil
    }
    return program.functions[Int(id.index)]
  }

  private mutating func checkModel(_ model: ModelInfo) {
    let enumerations = program.enumerations
    let layout = { (shape: Shape) in shape.layout(enumerations) }
    if let function = function(model.function, for: "model '\(model.name)'") {
      let expected = model.parameters.flatMap { layout($0.shape) }
      let found = function.parameters.compactMap { function.type(of: $0) }
      if found != expected {
        report(
          .call,
          "model '\(model.name)' takes (\(irText(expected))), its function (\(irText(found)))",
          at: model.span)
      }
      if function.results != layout(model.result) {
        report(
          .results,
          "model '\(model.name)' gives (\(irText(layout(model.result)))), "
            + "its function (\(irText(function.results)))", at: model.span)
      }
    }
    for parameter in model.parameters {
      guard let id = parameter.defaultFunction,
        let function = function(id, for: "the default of '\(parameter.name)'")
      else { continue }
      if !function.parameters.isEmpty || function.results != layout(parameter.shape) {
        report(
          .call,
          "the default of '\(parameter.name)' must be () -> "
            + "(\(irText(layout(parameter.shape))))", at: parameter.span)
      }
    }
  }

  /// The functions of a move take and give the records of its choices.
  private mutating func checkMove(_ move: MoveInfo) {
    func words(_ choices: [MoveInfo.Choice]) -> [IRType] {
      choices.flatMap { $0.shape.layout(program.enumerations) }
    }
    func check(_ id: FunctionID, _ what: String, _ parameters: [IRType], _ results: [IRType]) {
      guard let function = function(id, for: "\(what) of '\(move.name)'") else { return }
      let found = function.parameters.compactMap { function.type(of: $0) }
      if found != parameters || function.results != results {
        report(
          .call,
          "\(what) of '\(move.name)' must be (\(irText(parameters))) -> (\(irText(results)))",
          at: move.span)
      }
    }
    guard let model = program.models.first(where: { $0.function == move.model }),
      move.arguments.allSatisfy(model.parameters.indices.contains)
    else {
      report(.reference, "move '\(move.name)' is of no model, or reads no argument of it")
      return
    }
    let arguments = move.arguments.flatMap {
      model.parameters[$0].shape.layout(program.enumerations)
    }
    let (trace, auxiliary) = (words(move.trace), words(move.auxiliary))
    check(move.involution, "the involution", trace + auxiliary + arguments, trace + auxiliary)
    if let proposal = move.proposal { check(proposal, "the proposal", trace + arguments, []) }
  }

  /// Choices have different numbers, and so have scores. A score and the choice that stands in
  /// for its datum where it is missing share theirs, in one function.
  private mutating func checkSites() {
    var choices: [Int: String] = [:]
    var scores: [Int: String] = [:]
    for function in program.functions where function.original == nil {
      for (site, isScore) in function.sites {
        let same = isScore ? scores[site.number] : choices[site.number]
        let other = isScore ? choices[site.number] : scores[site.number]
        if let clash = same ?? (other == function.name ? nil : other) {
          errors.append(
            VerificationError(
              rule: .sites, message: "site \(site.number) is used twice, also in '\(clash)'",
              function: function.name, span: function.span))
        }
        if isScore {
          scores[site.number] = function.name
        } else {
          choices[site.number] = function.name
        }
      }
    }
  }
}

extension Function {
  /// The type of a value; nil for numbers that are not there.
  package func type(of value: ValueID) -> IRType? {
    let index = Int(value.index)
    return valueTypes.indices.contains(index) ? valueTypes[index] : nil
  }

  /// The sites of choices and scores, in program order.
  package var sites: [(site: Site, isScore: Bool)] {
    blocks.flatMap { block -> [(site: Site, isScore: Bool)] in
      var sites = block.instructions.compactMap { instruction in
        instruction.operation.site.map { ($0, instruction.operation.scoreSite != nil) }
      }
      if case .fork(_, let site, _, _, _, _) = block.terminator { sites.append((site, false)) }
      return sites
    }
  }
}

extension Operation {
  /// The site of a choice or a score.
  package var site: Site? {
    switch self {
    case .sample(_, let site, _, _), .observe(_, let site, _, _, _),
      .score(_, let site, _, _, _):
      site
    default: nil
    }
  }
}
