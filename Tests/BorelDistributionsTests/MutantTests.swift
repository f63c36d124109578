import BorelDistributions
import BorelHeap
import Testing

/// A normal family whose draws are 8 % too wide: the sampler law must notice.
private enum WideNormal: HasCumulative {
  static var signature: FamilySignature { normal.signature }
  private static var normal: any HasCumulative.Type {
    guard let type = FamilyRegistry.family(named: "Normal") as? any HasCumulative.Type else {
      preconditionFailure("no Normal")
    }
    return type
  }

  static func logDensity(_ value: LaneWords, _ parameters: LaneWords) -> Double {
    normal.logDensity(value, parameters)
  }
  static func draw(
    _ parameters: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    normal.draw(parameters, using: &random, arena: arena, into: value)
    let x = Double(bitPattern: value[0])
    value[0] = (parameters.real(0) + 1.08 * (x - parameters.real(0))).bitPattern
  }
  static func cumulative(_ x: Double, _ parameters: LaneWords) -> Double {
    normal.cumulative(x, parameters)
  }
  static func logCumulative(_ x: Double, _ parameters: LaneWords) -> Double {
    normal.logCumulative(x, parameters)
  }
  static func logSurvival(_ x: Double, _ parameters: LaneWords) -> Double {
    normal.logSurvival(x, parameters)
  }
}

@Test
func samplerWithWrongScaleIsCaught() {
  let parameters = ParameterWords([.real(0), .real(1)])
  let probability = SamplerLaw.falseAlarm / Double(LawCase.all.count)
  #expect(
    SamplerLaw.failure(WideNormal.self, parameters, count: 60_000, probability: probability) != nil)
}
