import BorelIR

/// Gives `observe` the meaning *score*: the log-density of the datum is added to the weight of the
/// lane. A missing datum is drawn where its value is used, and marginalised otherwise, which costs
/// nothing: a density integrates to one.
///
/// The instruction keeps its distribution, value, address and span, since tempering, blame,
/// forecasts and leave-one-out need them.
package struct Weighted: Transform {
  /// Whether draws that nothing reads and nothing reports go. This keeps the measure but changes
  /// the numbers of later draws, hence the bits of seeded results.
  package var dropsDeadChoices: Bool

  package init(dropsDeadChoices: Bool = false) { self.dropsDeadChoices = dropsDeadChoices }

  package var name: String { "Weighted" }
  package var from: Set<Representation> { [.sampled] }
  package var excluding: Set<Representation> { [.weighted, .simulated] }
  package var to: Representation { .weighted }
  package var removes: Set<EffectKind> { [.observe] }
  package var adds: Set<EffectKind> { [.score] }

  package func rewrite(_ program: Program) throws -> Program {
    var program = program
    for function in program.functions.indices {
      for block in program.functions[function].blocks.indices {
        for position in program.functions[function].blocks[block].instructions.indices {
          let operation =
            program.functions[function].blocks[block].instructions[position].operation
          guard
            case .observe(let family, let site, let count, let types, let isOptional) = operation
          else { continue }
          program.functions[function].blocks[block].instructions[position].operation = .score(
            family: family, site, parameterCount: count, types, isOptional: isOptional)
        }
      }
    }
    return dropsDeadChoices ? removingDeadChoices(program) : program
  }
}
