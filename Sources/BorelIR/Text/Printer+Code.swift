extension IRPrinter {
  /// One instruction without indentation: `%3: real = add.real %1, %2`.
  func describe(_ instruction: Instruction, in function: Function) -> String {
    let results = instruction.results.map { definition($0, in: function) }
    let head = results.isEmpty ? "" : results.joined(separator: ", ") + " = "
    return head + describeOperation(instruction, in: function)
  }

  private func describeOperation(_ instruction: Instruction, in function: Function) -> String {
    let operands = instruction.operands
    let list = operands.isEmpty ? "" : " " + values(operands, in: function)
    switch instruction.operation {
    case .constant(let constant): return "const \(irText(constant))\(list)"
    case .primitive(let name):
      return (isPlainPrimitive(name) ? name : "primitive \(quoted(name))") + list
    case .arrayMake(let types): return "array.make\(layout(types))\(list)"
    case .arrayFill(let types): return "array.fill\(layout(types))\(list)"
    case .arrayCount: return "array.count\(list)"
    case .arrayGet(let types): return "array.get\(layout(types))\(list)"
    case .arraySet(let types): return "array.set\(layout(types))\(list)"
    case .arrayAppend(let types): return "array.append\(layout(types))\(list)"
    case .arrayConcat(let types): return "array.concat\(layout(types))\(list)"
    case .arraySlice(let types): return "array.slice\(layout(types))\(list)"
    case .boxMake(let tag, let types): return "box.make\(layout(types)) tag \(tag)\(list)"
    case .boxTag: return "box.tag\(list)"
    case .boxFields(let tag, let first, let types):
      return "box.fields\(layout(types)) tag \(tag) first \(first)\(list)"
    case .closureMake(let callee, let types):
      return "closure\(layout(types)) \(name(of: callee))\(list)"
    case .distributionMake(let family, let types):
      return "distribution\(layout(types)) \(quotedIfNeeded(family))"
        + "(\(values(operands, in: function)))"
    case .logDensity(let types): return "logdensity\(layout(types))\(list)"
    case .equal(let types): return "equal\(layout(types))\(list)"
    case .zeroTangent: return "zero.tangent\(list)"
    case .distributionTangent(let family, let types):
      return "distribution.tangent\(layout(types)) \(quotedIfNeeded(family))"
        + "(\(values(operands, in: function)))"
    case .densityTangent(let family, let count, let types, let wanted, let directions):
      return "density.tangent\(layout(types)) "
        + change(family, count, types.count, wanted, directions, operands, in: function)
    case .densityCurvature(let family, let count, let types, let wanted):
      return "density.curvature\(layout(types)) "
        + change(family, count, types.count, wanted, 2, operands, in: function)
    case .modelMake(let callee, let types):
      return "model\(layout(types)) \(name(of: callee))\(list)"
    default: return describeEffect(instruction, list: list, in: function)
    }
  }

  private func describeEffect(
    _ instruction: Instruction, list: String, in function: Function
  ) -> String {
    let operands = instruction.operands
    switch instruction.operation {
    case .sample(let family, let site, let count, let types):
      return "sample\(layout(types)) "
        + draw(family, operands.prefix(count), site, operands.dropFirst(count), in: function)
    case .observe(let family, let site, let count, let types, let isOptional):
      return "observe\(layout(types)) "
        + datum(family, site, count, types.count, isOptional, operands, in: function)
    case .score(let family, let site, let count, let types, let isOptional):
      return "score\(layout(types)) "
        + datum(family, site, count, types.count, isOptional, operands, in: function)
    case .factor: return "factor\(list)"
    case .require: return "require\(list)"
    case .tally(let number): return "tally #\(number)\(list)"
    case .emit(let number, let loopCount):
      let valueCount = max(0, operands.count - loopCount)
      let counters = loops(operands.dropFirst(valueCount), in: function)
      let words = values(operands.prefix(valueCount), in: function)
      return "emit #\(number)" + (words.isEmpty ? "" : " " + words) + counters
    case .print(let shape): return "print<\(irText(shape))>\(list)"
    case .describe(let shape): return "describe<\(irText(shape))>\(list)"
    case .decode(let shape): return "decode<\(irText(shape))>\(list)"
    case .debug(let shape): return "debug<\(irText(shape))>\(list)"
    case .fail(let message): return "fail \(quoted(message))\(list)"
    case .memoMake: return "memo.make\(list)"
    case .memoEnter(let key): return "memo.enter\(layout(key))\(list)"
    case .memoFind(let key, let value): return "memo.find\(layout(key))\(layout(value))\(list)"
    case .memoStore(let key, let value): return "memo.store\(layout(key))\(layout(value))\(list)"
    case .infer(let method, let types): return "infer\(layout(types)) \(quoted(method))\(list)"
    case .host(let name, let types): return "host\(layout(types)) \(quoted(name))\(list)"
    default: internalErrorInPrinter(instruction.operation)
    }
  }

  func describe(_ terminator: Terminator, in function: Function) -> String {
    switch terminator {
    case .jump(let destination): return "jump \(target(destination, in: function))"
    case .branch(let condition, let then, let otherwise):
      return "branch \(value(condition, in: function)), \(target(then, in: function)), "
        + target(otherwise, in: function)
    case .call(let callee, let arguments, let continuation):
      return "call \(name(of: callee))(\(values(arguments, in: function))) -> "
        + target(continuation, in: function)
    case .apply(let closure, let arguments, let continuation):
      return "apply \(value(closure, in: function))(\(values(arguments, in: function))) -> "
        + target(continuation, in: function)
    case .returnValues(let list):
      return list.isEmpty ? "return" : "return \(values(list, in: function))"
    case .tailCall(let callee, let arguments):
      return "tailcall \(name(of: callee))(\(values(arguments, in: function)))"
    case .checkpoint(let number, let continuation):
      return "checkpoint #\(number) -> \(target(continuation, in: function))"
    case .fork(let family, let site, let operands, let count, let types, let continuation):
      return "fork\(layout(types)) "
        + draw(family, operands.prefix(count), site, operands.dropFirst(count), in: function)
        + " -> \(target(continuation, in: function))"
    }
  }

  /// `Normal(%1, %2) site 4 "level" reported loops(%3)`
  private func draw(
    _ family: String?, _ parameters: some Sequence<ValueID>, _ site: Site,
    _ counters: some Collection<ValueID>, in function: Function
  ) -> String {
    source(family, parameters, in: function) + describe(site) + loops(counters, in: function)
  }

  /// `Normal(%1, %2) of %4 present %3 site 5 "flow" loops(%0)`
  private func datum(
    _ family: String?, _ site: Site, _ count: Int, _ width: Int, _ isOptional: Bool,
    _ operands: [ValueID], in function: Function
  ) -> String {
    var rest = operands.dropFirst(count)
    let flag = isOptional ? rest.popFirst() : nil
    let words = values(rest.prefix(width), in: function)
    return source(family, operands.prefix(count), in: function)
      + " of" + (words.isEmpty ? "" : " " + words)
      + (flag.map { " present \(value($0, in: function))" } ?? "")
      + describe(site) + loops(rest.dropFirst(width), in: function)
  }

  /// `Normal(%1, %2) of %3 along 0 1 (%4, %5) (%6, %7)`: the words that change, by position, and
  /// their tangents in each direction.
  private func change(
    _ family: String?, _ count: Int, _ width: Int, _ wanted: [Int], _ directions: Int,
    _ operands: [ValueID], in function: Function
  ) -> String {
    let words = values(operands.dropFirst(count).prefix(width), in: function)
    var text = source(family, operands.prefix(count), in: function)
    text += " of" + (words.isEmpty ? "" : " " + words) + " along"
    for position in wanted { text += " \(position)" }
    for direction in 0..<directions {
      let first = count + width + direction * wanted.count
      let tangents = operands.dropFirst(first).prefix(wanted.count)
      text += " (\(values(tangents, in: function)))"
    }
    return text
  }

  private func source(
    _ family: String?, _ parameters: some Sequence<ValueID>, in function: Function
  ) -> String {
    "\(family.map(quotedIfNeeded) ?? "dynamic")(\(values(parameters, in: function)))"
  }

  private func describe(_ site: Site) -> String {
    " site \(site.number)" + (site.name.map { " \(quoted($0))" } ?? "")
      + (site.isReported ? " reported" : "") + (site.isPlate ? " plate" : "")
      + (site.drift.map { " drift \($0)" } ?? "")
  }

  private func loops(_ counters: some Collection<ValueID>, in function: Function) -> String {
    counters.isEmpty ? "" : " loops(\(values(counters, in: function)))"
  }
}
