import BorelBase
import BorelIR

/// Turns small branches without effects into selections.
///
/// A branch on a condition that differs between lanes splits them; computing both sides is
/// cheaper when they are short. Only operations that cannot fail are moved: the lanes of the
/// other side must not be stopped by them (semantics, 2.7).
struct IfConversion {
  /// Sides with more instructions than this stay branches.
  static let largestSide = 10
  /// More selections than this stay a branch.
  static let mostSelections = 6

  private let isSpeculable: (Operation) -> Bool

  /// - Parameter isSpeculable: Whether an operation is cheap, pure and cannot fail.
  init(isSpeculable: @escaping (Operation) -> Bool) {
    self.isSpeculable = isSpeculable
  }

  /// - Returns: Whether anything was changed.
  func run(_ function: inout Function) -> Bool {
    var entries = Array(repeating: 0, count: function.blocks.count)
    for index in function.reachableBlocks() {
      for target in function.blocks[index].terminator.targets {
        entries[Int(target.block.index)] += 1
      }
    }
    var changed = false
    // Inner branches come later in the order of control flow: they are converted first.
    for index in function.reachableBlocks().reversed() {
      if convert(index, &function, entries) { changed = true }
    }
    if changed { function = function.renumbered() }
    return changed
  }

  private struct Side {
    var instructions: [Instruction]
    var join: Target
    /// The empty or small block between the branch and the join; nil when there is none.
    var block: Int?
  }

  private func side(_ target: Target, _ function: Function, _ entries: [Int]) -> [Side] {
    var sides = [Side(instructions: [], join: target, block: nil)]
    let index = Int(target.block.index)
    let block = function.blocks[index]
    guard entries[index] == 1, target.arguments.isEmpty, block.parameters.isEmpty,
      case .jump(let join) = block.terminator,
      block.instructions.count <= Self.largestSide,
      block.instructions.allSatisfy({ isSpeculable($0.operation) })
    else { return sides }
    sides.append(Side(instructions: block.instructions, join: join, block: index))
    return sides
  }

  private func convert(_ index: Int, _ function: inout Function, _ entries: [Int]) -> Bool {
    guard case .branch(let condition, let then, let otherwise) = function.blocks[index].terminator
    else { return false }
    let thenSides = side(then, function, entries)
    let otherwiseSides = side(otherwise, function, entries)
    for first in thenSides {
      for second in otherwiseSides
      where first.join.block == second.join.block && first.join.block.index != index {
        let differing = zip(first.join.arguments, second.join.arguments).filter { $0 != $1 }
        if differing.count > Self.mostSelections { continue }
        merge(first, second, on: condition, into: index, &function)
        return true
      }
    }
    return false
  }

  private func merge(
    _ first: Side, _ second: Side, on condition: ValueID, into index: Int,
    _ function: inout Function
  ) {
    var block = function.blocks[index]
    block.instructions += first.instructions + second.instructions
    let arguments = zip(first.join.arguments, second.join.arguments).map { a, b in
      if a == b { return a }
      function.valueTypes.append(function.valueTypes[Int(a.index)])
      let result = ValueID(function.valueTypes.count - 1)
      block.instructions.append(
        Instruction(
          .primitive("select.word"), [condition, a, b], results: [result],
          span: block.terminatorSpan))
      return result
    }
    block.terminator = .jump(Target(first.join.block, arguments))
    function.blocks[index] = block
  }
}
