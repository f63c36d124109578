import BorelBase
import BorelIR

/// Draws from finite families become forks: the lane goes on once per value, weighted by its
/// probability. What comes out is the exact measure when every choice is finite.
///
/// Draws from distribution values fork as well; whether they are finite shows at run time.
package struct Enumerated: Transform {
  package enum Coverage: Hashable, Sendable {
    /// Refuses a choice that is not finite, and names its line.
    case complete
    /// Leaves choices that are not finite to the lanes.
    case partial
  }
  package var coverage: Coverage
  /// The models whose choices must be finite under `complete`; nil for all.
  package var models: [FunctionID]?
  package var signatures: SignatureSource

  package init(
    coverage: Coverage = .complete, models: [FunctionID]? = nil,
    signatures: SignatureSource = .registries
  ) {
    self.coverage = coverage
    self.models = models
    self.signatures = signatures
  }

  package var name: String {
    coverage == .complete ? "Enumerated" : "Enumerated(coverage: partial)"
  }
  package var from: Set<Representation> { [.sampled] }
  package var to: Representation { .enumerated }
  package var removes: Set<EffectKind> { coverage == .complete ? [.sample] : [] }
  package var adds: Set<EffectKind> { [.fork] }

  /// The choices of the models that cannot be forked.
  package func refusals(_ program: Program) -> [Diagnostic] {
    let roots = models ?? program.models.map(\.function)
    let reached = CallGraph(program).reachable(from: roots.map { Int($0.index) })
    var problems: [Diagnostic] = []
    for index in reached.indices {
      for instruction in program.functions[index].blocks.flatMap(\.instructions) {
        guard let (family, site) = draw(instruction), !canFork(family, program.host) else {
          continue
        }
        let subject = site.name.map { "'\($0)'" } ?? "this choice"
        problems.append(
          Diagnostic(
            "E0593", .inference,
            "\(subject) is drawn from '\(family ?? "")', which has infinitely many values, "
              + "so it cannot be enumerated",
            at: instruction.span, hints: ["use a sampling method such as `smc` or `mh`"]))
      }
    }
    return problems
  }

  package func rewrite(_ program: Program) throws -> Program {
    if coverage == .complete {
      let problems = refusals(program)
      guard problems.isEmpty else { throw Diagnostics(problems) }
    }
    var program = program
    for index in program.functions.indices {
      var layout = Array(program.functions[index].blocks.indices)
      var place = 0
      // Blocks that are split off follow, and are visited in their turn.
      while place < layout.count {
        let new = forkFirstDraw(
          in: layout[place], of: &program.functions[index], program.host)
        layout.insert(contentsOf: new, at: place + 1)
        place += 1
      }
      program.functions[index].arrange(layout)
    }
    return program
  }

  private func canFork(_ family: String?, _ host: HostTable) -> Bool {
    family.map(signatures.including(host).isFinite) ?? true
  }

  /// Family and site of an instruction that may draw.
  private func draw(_ instruction: Instruction) -> (String?, Site)? {
    switch instruction.operation {
    case .sample(let family, let site, _, _): (family, site)
    case .observe(let family, let site, _, _, true), .score(let family, let site, _, _, true):
      instruction.results.isEmpty ? nil : (family, site)
    default: nil
    }
  }

  /// - Returns: The new blocks in the order in which they shall follow.
  private func forkFirstDraw(
    in block: Int, of function: inout Function, _ host: HostTable
  ) -> [Int] {
    let position = function.blocks[block].instructions.firstIndex {
      if let (family, _) = draw($0) { canFork(family, host) } else { false }
    }
    guard let position else { return [] }
    let instruction = function.blocks[block].instructions[position]
    let rest = function.split(block: block, before: position)
    function.blocks[rest].instructions.removeFirst()
    function.blocks[rest].parameters = instruction.results
    if case .sample(let family, let site, let count, let types) = instruction.operation {
      function.blocks[block].terminator = .fork(
        family: family, site, operands: instruction.operands, parameterCount: count, types,
        continuation: Target(BlockID(rest)))
      function.blocks[block].terminatorSpan = instruction.span
      return [rest]
    }
    return forkMissing(instruction, in: block, to: rest, of: &function) + [rest]
  }

  /// A datum that is present is scored and passed on; one that is missing is forked.
  private func forkMissing(
    _ instruction: Instruction, in block: Int, to rest: Int, of function: inout Function
  ) -> [Int] {
    let family: String?
    let site: Site
    let count: Int
    let types: [IRType]
    let present: Operation
    switch instruction.operation {
    case .observe(let name, let place, let parameterCount, let layout, _):
      (family, site, count, types) = (name, place, parameterCount, layout)
      present = .observe(
        family: name, place, parameterCount: parameterCount, layout, isOptional: false)
    case .score(let name, let place, let parameterCount, let layout, _):
      (family, site, count, types) = (name, place, parameterCount, layout)
      present = .score(
        family: name, place, parameterCount: parameterCount, layout, isOptional: false)
    default: internalError("a draw of a missing datum is observe or score")
    }
    let parameters = instruction.operands.prefix(count)
    let flag = instruction.operands[count]
    let words = Array(instruction.operands.dropFirst(count + 1).prefix(types.count))
    let counters = instruction.operands.dropFirst(count + 1 + types.count)
    let scored = function.addBlock(
      Block(
        instructions: [
          Instruction(
            present, Array(parameters) + words + counters, results: [], span: instruction.span)
        ],
        terminator: .jump(Target(BlockID(rest), words)), terminatorSpan: instruction.span))
    let forked = function.addBlock(
      Block(
        terminator: .fork(
          family: family, site, operands: Array(parameters + counters), parameterCount: count,
          types,
          continuation: Target(BlockID(rest))),
        terminatorSpan: instruction.span))
    function.blocks[block].terminator = .branch(
      flag, then: Target(BlockID(scored)), otherwise: Target(BlockID(forked)))
    function.blocks[block].terminatorSpan = instruction.span
    return [scored, forked]
  }
}
