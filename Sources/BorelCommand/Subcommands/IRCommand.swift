import ArgumentParser
import Borel
import BorelBase
import BorelIR
import BorelTransforms

/// The representations that the transforms lead to.
enum IRStage: String, CaseIterable, ExpressibleByArgument {
  case weighted, reduced, sequential, enumerated, simulated, differentiated, streamed

  /// The program in this representation.
  func apply(to program: BorelIR.Program) throws -> BorelIR.Program {
    switch self {
    case .weighted: try Weighted().apply(program)
    case .reduced: try reduced(program)
    case .sequential: try (Sequential() ∘ Weighted()).apply(program)
    case .enumerated: try (Enumerated() ∘ Weighted()).apply(program)
    case .simulated: try Simulated().apply(program)
    case .differentiated: try differentiated(program)
    case .streamed: try streamed(program)
    }
  }

  /// The first model with generated quantities, with a version without them.
  private func reduced(_ program: BorelIR.Program) throws -> BorelIR.Program {
    let weighted = try Weighted().apply(program)
    for model in program.models {
      let form = try Reduced(model: model.function).apply(weighted)
      if form.reducedVersion(of: model.function) != nil { return form }
    }
    return weighted
  }

  /// The first model with arrays, with all of them growing.
  private func streamed(_ program: BorelIR.Program) throws -> BorelIR.Program {
    for model in program.models {
      let arrays = model.growingParameters(
        at: model.parameters.indices.filter { model.parameters[$0].shape.isArray },
        program.enumerations)
      guard !arrays.isEmpty else { continue }
      return try (Streamed(model: model.function, parameters: arrays) ∘ Sequential() ∘ Weighted())
        .apply(program)
    }
    return try (Sequential() ∘ Weighted()).apply(program)
  }

  /// The first model with learnable reals, differentiated with respect to them.
  private func differentiated(_ program: BorelIR.Program) throws -> BorelIR.Program {
    for model in program.models {
      var inputs: [Differentiated.Input] = []
      var position = 0
      for parameter in model.parameters {
        if parameter.isLearnable, parameter.shape == .real {
          inputs.append(.init(name: parameter.name, position: position))
        }
        position += parameter.shape.layout(program.enumerations).count
      }
      guard !inputs.isEmpty else { continue }
      return try (Differentiated(model.function, inputs: inputs) ∘ Weighted()).apply(program)
    }
    return try Weighted().apply(program)
  }
}

struct IRCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ir", abstract: "Print the intermediate representation of a program.")

  @Argument(help: ArgumentHelp("The program; - reads the standard input.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Print it as it is after a transform: weighted, reduced, sequential, enumerated, "
        + "simulated, differentiated or streamed.",
      valueName: "transform"))
  var after: IRStage?

  @Flag(help: "Add the place in the program to each instruction.")
  var lines = false

  func run() throws {
    let program = try ProgramFile.load(file)
    var code = program.code
    if let after {
      do {
        code = try after.apply(to: code)
      } catch let problems as Diagnostics {
        throw CommandFailure(problems, in: program.sources)
      }
    }
    Console.print(printIR(code, sources: lines ? program.sources : nil))
  }
}
