import BorelBase
import BorelSyntax

extension BodyChecker {
  func conditional(
    _ condition: Condition, _ then: Block, _ otherwise: Block?, _ want: Want, _ span: Span
  ) -> TypedExpression {
    let want = otherwise == nil ? Want.nothing : want
    var depends = false
    var (test, thenBlock): (TypedCondition, TypedBlock) = scoped(isBranch: true) {
      let test: TypedCondition
      (test, depends) = followingChoices { self.condition(condition) }
      return (
        test, underChoice(depends) { scoped(isBranch: true) { block(then, want) } }
      )
    }
    guard let otherwise else {
      return TypedExpression(
        .conditional(test, then: thenBlock, otherwise: nil), .unit, span)
    }
    var elseBlock = underChoice(depends) {
      scoped(isBranch: true) { block(otherwise, want) }
    }
    let type = unite(&thenBlock, &elseBlock, want, span)
    return TypedExpression(
      .conditional(test, then: thenBlock, otherwise: elseBlock), type, span)
  }

  /// Gives two branches one type.
  private func unite(
    _ a: inout TypedBlock, _ b: inout TypedBlock, _ want: Want, _ span: Span
  ) -> StaticType {
    var blocks = [a, b]
    let type = unite(&blocks, want, span)
    a = blocks[0]
    b = blocks[1]
    return type
  }

  /// Gives all branches one type, and returns it: `never` when none completes.
  func unite(_ blocks: inout [TypedBlock], _ want: Want, _ span: Span) -> StaticType {
    var joined = StaticType.never
    for block in blocks {
      if let next = join(joined, block.type) {
        joined = next
        continue
      }
      let pair = [resolve(joined), resolve(block.type)]
      if pair.contains(.unit), want.expected == nil {
        blocks = blocks.map(dropValue)
        return .unit
      }
      report(.branchesDiffer(text(joined), text(block.type), at: block.value?.span ?? block.span))
      return .error
    }
    if joined != .never { blocks = blocks.map { coerce($0, joined) } }
    return joined
  }

  func match(
    _ subject: Expression, _ cases: [MatchCase], _ want: Want, _ span: Span
  ) -> TypedExpression {
    let (value, depends) = followingChoices { infer(subject) }
    let type = inference.resolveFully(value.type)
    var heads: [(TypedPattern, TypedExpression?)] = []
    let diagnosticCount = checker.diagnostics.count
    var arePatternsValid = true
    var blocks: [TypedBlock] = []
    for item in cases {
      scoped(isBranch: true) {
        let pattern = self.pattern(item.pattern, type, dependsOnChoice: depends)
        arePatternsValid = arePatternsValid && checker.diagnostics.count == diagnosticCount
        let guardCondition = item.guardCondition.map { check($0, .bool) }
        heads.append((pattern, guardCondition))
        blocks.append(
          underChoice(depends) { scoped(isBranch: true) { block(item.body, want) } })
      }
    }
    if cases.isEmpty { report(.matchWithoutCases(at: span)) }
    let result = cases.isEmpty ? .error : unite(&blocks, want, span)
    let typed = zip(zip(heads, blocks), cases).map { pair, item in
      TypedMatchCase(
        pattern: pair.0.0, guardCondition: pair.0.1, body: pair.1, span: item.span)
    }
    if arePatternsValid { checkExhaustive(typed, type, span) }
    return TypedExpression(.match(value, typed), result, span)
  }

  private func checkExhaustive(_ cases: [TypedMatchCase], _ type: StaticType, _ span: Span) {
    if type == .error || cases.isEmpty { return }
    let analysis = Exhaustiveness(types: checker.types)
    var rows: [[TypedPattern]] = []
    for item in cases {
      if !analysis.isUseful([item.pattern], beside: rows) {
        report(.redundantCase(at: item.pattern.span))
      }
      if item.guardCondition == nil { rows.append([item.pattern]) }
    }
    let missing = analysis.missing(rows, type)
    if !missing.isEmpty { report(.missingCases(missing, at: span)) }
  }
}

extension Diagnostic {
  fileprivate static func branchesDiffer(
    _ first: String, _ second: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0202", .check, "the branches give different types, \(first) and \(second)", at: span,
      hints: ["give all branches the same type"])
  }

  fileprivate static func matchWithoutCases(at span: Span) -> Diagnostic {
    Diagnostic("E0214", .check, "`match` without cases", at: span, hints: ["add `case _:`"])
  }

  fileprivate static func redundantCase(at span: Span) -> Diagnostic {
    Diagnostic(
      "W0205", .check, "the case is covered by those before it", at: span, severity: .warning,
      hints: ["remove it, or move it up"])
  }

  fileprivate static func missingCases(_ missing: [String], at span: Span) -> Diagnostic {
    let shown = missing.prefix(4).map { "'\($0)'" }.joined(separator: ", ")
    return Diagnostic(
      "E0214", .check,
      "`match` does not cover \(shown)\(missing.count > 4 ? " and \(missing.count - 4) more" : "")",
      at: span, hints: ["add the missing cases, or `case _:`"])
  }
}
