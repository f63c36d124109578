import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelRuntime

/// What the scalar interpreter cannot run, or what failed in a live execution.
package enum ScalarFailure: Error, Hashable {
  /// An operation outside the interpreter's reach: nested inference, functions of the host, choices
  /// that are not finite.
  case unsupported(String, Span)
  /// The program fails here.
  case program(String, Span)
  /// The execution takes too many steps or calls.
  case limit(String)
}

/// Runs one execution of a program by the definition of the IR, one word after the other.
///
/// It shares no control flow, weights, draws or memo tables with the machine over lanes, so that
/// the two can be compared. Choices are answered from outside; all families drawn from are finite.
/// `observe` scores, whether the program is weighted or not. Checkpoints and forks are passed.
package struct ScalarInterpreter {
  /// A value that the execution reported.
  package struct Emission: Hashable, Sendable {
    package var report: Int
    package var loops: [Int64]
    package var words: [UInt64]
  }

  /// The execution has weight zero and stops.
  private struct Dead: Error {}

  let program: Program
  let arena: Arena
  private let choices: any FiniteChoices
  package private(set) var logWeight = 0.0
  package private(set) var emissions: [Emission] = []
  package private(set) var tallies: [Double]
  private var tables: [[MemoKey: [UInt64]]] = []
  private var steps = 0
  private var depth = 0
  private static let mostSteps = 1_000_000
  private static let deepest = 2_000

  package init(_ program: Program, arena: Arena, choices: any FiniteChoices) {
    self.program = program
    self.arena = arena
    self.choices = choices
    tallies = [Double](repeating: 0, count: program.tallies.count)
  }

  /// Runs a function.
  ///
  /// - Returns: Its result words; nil when the execution has weight zero.
  /// - Throws: `ScalarFailure`.
  package mutating func run(_ function: FunctionID, _ arguments: [UInt64]) throws -> [UInt64]? {
    do {
      return try call(Int(function.index), arguments)
    } catch is Dead {
      logWeight = -.infinity
      return nil
    }
  }

  private mutating func call(_ index: Int, _ arguments: [UInt64]) throws -> [UInt64] {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.deepest { throw ScalarFailure.limit("more than \(Self.deepest) nested calls") }
    var number = index
    var incoming = arguments
    while true {
      switch try runBody(number, incoming) {
      case .returned(let words): return words
      case .tailCall(let callee, let words):
        number = callee
        incoming = words
      }
    }
  }

  private enum Ending {
    case returned([UInt64])
    case tailCall(Int, [UInt64])
  }

  private mutating func runBody(_ index: Int, _ arguments: [UInt64]) throws -> Ending {
    let function = program.functions[index]
    var frame = [UInt64](repeating: 0, count: function.valueTypes.count)
    var number = 0
    var incoming = arguments
    while true {
      steps += 1
      if steps > Self.mostSteps { throw ScalarFailure.limit("more than \(Self.mostSteps) steps") }
      let block = function.blocks[number]
      for (parameter, word) in zip(block.parameters, incoming) {
        frame[Int(parameter.index)] = word
      }
      for instruction in block.instructions {
        let operands = instruction.operands.map { frame[Int($0.index)] }
        let types = instruction.operands.map { function.valueTypes[Int($0.index)] }
        let results = try execute(instruction, operands, types)
        for (result, word) in zip(instruction.results, results) {
          frame[Int(result.index)] = word
        }
      }
      let operands = block.terminator.operands.map { frame[Int($0.index)] }
      var given: [UInt64] = []
      let target: Target
      switch block.terminator {
      case .jump(let next), .checkpoint(_, let next): target = next
      case .branch(_, let then, let otherwise): target = operands[0] != 0 ? then : otherwise
      case .call(let callee, _, let next):
        given = try call(Int(callee.index), operands)
        target = next
      case .apply(_, _, let next):
        let closure = BoxObject(bits: operands[0])
        let captures = (0..<closure.fieldCount).map { closure.fields[$0] }
        given = try call(closure.tag, operands.dropFirst() + captures)
        target = next
      case .returnValues: return .returned(operands)
      case .tailCall(let callee, _): return .tailCall(Int(callee.index), operands)
      case .fork(let family, _, _, let count, let types, let next):
        given = try draw(family, operands, count, types.count, at: block.terminatorSpan)
        target = next
      }
      incoming = given + target.arguments.map { frame[Int($0.index)] }
      number = Int(target.block.index)
    }
  }

  // MARK: Effects

  private mutating func execute(
    _ instruction: Instruction, _ operands: [UInt64], _ types: [IRType]
  ) throws -> [UInt64] {
    let span = instruction.span
    switch instruction.operation {
    case .sample(let family, _, let count, let layout):
      return try draw(family, operands, count, layout.count, at: span)
    case .observe(let family, _, let count, let layout, let isOptional),
      .score(let family, _, let count, let layout, let isOptional):
      let width = layout.count
      // A distribution as a value is one word.
      let parameterCount = family == nil ? 1 : count
      let isPresent = !isOptional || operands[parameterCount] != 0
      if isPresent {
        let first = parameterCount + (isOptional ? 1 : 0)
        let datum = Array(operands[first..<first + width])
        let distribution = try distribution(
          family, Array(operands.prefix(parameterCount)), at: span)
        try add(distribution.logDensity(of: datum), at: span)
        return instruction.results.isEmpty ? [] : datum
      }
      if instruction.results.isEmpty { return [] }
      return try draw(family, operands, count, width, at: span)
    case .factor:
      try add(Double(bitPattern: operands[0]), at: span)
    case .require:
      if operands[0] == 0 { throw Dead() }
    case .tally(let number):
      tallies[number] += Double(bitPattern: operands[0])
    case .emit(let number, let loopCount):
      emissions.append(
        Emission(
          report: number, loops: operands.suffix(loopCount).map { Int64(bitPattern: $0) },
          words: Array(operands.dropLast(loopCount))))
    case .print, .debug: break
    case .fail(let text): throw ScalarFailure.program(text, span)
    case .memoMake:
      tables.append([:])
      return [UInt64(tables.count - 1)]
    case .memoFind(let key, let value):
      let words = Array(operands[1...].prefix(key.count))
      let found = tables[Int(operands[0])][MemoKey(words: words, types: key)]
      return [found == nil ? 0 : 1] + (found ?? value.map { _ in 0 })
    case .memoStore(let key, _):
      let words = Array(operands[1...].prefix(key.count))
      tables[Int(operands[0])][MemoKey(words: words, types: key)] = Array(
        operands.dropFirst(1 + key.count))
    default:
      return try evaluate(instruction, operands, types)
    }
    return []
  }

  private mutating func add(_ term: Double, at span: Span) throws {
    if term.isNaN { throw ScalarFailure.program("the weight is NaN", span) }
    logWeight += term
    if logWeight.isNaN { throw ScalarFailure.program("the weight is NaN", span) }
    if logWeight == -.infinity { throw Dead() }
  }

  /// A draw of finitely many values, answered from outside.
  private func draw(
    _ family: String?, _ operands: [UInt64], _ count: Int, _ width: Int, at span: Span
  ) throws -> [UInt64] {
    let parameters = Array(operands.prefix(family == nil ? 1 : count))
    let values = try distribution(family, parameters, at: span).values(width: width, in: arena)
    guard let values, !values.isEmpty else {
      throw ScalarFailure.unsupported("a choice that is not finite", span)
    }
    return values[choices.choose(values.map(\.probability))].words
  }

  private func distribution(
    _ family: String?, _ words: [UInt64], at span: Span
  ) throws -> ScalarDistribution {
    guard let distribution = ScalarDistribution(family: family, words: words) else {
      throw ScalarFailure.program("no distribution", span)
    }
    if let problem = distribution.violation { throw ScalarFailure.program(problem, span) }
    return distribution
  }
}

/// The arguments of a `mem` function, compared by structure.
private struct MemoKey: Hashable {
  let words: [UInt64]
  let mask: UInt64

  init(words: [UInt64], types: [IRType]) {
    self.words = words.isEmpty ? [0] : words
    mask = types.pointerMask
  }

  static func == (a: MemoKey, b: MemoKey) -> Bool {
    a.words.count == b.words.count
      && structurallyEqual(a.words, b.words, count: a.words.count, pointerMask: a.mask)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(structuralHash(words, count: words.count, pointerMask: mask))
  }
}
