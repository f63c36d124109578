import BorelKernels
import BorelRuntime

/// The random choices of one move, chain by chain: every chain has a stream of its own, so that what
/// it does does not depend on the others.
struct ChainChoices {
  private var streams: [DriverStream]
  private var answers: AnsweredChoices?

  init(run: ModelRun, keys: [UInt64], move: UInt64) {
    streams = keys.map { DriverStream(key: $0, kind: Int(BOREL_KEY_MOVE), index: move) }
    answers = run.options.choices.map { AnsweredChoices($0) }
  }

  mutating func uniformIndex(_ count: Int, chain: Int) -> Int {
    if count == 1 { return 0 }
    return answers?.uniformIndex(count) ?? streams[chain].uniformIndex(count)
  }

  mutating func bernoulli(_ probability: Double, chain: Int) -> Bool {
    if probability >= 1 { return true }
    if probability <= 0 { return false }
    return answers?.bernoulli(probability) ?? streams[chain].bernoulli(probability)
  }

  mutating func categorical(_ weights: [Double], chain: Int) -> Int {
    answers?.categorical(weights) ?? streams[chain].categorical(weights)
  }

  /// Standard normal.
  mutating func normal(chain: Int) -> Double {
    answers?.noteContinuousDraw()
    return streams[chain].normal()
  }

  /// Uniform on (0, 1).
  mutating func uniform(chain: Int) -> Double {
    answers?.noteContinuousDraw()
    return streams[chain].uniform()
  }
}
