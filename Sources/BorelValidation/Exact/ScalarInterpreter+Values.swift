import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelPrimitives

/// Operations without effects. Arrays and boxes live on the heap of the machine, since primitives
/// and families read them there.
extension ScalarInterpreter {
  func evaluate(
    _ instruction: Instruction, _ operands: [UInt64], _ types: [IRType]
  ) throws -> [UInt64] {
    let span = instruction.span
    switch instruction.operation {
    case .constant(let constant): return [word(constant)]
    case .primitive(let name): return [try primitive(name, operands, at: span)]
    case .arrayMake(let layout):
      return [array(operands, layout)]
    case .arrayFill(let layout):
      let count = Int64(bitPattern: operands[0])
      guard (0...1_000_000).contains(count) else {
        throw ScalarFailure.program("\(count) elements", span)
      }
      let element = Array(operands.dropFirst())
      return [array((0..<count).flatMap { _ in element }, layout)]
    case .arrayCount: return [UInt64(ArrayObject(bits: operands[0]).count)]
    case .arrayGet(let layout):
      return elements(operands[0], layout.count)[
        try index(operands, count: ArrayObject(bits: operands[0]).count, at: span)]
    case .arraySet(let layout):
      var list = elements(operands[0], layout.count)
      list[try index(operands, count: list.count, at: span)] = Array(operands.dropFirst(2))
      return [array(list.flatMap { $0 }, layout)]
    case .arrayAppend(let layout):
      let list = elements(operands[0], layout.count) + [Array(operands.dropFirst())]
      return [array(list.flatMap { $0 }, layout)]
    case .arrayConcat(let layout):
      let list = elements(operands[0], layout.count) + elements(operands[1], layout.count)
      return [array(list.flatMap { $0 }, layout)]
    case .arraySlice(let layout):
      let list = elements(operands[0], layout.count)
      let (from, to) = (Int64(bitPattern: operands[1]), Int64(bitPattern: operands[2]))
      guard from >= 0, from <= to, to <= list.count else {
        throw ScalarFailure.program("range \(from)..<\(to) of \(list.count)", span)
      }
      return [array(list[Int(from)..<Int(to)].flatMap { $0 }, layout)]
    case .boxMake(let tag, let layout): return [box(tag, operands, layout)]
    case .closureMake(let function, let layout), .modelMake(let function, let layout):
      return [box(Int(function.index), operands, layout)]
    case .distributionMake(let family, _):
      guard let index = FamilyRegistry.index(of: family) else {
        throw ScalarFailure.unsupported("family \(family)", span)
      }
      guard let made = ScalarDistribution(family: family, words: operands) else {
        throw ScalarFailure.unsupported("family \(family)", span)
      }
      if let problem = made.violation { throw ScalarFailure.program(problem, span) }
      return [box(index, operands, types)]
    case .boxTag: return [UInt64(BoxObject(bits: operands[0]).tag)]
    case .boxFields(let tag, let first, let layout):
      let box = BoxObject(bits: operands[0])
      if box.tag != tag { return layout.map { _ in 0 } }
      return layout.indices.map { box.fields[first + $0] }
    case .logDensity:
      guard let distribution = ScalarDistribution(family: nil, words: [operands[0]]) else {
        throw ScalarFailure.program("no distribution", span)
      }
      return [distribution.logDensity(of: Array(operands.dropFirst())).bitPattern]
    case .equal(let layout):
      let half = layout.count
      let areEqual = layout.indices.allSatisfy { k in
        equal(operands[k], operands[half + k], layout[k])
      }
      return [areEqual ? 1 : 0]
    case .describe: return [word(.string(""))]
    default:
      throw ScalarFailure.unsupported("\(instruction.operation)", span)
    }
  }

  private func word(_ constant: Constant) -> UInt64 {
    switch constant {
    case .real(let value): value.bitPattern
    case .int(let value): UInt64(bitPattern: value)
    case .bool(let value): value ? 1 : 0
    case .string(let text): UInt64(bitPattern: StringTable.shared.number(of: text))
    case .null: 0
    }
  }

  private func equal(_ a: UInt64, _ b: UInt64, _ type: IRType) -> Bool {
    switch type {
    case .real: Double(bitPattern: a) == Double(bitPattern: b)
    case .int, .bool, .string: a == b
    default: structurallyEqual(Object(bits: a), Object(bits: b))
    }
  }

  private func index(_ operands: [UInt64], count: Int, at span: Span) throws -> Int {
    let index = Int64(bitPattern: operands[1])
    guard index >= 0, index < count else {
      throw ScalarFailure.program("index \(index) of \(count)", span)
    }
    return Int(index)
  }

  private func elements(_ bits: UInt64, _ width: Int) -> [[UInt64]] {
    let array = ArrayObject(bits: bits)
    return (0..<array.count).map { index in
      (0..<width).map { array.elements[index * width + $0] }
    }
  }

  private func array(_ words: [UInt64], _ layout: [IRType]) -> UInt64 {
    let count = layout.isEmpty ? 0 : words.count / layout.count
    let array = arena.makeArray(
      count: count, stride: layout.count, pointerMask: layout.pointerMask)
    for (index, word) in words.enumerated() { array.elements[index] = word }
    return array.object.bits
  }

  private func box(_ tag: Int, _ words: [UInt64], _ layout: [IRType]) -> UInt64 {
    let box = arena.makeBox(
      tag: tag, fieldCount: words.count, pointerMask: layout.pointerMask)
    for (index, word) in words.enumerated() { box.fields[index] = word }
    return box.object.bits
  }

  /// A primitive: common arithmetic here, all else by its table entry.
  private func primitive(_ name: String, _ operands: [UInt64], at span: Span) throws -> UInt64 {
    if let known = arithmetic(name, operands) { return known }
    guard let primitive = PrimitiveRegistry.named(name) else {
      throw ScalarFailure.unsupported("primitive \(name)", span)
    }
    var result: UInt64 = 0
    let failure = (operands + [0, 0, 0]).withUnsafeBufferPointer { words -> Int in
      let start = words.baseAddress.unsafelyUnwrapped
      switch primitive.implementation {
      case .kernel(let kernel): return Int(kernel(1, &result, start, start + 1, start + 2, 7))
      case .column(let function):
        let views = operands.indices.map { ColumnOperand(base: start + $0, stride: 0) }
        return withUnsafeMutablePointer(to: &result) { target in
          withUnsafePointer(to: target) { targets in
            (views + [ColumnOperand(base: start, stride: 0)]).withUnsafeBufferPointer { views in
              function(
                ColumnCall(
                  count: 1, operands: views.baseAddress.unsafelyUnwrapped,
                  operandCount: operands.count, results: targets, arena: arena,
                  mayShareBuffers: false))
            }
          }
        }
      }
    }
    if failure >= 0 { throw ScalarFailure.program("'\(name)' fails", span) }
    return result
  }

  private func arithmetic(_ name: String, _ words: [UInt64]) -> UInt64? {
    func real(_ index: Int) -> Double { Double(bitPattern: words[index]) }
    func int(_ index: Int) -> Int64 { Int64(bitPattern: words[index]) }
    func checked(_ result: (partialValue: Int64, overflow: Bool)) -> UInt64? {
      result.overflow ? nil : UInt64(bitPattern: result.partialValue)
    }
    switch name {
    case "add.real": return (real(0) + real(1)).bitPattern
    case "subtract.real": return (real(0) - real(1)).bitPattern
    case "multiply.real": return (real(0) * real(1)).bitPattern
    case "divide.real": return (real(0) / real(1)).bitPattern
    case "less.real": return real(0) < real(1) ? 1 : 0
    case "greater.real": return real(0) > real(1) ? 1 : 0
    case "add.int": return checked(int(0).addingReportingOverflow(int(1)))
    case "subtract.int": return checked(int(0).subtractingReportingOverflow(int(1)))
    case "multiply.int": return checked(int(0).multipliedReportingOverflow(by: int(1)))
    case "less.int": return int(0) < int(1) ? 1 : 0
    case "greater.int": return int(0) > int(1) ? 1 : 0
    case "equal.int": return int(0) == int(1) ? 1 : 0
    case "and": return words[0] & words[1]
    case "or": return words[0] | words[1]
    case "not": return words[0] ^ 1
    case "select.word": return words[0] != 0 ? words[1] : words[2]
    default: return nil
    }
  }
}
