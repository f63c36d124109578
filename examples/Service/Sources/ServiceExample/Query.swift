import Borel
import Hummingbird

/// What the part of an address after `?` asks for.
struct Query {
  private let parameters: Parameters

  init(_ request: Request) { parameters = request.uri.queryParameters }

  func text(_ name: String) -> String? { parameters.get(name) }

  /// A method as text: `smc(particles: 1000)`.
  ///
  /// - Throws: E0701 to E0706.
  func method() throws -> Method? { try text("method").map { try Method($0) } }

  /// Names between commas; nil when nothing is said.
  var variables: [String]? {
    text("variables").map { $0.split(separator: ",").map(String.init) }
  }

  /// A whole number in a range.
  ///
  /// - Throws: 400 for anything else.
  func number<Number: FixedWidthInteger & Sendable>(
    _ name: String, in range: ClosedRange<Number>, default standard: Number
  ) throws -> Number {
    guard let text = text(name) else { return standard }
    guard let number = Number(text), range.contains(number) else {
      throw HTTPError(
        .badRequest,
        message: "'\(name)' must be a whole number from \(range.lowerBound) to "
          + "\(range.upperBound), found '\(text)'")
    }
    return number
  }

  func seed() throws -> UInt64 { try number("seed", in: 0...UInt64.max, default: 1) }
}
