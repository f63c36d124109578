import BorelBase
import BorelDistributions
import BorelHeap

extension HostLibrary {
  /// A parameter of a distribution: its label in programs, and where it may lie. A string literal is
  /// a parameter that may be any finite number, or anything of another type.
  public struct Parameter: Sendable, ExpressibleByStringLiteral {
    let name: String
    let domain: Domain

    public init(stringLiteral name: String) { self.init(name: name, domain: .any) }

    private init(name: String, domain: Domain) {
      self.name = name
      self.domain = domain
    }

    /// Positive and finite.
    public static func positive(_ name: String) -> Parameter {
      Parameter(name: name, domain: .positive)
    }

    /// Finite and at least 0.
    public static func nonNegative(_ name: String) -> Parameter {
      Parameter(name: name, domain: .nonNegative)
    }

    /// Between two numbers, both included.
    public static func between(_ name: String, _ range: ClosedRange<Double>) -> Parameter {
      Parameter(
        name: name,
        domain: .interval(range.lowerBound, range.upperBound, lowerOpen: false, upperOpen: false))
    }
  }

  /// An end of a support: a number, or the parameter with a name.
  public enum Bound: Sendable, Hashable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral
  {
    case number(Double)
    case parameter(String)

    public init(floatLiteral value: Double) { self = .number(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(stringLiteral value: String) { self = .parameter(value) }
  }

  /// Where the values of a distribution lie. Outside the density is 0, without asking the app.
  public enum Support: Sendable, Hashable {
    /// All finite reals.
    case real
    /// Reals from a bound on; `.above(0)` is the positive reals.
    case above(Bound)
    case between(Bound, Bound)
    case integers
    /// Integers from 0.
    case naturalNumbers
    /// Finitely many integers, both ends included: they can be enumerated.
    case range(Bound, Bound)
    case booleans
    /// Arrays of finite reals.
    case vectors
  }

  /// Defines a distribution.
  ///
  /// Programs write it like those of the language: `x ~ Wrapped(mean: 0, concentration: 2)`. The
  /// density refers to the Lebesgue measure for reals and arrays of reals, and is a probability for
  /// integers and Bools; it must be the density of what the sampler draws. The functions are called
  /// with parameters in their domains and values in the support. An error that they throw, a NaN, and a
  /// draw outside the support stop the run with the line of the program.
  ///
  /// - Parameters:
  ///   - name: What programs write.
  ///   - summary: One sentence.
  ///   - parameters: The labels in the order of the functions' parameters.
  ///   - support: Where values lie; by default everywhere in the type.
  ///   - sample: Draws a value, with no other source of randomness than the one it is given.
  ///   - logDensity: The log-density of a value; `-infinity` where it cannot be.
  ///   - mean: The mean, if it is known.
  ///   - cumulative: The probability of values up to a number, which censored and truncated
  ///     distributions need.
  /// - Throws: E0720 when the name is none or is taken, or types, labels and support do not fit.
  public mutating func define<each Argument: HostValue, Value: HostValue>(
    distribution name: String, summary: String = "", parameters: [Parameter],
    support: Support? = nil,
    sample: @escaping @Sendable (inout HostRandom, repeat each Argument) throws -> Value,
    logDensity: @escaping @Sendable (Value, repeat each Argument) throws -> Double,
    mean: (@Sendable (repeat each Argument) throws -> Double)? = nil,
    cumulative: (@Sendable (Double, repeat each Argument) throws -> Double)? = nil
  ) throws(Diagnostics) {
    try checkName(name)
    let types = Self.types(repeat (each Argument).self)
    let shape = try HostShape(name, parameters, types, Value.hostType, support)
    var functions = HostDistribution.Functions(
      sample: { words, stream, arena in
        var random = HostRandom(stream)
        defer { stream = random.stream }
        var reader = WordReader(words)
        let value = try sample(&random, repeat reader.next((each Argument).self))
        return value.word(in: HostMemory(arena)).bits
      },
      logDensity: { value, words in
        var reader = WordReader(words)
        return try logDensity(
          Value(HostWord(bits: value.word(0))), repeat reader.next((each Argument).self))
      })
    if let mean {
      functions.mean = { words in
        var reader = WordReader(words)
        return try mean(repeat reader.next((each Argument).self))
      }
    }
    if let cumulative {
      functions.cumulative = { x, words in
        var reader = WordReader(words)
        return try cumulative(x, repeat reader.next((each Argument).self))
      }
    }
    distributions.append(
      HostDistribution(
        name: name, summary: summary, parameters: shape.parameters, value: shape.value,
        support: shape.support, functions: functions))
  }
}
