import BorelDistributions
import BorelHeap
import BorelKernels

extension BlockRun {
  /// Draws from `Normal(a * x, sd)` in one pass, with the bits of a product and a draw. False, and
  /// nothing is done that is not done again, when the rows have to be looked at one by one.
  mutating func drawAroundProduct(_ operation: UnsafeMutablePointer<TracedOperation>) -> Bool {
    let product = context.operations[Int(operation.pointee.product)]
    let (a, x) = (operand(product.operands), operand(product.operands + 1))
    let sd = operand(operation.pointee.operands + 1)
    guard sd.stride == 0, SimpleDomain.positive.surelyContains(sd.base[0]),
      machine.counterLog == nil
    else { return false }
    let streams = streams(draw: operation.pointee.draw, rows: 0..<count)
    if !streams.isContiguous { return false }
    let target = result(operation.pointee.results)
    let values = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self)
    var nothing = 0.0
    let uniform: UInt32 = (a.stride == 0 ? 1 : 0) | (x.stride == 0 ? 2 : 0) | 4 | 8
    borel_fill_normal_affine(
      Int64(count), values, reals(a), reals(x), &nothing, reals(sd), uniform, streams.keys[0],
      streams.generation, streams.draws[0], streams.firstLane)
    // A mean that is not finite shows in the draw.
    if borel_all_finite(Int64(count), values) == 0 { return false }
    if machine.replay == nil,
      context.resolved[context.resultBase + operation.pointee.results].base != nil
    {
      finiteResult = UnsafePointer(target)
    }
    return true
  }

  private func reals(_ operand: ColumnOperand) -> UnsafePointer<Double> {
    UnsafeRawPointer(operand.base).assumingMemoryBound(to: Double.self)
  }
}
