import BorelInference
import Testing

/// Collections of the heap in the middle of a move.
@Suite struct ChainCollectionTests {
  /// The parameters of `k` are an array. While it is drawn anew the trace does not have it, and
  /// gets it back when the move is rejected.
  private static let source = """
    model spots(y: [Real] = [1.0, 2.0, 2.5, 7.0]) {
      let weights = (0..<8).map { 2.0 ^ $0 * exp(-lfactorial($0)) }
      k ~ Categorical(weights)
      var spots = [] as [Real]
      for i in 0..<k {
        spot ~ Uniform(0, 10)
        spots.append(spot)
      }
      var garbage = [] as [Real]
      for i in 0..<200 { garbage.append(Real(i)) }
      for v in y { observe v ~ Normal(sum(spots), 3) }
    }
    """

  @Test(arguments: ["cycle(singleSite, randomWalk)", "singleSite", "cycle(gibbs, randomWalk)"])
  func aCollectionInTheMiddleOfAMoveChangesNothing(kernel: String) throws {
    func posterior(collectingAt threshold: Int) throws -> Posterior {
      let program = try compiled(Self.source)
      var request = InferenceRequest(
        program: program, model: 0, arguments: [nil],
        method: try MethodSpecification(
          parsing: "mh(kernel: \(kernel), chains: 16, draws: 20, warmup: 10)"))
      request.limits.collectionThreshold = threshold
      return try infer(request)
    }
    let rare = try posterior(collectingAt: 1 << 30)
    let often = try posterior(collectingAt: 1 << 12)
    #expect(rare.variable("k")?.values == often.variable("k")?.values)
    #expect(rare.variable("spot[0]")?.present == often.variable("spot[0]")?.present)
  }
}
