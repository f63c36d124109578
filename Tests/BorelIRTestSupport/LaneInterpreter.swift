import BorelBase
import BorelIR

/// A word of the interpreter.
package enum Word: Hashable, Sendable {
  case real(Double)
  case int(Int64)
  case bool(Bool)
  case array([[Word]])
  case closure(Int, [Word])
  case table(Int)
}

/// What a lane did that can be seen from outside.
package enum LaneEvent: Hashable, Sendable {
  case draw(site: Int)
  case score(site: Int, isPlate: Bool, isPresent: Bool, value: UInt64)
  case factor
  case tally(UInt64)
  case emit(Int, UInt64)
  case checkpoint(Int)

  package var isCheckpoint: Bool { if case .checkpoint = self { true } else { false } }
}

package struct InterpreterError: Error { package var message: String }

/// Runs one lane of a small subset of the IR, with every choice a fixed function of its address
/// and a seed. It follows the definition of the IR, not the machine, and serves as the oracle of
/// the tests of analyses and transforms.
package struct LaneInterpreter {
  package let program: Program
  package var seed: UInt64
  /// A site whose choices all get other values than the seed gives them.
  package var changedSite: Int?
  /// Drops values as liveness allows, so that a wrong liveness shows as a missing value.
  package var releasesDeadValues = false
  package private(set) var events: [LaneEvent] = []
  /// By function and value: the values that it took, in order.
  package private(set) var history: [[[Word]]]
  /// By function and block: how often it ran.
  package private(set) var executions: [[Int]]
  private var ordinals: [String: Int] = [:]
  private var tables: [[[Word]: [Word]]] = []
  private let liveness: [LivenessAnalysis]
  private let loops: [NaturalLoops]
  /// By function and block: how many calls stand before it, in a version those of the original.
  /// Transforms keep their order.
  private let callNumbers: [[Int]]
  private var steps = 0

  package init(_ program: Program, seed: UInt64) {
    self.program = program
    self.seed = seed
    history = program.functions.map { $0.valueTypes.map { _ in [] } }
    executions = program.functions.map { $0.blocks.map { _ in 0 } }
    liveness = program.functions.map { LivenessAnalysis($0) }
    callNumbers = program.functions.map { function in
      var count = 0
      let function = function.original.map { program.functions[Int($0.index)] } ?? function
      return function.blocks.map { block in
        switch block.terminator {
        case .call, .apply, .tailCall: count += 1
        default: break
        }
        return count
      }
    }
    loops = program.functions.map { NaturalLoops(ControlFlow($0)) }
  }

  /// Runs a function and returns its results.
  package mutating func run(_ function: Int, _ arguments: [Word]) throws -> [Word] {
    try call(function, arguments, path: "")
  }

  private mutating func call(
    _ index: Int, _ arguments: [Word], path: String
  ) throws -> [Word] {
    let function = program.functions[index]
    var frame: [ValueID: Word] = [:]
    var number = 0
    var previous = -1
    var incoming = arguments
    // How often each loop went round since it was entered.
    var rounds: [Int: Int] = [:]
    while true {
      steps += 1
      if steps > 100_000 { throw InterpreterError(message: "too many steps") }
      executions[index][number] += 1
      for (loop, info) in loops[index].loops.enumerated() where info.header == number {
        let goesOn = previous >= 0 && loops[index].contains(loop, block: previous)
        rounds[loop] = goesOn ? rounds[loop, default: 0] + 1 : 0
      }
      let place = "\(path)\(loops[index].enclosing(number).map { rounds[$0, default: 0] })"
      let block = function.blocks[number]
      guard incoming.count == block.parameters.count else {
        throw InterpreterError(message: "bb\(number) got \(incoming.count) arguments")
      }
      if releasesDeadValues {
        frame = frame.filter { liveness[index].liveIn[number].contains($0.key) }
      }
      for (parameter, word) in zip(block.parameters, incoming) {
        set(parameter, word, index, &frame)
      }
      for (position, instruction) in block.instructions.enumerated() {
        let operands = try instruction.operands.map { try read($0, frame, index) }
        let results = try execute(instruction, operands, path: place)
        for (result, word) in zip(instruction.results, results) {
          set(result, word, index, &frame)
        }
        if releasesDeadValues {
          for value in liveness[index].released[number][position] { frame[value] = nil }
        }
      }
      var given: [Word] = []
      let operands = try block.terminator.operands.map { try read($0, frame, index) }
      let target: Target
      switch block.terminator {
      case .jump(let next): target = next
      case .branch(_, let then, let otherwise):
        target = operands[0] == .bool(true) ? then : otherwise
      case .call(let callee, _, let next):
        given = try call(
          Int(callee.index), operands, path: "\(place)/\(callNumbers[index][number])")
        target = next
      case .apply(_, _, let next):
        guard case .closure(let callee, let captures) = operands[0] else {
          throw InterpreterError(message: "applied no closure")
        }
        given = try call(
          callee, operands.dropFirst() + captures, path: "\(place)/\(callNumbers[index][number])")
        target = next
      case .returnValues: return operands
      case .tailCall(let callee, _):
        return try call(Int(callee.index), operands, path: "\(place)/\(callNumbers[index][number])")
      case .checkpoint(let number, let next):
        events.append(.checkpoint(number))
        target = next
      case .fork(let family, let site, _, let count, _, let next):
        given = [draw(family, site, Array(operands.dropFirst(count)), place)]
        target = next
      }
      previous = number
      incoming = given + (try target.arguments.map { try read($0, frame, index) })
      number = Int(target.block.index)
    }
  }

  private mutating func set(
    _ value: ValueID, _ word: Word, _ function: Int, _ frame: inout [ValueID: Word]
  ) {
    frame[value] = word
    history[function][Int(value.index)].append(word)
  }

  private func read(_ value: ValueID, _ frame: [ValueID: Word], _ function: Int) throws -> Word {
    guard let word = frame[value] else {
      throw InterpreterError(
        message: "%\(value.index) of '\(program.functions[function].name)' is missing")
    }
    return word
  }

  private mutating func draw(
    _ family: String?, _ site: Site, _ counters: [Word], _ path: String
  ) -> Word {
    events.append(.draw(site: site.number))
    let address = "\(path):\(site.number):\(counters)"
    let ordinal = ordinals[address, default: 0]
    ordinals[address] = ordinal + 1
    var hash = seed &+ 0x9e37_79b9_7f4a_7c15
    for byte in "\(address):\(ordinal)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
      hash ^= hash >> 29
    }
    if site.number == changedSite { hash = ~hash }
    if family == "Bernoulli" { return .bool(hash >> 33 & 1 == 1) }
    return .real(Double(hash >> 40) / Double(1 << 23) - 1)
  }

  private func bits(_ word: Word) -> UInt64 {
    switch word {
    case .real(let value): value.bitPattern
    case .int(let value): UInt64(bitPattern: value)
    case .bool(let value): value ? 1 : 0
    default: 0
    }
  }

  private mutating func execute(
    _ instruction: Instruction, _ operands: [Word], path: String
  ) throws -> [Word] {
    switch instruction.operation {
    case .constant(let constant): return [try word(constant)]
    case .primitive(let name): return [try primitive(name, operands)]
    case .arrayMake(let types):
      let width = types.count
      return [
        .array(
          stride(from: 0, to: operands.count, by: width).map {
            Array(operands[$0..<$0 + width])
          })
      ]
    case .arrayCount:
      guard case .array(let elements) = operands[0] else { break }
      return [.int(Int64(elements.count))]
    case .arrayGet:
      guard case .array(let elements) = operands[0], case .int(let index) = operands[1] else {
        break
      }
      return elements[Int(index)]
    case .closureMake(let callee, _), .modelMake(let callee, _):
      return [.closure(Int(callee.index), operands)]
    case .sample(let family, let site, let count, _):
      return [draw(family, site, Array(operands.dropFirst(count)), path)]
    case .observe(let family, let site, let count, let types, let isOptional),
      .score(let family, let site, let count, let types, let isOptional):
      var rest = Array(operands.dropFirst(count))
      let isPresent = isOptional ? rest.removeFirst() == .bool(true) : true
      let datum = Array(rest.prefix(types.count))
      events.append(
        .score(
          site: site.number, isPlate: site.isPlate, isPresent: isPresent,
          value: isPresent ? bits(datum[0]) : 0))
      if instruction.results.isEmpty { return [] }
      if isPresent { return datum }
      return [draw(family, site, Array(rest.dropFirst(types.count)), path)]
    case .factor: events.append(.factor)
    case .tally: events.append(.tally(bits(operands[0])))
    case .emit(let number, _): events.append(.emit(number, bits(operands[0])))
    case .memoMake:
      tables.append([:])
      return [.table(tables.count - 1)]
    case .memoEnter: break
    case .memoFind(let key, let value):
      guard case .table(let table) = operands[0] else { break }
      let found = tables[table][Array(operands[1...].prefix(key.count))]
      return [.bool(found != nil)] + (found ?? value.map { _ in .real(0) })
    case .memoStore(let key, _):
      guard case .table(let table) = operands[0] else { break }
      tables[table][Array(operands[1...].prefix(key.count))] = Array(
        operands.dropFirst(1 + key.count))
    default: throw InterpreterError(message: "unknown operation \(instruction.operation)")
    }
    return []
  }

  private func word(_ constant: Constant) throws -> Word {
    switch constant {
    case .real(let value): return .real(value)
    case .int(let value): return .int(value)
    case .bool(let value): return .bool(value)
    default: throw InterpreterError(message: "unknown constant")
    }
  }

  private func primitive(_ name: String, _ operands: [Word]) throws -> Word {
    switch (name, operands.first, operands.last) {
    case ("add.real", .real(let a), .real(let b)): return .real(a + b)
    case ("subtract.real", .real(let a), .real(let b)): return .real(a - b)
    case ("max.real", .real(let a), .real(let b)): return .real(max(a, b))
    case ("multiply.real", .real(let a), .real(let b)): return .real(a * b)
    case ("less.real", .real(let a), .real(let b)): return .bool(a < b)
    case ("add.int", .int(let a), .int(let b)): return .int(a + b)
    case ("less.int", .int(let a), .int(let b)): return .bool(a < b)
    default: throw InterpreterError(message: "unknown primitive \(name)")
    }
  }
}
