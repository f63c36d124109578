import Foundation
import Hummingbird
import HummingbirdTesting
import ServiceExample
import Testing

/// Shares of buyers are Beta(1 + buyers, 1 + visitors - buyers).
private let visits = #"{"buyersA": 48, "visitorsA": 1000, "buyersB": 67, "visitorsB": 1010}"#

@Test func posteriorsAgreeWithTheConjugateAnswer() async throws {
  try await makeService().test(.ahc()) { client in
    let answer = try await client.answer(
      "/models/conversion/posterior?bins=20&seed=3", visits, as: PosteriorReply.self)
    #expect(answer.model == "conversion")
    #expect(answer.draws == 10_000)
    for (name, buyers, visitors) in [("shareA", 48.0, 1000.0), ("shareB", 67, 1010)] {
      let share = try #require(answer.variables.first { $0.name == name })
      let error = try #require(share.monteCarloError)
      let mean = (1 + buyers) / (2 + visitors)
      // Five standard errors: false alarm 5.8e-7.
      #expect(abs(share.mean - mean) < 5 * error)
      let deviation = (mean * (1 - mean) / (3 + visitors)).squareRoot()
      #expect(abs(share.standardDeviation / deviation - 1) < 0.1)
      let histogram = try #require(share.histogram)
      #expect(histogram.probabilities.count == 20)
      #expect(abs(histogram.probabilities.reduce(0, +) - 1) < 1e-9)
      #expect(share.quantiles == share.quantiles.sorted())
    }
    let one = try await client.answer(
      "/models/conversion/posterior?variables=better", visits, as: PosteriorReply.self)
    #expect(one.variables.map(\.name) == ["better"])
    #expect(one.variables[0].histogram == nil)
  }
}

@Test func methodsAreChosenByTheirText() async throws {
  try await makeService().test(.ahc()) { client in
    let answer = try await client.answer(
      "/models/river/posterior?method=smc(particles:%20500)&variables=result",
      #"{"flow": [1120, 1160, null, 1210]}"#, as: PosteriorReply.self)
    #expect(answer.method == "smc(particles: 500)")
    #expect(answer.draws == 500)
    #expect(answer.logEvidence.value != nil)
  }
}

/// Code, place and hints of what is wrong, with a status that says who has to act.
@Test(
  arguments: [
    ("models/conversion/posterior", "{\"buyersA\": 48,\n \"visitorsA\": }", 400, "E0401", 2),
    ("models/conversion/posterior", "[1, 2", 400, "E0401", 1),
    ("models/conversion/posterior", "12", 400, "E0402", 1),
    (
      "models/conversion/posterior",
      "{\"buyersA\": \"many\",\n \"visitorsA\": 9, \"buyersB\": 1, \"visitorsB\": 9}", 422, "E0412",
      1
    ),
    (
      "models/conversion/posterior",
      "{\"buyersA\": 1,\n \"visitorsA\": -9, \"buyersB\": 1, \"visitorsB\": 9}", 422, "E0415", 2
    ),
    ("models/conversion/posterior", "{\"buyersA\": 4}", 422, "E0410", 8),
    ("models/conversion/posterior?method=smd(particles:3)", visits, 400, "E0703", nil),
    ("models/river/posterior?method=smc(particles:-3)", "{\"flow\": [1]}", 400, "E0706", nil),
  ] as [(String, String, Int, String, Int?)])
func badDataAreToldWithTheirPlace(
  _ address: String, _ body: String, _ status: Int, _ code: String, _ line: Int?
) async throws {
  try await makeService().test(.ahc()) { client in
    let (found, reply) = try await client.failure(address, body)
    #expect(found == status)
    #expect(reply.error.problems?.first?.code == code, "\(reply.error.message)")
    #expect(reply.error.problems?.first?.line == line)
    #expect(reply.error.text?.hasPrefix("error[\(code)]") == true)
  }
}

@Test func impossibleDataAreTold() async throws {
  try await makeService().test(.ahc()) { client in
    let (status, reply) = try await client.failure(
      "models/conversion/posterior?method=importance",
      #"{"buyersA": 11, "visitorsA": 10, "buyersB": 1, "visitorsB": 9}"#)
    #expect(status == 422)
    #expect(reply.error.problems?.first?.file == "conversion.ppl")
  }
}

@Test func whatIsNotThereIsNotFound() async throws {
  try await makeService().test(.ahc()) { client in
    let (status, reply) = try await client.failure("models/weather/posterior", "{}")
    #expect(status == 404)
    #expect(reply.error.message == "there is no model 'weather'; there is conversion, river")
    #expect(try await client.failure("models/river/posterior?seed=-1", "{}").0 == 400)
    #expect(
      try await client.failure("models/conversion/posterior?variables=x", visits).0 == 400)
    let response = try await client.execute(uri: "/nothing", method: .get)
    #expect(response.status == .notFound)
  }
}

@Test func concurrentQueriesHaveTheBitsOfSingleOnes() async throws {
  try await makeService().test(.ahc()) { client in
    @Sendable func query(_ seed: Int) async throws -> String {
      let response = try await client.execute(
        uri: "/models/river/posterior?seed=\(seed)&bins=10", method: .post,
        body: ByteBuffer(string: #"{"flow": [1120, 1160, 963, null, 1160]}"#))
      #expect(response.status == .ok)
      return String(buffer: response.body)
    }
    var single: [String] = []
    for seed in 0..<8 { single.append(try await query(seed)) }
    let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for seed in 0..<8 { group.addTask { (seed, try await query(seed)) } }
      return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
    }
    for (seed, text) in single.enumerated() { #expect(together[seed] == text) }
    #expect(Set(single).count == 8)
  }
}

@Test func theServiceTellsItsModelsAndServesItsPage() async throws {
  try await makeService().test(.router) { client in
    let models = try await client.execute(uri: "/models", method: .get)
    let text = String(buffer: models.body)
    #expect(text.contains(#""name":"river""#))
    #expect(text.contains(#"[Real?]"#))
    for (path, type) in [
      ("/", "text/html"), ("/page.css", "text/css"), ("/page.js", "text/javascript"),
      ("/plots.js", "text/javascript"),
    ] {
      let response = try await client.execute(uri: path, method: .get)
      #expect(response.status == .ok)
      #expect(response.headers[.contentType]?.hasPrefix(type) == true)
      #expect(response.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
    }
  }
}
