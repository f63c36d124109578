import Borel
import Foundation
import Hummingbird

/// Turns what Borel has to say about a request into an answer for its sender. The connection ends with
/// it: it may have been used up by watching the client, and the rest of a body may be on its way.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
  func handle(
    _ request: Request, context: Context,
    next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let problems as Diagnostics {
      return Response(
        status: Self.status(of: problems),
        headers: [.contentType: "application/json; charset=utf-8", .connection: "close"],
        body: .init(byteBuffer: ByteBuffer(string: problems.answer)))
    } catch let error as any HTTPResponseError {
      var response = try error.response(from: request, context: context)
      response.headers[.connection] = "close"
      return response
    }
  }

  /// Text that cannot be read is a bad request; what can be read but not carried out is
  /// unprocessable, also when it would take more than the service gives.
  private static func status(of problems: Diagnostics) -> HTTPResponse.Status {
    switch problems.list.first?.code {
    case "E0401"?, "E0402"?, "E0403"?, "E0404"?: .badRequest
    case let code? where code.hasPrefix("E070"): .badRequest
    default: .unprocessableContent
    }
  }
}

extension Diagnostics {
  /// `{"error": {"message": ..., "text": ..., "problems": [...]}}`: a heading, the same with lines of
  /// program and data, and code, place and hints of each problem.
  var answer: String {
    let message = list.first.map { "\($0.code): \($0.message)" } ?? ""
    return """
      {"error": {"message": \(message.quoted), "text": \(text.quoted), "problems": \(json)}}
      """
  }
}

extension String {
  /// As JSON.
  fileprivate var quoted: String {
    (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
