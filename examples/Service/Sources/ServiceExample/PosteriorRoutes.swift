import Borel
import Foundation
import Hummingbird

/// Posteriors of the service's models and of programs that clients send.
struct PosteriorRoutes: Sendable {
  let models: HostedModels
  let limits: ServiceLimits
  let admission: Admission

  func add(to router: Router<BasicRequestContext>) {
    router.post("models/:model/posterior") { request, context -> Response in
      let hosted = try models.model(try context.parameters.require("model"))
      return try await answer(request) { data in
        (try hosted.model.given(json: data, name: "data"), hosted.method)
      }
    }
    router.post("programs/posterior") { request, _ -> Response in
      try await answer(request) { text in
        let sent = try SentProgram(json: text)
        let model = try Program(source: sent.program, name: "program").model(sent.model)
        return (try model.given(sent.data ?? [:]), .auto)
      }
    }
  }

  /// Infers what the body of a request makes a model of, for as long as the client waits.
  private func answer(
    _ request: Request, _ read: @escaping @Sendable (String) throws -> (Model, Method)
  ) async throws -> Response {
    let query = Query(request)
    let seed = try query.seed()
    let bins = try query.number("bins", in: 0...200, default: 0)
    let chosen = try query.method()
    let pass = try admission.pass()
    defer { withExtendedLifetime(pass) {} }
    let answer = try await request.body.consumeWithCancellationOnInboundClose { body in
      let text = String(buffer: try await body.collect(upTo: limits.bodySize))
      let (model, method) = try read(text)
      let fit = try await model.infer(chosen ?? method, seed: seed, limits: limits.inference)
      return try PosteriorAnswer(fit, of: model.name, names: query.variables, bins: bins)
    }
    let encoder = JSONEncoder()
    // The same request has the same bytes as its answer.
    encoder.outputFormatting = .sortedKeys
    // Watching the client uses up the connection.
    return Response(
      status: .ok,
      headers: [.contentType: "application/json; charset=utf-8", .connection: "close"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(answer))))
  }
}

/// A program that is not trusted, with its data.
private struct SentProgram: Decodable {
  let program: String
  /// The name of the model; nil for the only one.
  let model: String?
  let data: [String: Datum]?

  /// - Throws: 400 for text that is something else.
  init(json: String) throws {
    do {
      self = try JSONDecoder().decode(SentProgram.self, from: Data(json.utf8))
    } catch {
      throw HTTPError(
        .badRequest,
        message: """
          the body must be JSON like {"program": "model m(y: [Real]) {...}", "data": {...}}
          """)
    }
  }
}

/// JSON of any form.
private enum Datum: Codable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case array([Datum])
  case object([String: Datum])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self =
      if container.decodeNil() {
        .null
      } else if let value = try? container.decode(Bool.self) {
        .bool(value)
      } else if let value = try? container.decode(Int.self) {
        .integer(value)
      } else if let value = try? container.decode(Double.self) {
        .number(value)
      } else if let value = try? container.decode(String.self) {
        .text(value)
      } else if let value = try? container.decode([Datum].self) {
        .array(value)
      } else {
        .object(try container.decode([String: Datum].self))
      }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
