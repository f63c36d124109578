import BorelBase
import BorelIR

/// Adds derivatives with respect to real inputs of one function, in forward mode: every real value
/// that depends on them is accompanied by its tangents, one per direction, through branches,
/// loops, calls, closures, arrays and enums. What the program computed before, it computes as
/// before, with the same draws.
///
/// Derivatives are taken at fixed choices: the value of a draw depends on nothing, its log-density
/// does. A program in which an input moves a support or decides a branch has no such derivative
/// and is refused (semantics, 6.6).
///
/// Source: Griewank and Walther (2008), "Evaluating derivatives", chapter 3 (forward mode); Cappé,
/// Moulines, Rydén (2005), "Inference in hidden Markov models", section 10.1.3 (Fisher's identity).
package struct Differentiated: Transform {
  /// A real, or an array of reals with a known number of elements, each a direction.
  package struct Input: Hashable, Sendable {
    package var name: String
    /// Position among the words of the function's parameters.
    package var position: Int
    /// Elements of an array; nil for a real.
    package var count: Int?
    package init(name: String, position: Int, count: Int? = nil) {
      self.name = name
      self.position = position
      self.count = count
    }
  }

  package enum Output: String, Hashable, Sendable {
    /// Tallies `score.x` of the derivatives of the log-densities of all choices, scores and
    /// factors: by Fisher's identity their posterior expectation is the derivative of the log
    /// evidence.
    case scores
    /// Tallies `curvature.x.y` of the derivatives of the tallies `score.x`, in a program that has
    /// them.
    case curvature
    /// Each result of the function is followed by its tangents.
    case tangents
    /// As `tangents`, but in one direction that the caller gives: each input is followed by its
    /// tangent among the parameters, and all inputs have the same direction. Inputs may be arrays of
    /// any length.
    case directional
  }

  package var function: FunctionID
  package var inputs: [Input]
  package var output: Output

  package init(_ function: FunctionID, inputs: [Input], output: Output = .scores) {
    self.function = function
    self.inputs = inputs
    self.output = output
  }

  package var name: String {
    let names = inputs.map { input in
      input.count.map { "\(input.name)[\($0)]" } ?? input.name
    }
    return
      "Differentiated(function: \(function.index), \(output.rawValue): "
      + "\(names.joined(separator: ", ")))"
  }
  package var from: Set<Representation> {
    switch output {
    case .scores: [.weighted]
    case .curvature: [.weighted, .differentiated]
    case .tangents, .directional: []
    }
  }
  package var excluding: Set<Representation> {
    output == .curvature
      ? [.simulated, .enumerated] : [.simulated, .enumerated, .differentiated]
  }
  package var to: Representation { .differentiated }
  package var removes: Set<EffectKind> { [] }
  package var adds: Set<EffectKind> { [] }

  /// The names of the directions: `sd`, `weight[0]`, ...
  package var directionNames: [String] {
    inputs.flatMap { input -> [String] in
      guard let count = input.count else { return [input.name] }
      return (0..<count).map { "\(input.name)[\($0)]" }
    }
  }

  package static func scoreName(_ direction: String) -> String { "score.\(direction)" }
  package static func curvatureName(_ first: String, _ second: String) -> String {
    "curvature.\(first).\(second)"
  }

  /// Which results of the function depend smoothly on the inputs: those that are followed by
  /// tangents.
  package func tangentResults(_ program: Program) -> [Bool] {
    analysis(program).results[Int(function.index)].enumerated().map { position, directions in
      !directions.isEmpty
        && TangentTypes(program).hasTangent(
          program.functions[Int(function.index)].results[position])
    }
  }

  private func analysis(_ program: Program) -> Smoothness {
    var seeds: [Int: Directions] = [:]
    var next = 0
    for input in inputs {
      let count = input.count ?? 1
      seeds[input.position] =
        output == .directional ? Directions(0) : Directions(next..<next + count)
      next += count
    }
    return Smoothness(program, function: function, seeds: seeds)
  }

  package func rewrite(_ program: Program) throws -> Program {
    let names = output == .directional ? ["a change of the trace"] : directionNames
    guard names.count <= Directions.limit else {
      throw Diagnostics([
        Diagnostic(
          "E0574", .inference,
          "derivatives in \(names.count) directions are asked for, at most \(Directions.limit) are "
            + "possible", at: program.functions[Int(function.index)].span,
          hints: ["learn fewer numbers: remove 'param' from long arrays"])
      ])
    }
    let analysis = analysis(program)
    let problems = DifferentiationRefusals(
      analysis: analysis, directionNames: names, root: function, allowsJumps: output != .scores
    ).problems()
    guard problems.isEmpty else { throw Diagnostics(problems) }
    var rewriting = ProgramDifferentiation(
      program: program, analysis: analysis, root: function, inputs: inputs, output: output,
      directionNames: names)
    return rewriting.run()
  }
}
