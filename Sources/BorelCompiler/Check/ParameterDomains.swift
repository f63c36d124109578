import BorelBase
import BorelSyntax

extension Checker {
  /// Checks `param` and the domain of a parameter, and enters the bounds.
  func checkDomain(
    of parameter: Parameter, _ type: StaticType, in state: FunctionState,
    _ typed: inout TypedParameter
  ) {
    if parameter.isLearnable {
      if state.role != .model {
        report(.learnableOutsideModel(parameter.name.text, at: parameter.name.span))
      } else if type != .real, type != .array(.real), type != .error {
        report(.learnableType(parameter.name.text, text(type), at: parameter.type.span))
      }
    }
    guard let domain = parameter.domain else { return }
    if type != .real, type != .int, type != .array(.real), type != .error {
      report(.domainOfType(parameter.name.text, text(type), at: domain.span))
    }
    typed.lower = domain.lower.flatMap { bound($0) }
    typed.upper = domain.upper.flatMap { bound($0) }
    typed.isLowerOpen = domain.isLowerOpen
    typed.isUpperOpen = domain.isUpperOpen
    let isClosed =
      (domain.lower != nil && !domain.isLowerOpen) || (domain.upper != nil && !domain.isUpperOpen)
    if parameter.isLearnable, isClosed {
      report(.closedDomain(parameter.name.text, at: domain.span))
    }
    if let lower = typed.lower, let upper = typed.upper, lower >= upper {
      report(.emptyDomain(lower, upper, at: domain.span))
    }
  }

  /// A number, possibly with a sign.
  private func bound(_ expression: Expression) -> Double? {
    switch expression.kind {
    case .integer(let value): return Double(value)
    case .real(let value): return value
    case .unary(.negate, let operand): return bound(operand).map { -$0 }
    case .name("pi"): return .pi
    case .error: return nil
    default:
      report(.boundNotConstant(at: expression.span))
      return nil
    }
  }
}

extension Diagnostic {
  fileprivate static func learnableOutsideModel(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0236", .check, "'param \(name)' is possible in models only", at: span,
      hints: ["remove 'param' and pass the value as an argument"])
  }

  fileprivate static func learnableType(
    _ name: String, _ found: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0236", .check, "'param \(name)' must have the type Real or [Real], found \(found)",
      at: span, hints: ["only real numbers can be learned; remove 'param' for data"])
  }

  fileprivate static func domainOfType(
    _ name: String, _ found: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0235", .check, "'\(name)' has the type \(found), which has no interval as domain", at: span,
      hints: ["remove the domain"])
  }

  fileprivate static func closedDomain(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0235", .check, "the domain of 'param \(name)' must be an open interval", at: span,
      hints: ["write `0<..` or `0<..<1`: learning works on an unbounded scale"])
  }

  fileprivate static func emptyDomain(
    _ lower: Double, _ upper: Double, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0235", .check, "the domain is empty: lower end \(lower), upper end \(upper)", at: span,
      hints: ["swap the ends"])
  }

  fileprivate static func boundNotConstant(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0235", .check, "the end of a domain must be a number", at: span,
      hints: ["check values that are computed with `require`"])
  }
}
