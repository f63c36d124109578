import BorelHeap

/// Where the values of a distribution of the host lie.
package enum HostSupport: Sendable {
  package enum Bound: Hashable, Sendable {
    case constant(Double)
    /// A real or integer parameter by position.
    case parameter(Int)

    func value(_ arguments: LaneWords, _ parameters: [HostDistribution.Parameter]) -> Double {
      switch self {
      case .constant(let x): x
      case .parameter(let index):
        parameters[index].kind == .int
          ? Double(arguments.int(index)) : arguments.real(index)
      }
    }

    func text(_ parameters: [HostDistribution.Parameter]) -> String {
      switch self {
      case .constant(let x): Domain.number(x)
      case .parameter(let index): parameters[index].name
      }
    }
  }

  case real
  case above(Bound)
  case between(Bound, Bound)
  case integers
  case naturalNumbers
  /// Finitely many integers, both ends included.
  case range(Bound, Bound)
  case booleans
  case vectors

  /// Whether values are counted.
  var isDiscrete: Bool {
    switch self {
    case .integers, .naturalNumbers, .range, .booleans: true
    case .real, .above, .between, .vectors: false
    }
  }

  /// The number of the family in `FamilyRegistry` that carries draws out.
  package var family: String {
    switch self {
    case .real: "host.real"
    case .above: "host.above"
    case .between: "host.between"
    case .integers, .naturalNumbers: "host.int"
    case .range: "host.range"
    case .booleans: "host.bool"
    case .vectors: "host.vector"
    }
  }

  /// The bounds that the family takes as parameters of their own, for charts of the support.
  package var bounds: [Bound] {
    switch self {
    case .above(let lower): [lower]
    case .between(let lower, let upper): [lower, upper]
    case .real, .integers, .naturalNumbers, .range, .booleans, .vectors: []
    }
  }

  func limits(
    _ arguments: LaneWords, _ parameters: [HostDistribution.Parameter]
  ) -> (Double, Double)? {
    switch self {
    case .above(let lower): return (lower.value(arguments, parameters), .infinity)
    case .between(let lower, let upper), .range(let lower, let upper):
      return (lower.value(arguments, parameters), upper.value(arguments, parameters))
    case .real, .integers, .naturalNumbers, .booleans, .vectors: return nil
    }
  }

  /// Whether a value lies inside. NaN lies nowhere; the ends of an interval belong to it.
  func contains(
    _ value: LaneWords, _ arguments: LaneWords, _ parameters: [HostDistribution.Parameter]
  ) -> Bool {
    switch self {
    case .real: return value.real(0).isFinite
    case .above, .between:
      guard let (lower, upper) = limits(arguments, parameters) else { return false }
      let x = value.real(0)
      return x.isFinite && x >= lower && x <= upper
    case .range:
      guard let (lower, upper) = limits(arguments, parameters) else { return false }
      let x = Double(value.int(0))
      return x >= lower && x <= upper
    case .naturalNumbers: return value.int(0) >= 0
    case .integers, .booleans: return true
    case .vectors:
      let array = value.array(0)
      return !array.object.isNull && array.reals.allSatisfy(\.isFinite)
    }
  }

  func text(_ parameters: [HostDistribution.Parameter]) -> String {
    switch self {
    case .real: "finite reals"
    case .above(let lower): "finite reals from \(lower.text(parameters))"
    case .between(let lower, let upper):
      "reals from \(lower.text(parameters)) to \(upper.text(parameters))"
    case .integers: "integers"
    case .naturalNumbers: "integers from 0"
    case .range(let lower, let upper):
      "integers from \(lower.text(parameters)) to \(upper.text(parameters))"
    case .booleans: "false and true"
    case .vectors: "arrays of finite reals"
    }
  }
}
