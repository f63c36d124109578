import Borel
import Foundation
import Testing

/// Texts and bytes that were changed at random: whatever comes in, the process goes on and answers in
/// time. A trap ends the tests. `BOREL_FUZZ` is a number of seconds for longer runs of
/// `scripts/fuzz`.
@Suite struct FuzzTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let seconds = ProcessInfo.processInfo.environment["BOREL_FUZZ"].flatMap {
    Double($0)
  }
  private static let seed = ProcessInfo.processInfo.environment["BOREL_FUZZ_SEED"].flatMap {
    UInt64($0)
  }

  /// The files with an extension in a folder of the package.
  private static func texts(_ folder: String, _ type: String) -> [[UInt8]] {
    let url = root.appendingPathComponent(folder)
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(type) }.sorted().compactMap {
      try? [UInt8](Data(contentsOf: url.appendingPathComponent($0)))
    }.filter { $0.count < 20_000 }
  }

  /// Calls a body with changed inputs, a fixed number of times or for `BOREL_FUZZ` seconds, and sees
  /// to it that each takes at most some seconds.
  private func fuzz(
    _ corpus: [[UInt8]], count: Int, limit: Double = 5, _ body: ([UInt8]) throws -> Void
  ) rethrows {
    var mutator = Mutator(corpus: corpus, seed: Self.seed ?? 1)
    let end = Self.seconds.map { ContinuousClock.now + .seconds($0) }
    var done = 0
    while end.map({ ContinuousClock.now < $0 }) ?? (done < count) {
      let input = mutator.next()
      // What is being tried is left behind where a trap would end the process.
      if let path = ProcessInfo.processInfo.environment["BOREL_FUZZ_LAST"] {
        try? Data(input).write(to: URL(fileURLWithPath: path))
      }
      let start = ContinuousClock.now
      try body(input)
      let time = ContinuousClock.now - start
      if time > .seconds(limit) {
        Issue.record("\(time) for \(String(decoding: input.prefix(2_000), as: UTF8.self))")
      }
      done += 1
    }
  }

  @Test func programsAreCheckedOrRefused() {
    let corpus =
      Self.texts("examples", ".ppl") + Self.texts("Tests/BorelCommandTests/Hostile", ".ppl")
      + Self.texts("stdlib", ".ppl") + Self.texts("reference", ".ppl")
    #expect(corpus.count > 20)
    fuzz(corpus, count: 800) { input in
      _ = try? Program(source: String(decoding: input, as: UTF8.self))
    }
  }

  /// What is accepted runs or fails with diagnostics, within its limits.
  @Test func programsThatAreAcceptedRun() {
    let limits = Limits(recursionDepth: 1_000, laneSteps: 20_000, memory: 100 << 20, seconds: 1)
    fuzz(Self.texts("examples", ".ppl"), count: 150) { input in
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
      Self.texts("examples/data", ".json")
      + [
        Array(#"{"a": [1, null, 2.5e-3], "b": [{"x": 1, "y": [true, "\u00e4"]}]}"#.utf8),
        Array(#"{"c": [[1, 2], [3, 4]], "k": {"green": [1.5]}}"#.utf8),
      ]
    fuzz(json, count: 1_500) { input in
      let text = String(decoding: input, as: UTF8.self)
      _ = try? model.given(json: text).infer(.importance(particles: 1))
    }
    fuzz(
      Self.texts("examples/data", ".csv") + [Array("a,b\n1,\"x\"\"y\"\n,2\n".utf8)], count: 3_000
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
    fuzz([snapshot], count: 1_500) { input in
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

/// Makes inputs from those of a corpus, by changes of bytes and of tokens.
private struct Mutator {
  let corpus: [[UInt8]]
  private var state: UInt64

  init(corpus: [[UInt8]], seed: UInt64) {
    self.corpus = corpus
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
  }

  /// SplitMix64.
  private mutating func random(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(max(bound, 1)))
  }

  private static let pieces = [
    "(", ")", "{", "}", "[", "]", "..", "..<", "0<..", "~", "observe ", "for x in ", "if ", "else ",
    "let ", "var ", "func f() -> ", "model m(", "match ", "enum E { case a }", "\"", "\\(", "//",
    "/*",
    "9999999999999999999", "1e400", "-1", "0", "nil", "?", "??", "->", "=>", ",", ":", "@", "with ",
    "null", "true", "\u{0}", "\u{FEFF}", "é", "\r\n", "mem ", "param ", "tally t += ", "return ",
  ].map { Array($0.utf8) }

  mutating func next() -> [UInt8] {
    var bytes = corpus[random(corpus.count)]
    for _ in 0...random(4) {
      let place = random(bytes.count + 1)
      let end = min(bytes.count, place + 1 + random(random(3) == 0 ? 200 : 8))
      switch random(7) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: random(bytes.count + 1))
      case 2: bytes.insert(contentsOf: Self.pieces[random(Self.pieces.count)], at: place)
      case 3 where place < bytes.count: bytes[place] = UInt8(random(256))
      case 4 where place < bytes.count: bytes[place] ^= 1 << UInt8(random(8))
      case 5:
        let other = corpus[random(corpus.count)]
        let from = random(other.count + 1)
        bytes.replaceSubrange(
          place..<end, with: other[from..<min(other.count, from + random(300))])
      case 6:
        let piece = Self.pieces[random(Self.pieces.count)]
        bytes.insert(contentsOf: (0..<(1 + random(300))).flatMap { _ in piece }, at: place)
      default: break
      }
      if bytes.count > 60_000 { bytes.removeLast(bytes.count - 60_000) }
    }
    return bytes
  }
}
