import BorelIR

extension Smoothness {
  /// The functions whose code changes: they take, give or make something with a tangent, or call a
  /// function that does.
  func activeFunctions(root: FunctionID) -> Set<Int> {
    let graph = CallGraph(program, closures: closures)
    var active: Set<Int> = [Int(root.index)]
    for (index, function) in program.functions.enumerated() {
      let hasTangent = tangents[index].contains { !$0.isEmpty }
      let hasSignature = function.valueTypes.contains { hasTangents(inSignature: $0) }
      if hasTangent || hasSignature || results[index].contains(where: { !$0.isEmpty }) {
        active.insert(index)
      }
    }
    var changed = true
    while changed {
      changed = false
      for index in program.functions.indices where !active.contains(index) {
        let made = program.functions[index].blocks.lazy.flatMap(\.instructions).compactMap {
          $0.operation.closedFunction.map { Int($0.index) }
        }
        if graph.callees[index].contains(where: active.contains)
          || made.contains(where: active.contains)
        {
          active.insert(index)
          changed = true
        }
      }
    }
    return active
  }

  /// Whether closures or models of a type take or give tangents.
  func hasTangents(inSignature type: IRType) -> Bool {
    (parametersOfType[type] ?? []).contains { !$0.isEmpty }
      || (resultsOfType[type] ?? []).contains { !$0.isEmpty }
  }
}
