import BorelTestSupport
import Foundation
import Testing

/// Whether there is a Python with Jupyter's client and kernel: `BOREL_PYTHON`, or `python3`.
private let python: String? = {
  let candidate = ProcessInfo.processInfo.environment["BOREL_PYTHON"] ?? "python3"
  let outcome = try? BorelExecutable.run(
    shell: "\(candidate) -c 'import ipykernel, jupyter_client' 2>/dev/null")
  return outcome?.status == 0 ? candidate : nil
}()

/// What notebooks get from `borel kernel`.
@Suite struct NotebookTests {
  /// The answers to requests, by request.
  private func answers(_ requests: [[String: Any]]) throws -> [[[String: Any]]] {
    let lines = try requests.map {
      String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
    }
    let outcome = try BorelExecutable.run(
      ["kernel", "serve"], input: lines.joined(separator: "\n") + "\n")
    #expect(outcome.status == 0, "\(outcome.errors)")
    var groups: [[[String: Any]]] = [[]]
    for line in outcome.output.split(separator: "\n") {
      let json = try JSONSerialization.jsonObject(with: Data(line.utf8))
      groups[groups.count - 1].append(try #require(json as? [String: Any]))
      if groups[groups.count - 1].last?["done"] != nil { groups.append([]) }
    }
    #expect(groups.last?.isEmpty == true)
    return groups.dropLast()
  }

  private func execute(_ code: String) -> [String: Any] { ["do": "execute", "code": code] }

  @Test func cellsKeepWhatTheyDefineAndShowPosteriorsRichly() throws {
    let cell = """
      model coin(flips: [Bool]) {
        p ~ Beta(1, 1)
        observe flips ~ Bernoulli(p)
      }
      let fit = infer(coin(flips: [true, true, false]), importance(particles: 10_000))
      :plot fit
      1 + 2
      """
    let found = try answers([execute(cell), execute("fit.mean(\"p\") > 0.5")])
    #expect(found.count == 2)
    let displays = found[0].compactMap { $0["data"] as? [String: String] }
    #expect(displays.count == 2)
    #expect(displays[0]["text/plain"]?.contains("log evidence -2.4") == true)
    #expect(displays[0]["text/html"]?.contains("<td>p</td>") == true)
    #expect(displays[1]["image/svg+xml"]?.hasPrefix("<svg") == true)
    #expect(found[0].contains { $0["text"] as? String == "$1: Int = 3\n" })
    #expect(found[1].contains { $0["text"] as? String == "$2: Bool = true\n" })
    #expect(found.allSatisfy { $0.last?["done"] as? String == "ok" })
  }

  @Test func mistakesAreToldAndEndTheCellOnly() throws {
    let found = try answers([
      execute("let kept = 41"), execute("let x = kept +* 1\nlet never = 1"), execute("kept + 1"),
      ["do": "nothing", "code": ""], ["neither": 1],
    ])
    #expect(found[1].first?["show"] as? String == "problem")
    #expect((found[1].first?["text"] as? String)?.contains("<entry 2>:1:15") == true)
    #expect(found[1].last?["done"] as? String == "error")
    #expect(found[1].last?["code"] as? String == "E0110")
    #expect(found[2].first?["text"] as? String == "$1: Int = 42\n")
    #expect(found[3].last?["done"] as? String == "error")
    #expect(found[4].last?["done"] as? String == "error")
  }

  @Test func namesAreCompletedAndExplained() throws {
    let found = try answers([
      execute("let fit = 1"), ["do": "complete", "code": "let é = 1\nNorm + 1", "cursor": 15],
      ["do": "inspect", "code": "x ~ Normal(0, 1)", "cursor": 6],
      ["do": "inspect", "code": "x ~ nobodyKnows", "cursor": 6],
      ["do": "judge", "code": "model m() {"], ["do": "judge", "code": "let a = 1"],
    ])
    #expect((found[1].last?["matches"] as? [String])?.contains { $0.hasPrefix("Normal") } == true)
    #expect(found[1].last?["start"] as? Int == 11)
    #expect((found[2].last?["text"] as? String)?.contains("Normal(mean: Real, sd: Real)") == true)
    #expect(found[3].last?["found"] as? Bool == false)
    #expect(found[4].last?["state"] as? String == "incomplete")
    #expect(found[5].last?["state"] as? String == "complete")
  }

  @Test func theKernelIsInstalledWhereJupyterLooks() throws {
    let place = try Workplace()
    let outcome = try BorelExecutable.run(
      ["kernel", "install", "--prefix", place.folder.path, "--python", "python9"])
    #expect(outcome.status == 0)
    let folder = place.folder.appendingPathComponent("share/jupyter/kernels/borel")
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: folder.appendingPathComponent("kernel.json")))
    let specification = try #require(json as? [String: Any])
    #expect((specification["argv"] as? [String])?.first == "python9")
    #expect(specification["display_name"] as? String == "Borel")
    let script = try #require((specification["argv"] as? [String])?[1])
    #expect(FileManager.default.fileExists(atPath: script))
    let refused = try BorelExecutable.run(["kernel", "install", "--prefix", "/dev/null"])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("cannot write '/dev/null/share"))
  }

  /// Jupyter's own client speaks to the kernel. Runs where it is installed.
  @Test(.enabled(if: python != nil, "no Python with ipykernel and jupyter_client"))
  func jupyterSpeaksToTheKernel() throws {
    let python = try #require(python)
    let place = try Workplace()
    let install = try BorelExecutable.run(
      ["kernel", "install", "--prefix", place.folder.path, "--python", python])
    #expect(install.status == 0, "\(install.errors)")
    let script = BorelExecutable.root
      .appendingPathComponent("Tests/BorelCommandTests/Jupyter/check_kernel.py")
    let outcome = try BorelExecutable.run(
      shell: "JUPYTER_PATH=\(place.folder.path)/share/jupyter \(python) \(script.path)",
      in: place.folder)
    #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
  }
}
