import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels
import BorelPrimitives

extension ColumnOperation {
  init(_ primitive: Primitive) {
    let function: ColumnFunction
    switch primitive.implementation {
    case .column(let body): function = body
    case .kernel(let kernel): function = { call in Self.run(kernel, call) }
    }
    self.init(
      name: primitive.name, function: function,
      failure: primitive.explain.map { .host($0) } ?? .primitive(primitive.failure))
  }

  /// A kernel as a column function, for the places that treat all operations alike.
  private static func run(_ kernel: borel_kernel, _ call: borrowing ColumnCall) -> Int {
    var mask: UInt32 = 0
    for k in 0..<call.operandCount where call.operands[k].stride == 0 { mask |= 1 << UInt32(k) }
    let a = call.operandCount > 0 ? UnsafeRawPointer(call.operands[0].base) : nil
    let b = call.operandCount > 1 ? UnsafeRawPointer(call.operands[1].base) : nil
    let c = call.operandCount > 2 ? UnsafeRawPointer(call.operands[2].base) : nil
    return Int(kernel(Int64(call.count), call.results[0], a, b, c, mask))
  }

  /// The column form of a pure operation of the IR that is not a primitive, with the types of its
  /// operands.
  init?(_ operation: Operation, operands: [IRType], program: Program) {
    switch operation {
    case .arrayMake(let layout): self = ArrayOperations.make(layout)
    case .arrayFill(let layout): self = ArrayOperations.fill(layout)
    case .arrayCount: self = ArrayOperations.count()
    case .arrayGet(let layout): self = ArrayOperations.get(layout)
    case .arraySet(let layout): self = ArrayOperations.set(layout)
    case .arrayAppend(let layout): self = ArrayOperations.append(layout)
    case .arrayConcat(let layout): self = ArrayOperations.concat(layout)
    case .arraySlice(let layout): self = ArrayOperations.slice(layout)
    case .boxMake(let tag, let layout): self = BoxOperations.make(tag: tag, layout)
    case .boxTag: self = BoxOperations.tag()
    case .boxFields(let tag, let first, let layout):
      self = BoxOperations.fields(tag: tag, first: first, layout)
    case .closureMake(let function, let layout):
      self = BoxOperations.make(tag: Int(function.index), layout)
    case .modelMake(let function, let layout):
      self = BoxOperations.make(tag: Int(function.index), layout)
    case .distributionMake(let family, _):
      guard let index = program.familyIndex(of: family) else { return nil }
      self = DistributionOperations.make(family: index, operands)
    case .logDensity(let layout): self = DistributionOperations.logDensity(layout)
    case .equal(let layout): self = BoxOperations.equal(layout)
    case .zeroTangent: self = TangentOperations.zero(operands[0], program: program)
    case .distributionTangent(let family, _):
      guard let index = program.familyIndex(of: family) else { return nil }
      self = TangentOperations.distribution(family: index, operands)
    case .densityTangent(let family, let count, let layout, let wanted, let directions):
      self = TangentOperations.density(
        family: family.flatMap { program.familyIndex(of: $0) }, parameterCount: count,
        words: count + layout.count, wanted: wanted, directionCount: directions)
    case .densityCurvature(let family, let count, let layout, let wanted):
      let words = count + layout.count
      self = TangentOperations.curvature(
        family: family.flatMap { program.familyIndex(of: $0) }, parameterCount: count,
        words: words, wanted: wanted, kinds: Array(operands.prefix(words)))
    default: return nil
    }
  }
}

/// Runs the lanes of a column operation one by one.
@inline(__always)
func forEachLane(_ call: borrowing ColumnCall, _ body: (Int) -> Bool) -> Int {
  var firstFailure = -1
  for lane in 0..<call.count where !body(lane) {
    if firstFailure < 0 { firstFailure = lane }
  }
  return firstFailure
}
