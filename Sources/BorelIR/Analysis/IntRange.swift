/// Bounds of an integer, inclusive; nil where there is none. Bools are 0 and 1.
struct IntRange: Hashable, Sendable {
  var lower: Int64?
  var upper: Int64?

  static let unbounded = IntRange(lower: nil, upper: nil)

  init(lower: Int64?, upper: Int64?) {
    self.lower = lower
    self.upper = upper
  }

  init(_ value: Int64) { self.init(lower: value, upper: value) }

  /// Nil when the range holds both false and true.
  var knownBool: Bool? {
    guard let lower, let upper, lower == upper else { return nil }
    return lower != 0
  }

  func joined(_ other: IntRange) -> IntRange {
    var joined = IntRange.unbounded
    if let a = lower, let b = other.lower { joined.lower = min(a, b) }
    if let a = upper, let b = other.upper { joined.upper = max(a, b) }
    return joined
  }

  /// The join, with bounds given up that moved: so that loops come to an end.
  func widened(_ other: IntRange) -> IntRange {
    let joined = joined(other)
    return IntRange(
      lower: joined.lower == lower ? lower : nil, upper: joined.upper == upper ? upper : nil)
  }

  static func + (a: IntRange, b: IntRange) -> IntRange {
    func sum(_ x: Int64?, _ y: Int64?) -> Int64? {
      guard let x, let y else { return nil }
      let (value, overflow) = x.addingReportingOverflow(y)
      return overflow ? nil : value
    }
    return IntRange(lower: sum(a.lower, b.lower), upper: sum(a.upper, b.upper))
  }

  /// `a < b`, as a range of a bool.
  static func isLess(_ a: IntRange, _ b: IntRange) -> IntRange {
    if let high = a.upper, let low = b.lower, high < low { return IntRange(1) }
    if let low = a.lower, let high = b.upper, low >= high { return IntRange(0) }
    return IntRange(lower: 0, upper: 1)
  }

  static func isEqual(_ a: IntRange, _ b: IntRange) -> IntRange {
    if isLess(a, b).knownBool == true || isLess(b, a).knownBool == true { return IntRange(0) }
    if let value = a.lower, a == b, a.upper == value { return IntRange(1) }
    return IntRange(lower: 0, upper: 1)
  }

  var negated: IntRange { knownBool.map { IntRange($0 ? 0 : 1) } ?? self }

  /// The range of the result of an instruction; nil when it has no single int or bool result, or
  /// nothing is known.
  static func result(
    of instruction: Instruction, _ range: (ValueID) -> IntRange
  ) -> IntRange? {
    let operands = instruction.operands
    switch instruction.operation {
    case .constant(.int(let value)): return IntRange(value)
    case .constant(.bool(let value)): return IntRange(value ? 1 : 0)
    case .arrayCount: return IntRange(lower: 0, upper: nil)
    case .primitive(let name):
      guard operands.count == 2 else {
        return name == "not" && operands.count == 1 ? range(operands[0]).negated : nil
      }
      let (a, b) = (range(operands[0]), range(operands[1]))
      switch name {
      case "add.int": return a + b
      case "less.int": return isLess(a, b)
      case "greater.int": return isLess(b, a)
      case "lessEqual.int": return isLess(b, a).negated
      case "greaterEqual.int": return isLess(a, b).negated
      case "equal.int": return isEqual(a, b)
      case "notEqual.int": return isEqual(a, b).negated
      default: return nil
      }
    default: return nil
    }
  }
}

/// The ranges of the ints and bools of a function over all its runs, or from some blocks on.
struct IntRanges {
  /// By block: the ranges where the block starts, of values that it or a later block reads.
  private var entering: [[ValueID: IntRange]]
  private var visits: [Int]
  /// Ranges over all runs, for values that were not met.
  private var global: [ValueID: IntRange] = [:]

  /// Over all runs of the function.
  init(_ function: Function, _ flow: ControlFlow) {
    entering = function.blocks.map { _ in [:] }
    visits = function.blocks.map { _ in 0 }
    // Optimistic: a parameter starts with what arrives first and grows with each pass.
    var passes = 0
    var changed = true
    while changed {
      changed = false
      passes += 1
      for number in flow.reversePostorder {
        let block = function.blocks[number]
        for instruction in block.instructions where instruction.results.count == 1 {
          let found = IntRange.result(of: instruction) { global[$0] ?? .unbounded }
          if let found, global[instruction.results[0]] != found {
            global[instruction.results[0]] = found
            changed = true
          }
        }
        for target in block.terminator.targets {
          let parameters = function.blocks[Int(target.block.index)].parameters
          for (argument, parameter) in zip(
            target.arguments, parameters.suffix(target.arguments.count))
          where Self.isTracked(parameter, in: function) {
            let arriving = global[argument] ?? .unbounded
            let before = global[parameter] ?? arriving
            let after = passes > 3 ? before.widened(arriving) : before.joined(arriving)
            if global[parameter] != after {
              global[parameter] = after
              changed = true
            }
          }
        }
      }
    }
  }

  private static func isTracked(_ value: ValueID, in function: Function) -> Bool {
    switch function.valueTypes[Int(value.index)] {
    case .int, .bool: true
    default: false
    }
  }

  /// The ranges at the end of a block, from those at its start.
  func leaving(_ number: Int, _ function: Function) -> [ValueID: IntRange] {
    var ranges = entering[number]
    for instruction in function.blocks[number].instructions where instruction.results.count == 1 {
      let found = IntRange.result(of: instruction) { ranges[$0] ?? global[$0] ?? .unbounded }
      if let found { ranges[instruction.results[0]] = found }
    }
    return ranges
  }

  func range(_ value: ValueID, _ ranges: [ValueID: IntRange]) -> IntRange {
    ranges[value] ?? global[value] ?? .unbounded
  }

  /// Carries ranges over an edge; true when those of the target grew.
  mutating func enter(
    _ target: Target, _ ranges: [ValueID: IntRange], live: ValueSet, of function: Function
  ) -> Bool {
    let number = Int(target.block.index)
    var arriving = ranges.filter { live.contains($0.key) }
    let parameters = function.blocks[number].parameters
    for (argument, parameter) in zip(target.arguments, parameters.suffix(target.arguments.count))
    where Self.isTracked(parameter, in: function) {
      arriving[parameter] = range(argument, ranges)
    }
    visits[number] += 1
    if visits[number] == 1 {
      entering[number] = arriving
      return true
    }
    // What one of the ways does not know is known over all runs only.
    let before = entering[number]
    var after: [ValueID: IntRange] = [:]
    for (value, range) in before {
      guard let other = arriving[value] else { continue }
      after[value] = visits[number] > 6 ? range.widened(other) : range.joined(other)
    }
    entering[number] = after
    return after != before
  }
}
