import BorelBase
import BorelIR
import BorelPrimitives

/// Computes what depends on constants only, with the very kernels that the machine would use, and
/// simplifies selections and branches whose outcome is known.
///
/// Operations that fail on their constants stay, so that the failure is reported when it is met.
struct ConstantFolding {
  private var constants: [ValueID: Constant] = [:]
  private var negations: [ValueID: ValueID] = [:]
  private var replacement: [ValueID: ValueID] = [:]
  private var distributions: [ValueID: (family: String, parameters: [ValueID])] = [:]

  static func run(_ function: inout Function) {
    var folding = ConstantFolding()
    for index in function.reachableBlocks() { folding.fold(&function.blocks[index], function) }
    function.replaceValues(folding.replacement)
  }

  private func resolve(_ value: ValueID) -> ValueID {
    var value = value
    while let next = replacement[value] { value = next }
    return value
  }

  private mutating func fold(_ block: inout Block, _ function: Function) {
    for index in block.instructions.indices {
      var instruction = block.instructions[index]
      instruction.operands = instruction.operands.map { resolve($0) }
      foldDistribution(&instruction)
      if case .primitive(let name) = instruction.operation {
        if name == "select.word" {
          simplifySelection(&instruction, function)
        } else if name == "not", let inner = negations[instruction.operands[0]] {
          replacement[instruction.results[0]] = inner
        } else if let constant = evaluate(name, instruction.operands) {
          instruction.operation = .constant(constant)
          instruction.operands = []
        }
      }
      record(instruction)
      block.instructions[index] = instruction
    }
    foldBranch(&block)
  }

  private mutating func record(_ instruction: Instruction) {
    switch instruction.operation {
    case .constant(let constant): constants[instruction.results[0]] = constant
    case .primitive("not"): negations[instruction.results[0]] = instruction.operands[0]
    case .distributionMake(let family, _):
      distributions[instruction.results[0]] = (family, instruction.operands)
    default: break
    }
  }

  /// Draws from a distribution that is made here name its family themselves.
  private func foldDistribution(_ instruction: inout Instruction) {
    guard let operand = instruction.operands.first, let made = distributions[operand] else {
      return
    }
    let count = made.parameters.count
    switch instruction.operation {
    case .sample(nil, let site, _, let layout):
      instruction.operation = .sample(
        family: made.family, site, parameterCount: count, layout)
    case .observe(nil, let site, _, let layout, let isOptional):
      instruction.operation = .observe(
        family: made.family, site, parameterCount: count, layout, isOptional: isOptional)
    default: return
    }
    instruction.operands.replaceSubrange(0..<1, with: made.parameters)
  }

  private mutating func simplifySelection(_ instruction: inout Instruction, _ function: Function) {
    let (condition, then, otherwise) = (
      instruction.operands[0], instruction.operands[1], instruction.operands[2]
    )
    let result = instruction.results[0]
    if then == otherwise {
      replacement[result] = then
    } else if case .bool(let value)? = constants[condition] {
      replacement[result] = value ? then : otherwise
    } else if let inner = negations[condition] {
      instruction.operands = [inner, otherwise, then]
    } else {
      switch (constants[then], constants[otherwise]) {
      case (.bool(true)?, .bool(false)?): replacement[result] = condition
      case (.bool(false)?, .bool(true)?):
        instruction.operation = .primitive("not")
        instruction.operands = [condition]
      case (_, .bool(false)?):
        instruction.operation = .primitive("and")
        instruction.operands = [condition, then]
      case (.bool(true)?, _):
        instruction.operation = .primitive("or")
        instruction.operands = [condition, otherwise]
      default: break
      }
    }
  }

  private func foldBranch(_ block: inout Block) {
    guard case .branch(let value, let then, let otherwise) = block.terminator else { return }
    let condition = resolve(value)
    if case .bool(let outcome)? = constants[condition] {
      block.terminator = .jump(outcome ? then : otherwise)
    } else if then == otherwise {
      block.terminator = .jump(then)
    } else if let inner = negations[condition] {
      block.terminator = .branch(inner, then: otherwise, otherwise: then)
    }
  }

  /// The value of a scalar operation on constants; nil where it is not known or fails.
  private func evaluate(_ name: String, _ operands: [ValueID]) -> Constant? {
    guard let primitive = PrimitiveRegistry.named(name), operands.count <= 3,
      !operands.isEmpty, case .kernel(let kernel) = primitive.implementation,
      let decode = Self.decoder(primitive.result)
    else { return nil }
    var words: [UInt64] = []
    for (operand, type) in zip(operands, primitive.parameters) {
      guard let word = constants[operand]?.scalarBits, Self.decoder(type) != nil else {
        return nil
      }
      words.append(word)
    }
    // Kernels may write a whole vector.
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 4 * 64) { memory in
      memory.initialize(repeating: 0)
      guard let base = memory.baseAddress else { return nil }
      for (index, word) in words.enumerated() { (base + 64 * (index + 1))[0] = word }
      let second = words.count > 1 ? base + 128 : nil
      let third = words.count > 2 ? base + 192 : nil
      let failed = kernel(1, base, base + 64, second, third, 0)
      return failed < 0 ? decode(base[0]) : nil
    }
  }

  private static func decoder(_ type: WordType) -> ((UInt64) -> Constant)? {
    switch type {
    case .real: { .real(Double(bitPattern: $0)) }
    case .int: { .int(Int64(bitPattern: $0)) }
    case .bool: { .bool($0 != 0) }
    case .string, .realArray, .intArray, .boolArray, .matrix: nil
    }
  }
}

extension Constant {
  /// The register word of a scalar.
  fileprivate var scalarBits: UInt64? {
    switch self {
    case .real(let value): value.bitPattern
    case .int(let value): UInt64(bitPattern: value)
    case .bool(let value): value ? 1 : 0
    case .string, .null: nil
    }
  }
}
