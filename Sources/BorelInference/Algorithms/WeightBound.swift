import BorelIR
import BorelTransforms

/// What is known in advance of the weights that a program adds.
enum WeightBound {
  /// Whether every score in reach of the model is the probability of a discrete value, so that no
  /// weight grows: there is no free factor and no density.
  static func scoresAreProbabilities(
    _ program: Program, model: FunctionID, signatures: SignatureSource = .registries
  ) -> Bool {
    let signatures = signatures.including(program.host)
    let reached = CallGraph(program).reachable(from: [Int(model.index)])
    return reached.indices.allSatisfy { index in
      program.functions[index].blocks.allSatisfy { block in
        block.instructions.allSatisfy { instruction in
          switch instruction.operation {
          case .factor: false
          case .observe(let family, _, _, _, _), .score(let family, _, _, _, _):
            family.flatMap(signatures.family)?.baseMeasure == .counting
          default: true
          }
        }
      }
    }
  }
}
