import BorelBase

extension Program {
  /// The program without places in a source text, for comparisons.
  package var withoutSpans: Program {
    var program = self
    program.writtenForms = [:]
    for index in program.functions.indices {
      program.functions[index].span = .none
      for block in program.functions[index].blocks.indices {
        program.functions[index].blocks[block].terminatorSpan = .none
        for position in program.functions[index].blocks[block].instructions.indices {
          program.functions[index].blocks[block].instructions[position].span = .none
        }
      }
    }
    for index in program.reports.indices { program.reports[index].span = .none }
    for index in program.models.indices {
      program.models[index].span = .none
      for parameter in program.models[index].parameters.indices {
        program.models[index].parameters[parameter].span = .none
      }
    }
    for index in program.moves.indices { program.moves[index].span = .none }
    return program
  }
}
