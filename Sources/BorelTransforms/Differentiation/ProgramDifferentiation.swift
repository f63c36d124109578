import BorelIR

/// The rewriting of a whole program: types, enums, functions, tallies.
struct ProgramDifferentiation {
  private(set) var program: Program
  let analysis: Smoothness
  let root: FunctionID
  let inputs: [Differentiated.Input]
  let output: Differentiated.Output
  let active: Set<Int>
  /// By enumeration: the one of its tangents; nil when it has none.
  private(set) var shadows: [Int?]
  /// What is added to which tally.
  let tallies: TallyNumbers
  /// The form of the root that other functions call, when they do.
  private(set) var callableRoot: FunctionID?

  /// Numbers of the tallies that a differentiation writes.
  struct TallyNumbers {
    /// By direction.
    var scores: [Int] = []
    /// By number of a tally and direction.
    var curvature: [Int: [Int: Int]] = [:]
  }

  init(
    program: Program, analysis: Smoothness, root: FunctionID, inputs: [Differentiated.Input],
    output: Differentiated.Output, directionNames: [String]
  ) {
    self.analysis = analysis
    self.root = root
    self.inputs = inputs
    self.output = output
    active = analysis.activeFunctions(root: root)
    var program = program
    var tallies = TallyNumbers()
    switch output {
    case .scores:
      tallies.scores = directionNames.map { name in
        program.tallies.append(Differentiated.scoreName(name))
        return program.tallies.count - 1
      }
    case .curvature:
      for (first, name) in directionNames.enumerated() {
        guard let number = program.tallies.lastIndex(of: Differentiated.scoreName(name))
        else { continue }
        // The matrix is symmetric: one triangle is enough.
        for second in first..<directionNames.count {
          program.tallies.append(Differentiated.curvatureName(name, directionNames[second]))
          tallies.curvature[number, default: [:]][second] = program.tallies.count - 1
        }
      }
    case .tangents, .directional: break
    }
    self.tallies = tallies
    self.program = program
    shadows = program.enumerations.indices.map { _ in nil }
    addShadows()
  }

  mutating func run() -> Program {
    let original = analysis.program
    let number = Int(root.index)
    if isRootCalled {
      callableRoot = FunctionID(program.functions.count)
      program.functions.append(program.functions[number])
    }
    for index in original.functions.indices {
      if index == number {
        program.functions[index] = differentiate(index, isEntry: output != .directional)
      } else if active.contains(index) {
        program.functions[index] = differentiate(index, isEntry: false)
      } else {
        mapTypes(ofFunction: index)
      }
    }
    if let callableRoot {
      var copy = differentiate(number, isEntry: false)
      copy.name += " differentiated"
      program.functions[Int(callableRoot.index)] = copy
    }
    return program
  }

  private func differentiate(_ index: Int, isEntry: Bool) -> Function {
    var rewriting = FunctionDifferentiation(context: self, index: index, isEntry: isEntry)
    return rewriting.run()
  }

  /// Whether other code calls the root, or makes a closure or model of it.
  private var isRootCalled: Bool {
    let number = Int(root.index)
    let graph = CallGraph(analysis.program, closures: analysis.closures)
    return !graph.callers[number].isEmpty || !graph.captures[number].isEmpty
  }

  /// A function as active functions call it.
  func callee(_ function: FunctionID) -> FunctionID {
    function == root ? callableRoot ?? function : function
  }

  // MARK: Types

  private mutating func addShadows() {
    let types = analysis.types
    let count = program.enumerations.count
    for index in 0..<count where types.hasTangent(.enumeration(index)) {
      shadows[index] = program.enumerations.count
      program.enumerations.append(
        EnumerationInfo(name: program.enumerations[index].name + " tangent", cases: []))
    }
    for index in 0..<count {
      guard let shadow = shadows[index] else { continue }
      program.enumerations[shadow].cases = program.enumerations[index].cases.map { variant in
        let words = variant.payload.flatMap { $0.layout(analysis.program.enumerations) }
        let tangents = words.compactMap { tangentType($0) }
        return EnumerationInfo.Case(
          name: variant.name, payload: tangents.isEmpty ? [] : [Shape(words: tangents)])
      }
    }
    for index in program.enumerations.indices {
      for place in program.enumerations[index].cases.indices {
        program.enumerations[index].cases[place].payload =
          program.enumerations[index].cases[place].payload.map { mapped($0) }
      }
    }
  }

  /// A type with the signatures of its closures as they are after differentiation.
  func mapped(_ type: IRType) -> IRType {
    switch type {
    case .real, .int, .bool, .string, .matrix, .enumeration, .distribution, .posterior: type
    case .array(let element): .array(element.map { mapped($0) })
    case .function(let parameters, let results):
      .function(
        expanded(parameters, analysis.parametersOfType[type]),
        expanded(results, analysis.resultsOfType[type]))
    case .model(let results): .model(expanded(results, analysis.resultsOfType[type]))
    }
  }

  private func mapped(_ shape: Shape) -> Shape {
    switch shape {
    case .opaque(let type): .opaque(mapped(type))
    case .array(let element): .array(mapped(element))
    case .tuple(let parts): .tuple(parts.map { mapped($0) })
    case .record(let fields): .record(fields.map { .init($0.name, mapped($0.shape)) })
    case .optional(let wrapped): .optional(mapped(wrapped))
    default: shape
    }
  }

  /// The type of a tangent; nil when there is none.
  func tangentType(_ type: IRType) -> IRType? {
    guard analysis.types.hasTangent(type) else { return nil }
    switch type {
    case .array(let element): return .array(element.compactMap { tangentType($0) })
    case .enumeration(let index): return shadows[index].map { .enumeration($0) }
    default: return type
    }
  }

  func tangentTypes(_ types: [IRType]) -> [IRType] { types.compactMap { tangentType($0) } }

  /// Words each followed by their tangents.
  func expanded(_ types: [IRType], _ directions: [Directions]?) -> [IRType] {
    types.enumerated().flatMap { position, type -> [IRType] in
      let count = directions.map { $0[position].count } ?? 0
      guard count > 0, let tangent = tangentType(type) else { return [mapped(type)] }
      return [mapped(type)] + [IRType](repeating: tangent, count: count)
    }
  }

  /// A function without tangents sees the new types of closures that pass through it.
  private mutating func mapTypes(ofFunction index: Int) {
    program.functions[index].valueTypes = program.functions[index].valueTypes.map { mapped($0) }
    program.functions[index].results = program.functions[index].results.map { mapped($0) }
    for block in program.functions[index].blocks.indices {
      for position in program.functions[index].blocks[block].instructions.indices {
        program.functions[index].blocks[block].instructions[position].operation =
          program.functions[index].blocks[block].instructions[position].operation
          .mapTypes { mapped($0) }
      }
    }
  }
}
