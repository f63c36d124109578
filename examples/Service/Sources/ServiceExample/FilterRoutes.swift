import Borel
import Foundation
import Hummingbird

/// Filters over records that a client sends line by line.
struct FilterRoutes: Sendable {
  let models: HostedModels
  let limits: ServiceLimits
  let admission: Admission

  func add(to router: Router<BasicRequestContext>) {
    router.post("models/:model/filter") { request, context -> Response in
      let hosted = try models.model(try context.parameters.require("model"))
      return try states(of: hosted.model, request)
    }
  }

  /// A line of JSON for each line of the body, as soon as it has come: memory does not grow. A
  /// problem is the last line.
  private func states(of hosted: Model, _ request: Request) throws -> Response {
    let query = Query(request)
    let seed = try query.seed()
    let particles = try query.number("particles", in: 1...limits.particles, default: 1_000)
    let model = try query.text("data").map { try hosted.given(json: $0, name: "data") } ?? hosted
    // A model that cannot be filtered is told before the answer begins.
    _ = try model.filter(.smc(particles: particles), seed: seed, limits: limits.inference)
    let pass = try admission.pass()
    let records = Lines(body: request.body, longest: limits.bodySize)
    let states = model.filter(
      particles: particles, json: records, seed: seed, limits: limits.inference)
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody { writer in
        defer { withExtendedLifetime(pass) {} }
        do {
          for try await state in states {
            try await writer.write(ByteBuffer(string: state.json + "\n"))
          }
        } catch let problems as Diagnostics {
          try await writer.write(ByteBuffer(string: problems.answer + "\n"))
        } catch let error as LineTooLong {
          let line = #"{"error": {"message": "a line has more than \#(error.limit) bytes"}}"#
          try await writer.write(ByteBuffer(string: line + "\n"))
        }
        try await writer.finish(nil)
      })
  }
}

struct LineTooLong: Error {
  /// Bytes.
  let limit: Int
}

/// The lines of a body as they come, without empty ones.
struct Lines<Body: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Body.Element == ByteBuffer {
  let body: Body
  /// Bytes of a line.
  let longest: Int

  func makeAsyncIterator() -> Iterator {
    Iterator(chunks: body.makeAsyncIterator(), longest: longest)
  }

  struct Iterator: AsyncIteratorProtocol {
    private var chunks: Body.AsyncIterator
    private let longest: Int
    /// What has come and is not part of a line that was given.
    private var rest = ByteBuffer()
    private var hasEnded = false

    init(chunks: Body.AsyncIterator, longest: Int) {
      self.chunks = chunks
      self.longest = longest
    }

    /// - Throws: `LineTooLong`, or what the body throws.
    mutating func next() async throws -> String? {
      while true {
        if let end = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
          guard end - rest.readerIndex <= longest else { throw LineTooLong(limit: longest) }
          let line = rest.readString(length: end - rest.readerIndex) ?? ""
          rest.moveReaderIndex(forwardBy: 1)
          if let text = Self.content(line) { return text }
          continue
        }
        if hasEnded { return Self.content(rest.readString(length: rest.readableBytes) ?? "") }
        guard rest.readableBytes <= longest else { throw LineTooLong(limit: longest) }
        if var chunk = try await chunks.next() {
          rest.discardReadBytes()
          rest.writeBuffer(&chunk)
        } else {
          hasEnded = true
        }
      }
    }

    /// Nil for nothing but blanks.
    private static func content(_ line: String) -> String? {
      line.allSatisfy(\.isWhitespace) ? nil : line
    }
  }
}
