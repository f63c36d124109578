import BorelHeap
import BorelKernels

/// A family that carries out distributions of the host: its first parameter says which one, the
/// second holds the words of the program's parameters in one element of an array, and bounds of the
/// support follow.
package protocol HostFamily: HasCumulative, HasMoments {}

extension HostFamily {
  /// The family for values of a kind on a support.
  static func make(
    _ name: String, _ value: ValueKind, _ support: Support, _ measure: BaseMeasure,
    bounds: [String] = []
  ) -> FamilySignature {
    let parameters: [Parametrisation.Parameter] = [
      .init("distribution", .int, .any, "The distribution of the host."),
      .init("arguments", .value, .any, "The parameters that the program writes."),
    ]
    return FamilySignature(
      name: name, summary: "A distribution that the app defines.",
      parametrisations: [
        Parametrisation(parameters + bounds.map { .init($0, .real, .any, "Bound of the support.") })
      ],
      value: value, support: support, baseMeasure: measure,
      jointCondition: "parameters must lie in their domains", source: "Definition by the app")
  }

  /// The distribution and its arguments; nil in a dead lane, or when there is no such distribution.
  private static func host(_ p: LaneWords) -> (HostDistribution, LaneWords)? {
    guard let host = HostDistribution.living(p.word(0)), !p.array(1).object.isNull else {
      return nil
    }
    return (host, LaneWords(p.array(1).elements))
  }

  package static func violation(_ p: LaneWords) -> String? {
    if p.array(1).object.isNull { return "the parameters are missing" }
    guard let (host, arguments) = host(p) else { return missing }
    return host.violation(arguments)
  }

  /// The name of the distribution.
  fileprivate static func hostName(_ p: LaneWords) -> String? { host(p)?.0.name }

  private static var missing: String {
    "the distribution belongs to a library that this program does not have"
  }

  /// Whether a real parameter is NaN.
  package static func hasNaN(_ p: LaneWords) -> Bool {
    host(p).map { $0.hasNaN($1) } ?? false
  }

  /// Why a log-density is NaN.
  package static func densityProblem(_ value: LaneWords, _ p: LaneWords) -> String {
    host(p).map { $0.densityProblem(value, $1) } ?? missing
  }

  package static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    host(p).map { $0.score(value, $1) } ?? -.infinity
  }

  package static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = host(p).map { $0.draw($1, using: &random, arena: arena) } ?? 0
  }

  package static func accumulateLogDensity(
    count: Int, value: UnsafePointer<ColumnOperand>, parameters: UnsafePointer<ColumnOperand>,
    into logWeights: UnsafeMutablePointer<Double>
  ) {
    forEachLane(count, parameters) { lane, host, arguments in
      logWeights[lane] +=
        host.map { host in
          withUnsafePointer(to: value[0].word(lane)) { host.score(LaneWords($0), arguments) }
        } ?? -.infinity
    }
  }

  package static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    forEachLane(count, parameters) { lane, host, arguments in
      var random = streams.random(lane)
      value[0][lane] = host?.draw(arguments, using: &random, arena: arena) ?? 0
    }
  }

  /// Looks the distribution up once where it is the same for all lanes.
  private static func forEachLane(
    _ count: Int, _ parameters: UnsafePointer<ColumnOperand>,
    _ body: (Int, HostDistribution?, LaneWords) -> Void
  ) {
    let isUniform = parameters[0].stride == 0
    let common = isUniform ? HostDistribution.living(parameters[0].base[0]) : nil
    let none: UInt64 = 0
    withUnsafePointer(to: none) { none in
      for lane in 0..<count {
        let host = isUniform ? common : HostDistribution.living(parameters[0].word(lane))
        let array = ArrayObject(bits: parameters[1].word(lane))
        if array.object.isNull {
          body(lane, nil, LaneWords(none))
        } else {
          body(lane, host, LaneWords(array.elements))
        }
      }
    }
  }

  package static func mean(_ p: LaneWords) -> Double {
    host(p).flatMap { host, arguments in try? host.functions.mean?(arguments) } ?? .nan
  }

  package static func variance(_ p: LaneWords) -> Double { .nan }

  package static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    host(p).flatMap { host, arguments in try? host.functions.cumulative?(x, arguments) } ?? .nan
  }

  package static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    log(cumulative(x, p))
  }

  package static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    log1p(-cumulative(x, p))
  }

  /// Both ends of the range of a discrete one.
  fileprivate static func range(_ p: LaneWords) -> (first: Int64, count: Int)? {
    guard let (host, arguments) = host(p),
      let (lower, upper) = host.support.limits(arguments, host.parameters),
      let first = Int64(exactly: lower.rounded(.up)),
      let last = Int64(exactly: upper.rounded(.down))
    else { return nil }
    let (span, overflow) = last.subtractingReportingOverflow(first)
    return (first, overflow || span == .max ? .max : max(0, Int(span) + 1))
  }
}

extension Family {
  /// The name that programs use for the distribution with these parameters.
  package static func name(_ parameters: LaneWords) -> String {
    (self as? any HostFamily.Type)?.hostName(parameters) ?? signature.name
  }
}

enum HostReal: HostFamily {
  static let signature = make("host.real", .real, .real, .lebesgue)
}

enum HostAbove: HostFamily {
  static let signature = make(
    "host.above", .real, .aboveParameter(2), .lebesgue, bounds: ["lower"])
}

enum HostBetween: HostFamily {
  static let signature = make(
    "host.between", .real, .betweenParameters(2, 3), .lebesgue, bounds: ["lower", "upper"])
}

enum HostInt: HostFamily {
  static let signature = make("host.int", .int, .naturalNumbers, .counting)
}

enum HostRange: HostFamily, FiniteSupport {
  static let signature = make("host.range", .int, .naturalNumbers, .counting)

  static func supportCount(_ p: LaneWords) -> Int { range(p)?.count ?? 0 }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(bitPattern: (range(p)?.first ?? 0) &+ Int64(index))
  }
}

enum HostBool: HostFamily, FiniteSupport {
  static let signature = make("host.bool", .bool, .booleans, .counting)

  static func supportCount(_ p: LaneWords) -> Int { 2 }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(index)
  }
}

enum HostVector: HostFamily {
  static let signature = make("host.vector", .realArray, .realVector, .lebesgue)
}

extension FamilyRegistry {
  /// What carries out the distributions of the host. Programs cannot name them.
  static let hostFamilies: [any Family.Type] = [
    HostReal.self, HostAbove.self, HostBetween.self, HostInt.self, HostRange.self, HostBool.self,
    HostVector.self,
  ]
}
