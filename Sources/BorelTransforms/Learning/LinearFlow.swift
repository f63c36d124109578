import BorelIR

/// Where an input goes in a function: the values that are linear in it, `d * input + e`, with d and
/// e from choices, data and constants.
struct LinearFlow {
  let input: ValueID
  /// Values whose product is d up to its sign, by the value that is linear; none where d is 1.
  private(set) var factors: [ValueID: [ValueID]]

  init(of input: ValueID, in code: Function) {
    self.input = input
    factors = [input: []]
    var isChanged = true
    while isChanged {
      isChanged = false
      for instruction in code.blocks.lazy.flatMap(\.instructions) {
        guard let result = instruction.results.first, factors[result] == nil,
          let own = factors(of: instruction)
        else { continue }
        factors[result] = own
        isChanged = true
      }
    }
  }

  func contains(_ value: ValueID) -> Bool { factors[value] != nil }

  /// Whether the instruction makes a linear value of one.
  func goesOn(through instruction: Instruction) -> Bool { factors(of: instruction) != nil }

  private func factors(of instruction: Instruction) -> [ValueID]? {
    guard case .primitive(let name) = instruction.operation else { return nil }
    let operands = instruction.operands
    let linear = operands.filter { contains($0) }
    guard linear.count == 1, let own = factors[linear[0]] else { return nil }
    switch name {
    case "add.real", "subtract.real", "negate.real": return own
    case "multiply.real": return own + operands.filter { $0 != linear[0] }
    default: return nil
    }
  }
}
