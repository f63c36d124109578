import Borel
import Foundation
import Synchronization
import Testing

private let walk = """
  model walk(y: [Real?], sd: Real in 0<..) {
    var x ~ Normal(0, sd)
    for (t, v) in y.enumerated() {
      if t > 0 { x ~ Normal(x, sd) }
      observe v ~ Normal(x, log(v ?? 2))
    }
    return x
  }
  """

/// What a body throws.
private func thrown(_ body: () throws(Diagnostics) -> Void) -> Diagnostics {
  do throws(Diagnostics) {
    try body()
    return Diagnostics([])
  } catch {
    return error
  }
}

private struct Problem: Decodable, Equatable {
  var code: String
  var file: String?
  var line: Int?
  var column: Int?
}

private func places(_ problems: Diagnostics) throws -> [Problem] {
  try JSONDecoder().decode([Problem].self, from: Data(problems.json.utf8))
}

/// Whoever catches problems needs nothing else to show them with their places.
@Test func problemsKnowTheirTexts() throws {
  let program = thrown { () throws(Diagnostics) in
    _ = try Program(source: "model m() {\n  x ~ Norml(0, 1)\n}\n", name: "m.ppl")
  }
  #expect(try places(program) == [Problem(code: "E0201", file: "m.ppl", line: 2, column: 7)])
  #expect(program.text.contains("2 |   x ~ Norml(0, 1)"))

  let model = try Program(source: walk, name: "walk.ppl").model()
  let syntax = thrown { () throws(Diagnostics) in
    _ = try model.given(json: "{\"y\": [1, 2,\n ]}", name: "y.json")
  }
  #expect(try places(syntax) == [Problem(code: "E0401", file: "y.json", line: 2, column: 2)])

  let type = thrown { () throws(Diagnostics) in
    _ = try model.given(json: "{\"sd\": 1,\n \"y\": [2, \"two\"]}", name: "y.json").infer()
  }
  #expect(try places(type) == [Problem(code: "E0412", file: "y.json", line: 2, column: 11)])
  #expect(type.text.contains("2 |  \"y\": [2, \"two\"]}"))

  let failing = thrown { () throws(Diagnostics) in
    _ = try model.given(["sd": 1, "y": [2, 0.5]] as [String: any Encodable & Sendable])
      .infer(.smc(particles: 10))
  }
  #expect(try places(failing).map(\.file) == ["walk.ppl"])
  #expect(try places(failing).map(\.line) == [5])
}

@Test func problemsOfRecordsKnowTheRecord() throws {
  let model = try Program(source: walk, name: "walk.ppl").model().given(["sd": 1.0])
  let filter = try model.filter(.smc(particles: 10))
  let type = thrown { () throws(Diagnostics) in _ = try filter.step(json: "{\"y\": true}") }
  #expect(try places(type) == [Problem(code: "E0412", file: "<record>", line: 1, column: 7)])
  let syntax = thrown { () throws(Diagnostics) in _ = try filter.step(json: "{\"y\": ") }
  #expect(try places(syntax).map(\.code) == ["E0401"])
  _ = try filter.step(json: "{\"y\": 2}")
  let failing = thrown { () throws(Diagnostics) in _ = try filter.step(json: "{\"y\": 0.5}") }
  #expect(try places(failing).map(\.file) == ["walk.ppl"])
}

@Test func quantilesAreThoseOfTheEstimates() throws {
  let model = try Program(source: walk).model().given(json: "{\"sd\": 1, \"y\": [2, 3]}")
  for method in [Method.smc(particles: 200), .mh(chains: 2, draws: 100, warmup: 50)] {
    let fit = try model.infer(method)
    let estimate = fit["result"]
    #expect(
      fit.quantiles([0.95, 0.05, 0.5], of: "result") == [
        estimate.quantile95, estimate.quantile5, estimate.median,
      ])
    #expect(fit.quantiles([0.5], of: "nothing") == nil)
  }
}

@Test func predictionsBesideTasksHaveTheSameBits() async throws {
  let simple = walk.replacingOccurrences(of: "log(v ?? 2)", with: "1")
  let model = try Program(source: simple).model().given(["sd": 1.0])
  let known = try model.given(["y": [2.0, 3.0]])
  let longer = try model.given(["y": [2.0, 3.0, nil]])
  let fit = try await known.infer(.smc(particles: 300))
  let blocking = try { try longer.predict(from: fit, seed: 3) }()
  let concurrent = try await longer.predict(from: fit, seed: 3, threads: 2)
  #expect(blocking.draws("x[2]") == concurrent.draws("x[2]"))
  #expect(blocking.draws("x[2]").count == 300)
}

@Test func recordsAsJSONHaveTheStatesOfValues() async throws {
  let model = try Program(source: walk).model().given(["sd": 1.0])
  func stream<Element: Sendable>(_ elements: [Element]) -> AsyncStream<Element> {
    AsyncStream { continuation in
      for element in elements { continuation.yield(element) }
      continuation.finish()
    }
  }
  var values: [String] = []
  for try await state in model.filter(particles: 50, stream([2.0, nil, 3.5])) {
    values.append(state.json)
  }
  var texts: [String] = []
  let numbers = Mutex<[Int]>([])
  let records = stream(["2", "{\"y\": null}", "{\"y\": [}", "3.5"])
  for try await state in model.filter(
    particles: 50, json: records,
    skipping: { number, _ in numbers.withLock { $0.append(number) } })
  {
    texts.append(state.json)
  }
  #expect(texts == values)
  #expect(numbers.withLock { $0 } == [2])
}
