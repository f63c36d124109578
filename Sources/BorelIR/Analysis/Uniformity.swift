/// How much a value can differ between lanes.
package enum UniformityLevel: Int, Hashable, Sendable, Comparable, CaseIterable,
  CustomStringConvertible
{
  /// The same for all lanes.
  case uniform
  /// The same for all lanes of a group.
  case perGroup
  case varying

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

  package var description: String {
    switch self {
    case .uniform: "uniform"
    case .perGroup: "per group"
    case .varying: "varying"
    }
  }
}

/// A level that may depend on the levels of the parameters of the function.
package struct SymbolicUniformity: Hashable, Sendable {
  /// A lower bound, whatever the parameters are.
  package var base: UniformityLevel
  /// Positions of the parameters that matter, below the level `varying`.
  package var parameters: Set<Int>

  package init(_ base: UniformityLevel, parameters: Set<Int> = []) {
    self.base = base
    self.parameters = base == .varying ? [] : parameters
  }

  package static let uniform = SymbolicUniformity(.uniform)
  package static let varying = SymbolicUniformity(.varying)

  package func joined(_ other: Self) -> Self {
    Self(max(base, other.base), parameters: parameters.union(other.parameters))
  }

  /// The level when the parameters have these symbolic levels themselves.
  package func substituting(_ arguments: [SymbolicUniformity]) -> Self {
    parameters.reduce(Self(base)) { level, position in
      level.joined(position < arguments.count ? arguments[position] : .varying)
    }
  }

  package func level(_ parameters: [UniformityLevel]) -> UniformityLevel {
    self.parameters.reduce(base) { max($0, $1 < parameters.count ? parameters[$1] : .varying) }
  }
}

/// Which values are the same in all lanes, statically.
///
/// Every function is analysed once, with levels that depend on its parameters; the results are put
/// together over the calls. Draws, missing data that are drawn, memo tables and nested inference
/// vary; everything else varies with what it is computed from, and with the branches that decide
/// which definition reaches a merge.
///
/// A uniform value may be computed once for all lanes. The analysis may call a uniform value
/// varying, never the other way round.
package struct Uniformity: Sendable, CustomStringConvertible {
  /// By function and value, depending on the parameters.
  package let symbolic: [[SymbolicUniformity]]
  /// By function and block: whether all lanes that run the function run the block equally often.
  package let symbolicControl: [[SymbolicUniformity]]
  /// By function: the join over all its calls of the levels of its parameters, and then of the
  /// structures of its parameters: the lengths of arrays.
  package let parameterLevels: [[UniformityLevel]]
  /// By function: the join over its calls of the level of the control that leads there.
  package let callControl: [UniformityLevel]
  /// The functions that run when a root runs.
  package let reached: ValueSet
  private let names: [String]

  /// - Parameters:
  ///   - roots: The functions that a driver starts, with the level of each parameter.
  package init(
    _ program: Program, roots: [(function: FunctionID, parameters: [UniformityLevel])],
    callGraph: CallGraph? = nil
  ) {
    let graph = callGraph ?? CallGraph(program)
    var summaries = UniformitySummaries(program, callGraph: graph)
    summaries.solve()
    names = program.functions.map(\.name)
    symbolic = summaries.values
    symbolicControl = summaries.control
    var contexts = UniformityContexts(program, callGraph: graph, summaries: summaries)
    contexts.solve(roots)
    parameterLevels = contexts.parameters
    callControl = contexts.control
    reached = contexts.reached
  }

  /// With the models as roots and their arguments uniform.
  package init(_ program: Program, callGraph: CallGraph? = nil) {
    self.init(
      program, roots: Self.modelRoots(program), callGraph: callGraph)
  }

  /// All models with uniform arguments.
  package static func modelRoots(
    _ program: Program
  ) -> [(function: FunctionID, parameters: [UniformityLevel])] {
    program.models.map { model in
      let count = program.functions[Int(model.function.index)].parameters.count
      return (model.function, [UniformityLevel](repeating: .uniform, count: count))
    }
  }

  /// The level of a value over all calls of its function.
  package func level(of value: ValueID, in function: Int) -> UniformityLevel {
    symbolic[function][Int(value.index)].level(parameterLevels[function])
  }

  /// Whether all lanes that run the function run the block equally often, over all its calls.
  package func control(of block: Int, in function: Int) -> UniformityLevel {
    symbolicControl[function][block].level(parameterLevels[function])
  }

  /// How many values of each function vary: the others are computed once for all lanes.
  package var description: String {
    reached.indices.map { function in
      let varying = symbolic[function].filter {
        $0.level(parameterLevels[function]) == .varying
      }
      return "\(names[function]): \(varying.count) of \(symbolic[function].count) values vary"
    }.joined(separator: "\n")
  }

  /// The control of a block as seen from the roots: also whether its function is called equally
  /// often by all lanes.
  package func absoluteControl(of block: Int, in function: Int) -> UniformityLevel {
    max(control(of: block, in: function), callControl[function])
  }
}
