import BorelBase
import BorelHeap
import BorelIR
import BorelInference
import BorelRuntime
import Foundation

/// The exact meaning of a finite model, by the scalar interpreter.
package struct ExactSemantics {
  package let measure: Measure
  /// Exact posterior expectations of the tallies, by name.
  package let tallies: [String: Double]
  /// Executions.
  package let pathCount: Int
  /// Whether some execution has weight zero.
  package let hasDeadPaths: Bool

  /// - Parameters:
  ///   - program: Before or after any transform; observations score.
  ///   - arguments: One per parameter; nil takes the default.
  ///   - limit: Most executions.
  /// - Throws: `ScalarFailure` when the program is not finite, fails, or has more executions.
  package init(
    _ program: Program, model number: Int, arguments: [Value?], limit: Int = 200_000
  ) throws {
    let model = program.models[number]
    var measure = Measure()
    var sums = [LogSum](repeating: LogSum(), count: program.tallies.count)
    var negativeSums = sums
    let coding = ValueCoding(enumerations: program.enumerations)
    var pathCount = 0
    var hasDeadPaths = false
    let isComplete = try ChoiceTree.forEachPath(limit: limit) { tree in
      pathCount += 1
      let arena = Arena()
      let words = try Self.words(program, model, arguments, coding, arena, tree)
      var execution = ScalarInterpreter(program, arena: arena, choices: tree)
      guard let result = try execution.run(model.function, words) else {
        hasDeadPaths = true
        return
      }
      let logMass = log(tree.probability) + execution.logWeight
      let variables = Self.variables(execution, result, program, model, coding)
      measure.add(variables, logMasses: [logMass])
      for (index, value) in execution.tallies.enumerated() {
        if value > 0 { sums[index].add(logMass + log(value)) }
        if value < 0 { negativeSums[index].add(logMass + log(-value)) }
      }
    }
    guard isComplete else { throw ScalarFailure.limit("more than \(limit) executions") }
    self.measure = measure
    self.pathCount = pathCount
    self.hasDeadPaths = hasDeadPaths
    let total = measure.total.value
    tallies = Dictionary(
      program.tallies.enumerated().map { index, name in
        (name, exp(sums[index].value - total) - exp(negativeSums[index].value - total))
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func words(
    _ program: Program, _ model: ModelInfo, _ arguments: [Value?], _ coding: ValueCoding,
    _ arena: Arena, _ tree: ChoiceTree
  ) throws -> [UInt64] {
    var words: [UInt64] = []
    for (argument, parameter) in zip(arguments, model.parameters) {
      if let argument {
        words += coding.encode(argument, parameter.shape, in: arena)
      } else if let function = parameter.defaultFunction {
        var execution = ScalarInterpreter(program, arena: arena, choices: tree)
        words += try execution.run(function, []) ?? []
      } else {
        throw ScalarFailure.program("argument '\(parameter.name)' is missing", parameter.span)
      }
    }
    return words
  }

  /// What one execution reported and returned, as the results of methods name it: the last value
  /// of each report counts.
  private static func variables(
    _ execution: ScalarInterpreter, _ result: [UInt64], _ program: Program, _ model: ModelInfo,
    _ coding: ValueCoding
  ) -> [Variable] {
    var latest: [ReportKey: ScalarInterpreter.Emission] = [:]
    for emission in execution.emissions {
      let name = program.reports[emission.report].name
      latest[ReportKey(name: name, loops: emission.loops)] = emission
    }
    ReportKey.numberFirstDraws(&latest)
    let reported = latest.flatMap { key, emission in
      let shape = program.reports[emission.report].shape
      return Variable.expanding(
        key.text, shape, draws: [coding.decode(emission.words, shape)],
        enumerations: program.enumerations)
    }
    let returned = Variable.expandingResult(
      model.result, draws: [coding.decode(result, model.result)],
      enumerations: program.enumerations)
    return Variable.withoutRepeatedNames(reported + returned)
  }
}
