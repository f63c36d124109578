import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

/// What the tests read of a posterior.
struct PosteriorReply: Decodable {
  struct Evidence: Decodable { var value: Double? }
  struct Histogram: Decodable { var probabilities: [Double] }
  struct Variable: Decodable {
    var name: String
    var mean: Double
    var standardDeviation: Double
    var monteCarloError: Double?
    var quantiles: [Double]
    var histogram: Histogram?
  }
  var model: String
  var method: String
  var draws: Int
  var logEvidence: Evidence
  var variables: [Variable]
}

struct FailureReply: Decodable {
  struct Problem: Decodable {
    var code: String
    var file: String?
    var line: Int?
  }
  struct Failure: Decodable {
    var message: String
    var text: String?
    var problems: [Problem]?
  }
  var error: Failure
}

extension TestClientProtocol {
  /// What a query that must succeed answers.
  func answer<Answer: Decodable & Sendable>(
    _ address: String, _ body: String, as type: Answer.Type
  ) async throws -> Answer {
    let response = try await execute(
      uri: address, method: .post, body: ByteBuffer(string: body))
    #expect(response.status == .ok, "\(String(buffer: response.body))")
    return try JSONDecoder().decode(type, from: Data(String(buffer: response.body).utf8))
  }

  /// Status and error of a query that must fail.
  func failure(_ address: String, _ body: String) async throws -> (Int, FailureReply) {
    let response = try await execute(
      uri: "/" + address, method: .post, body: ByteBuffer(string: body))
    return (
      response.status.code,
      try JSONDecoder().decode(FailureReply.self, from: Data(String(buffer: response.body).utf8))
    )
  }
}
