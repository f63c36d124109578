import BorelBase
import BorelIR

/// Reports the distribution of every datum before it is scored: `observe D y` also emits the
/// parameters of `D`, and `y`. For forecasts.
///
/// The measure and the random choices stay what they are.
package struct Forecasting: Transform {
  /// What the names of reports start with.
  package static let prefix = "forecast."

  /// The model whose data are foreseen.
  package var model: FunctionID

  package init(model: FunctionID) { self.model = model }

  package var name: String { "Forecasting" }
  package var from: Set<Representation> { [.sampled] }
  package var excluding: Set<Representation> { [.weighted, .simulated] }
  package var to: Representation { .sampled }
  package var removes: Set<EffectKind> { [] }
  package var adds: Set<EffectKind> { [] }

  /// How the words of a report are to be read: the parameters of the distribution, whether there is
  /// a datum when that is optional, the words of the datum.
  package struct Source: Hashable, Sendable {
    /// Nil when the only parameter is a distribution value.
    package var family: String?
    package var parameterCount: Int
    /// Of the datum.
    package var types: [IRType]
    package var isOptional: Bool
  }

  package func rewrite(_ program: Program) throws -> Program { plan(program).program }

  /// The rewritten program, and the sources by the number of the report.
  package func plan(_ program: Program) -> (program: Program, sources: [Int: Source]) {
    var program = program
    var sources: [Int: Source] = [:]
    let index = Int(model.index)
    for block in program.functions[index].blocks.indices {
      var result: [Instruction] = []
      for instruction in program.functions[index].blocks[block].instructions {
        if case .observe(let family, let site, let count, let types, let isOptional) =
          instruction.operation
        {
          let width = count + (isOptional ? 1 : 0) + types.count
          let words = Array(instruction.operands.prefix(width))
          let counters = Array(instruction.operands.dropFirst(width))
          let layout = words.map { program.functions[index].valueTypes[Int($0.index)] }
          sources[program.reports.count] = Source(
            family: family, parameterCount: count, types: types, isOptional: isOptional)
          result.append(
            Instruction(
              .emit(program.reports.count, loopCount: counters.count), words + counters,
              results: [], span: instruction.span))
          program.reports.append(
            Report(
              name: Self.prefix + (site.name ?? "data"), shape: Shape(words: layout),
              span: instruction.span))
        }
        result.append(instruction)
      }
      program.functions[index].blocks[block].instructions = result
    }
    return (program, sources)
  }
}
