import Borel
import Hummingbird
import Synchronization

/// What one request, and all of them together, may use.
public struct ServiceLimits: Sendable {
  /// Of one inference, or of one record of a filter.
  public var inference: Limits
  /// Requests that are computed at the same time; others are told to come back.
  public var concurrentRequests: Int
  /// Bytes of a request's body, and of a line of it.
  public var bodySize: Int
  /// Executions of a filter.
  public var particles: Int

  /// - Parameters: See the properties.
  public init(
    inference: Limits = Limits(
      recursionDepth: 10_000, laneSteps: 500_000_000, memory: 512 << 20, seconds: 10),
    concurrentRequests: Int = 8, bodySize: Int = 1 << 20, particles: Int = 20_000
  ) {
    self.inference = inference
    self.concurrentRequests = concurrentRequests
    self.bodySize = bodySize
    self.particles = particles
  }
}

/// Counts the requests that are being computed.
final class Admission: Sendable {
  /// Counts for as long as it lives.
  final class Pass: Sendable {
    private let admission: Admission
    fileprivate init(_ admission: Admission) { self.admission = admission }
    deinit { admission.count.withLock { $0 -= 1 } }
  }

  private let limit: Int
  private let count = Mutex(0)

  init(limit: Int) { self.limit = limit }

  /// - Throws: 503 when there are too many.
  func pass() throws -> Pass {
    let isFree = count.withLock { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
    guard isFree else {
      throw HTTPError(
        .serviceUnavailable, headers: [.retryAfter: "1"],
        message: "\(limit) requests are being computed; come back later")
    }
    return Pass(self)
  }
}
