import Borel
import BorelTestSupport
import Testing

/// Texts and bytes that were changed at random: whatever comes in, the process goes on and answers in
/// time. A trap ends the tests. `BOREL_FUZZ` is a number of seconds for longer runs of
/// `scripts/fuzz`.
@Suite struct FuzzTests {
  @Test func programsAreCheckedOrRefused() {
    let corpus =
      Fuzzing.texts("examples", ".ppl") + Fuzzing.texts("Tests/BorelCommandTests/Hostile", ".ppl")
      + Fuzzing.texts("stdlib", ".ppl") + Fuzzing.texts("reference", ".ppl")
    #expect(corpus.count > 20)
    Fuzzing.run(corpus, count: 800) { input in
      _ = try? Program(source: String(decoding: input, as: UTF8.self))
    }
  }

  /// What is accepted runs or fails with diagnostics, within its limits.
  @Test func programsThatAreAcceptedRun() {
    let limits = Limits(recursionDepth: 1_000, laneSteps: 20_000, memory: 100 << 20, seconds: 1)
    Fuzzing.run(Fuzzing.texts("examples", ".ppl"), count: 150) { input in
      guard let program = try? Program(source: String(decoding: input, as: UTF8.self)) else {
        return
      }
      for model in program.models {
        _ = try? model.infer(.smc(particles: 4), limits: limits)
        _ = try? model.simulate(draws: 2, limits: limits)
        _ = try? model.filter(.smc(particles: 4), limits: limits).step(json: "1")
      }
    }
  }

  @Test func dataAreReadOrRefused() throws {
    let model = try Program(
      source: """
        enum Kind { case red, green(Real) }
        model m(a: [Real?] = [], b: [{x: Int, y: (Bool, String)}] = [], c: Matrix = identity(1), k: Kind = Kind.red) {
          x ~ Normal(0, 1)
        }
        """
    ).model()
    let json =
      Fuzzing.texts("examples/data", ".json")
      + [
        Array(#"{"a": [1, null, 2.5e-3], "b": [{"x": 1, "y": [true, "\u00e4"]}]}"#.utf8),
        Array(#"{"c": [[1, 2], [3, 4]], "k": {"green": [1.5]}}"#.utf8),
      ]
    Fuzzing.run(json, count: 1_500) { input in
      let text = String(decoding: input, as: UTF8.self)
      _ = try? model.given(json: text).infer(.importance(particles: 1))
    }
    Fuzzing.run(
      Fuzzing.texts("examples/data", ".csv") + [Array("a,b\n1,\"x\"\"y\"\n,2\n".utf8)], count: 3_000
    ) {
      input in
      let text = String(decoding: input, as: UTF8.self)
      _ = try? model.given(csv: text).infer(.importance(particles: 1))
    }
  }

  /// With a checksum that is right, too, so that the reader of the state is met.
  @Test func snapshotsAreReadOrRefused() throws {
    let model = try Program(
      source: """
        model walk(y: [Real?]) {
          k ~ Poisson(3)
          var x ~ Normal(0, 1)
          for v in y {
            x ~ Normal(x, 1 + k)
            observe v ~ Normal(x, 1)
          }
        }
        """
    ).model()
    let method = Method.smc(particles: 5)
    let filter = try model.filter(method)
    for y in 0..<10 { _ = try filter.step(json: "\(y)") }
    let snapshot = try filter.snapshot()
    Fuzzing.run([snapshot], count: 1_500) { input in
      for bytes in [input, Self.withChecksum(input)] {
        guard let restored = try? model.filter(restoring: bytes, method) else { continue }
        _ = try? restored.step(json: "1")
        _ = try? restored.snapshot()
      }
    }
  }

  /// FNV-1a over the words after the header, as `CheckpointFile` has it.
  private static func withChecksum(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 40 else { return bytes }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for place in stride(from: 40, to: bytes.count - 7, by: 8) {
      var word: UInt64 = 0
      for k in 0..<8 { word |= UInt64(bytes[place + k]) << UInt64(8 * k) }
      hash = (hash ^ word) &* 0x100_0000_01b3
    }
    var result = bytes
    for k in 0..<8 { result[32 + k] = UInt8(truncatingIfNeeded: hash >> UInt64(8 * k)) }
    return result
  }
}
