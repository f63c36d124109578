import BorelBase
import BorelData
import BorelInference
import BorelReport
import Testing

private func text(
  _ document: ResultDocument, _ format: ResultFormat, path: String = "out"
) throws -> String {
  let files = try format.files(document, document.posterior.variables, path: path)
  let first = try #require(files.first)
  return String(decoding: first.bytes, as: UTF8.self)
}

@Test(arguments: [particleDocument(), chainDocument()])
func jsonIsReadBackAsTheSameResult(_ document: ResultDocument) throws {
  let written = try text(document, .json)
  let read = try ResultReader.read(SourceFile(name: "out.json", text: written))
  let (old, new) = (document.posterior, read.posterior)
  #expect(new.model == old.model)
  #expect(new.method == old.method)
  #expect(new.seed == old.seed)
  #expect(new.drawCount == old.drawCount)
  #expect(new.logWeights == old.logWeights)
  #expect(new.dependence == old.dependence)
  #expect(new.evidence == old.evidence)
  #expect(new.tallies == old.tallies)
  #expect(new.observations == old.observations)
  #expect(new.steps == old.steps)
  #expect(new.moves == old.moves)
  #expect(new.timing == old.timing)
  #expect(new.manifest == old.manifest)
  #expect(new.diagnostics == old.diagnostics)
  #expect(new.variables.map(\.name) == old.variables.map(\.name))
  for (a, b) in zip(old.variables, new.variables) {
    #expect(a.kind == b.kind)
    #expect(a.present == b.present)
    for index in a.values.indices where a.isPresent(index) {
      #expect(a.values[index] == b.values[index])
    }
  }
  #expect(read.program?.text == document.program?.text)
  #expect(read.data.map(\.name) == document.data.map(\.name))
  // Written again it is the same text.
  #expect(try text(read, .json) == written)
}

@Test func tablesOfProbabilitiesAreReadBack() throws {
  let x = Variable(name: "x", kind: .bool, values: [0, 1], probabilities: [0.25, 0.75])
  let posterior = Posterior(
    model: "m", method: "enumerate", seed: 1, variables: [x], logWeights: [0, 1], drawCount: 2,
    isExact: true, evidence: Evidence(logValue: -1, standardError: 0),
    manifest: Manifest(seed: 1, method: "enumerate", instructionSet: "baseline", threadCount: 1))
  let document = ResultDocument(posterior)
  let read = try ResultReader.read(
    SourceFile(name: "a.json", text: try text(document, .json)))
  #expect(read.posterior.variables[0].probabilities == [0.25, 0.75])
  #expect(read.posterior.isExact)
  #expect(throws: Diagnostics.self) { try text(document, .cmdstan) }
  #expect(throws: Diagnostics.self) { try text(document, .zarr) }
  #expect(try text(document, .csv) == "variable,value,probability\nx,false,0.25\nx,true,0.75\n")
}

@Test func cmdStanFilesAreReadBack() throws {
  let document = chainDocument()
  let files = try ResultFormat.cmdstan.files(
    document, document.posterior.variables, path: "d/fit.stan.csv")
  #expect(
    files.map(\.path)
      == ["d/fit-1.stan.csv", "d/fit-2.stan.csv", "d/fit-3.stan.csv", "d/fit-4.stan.csv"])
  var joined: ResultDocument?
  for file in files {
    let read = try ResultReader.read(
      SourceFile(name: file.path, text: String(decoding: file.bytes, as: UTF8.self)))
    joined = joined.map { $0.appending(chain: read) } ?? read
  }
  let posterior = try #require(joined).posterior
  #expect(posterior.dependence == .chains(count: 4))
  #expect(posterior.variables.map(\.name) == ["mu", "theta[0]", "theta[1]"])
  #expect(posterior.variables[1].values == document.posterior.variables[1].values)
}

@Test func weightsSurviveCSV() throws {
  var document = particleDocument()
  document.posterior.variables = Array(document.posterior.variables.prefix(3))
  let read = try ResultReader.read(SourceFile(name: "d.csv", text: try text(document, .csv)))
  #expect(read.posterior.variables.map(\.name) == ["x", "k", "flag"])
  #expect(read.posterior.variables.map(\.kind) == [.real, .int, .bool])
  let (old, new) = (document.posterior.normalizedWeights, read.posterior.normalizedWeights)
  #expect(zip(old, new).allSatisfy { abs($0 - $1) < 1e-15 })
}

@Test func warmUpOfStanIsLeftOut() throws {
  let file = """
    # stan_version_major = 2
    # model = m_model
    #     num_warmup = 2
    #     save_warmup = 1
    #     thin = 1 (Default)
    lp__,accept_stat__,mu,theta.1,theta.2,m.1.2
    -9,0.9,100,1,2,3.5
    # Adaptation terminated
    # Step size = 0.8
    -8,0.9,100,1,2,3.5
    -7,0.9,1.5,1,2,3.5
    -6,0.9,2.5,1,2,3.5
    """
  let posterior = try ResultReader.read(SourceFile(name: "s.csv", text: file)).posterior
  #expect(posterior.variables.map(\.name) == ["mu", "theta[0]", "theta[1]", "m[0,1]"])
  #expect(posterior.variables[0].values == [1.5, 2.5])
  #expect(posterior.drawCount == 2)
}

@Test func everyFormatHasItsExtensions() {
  #expect(ResultFormat(path: "a/b.json") == .json)
  #expect(ResultFormat(path: "b.stan.csv") == .cmdstan)
  #expect(ResultFormat(path: "b.csv") == .csv)
  #expect(ResultFormat(path: "b.ZARR") == .zarr)
  #expect(ResultFormat(path: "b.jsonl") == .ndjson)
  #expect(ResultFormat(path: "json") == nil)
}

@Test func zarrKeepsShapesAndWeights() throws {
  let document = particleDocument()
  let files = try ResultFormat.zarr.files(
    document, document.posterior.variables, path: "fit.zarr")
  func contents(_ path: String) throws -> [UInt8] {
    try #require(files.first { $0.path == "fit.zarr/\(path)" }, "\(path)").bytes
  }
  let level = String(decoding: try contents("posterior/level/.zarray"), as: UTF8.self)
  #expect(level.contains(#""shape": [1, 40, 10]"#))
  #expect(try contents("posterior/level/0.0.0").count == 40 * 10 * 8)
  let attributes = String(decoding: try contents("posterior/level/.zattrs"), as: UTF8.self)
  #expect(attributes.contains(#"["chain", "draw", "level_dim_0"]"#))
  #expect(try contents("posterior/flag/0.0").count == 40)
  let draw = String(decoding: try contents("posterior/draw/.zarray"), as: UTF8.self)
  #expect(draw.contains(#""fill_value": null"#))
  #expect(try contents("sample_stats/log_weight/0.0").count == 40 * 8)
  #expect(try contents("observed_data/y/0").count == 80)
}

/// Whatever a file holds, reading ends with a result or a diagnostic.
@Test func damagedFilesAreDiagnosed() throws {
  let good = Array(try text(particleDocument(), .json).utf8)
  var state: UInt64 = 11
  func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
  let pieces = ["null", "-1", "1e9", "\"x\"", "[]", "{}", "true", ","].map { Array($0.utf8) }
  var refused = 0
  for _ in 0..<300 {
    var bytes = good
    let start = next(bytes.count)
    let end = min(bytes.count, start + next(12))
    bytes.replaceSubrange(start..<end, with: pieces[next(pieces.count)])
    do {
      let file = SourceFile(name: "f", text: String(decoding: bytes, as: UTF8.self))
      let read = try ResultReader.read(file)
      _ = read.posterior.summaries(of: read.posterior.variables)
      _ = Blame(read).text
    } catch {
      refused += 1
    }
  }
  #expect(refused > 100)
  for text in ["", "{}", "[1]", "{\"format\": \"borel-result\"}", "a,b\n1,x\n", "# c\n"] {
    #expect(throws: Diagnostics.self) {
      try ResultReader.read(SourceFile(name: "f", text: text))
    }
  }
}

@Test func resampledDrawsHaveTheLawOfTheWeights() throws {
  let document = particleDocument()
  let old = document.posterior
  let new = try #require(old.resampled(count: 4_000, seed: 3))
  #expect(new.drawCount == 4_000)
  #expect(new.logWeights.isEmpty)
  let x = old.variables[0]
  let mean = try #require(old.summary(of: x).mean)
  let resampled = try #require(new.summary(of: new.variables[0]).mean)
  // Systematic resampling: each draw appears within one copy of its expectation, so the mean is
  // off by at most (number of draws) x (largest distance) / (number of copies).
  let spread = (x.values.map { abs($0 - mean) }.max() ?? 0) * 40 / 4_000
  #expect(abs(mean - resampled) <= spread)
  // Copies are no new information.
  #expect(new.dependence != .independent)
}
