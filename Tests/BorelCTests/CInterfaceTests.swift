import Borel
import BorelC
import BorelTestSupport
import CBorel
import Foundation
import Testing

private let sources = BorelExecutable.root.appendingPathComponent("Tests/BorelCTests").path
private let header = BorelExecutable.root.appendingPathComponent("Sources/CBorel/include").path
private let library = BorelExecutable.folder.appendingPathComponent("libBorelC.so").path

private func hasTool(_ name: String) -> Bool {
  (try? BorelExecutable.run(shell: "command -v \(name)").status) == 0
}

/// The shared library is a product of its own, which `make test` builds.
private let isComplete = FileManager.default.fileExists(atPath: library) && hasTool("cc")

/// The runtime library of a sanitizer, which programs without it have to load before a library that
/// needs it; see `scripts/sanitize`.
private let preload =
  ProcessInfo.processInfo.environment["BOREL_PRELOAD"].map { "LD_PRELOAD='\($0)'" } ?? ""

/// Translates a program in C and runs it.
private func run(
  _ file: String, _ arguments: String = "", flags: String = ""
) throws -> BorelExecutable.Outcome {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let folderOfLibrary = BorelExecutable.folder.path
  return try BorelExecutable.run(
    shell: """
      cc -std=c99 -Wall -Wextra -Wpedantic -Werror \(flags) -I "\(header)" "\(sources)/\(file)" -o program \
        -L "\(folderOfLibrary)" -lBorelC -Wl,-rpath,"\(folderOfLibrary)" && \(preload) ./program \(arguments)
      """, in: folder)
}

@Test(.enabled(if: isComplete))
func misuseIsAnErrorAndNoCrash() throws {
  let outcome = try run("errors.c")
  #expect(outcome.output == "all as expected\n", "\(outcome.errors)")
  #expect(outcome.status == 0)
}

@Test(.enabled(if: isComplete))
func aProgramInCGetsTheBitsOfTheLibrary() throws {
  let examples = BorelExecutable.root.appendingPathComponent("examples")
  let program = examples.appendingPathComponent("nile.ppl")
  let data = examples.appendingPathComponent("data/nile.json")
  let outcome = try run("nile.c", "\"\(program.path)\" \"\(data.path)\"")
  let fit = try Program(source: try String(contentsOf: program, encoding: .utf8))
    .model("nile").given(file: data.path).infer(.smc(particles: 2_000, groups: 8))
  let expected = String(
    format: "%d draws, log evidence %.6f, level %.6f", fit.drawCount, fit.logEvidence.value,
    fit["result"].mean)
  #expect(outcome.output == expected + "\nthe snapshot goes on\n", "\(outcome.errors)")
}

@Test(.enabled(if: isComplete && hasTool("c++")))
func theHeaderIsGoodForCPlusPlus() throws {
  let outcome = try BorelExecutable.run(
    shell: "echo '#include <borel.h>' | c++ -x c++ -Wall -Werror -I '\(header)' -fsyntax-only -")
  #expect(outcome.status == 0, "\(outcome.errors)")
}

@Test(.enabled(if: isComplete && hasTool("python3")))
func thePythonExampleRuns() throws {
  let outcome = try BorelExecutable.run(
    shell: "BOREL_LIBRARY='\(library)' \(preload) python3 examples/python/nile.py",
    in: BorelExecutable.root)
  let lines = outcome.output.split(separator: "\n")
  #expect(lines.count == 7, "\(outcome.output) \(outcome.errors)")
  // Kalman filter: -639.26; level 798.4 with standard deviation 63.8.
  #expect(lines.first?.hasPrefix("log evidence -639.") == true)
  #expect(lines.dropFirst().first?.hasPrefix("level in 1970: ") == true)
}

@Test(.enabled(if: isComplete && hasTool("python3")))
func pythonGetsExceptions() throws {
  let script = """
    import sys
    sys.path.insert(0, 'examples/python')
    import borel
    def code(body):
        try:
            body()
        except borel.Error as error:
            return error.code
    text = 'model m(y: [Real?], k: Int) { x ~ Normal(0, 1)\\n for v in y { observe v ~ Normal(x, k) } }'
    m = borel.Program(text).model()
    assert code(lambda: borel.Program('model')) == 'E0110', code(lambda: borel.Program('model'))
    assert code(lambda: m.infer()) == 'E0410'
    assert code(lambda: m.given(y=['a'], k=1).infer()) == 'E0412'
    full = m.given(y=[1.0, float('nan'), 2.0], k=2).given(k=1)
    fit = full.infer('importance(particles: 20_000)', progress=lambda share: True)
    assert abs(fit['x'].mean - 1.0) < 0.05, fit['x']
    assert len(fit.draws('x')) == 20_000 and abs(sum(fit.weights) - 1) < 1e-9
    assert fit.json['model'] == 'm' and 'x' in str(fit)
    assert borel.Program(text).models[0]['parameters'][1]['type'] == 'Int'
    print('good')
    """
  let file = FileManager.default.temporaryDirectory.appendingPathComponent(
    "\(UUID().uuidString).py")
  try script.write(to: file, atomically: true, encoding: .utf8)
  defer { try? FileManager.default.removeItem(at: file) }
  let outcome = try BorelExecutable.run(
    shell: "BOREL_LIBRARY='\(library)' \(preload) python3 '\(file.path)'", in: BorelExecutable.root)
  #expect(outcome.output == "good\n", "\(outcome.errors)")
}
