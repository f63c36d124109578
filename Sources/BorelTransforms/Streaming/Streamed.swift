import BorelBase
import BorelIR

/// Lets a model run on arrays that grow while it runs. Where its loop over them has met all
/// elements, lanes wait at a checkpoint instead of leaving the loop; when they go on, they look
/// again.
///
/// Up to a wait the measure is that of the model on the elements so far, without what follows the
/// loop.
package struct Streamed: Transform {
  /// A parameter of the model that is one array.
  package struct Parameter: Hashable, Sendable {
    package var name: String
    /// Its position among the words of the parameters.
    package var word: Int
    package init(name: String, word: Int) {
      self.name = name
      self.word = word
    }
  }

  package var model: FunctionID
  package var parameters: [Parameter]

  package init(model: FunctionID, parameters: [Parameter]) {
    self.model = model
    self.parameters = parameters
  }

  package var name: String {
    "Streamed(\(parameters.map(\.name).joined(separator: ", ")))"
  }
  package var from: Set<Representation> { [.sequential] }
  package var to: Representation { .streamed }
  package var removes: Set<EffectKind> { [] }
  package var adds: Set<EffectKind> { [.checkpoint] }

  package func rewrite(_ program: Program) throws -> Program { try plan(program).program }

  package struct Plan: Sendable {
    package var program: Program
    /// The number of the checkpoint at which lanes wait.
    package var wait: Int
    /// By parameter, how far behind the newest element the loop reads; nil when it may read any.
    package var reach: [Int?]
    /// Elements that must be there before the model starts, at least 1.
    package var startCount: Int
    /// What the loop reports, with the number of its counters: the first one counts elements.
    package var reports: Set<LoopReport>
  }

  package struct LoopReport: Hashable, Sendable {
    package var report: Int
    package var loopCount: Int
    package init(report: Int, loopCount: Int) {
      self.report = report
      self.loopCount = loopCount
    }
  }

  /// - Throws: `Diagnostics` E0580 when the model does not go once over its data, with the line
  ///   that stands against it.
  package func plan(_ program: Program) throws -> Plan {
    let index = Int(model.index)
    let loop = try ElementLoop(program.functions[index], parameters)
    var function = program.functions[index]
    let number = Self.firstFreeCheckpoint(program)
    let header = loop.header
    let span = function.blocks[header].instructions[loop.comparison].span
    // The number of elements is read anew at each turn.
    let count = function.addValue(.int)
    var comparison = function.blocks[header].instructions[loop.comparison]
    let position = comparison.operands.firstIndex(of: loop.count) ?? 0
    comparison.operands[position] = count
    function.blocks[header].instructions[loop.comparison] = comparison
    function.blocks[header].instructions.insert(
      Instruction(.arrayCount, [loop.array], results: [count], span: comparison.span),
      at: loop.comparison)
    let again = Target(BlockID(header), function.blocks[header].parameters)
    let wait = function.addBlock(
      Block(terminator: .checkpoint(number, continuation: again), terminatorSpan: span))
    if case .branch(let condition, let then, _) = function.blocks[header].terminator {
      function.blocks[header].terminator = .branch(
        condition, then: then, otherwise: Target(BlockID(wait)))
    }
    let flow = ControlFlow(function)
    function.arrange(function.blocks.indices.filter { flow.isReachable($0) })
    var rewritten = program
    rewritten.functions[index] = function
    return Plan(
      program: rewritten, wait: number, reach: loop.reach, startCount: loop.startCount,
      reports: loop.reports)
  }

  private static func firstFreeCheckpoint(_ program: Program) -> Int {
    var next = 0
    for block in program.functions.lazy.flatMap(\.blocks) {
      if case .checkpoint(let number, _) = block.terminator { next = max(next, number + 1) }
    }
    return next
  }
}

extension ModelInfo {
  /// The parameters at some positions, as those that grow.
  package func growingParameters(
    at positions: [Int], _ enumerations: [EnumerationInfo]
  ) -> [Streamed.Parameter] {
    var word = 0
    var found: [Streamed.Parameter] = []
    for (position, parameter) in parameters.enumerated() {
      if positions.contains(position) {
        found.append(Streamed.Parameter(name: parameter.name, word: word))
      }
      word += parameter.shape.layout(enumerations).count
    }
    return found
  }
}
