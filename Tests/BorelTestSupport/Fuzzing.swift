import Foundation
import Testing

/// Runs bodies on inputs that were changed at random. `BOREL_FUZZ` is a number of seconds for longer
/// runs, `BOREL_FUZZ_SEED` another seed, and `BOREL_FUZZ_LAST` a file for what is being tried.
package enum Fuzzing {
  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }
  private static let seconds = variable("BOREL_FUZZ").flatMap { Double($0) }
  private static let seed = variable("BOREL_FUZZ_SEED").flatMap { UInt64($0) }
  private static let last = variable("BOREL_FUZZ_LAST").map { URL(fileURLWithPath: $0) }

  /// The files with an extension in a folder of the package.
  package static func texts(_ folder: String, _ type: String) -> [[UInt8]] {
    let url = BorelExecutable.root.appendingPathComponent(folder)
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(type) }.sorted().compactMap {
      try? [UInt8](Data(contentsOf: url.appendingPathComponent($0)))
    }.filter { $0.count < 20_000 }
  }

  /// Calls a body with changed inputs, a fixed number of times or for `BOREL_FUZZ` seconds, and sees
  /// to it that each takes at most some seconds.
  package static func run(
    _ corpus: [[UInt8]], count: Int, limit: Double = 5, _ body: ([UInt8]) throws -> Void
  ) rethrows {
    var mutator = Mutator(corpus: corpus, seed: seed ?? 1)
    let end = seconds.map { ContinuousClock.now + .seconds($0) }
    var done = 0
    while end.map({ ContinuousClock.now < $0 }) ?? (done < count) {
      let input = mutator.next()
      // What is being tried is left behind where a trap would end the process.
      if let last { try? Data(input).write(to: last) }
      let start = ContinuousClock.now
      try body(input)
      let time = ContinuousClock.now - start
      if time > .seconds(limit) {
        Issue.record("\(time) for \(String(decoding: input.prefix(2_000), as: UTF8.self))")
      }
      done += 1
    }
  }
}
