import BorelTestSupport
import Foundation
import Testing

/// Runs that are killed and go on.
struct CheckpointCommandTests {
  /// A mixture whose chains take a second or more.
  private static let chains = """
    model m(y: [Real]) {
      a ~ Normal(0, 3)
      n ~ Poisson(2)
      var shift = 0.0
      for i in 0..<n {
        step ~ Normal(0, 1)
        shift = shift + step
      }
      observe y ~ Normal(a + shift, 1)
    }
    """

  private func killed(
    _ program: String, _ method: String, _ name: String
  ) throws {
    let place = try Workplace([
      "m.ppl": program, "d.json": #"{"y": [1.5, -0.2, 0.9, 2.2, 0.1, 1.0, -1.4]}"#,
    ])
    let whole = try place.run("run", "m.ppl", "-d", "d.json", "-q", "-m", method, "-o", "whole.csv")
    #expect(whole.status == 0, "\(whole.errors)")
    for delay in [0, 0.05, 0.15, 0.3] {
      // Killed so long after the first checkpoint.
      let line = """
        rm -f run.chk
        borel run m.ppl -d d.json -q -m '\(method)' -j 2 --checkpoint run.chk --every 5ms \
          -o part.csv & run=$!
        while [ ! -e run.chk ] && kill -0 $run; do sleep 0.005; done
        sleep \(delay)
        kill -KILL $run
        wait $run
        true
        """
      _ = try BorelExecutable.run(shell: line, in: place.folder)
      let resumed = try place.run(
        "run", "m.ppl", "-d", "d.json", "-q", "-m", method, "-j", "1", "--resume", "run.chk",
        "-o", "resumed.csv")
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(try place.text("resumed.csv") == place.text("whole.csv"), "\(name) after \(delay) s")
    }
  }

  @Test func chainsThatWereKilledGoOn() throws {
    try killed(Self.chains, "mh(chains: 4, draws: 2_500, warmup: 1_500)", "chains")
  }

  @Test func particleGibbsThatWasKilledGoesOn() throws {
    try killed(
      """
      model m(y: [Real]) {
        rate ~ Beta(9, 1)
        var x ~ Normal(0, 1)
        for (t, v) in y.enumerated() {
          if t > 0 { x ~ Normal(rate * x, 0.6) }
          observe v ~ Normal(x, 0.8)
        }
      }
      """, "pgas(particles: 20, chains: 2, draws: 400, burnIn: 100)", "particle Gibbs")
  }

  @Test func mistakesAreNamed() throws {
    let place = try Workplace(["m.ppl": Self.chains, "bad.chk": "no checkpoint at all"])
    try Data(#"{"y": [1]}"#.utf8).write(to: place.folder.appendingPathComponent("d.json"))
    func run(_ arguments: [String]) throws -> BorelExecutable.Outcome {
      try BorelExecutable.run(["run", "m.ppl"] + arguments + ["-d", "d.json"], in: place.folder)
    }
    let bad = try run(["-m", "mh", "--resume", "bad.chk"])
    #expect(bad.status == 4)
    #expect(bad.errors.contains("error[E0432]: 'bad.chk' is no checkpoint"))
    let none = try run(["-m", "mh", "--resume", "none.chk"])
    #expect(none.status == 2)
    #expect(none.errors.contains("cannot read the checkpoint 'none.chk': no such file"))
    let folder = try run(["-m", "mh", "--checkpoint", "."])
    #expect(folder.status == 2)
    let method = try run(["-m", "smc", "--checkpoint", "a.chk"])
    #expect(method.status == 2)
    #expect(method.errors.contains("error[E0714]: a run of 'smc' has no checkpoints"))
    let time = try run(["--checkpoint", "a.chk", "--every", "soon"])
    #expect(time.status == 2)
    #expect(try run(["--every", "5s"]).status == 2)
  }
}
