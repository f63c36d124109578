import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels

extension BlockRun {
  /// Draws whose values are chosen from outside, lane by lane. Dead lanes have none.
  func chooseValues(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse, rows: Range<Int>,
    from choices: any FiniteChoices
  ) {
    let width = use.layout.count
    withParameters(operation, count: use.parameterCount) { views in
      LaneBuffer.withBuffer { parameters in
        LaneBuffer.withBuffer { value in
          for row in rows {
            let targets = (0..<width).map { result(operation.pointee.results + $0) + row }
            for k in 0..<use.parameterCount { parameters[k] = views[k].word(row) }
            for target in targets { target.pointee = 0 }
            if isDead(row) { continue }
            choose(use, LaneWords(UnsafePointer(parameters)), from: choices, into: value)
            for k in 0..<width { targets[k].pointee = value[k] }
          }
        }
      }
    }
  }

  private func choose(
    _ use: DistributionUse, _ operands: LaneWords, from choices: any FiniteChoices,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    var parameters = operands
    var type = use.type
    if type == nil {
      let box = BoxObject(bits: operands.word(0))
      type = FamilyRegistry.family(at: box.tag)
      parameters = LaneWords(UnsafePointer(box.fields))
    }
    guard let finite = type as? any FiniteSupport.Type else {
      internalError("a choice from outside needs a finite family")
    }
    let count = finite.supportCount(parameters)
    guard count > 0, count < 1 << 20 else {
      internalError("a choice from outside needs a finite family")
    }
    let probabilities = (0..<count).map { index in
      finite.supportValue(index, parameters, arena: worker.arena, into: value)
      return borel_exp(finite.logDensity(LaneWords(UnsafePointer(value)), parameters))
    }
    finite.supportValue(
      choices.choose(probabilities), parameters, arena: worker.arena, into: value)
  }
}
