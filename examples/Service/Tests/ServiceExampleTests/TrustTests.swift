import Foundation
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceExample
import Testing

private func body(_ program: String, _ data: String = "{}") throws -> String {
  let text = String(decoding: try JSONEncoder().encode(program), as: UTF8.self)
  return "{\"program\": \(text), \"data\": \(data)}"
}

private let endless = "model m() {\n  var i = 0\n  while true { i = (i + 1) % 7 }\n  return i\n}"

@Test func programsOfClientsAreInferred() async throws {
  let program = """
    model m(y: [Real], tag: String, missing: [Real?]) {
      mu ~ Normal(0, 1)
      observe y ~ Normal(mu, 1)
    }
    """
  try await makeService().test(.ahc()) { client in
    let answer = try await client.answer(
      "/programs/posterior?method=importance(particles:5000)",
      try body(program, #"{"y": [1, 2.5], "tag": "a", "missing": [null, 1]}"#),
      as: PosteriorReply.self)
    // Normal(3.5 / 3, 1 / 3); five standard errors, false alarm 5.8e-7.
    let mu = try #require(answer.variables.first)
    #expect(abs(mu.mean - 3.5 / 3) < 5 * (try #require(mu.monteCarloError)))
  }
}

@Test func programsThatAreWrongAreToldWithTheLine() async throws {
  try await makeService().test(.ahc()) { client in
    let (status, reply) = try await client.failure(
      "programs/posterior", try body("model m() {\n  x ~ Norml(0, 1)\n}"))
    #expect(status == 422)
    #expect(reply.error.problems?.first?.line == 2)
    #expect(try await client.failure("programs/posterior", "{}").0 == 400)
    #expect(try await client.failure("programs/posterior", "{\"program\": 1}").0 == 400)
  }
}

/// Each limit stops what goes beyond it with its own code, and the service goes on.
@Test func programsAreStoppedByTheLimits() async throws {
  var limits = ServiceLimits()
  limits.inference.seconds = 0.5
  limits.inference.laneSteps = nil
  try await makeService(limits: limits).test(.ahc()) { client in
    let (status, reply) = try await client.failure("programs/posterior", try body(endless))
    #expect(status == 422)
    #expect(reply.error.problems?.first?.code == "E0603")
  }
  limits = ServiceLimits()
  limits.inference.laneSteps = 1_000_000
  try await makeService(limits: limits).test(.ahc()) { client in
    let recursion = "func f(n: Int) -> Int { 1 + f(n + 1) }\nmodel m() { return f(0) }"
    let memory = """
      model m() {
        var xs = [0.0]
        for i in 0..<40 { xs = concat(xs, xs) }
        return xs.count
      }
      """
    for (program, code) in [(endless, "E0602"), (recursion, "E0601"), (memory, "E0605")] {
      let (status, reply) = try await client.failure(
        "programs/posterior?method=importance(particles:1)", try body(program))
      #expect(status == 422)
      #expect(reply.error.problems?.first?.code == code)
    }
    _ = try await client.answer(
      "/programs/posterior", try body("model m() { x ~ Bernoulli(0.5)\n return x }"),
      as: PosteriorReply.self)
  }
}

@Test func bodiesThatAreTooLargeAreRefused() async throws {
  var limits = ServiceLimits()
  limits.bodySize = 1_000
  try await makeService(limits: limits).test(.ahc()) { client in
    let response = try await client.execute(
      uri: "/models/river/posterior", method: .post,
      body: ByteBuffer(string: "{\"flow\": [" + String(repeating: "1, ", count: 1_000) + "1]}"))
    #expect(response.status == .contentTooLarge)
  }
}

/// A client that goes away frees its place: the only one of this service.
@Test(.timeLimit(.minutes(1))) func inferencesEndWithTheirClients() async throws {
  var limits = ServiceLimits()
  limits.inference.laneSteps = nil
  limits.inference.seconds = 600
  limits.concurrentRequests = 1
  try await makeService(limits: limits).test(.ahc()) { client in
    let text = try body(endless)
    let port = try #require(client.port)
    let leaving = TestClient(host: "localhost", port: port)
    leaving.connect()
    // Tried again while a quick query has the place.
    let waiting = Task {
      var response: TestClient.Response
      repeat {
        response = try await leaving.execute(
          .init("/programs/posterior", method: .post, body: ByteBuffer(string: text)))
      } while response.status == .serviceUnavailable
    }
    let quick = try body("model m() { x ~ Bernoulli(0.5)\n return x }")
    func status() async throws -> HTTPResponse.Status {
      try await client.execute(
        uri: "/programs/posterior", method: .post, body: ByteBuffer(string: quick)
      ).status
    }
    while try await status() == .ok { try await Task.sleep(for: .milliseconds(20)) }
    #expect(try await status() == .serviceUnavailable)
    try await leaving.shutdown()
    while try await status() != .ok { try await Task.sleep(for: .milliseconds(20)) }
    _ = await waiting.result
  }
}
