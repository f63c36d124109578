import BorelBase
import BorelDistributions

/// Parameters, values and support of a distribution, checked against each other.
struct HostShape {
  let parameters: [HostDistribution.Parameter]
  let value: ValueKind
  let support: HostSupport
  private let name: String

  /// - Throws: E0720.
  init(
    _ name: String, _ declared: [HostLibrary.Parameter], _ types: [HostType], _ value: HostType,
    _ support: HostLibrary.Support?
  ) throws(Diagnostics) {
    self.name = name
    guard declared.count == types.count else {
      throw Self.problem(
        "'\(name)' has \(declared.count) labels for the \(types.count) parameters of its functions")
    }
    guard types.count <= HostDistribution.parameterLimit else {
      throw Self.problem(
        "'\(name)' has \(types.count) parameters, and \(HostDistribution.parameterLimit) are the most",
        hint: "take an array")
    }
    if let twice = declared.map(\.name).first(where: { label in
      declared.filter { $0.name == label }.count > 1
    }) {
      throw Self.problem("'\(name)' has two parameters '\(twice)'")
    }
    var parameters: [HostDistribution.Parameter] = []
    for (parameter, type) in zip(declared, types) {
      parameters.append(try Self.parameter(parameter, type, of: name))
    }
    self.parameters = parameters
    guard let kind = Self.valueKind(value) else {
      throw Self.problem(
        "values of '\(name)' cannot be \(value)", hint: "draw a Real, an Int, a Bool or [Real]")
    }
    self.value = kind
    self.support = try Self.support(support, kind, parameters, of: name)
  }

  private static func parameter(
    _ declared: HostLibrary.Parameter, _ type: HostType, of name: String
  ) throws(Diagnostics) -> HostDistribution.Parameter {
    let kind: ParameterKind
    switch type {
    case .real: kind = .real
    case .int: kind = .int
    case .bool: kind = .bool
    case .reals: kind = .realArray
    case .ints: kind = .intArray
    case .string, .bools:
      throw problem(
        "the parameter '\(declared.name)' of '\(name)' cannot be \(type)",
        hint: "parameters are Real, Int, Bool, [Real] or [Int]")
    }
    var domain = declared.domain
    if domain == .any {
      domain = kind == .real ? .finite : .any
    } else if kind == .realArray || kind == .intArray {
      domain = .each(domain)
    } else if kind == .bool {
      throw problem("the parameter '\(declared.name)' of '\(name)' is a Bool, and has no bounds")
    }
    return HostDistribution.Parameter(declared.name, kind, domain)
  }

  private static func valueKind(_ type: HostType) -> ValueKind? {
    switch type {
    case .real: .real
    case .int: .int
    case .bool: .bool
    case .reals: .realArray
    case .string, .ints, .bools: nil
    }
  }

  private static func support(
    _ support: HostLibrary.Support?, _ value: ValueKind,
    _ parameters: [HostDistribution.Parameter], of name: String
  ) throws(Diagnostics) -> HostSupport {
    func bound(_ bound: HostLibrary.Bound) throws(Diagnostics) -> HostSupport.Bound {
      switch bound {
      case .number(let x):
        if x.isNaN { throw problem("a bound of the support of '\(name)' is NaN") }
        return .constant(x)
      case .parameter(let label):
        guard let index = parameters.firstIndex(where: { $0.name == label }) else {
          throw problem("the support of '\(name)' names '\(label)', which is no parameter")
        }
        guard parameters[index].kind == .real || parameters[index].kind == .int else {
          throw problem("the support of '\(name)' names '\(label)', which is no number")
        }
        return .parameter(index)
      }
    }
    switch (support, value) {
    case (nil, .bool), (.booleans, .bool): return .booleans
    case (nil, .realArray), (.vectors, .realArray): return .vectors
    case (nil, .int), (.integers, .int): return .integers
    case (.naturalNumbers, .int): return .naturalNumbers
    case (.range(let lower, let upper), .int):
      for case .number(let x) in [lower, upper] where Int(exactly: x) == nil {
        throw problem("the support of '\(name)' ends at \(x), which is no Int")
      }
      return .range(try bound(lower), try bound(upper))
    case (nil, .real), (.real, .real): return .real
    case (.above(let lower), .real): return .above(try bound(lower))
    case (.between(let lower, let upper), .real):
      return .between(try bound(lower), try bound(upper))
    default: throw problem("the support of '\(name)' is not one of its values")
    }
  }

  private static func problem(_ message: String, hint: String? = nil) -> Diagnostics {
    Diagnostics([.definition(message, hint: hint)])
  }
}
