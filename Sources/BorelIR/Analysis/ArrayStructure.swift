/// What the structure of a value - the lengths of an array and of the arrays in it, the size of a
/// matrix - depends on. Lanes often hold different elements in arrays of equal length; loops over
/// these are uniform.
enum StructureSource: Hashable {
  /// The value itself decides.
  case value(ValueID)
  /// Only the structure of the value does.
  case structure(ValueID)
}

extension IRType {
  /// Whether values have a structure apart from their contents.
  var hasStructure: Bool {
    switch self {
    case .array, .matrix: true
    default: false
    }
  }
}

extension Function {
  /// What decides the structure of the results of an instruction. May name more than needed.
  func structureSources(of instruction: Instruction) -> [StructureSource] {
    let operands = instruction.operands
    func structures(_ values: some Sequence<ValueID>) -> [StructureSource] {
      values.compactMap(structure)
    }
    switch instruction.operation {
    case .arrayMake, .arrayAppend, .arrayConcat: return structures(operands)
    case .arrayFill: return operands.prefix(1).map { .value($0) } + structures(operands)
    case .arraySet(let element):
      let index = element.contains(where: \.hasStructure) ? operands.dropFirst().prefix(1) : []
      return structures(operands) + index.map { .value($0) }
    case .arrayGet, .arraySlice:
      return structures(operands.prefix(1)) + operands.dropFirst().map { .value($0) }
    case .sample(let family, _, let count, _):
      return drawnStructure(family, operands.prefix(count))
    case .observe(let family, _, let count, let types, let isOptional),
      .score(let family, _, let count, let types, let isOptional):
      let width = types.count + (isOptional ? 1 : 0)
      let datum = operands.dropFirst(count).prefix(width)
      let missing = isOptional ? drawnStructure(family, operands.prefix(count)) : []
      return structures(datum) + missing + (isOptional ? datum.prefix(1).map { .value($0) } : [])
    case .primitive(let name):
      if name == "select.word" {
        return operands.prefix(1).map { .value($0) } + structures(operands.dropFirst())
      }
      return keepsLengths(name) ? structures(operands) : operands.map { .value($0) }
    default: return operands.map { .value($0) }
    }
  }

  private func structure(_ value: ValueID) -> StructureSource? {
    switch type(of: value) {
    case .array, .matrix: .structure(value)
    case .real, .int, .bool, .string: nil
    default: .value(value)
    }
  }

  /// A draw has the size of its parameters: their lengths, and the numbers among them.
  private func drawnStructure(
    _ family: String?, _ parameters: some Sequence<ValueID>
  ) -> [StructureSource] {
    parameters.compactMap { type(of: $0) == .int ? .value($0) : structure($0) }
  }

  /// Operations that work element by element, or put elements into another order.
  private func keepsLengths(_ name: String) -> Bool {
    let parts = name.split(separator: ".").map(String.init)
    let reordering: Set<String> = [
      "cumulativeSum", "softmax", "logSoftmax", "normalize", "sort", "reverse", "order", "ranks",
    ]
    guard let first = parts.first, parts.count > 1 else { return false }
    if reordering.contains(first) { return true }
    let elementwise: Set<String> = [
      "add", "subtract", "multiply", "divide", "power", "negate", "abs", "square", "sign", "exp",
      "expm1", "log", "log1p", "sqrt", "sin", "cos", "tanh", "logistic", "logit", "log1pexp",
      "lgamma", "normalCdf",
    ]
    return elementwise.contains(first) && parts.contains("realArray")
  }
}
