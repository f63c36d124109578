import BorelDistributions
import BorelHeap
import BorelIR

/// Distributions as values: boxes whose tag is the number of the family and whose fields are the
/// canonical parameters.
enum DistributionOperations {
  /// - Parameter layout: The types of the canonical parameters.
  static func make(family: Int, _ layout: [IRType]) -> ColumnOperation {
    let mask = layout.pointerMask
    let count = layout.count
    let type = FamilyRegistry.family(at: family)
    return ColumnOperation(
      name: type.signature.name,
      function: { call in
        for lane in 0..<call.count {
          let box = call.arena.makeBox(tag: family, fieldCount: count, pointerMask: mask)
          let fields = box.fields
          for k in 0..<count { fields[k] = call.operands[k].word(lane) }
          call.results[0][lane] = box.object.bits
        }
        var violation = type.firstViolation(count: call.count, from: 0, parameters: call.operands)
        let first = violation?.lane ?? -1
        while let found = violation {
          call.results[0][found.lane] = 0
          violation = type.firstViolation(
            count: call.count, from: found.lane + 1, parameters: call.operands)
        }
        return first
      }, failure: .distributionParameters(family))
  }

  static func logDensity(_ layout: [IRType]) -> ColumnOperation {
    let width = layout.count
    return ColumnOperation(
      name: "logDensity",
      function: { call in
        LaneBuffer.withBuffer { words in
          forEachLane(call) { lane in
            let box = BoxObject(bits: call.operands[0].word(lane))
            if box.object.isNull {
              call.results[0][lane] = (-Double.infinity).bitPattern
              return false
            }
            for k in 0..<width { words[k] = call.operands[1 + k].word(lane) }
            let family = FamilyRegistry.family(at: box.tag)
            call.results[0][lane] =
              family.logDensity(LaneWords(words), LaneWords(box.fields)).bitPattern
            return true
          }
        }
      }, failure: .missingObject)
  }
}
