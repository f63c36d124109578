import BorelBase
import BorelIR

/// Gives a model a version of itself that draws only what its weight depends on. What is left out,
/// the *generated quantities*, are draws that no score, factor or requirement reads, and what is
/// computed, tallied and reported besides: a density integrates to one, so that the version has the
/// evidence of the model, and on the choices that it keeps the law that they have in the model.
///
/// A Markov chain moves on the version. The model itself runs where a state is kept, and draws the
/// generated quantities given the state: exactly, and independently from state to state.
///
/// Choices that are kept have the same addresses in both (`Function.original`). What fails in what
/// is left out fails where the model itself runs.
///
/// Source for the name: the Stan reference manual, "Program block: generated quantities".
package struct Reduced: Transform {
  package let model: FunctionID
  /// Sites that are kept although no weight depends on them.
  package let kept: Set<Int>

  package init(model: FunctionID, keeping kept: Set<Int> = []) {
    self.model = model
    self.kept = kept
  }

  package var name: String {
    if kept.isEmpty { return "Reduced" }
    let list = kept.sorted().map { "\($0)" }.joined(separator: ", ")
    return "Reduced(keeping: \(list))"
  }
  package var from: Set<Representation> { [.weighted] }
  package var excluding: Set<Representation> {
    [.reduced, .sequential, .enumerated, .simulated, .differentiated, .streamed]
  }
  package var to: Representation { .reduced }
  package var removes: Set<EffectKind> { [] }
  package var adds: Set<EffectKind> { [] }

  package func rewrite(_ program: Program) throws -> Program {
    let slice = WeightSlice(program, model: Int(model.index), kept: kept)
    guard slice.leavesSomethingOut, slice.keepsChoices else { return program }
    var program = program
    let first = program.functions.count
    var versions: [Int: FunctionID] = [:]
    for (offset, function) in slice.functions.enumerated() {
      versions[function] = FunctionID(first + offset)
    }
    for function in slice.functions {
      var reduction = FunctionReduction(program.functions[function], slice.part(function), versions)
      reduction.run()
      reduction.function.original = FunctionID(function)
      program.functions.append(reduction.function)
    }
    return program
  }
}

extension Program {
  /// The version of a function that leaves out what no weight depends on; nil when it has none.
  package func reducedVersion(of function: FunctionID) -> FunctionID? {
    functions.firstIndex { $0.original == function }.map { FunctionID($0) }
  }

  /// The choices of a model that its reduced version does not make, in program order.
  package func generatedChoices(of model: FunctionID) -> [(site: Site, span: Span)] {
    guard let version = reducedVersion(of: model) else { return [] }
    let graph = CallGraph(self)
    func choices(_ root: FunctionID) -> [(site: Site, span: Span)] {
      graph.reachable(from: [Int(root.index)]).indices.flatMap { index in
        functions[index].blocks.flatMap(\.instructions).compactMap { instruction in
          if case .sample(_, let site, _, _) = instruction.operation {
            return (site, instruction.span)
          }
          return nil
        }
      }
    }
    let kept = Set(choices(version).map(\.site.number))
    return choices(model).filter { !kept.contains($0.site.number) }
  }
}
