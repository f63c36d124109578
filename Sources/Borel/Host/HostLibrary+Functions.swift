import BorelBase
import BorelDistributions
import BorelHeap
import BorelPrimitives

extension HostLibrary {
  /// Defines a function that is called value by value.
  ///
  /// Its types in programs follow from those in Swift. Like functions of the language it takes an
  /// `Int` for a `Real`, and arrays for scalars, element by element. An error that it throws, and a
  /// NaN in its result, stop the run with the line of the call; like other failures an error is a
  /// rejection in a Markov chain and under `Limits.rejectsFailures`, a NaN never is.
  ///
  /// - Parameters:
  ///   - name: What programs call.
  ///   - summary: One sentence.
  ///   - derivatives: The partial derivatives at a point, one per parameter; 0 for parameters that
  ///     are not `Double`. `learn` and involutive moves need them where what they differentiate
  ///     passes through the function.
  ///   - body: The function.
  /// - Throws: E0720 when the name is none or is taken, or when derivatives cannot be used.
  public mutating func define<each Parameter: HostValue, Result: HostValue>(
    _ name: String, summary: String = "",
    derivatives: (@Sendable (repeat each Parameter) throws -> [Double])? = nil,
    _ body: @escaping @Sendable (repeat each Parameter) throws -> Result
  ) throws(Diagnostics) {
    let signature = HostSignature(name, Self.types(repeat (each Parameter).self), Result.hostType)
    let function = signature.laneFunction { words in
      var reader = WordReader(words)
      return try body(repeat reader.next((each Parameter).self))
    }
    try add(signature, summary, function, derivatives: Self.values(derivatives))
  }

  /// Defines a function that is called with whole columns: a block of lanes at a time.
  ///
  /// As `define(_:summary:derivatives:_:)`, but faster for functions that cost little. It writes the
  /// result of every lane, which may depend on the arguments of that lane only. Executions that have
  /// ended may be among them, with any arguments.
  ///
  /// - Parameters:
  ///   - name: What programs call.
  ///   - summary: One sentence.
  ///   - derivatives: As for functions of values.
  ///   - body: The function: where results go, and the arguments.
  /// - Throws: E0720 when the name is none or is taken, or when derivatives cannot be used.
  public mutating func define<each Parameter: HostValue, Result: HostValue>(
    column name: String, summary: String = "",
    derivatives: (@Sendable (repeat each Parameter) throws -> [Double])? = nil,
    _ body:
      @escaping @Sendable (HostResults<Result>, repeat HostColumn<each Parameter>) throws ->
      Void
  ) throws(Diagnostics) {
    let signature = HostSignature(name, Self.types(repeat (each Parameter).self), Result.hostType)
    let function = signature.columnFunction(Result.self) { results, operands, count in
      var reader = ColumnReader(operands: operands, count: count)
      try body(results, repeat reader.next((each Parameter).self))
    }
    try add(signature, summary, function, derivatives: Self.values(derivatives))
  }

  /// The types of a list of parameters in programs.
  static func types<each Parameter: HostValue>(
    _ parameters: repeat (each Parameter).Type
  ) -> [HostType] {
    var types: [HostType] = []
    repeat types.append((each parameters).hostType)
    return types
  }

  private static func values<each Parameter: HostValue>(
    _ function: (@Sendable (repeat each Parameter) throws -> [Double])?
  ) -> (@Sendable (UnsafePointer<UInt64>) throws -> [Double])? {
    guard let function else { return nil }
    return { words in
      var reader = WordReader(words)
      return try function(repeat reader.next((each Parameter).self))
    }
  }

  private mutating func add(
    _ signature: HostSignature, _ summary: String, _ function: HostFunction,
    derivatives: (@Sendable (UnsafePointer<UInt64>) throws -> [Double])?
  ) throws(Diagnostics) {
    try checkName(signature.name)
    var derivative: Derivative?
    if let derivatives {
      guard signature.result == .real, signature.parameters.contains(.real) else {
        throw Diagnostics([
          .definition(
            "'\(signature.name)' cannot have derivatives",
            hint: "functions with a Double among their parameters that give a Double can")
        ])
      }
      let partials = signature.partials(derivatives)
      self.derivatives += partials.compactMap(\.self)
      derivative = .terms(signature.terms(partials))
    }
    functions.append(
      signature.primitive(
        "host.\(signature.name)", summary: summary, function, derivative: derivative))
  }
}

/// Reads the arguments of one lane one after the other.
struct WordReader {
  private let words: LaneWords
  private var index = 0

  init(_ words: LaneWords) { self.words = words }
  init(_ words: UnsafePointer<UInt64>) { self.init(LaneWords(words)) }

  mutating func next<Value: HostValue>(_ type: Value.Type) -> Value {
    defer { index += 1 }
    return Value(HostWord(bits: words.word(index)))
  }
}

/// Reads columns of arguments one after the other.
struct ColumnReader {
  let operands: UnsafePointer<ColumnOperand>
  let count: Int
  private var index = 0

  init(operands: UnsafePointer<ColumnOperand>, count: Int) {
    self.operands = operands
    self.count = count
  }

  mutating func next<Value: HostValue>(_ type: Value.Type) -> HostColumn<Value> {
    defer { index += 1 }
    return HostColumn(operands[index], count: count)
  }
}
