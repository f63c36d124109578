import Foundation
import Hummingbird
import HummingbirdTesting
import ServiceExample
import Testing

private let flows: [Double?] = [1120, 1160, 963, nil, 1160, 1160, 813, 1230, 1370, 1140]

private func lines(_ flows: [Double?]) -> String {
  flows.map { "{\"flow\": \($0.map { "\($0)" } ?? "null")}\n" }.joined()
}

private struct StateReply: Decodable {
  struct Level: Decodable {
    var mean: Double
    var sd: Double
  }
  var record: Int
  var state: [String: Level]
}

/// Filtered means and deviations of the model `river`.
private func kalman(
  _ flows: [Double?], sdLevel: Double, sdFlow: Double
) -> [(mean: Double, sd: Double)] {
  var (mean, variance) = (1000.0, 300.0 * 300)
  return flows.enumerated().map { t, y in
    if t > 0 { variance += sdLevel * sdLevel }
    if let y {
      let gain = variance / (variance + sdFlow * sdFlow)
      (mean, variance) = (mean + gain * (y - mean), variance * (1 - gain))
    }
    return (mean, variance.squareRoot())
  }
}

/// Over 40 seeds means lie within 7 of their standard errors: 2.1e-8 each with 39 degrees of freedom,
/// 2.1e-7 for ten records.
@Test func filteredStatesAgreeWithTheKalmanFilter() async throws {
  let data =
    #"{"sdLevel": 50, "sdFlow": 100}"#
    .addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  let exact = kalman(flows, sdLevel: 50, sdFlow: 100)
  try await makeService().test(.ahc()) { client in
    var runs: [[StateReply]] = []
    for seed in 1...40 {
      let response = try await client.execute(
        uri: "/models/river/filter?particles=500&seed=\(seed)&data=\(data)", method: .post,
        body: ByteBuffer(string: lines(flows)))
      #expect(response.headers[.contentType] == "application/x-ndjson")
      runs.append(
        try String(buffer: response.body).split(separator: "\n").map {
          try JSONDecoder().decode(StateReply.self, from: Data($0.utf8))
        })
    }
    #expect(runs.allSatisfy { $0.map(\.record) == Array(flows.indices) })
    for t in flows.indices {
      let means = try runs.map { try #require($0[t].state["level"]).mean }
      let mean = means.reduce(0, +) / 40
      let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      #expect(abs(mean - exact[t].mean) < 7 * (squares / 39 / 40).squareRoot())
    }
  }
}

@Test func aProblemIsTheLastLine() async throws {
  try await makeService().test(.ahc()) { client in
    let response = try await client.execute(
      uri: "/models/river/filter", method: .post,
      body: ByteBuffer(string: lines([1120, 1160]) + "\n{\"flow\": \"high\"}\n" + lines([963])))
    let answers = String(buffer: response.body).split(separator: "\n")
    #expect(answers.count == 3)
    let last = try JSONDecoder().decode(FailureReply.self, from: Data(answers[2].utf8))
    #expect(last.error.problems?.map(\.code) == ["E0412"])
    #expect(last.error.text?.contains("1 | {\"flow\": \"high\"}") == true)
  }
}

@Test func whatCannotBeFilteredIsRefusedAtOnce() async throws {
  try await makeService().test(.ahc()) { client in
    let (status, reply) = try await client.failure("models/conversion/filter", "1\n")
    #expect(status == 422)
    #expect(reply.error.problems?.isEmpty == false)
    #expect(try await client.failure("models/river/filter?particles=0", "1\n").0 == 400)
    #expect(try await client.failure("models/river/filter?particles=9000000", "1\n").0 == 400)
    #expect(try await client.failure("models/river/filter?data=%7B", "1\n").0 == 400)
    let negative = "models/river/filter?data=%7B%22sdFlow%22:-1%7D"
    #expect(try await client.failure(negative, "1\n").0 == 422)
  }
}

@Test func linesThatAreTooLongEndTheAnswer() async throws {
  var limits = ServiceLimits()
  limits.bodySize = 1_000
  try await makeService(limits: limits).test(.ahc()) { client in
    let many = lines([Double?](repeating: 1000, count: 500))
    let response = try await client.execute(
      uri: "/models/river/filter?particles=10", method: .post,
      body: ByteBuffer(string: many + String(repeating: " ", count: 2_000) + "1\n"))
    let answers = String(buffer: response.body).split(separator: "\n")
    #expect(answers.count == 501)
    #expect(answers.last?.contains("more than 1000 bytes") == true)
  }
}
