import BorelBase
import BorelSyntax

extension MethodSpecification {
  /// Reads the text of a method, `smc(particles: 10_000, resampler: systematic)`.
  ///
  /// - Parameters:
  ///   - text: The same syntax as in programs.
  ///   - place: Where the text stands; diagnostics point into it.
  ///   - moves: The moves of the program, which are kernels too. Nil where the program is not known:
  ///     then any name may be one, and running the method checks that it is.
  /// - Throws: E0701 to E0706, E0711, all that are found.
  package init(
    parsing text: String, at place: Span = .none, moves: [String]? = []
  ) throws(Diagnostics) {
    let file = SourceFile(name: "method", text: text)
    let (expression, syntaxErrors) = parseExpression(file, fileIndex: 0)
    var reader = MethodReader(place: place, text: text, moves: moves)
    guard syntaxErrors.isEmpty else {
      throw Diagnostics(syntaxErrors.map { .malformedMethod($0, at: reader.span(of: $0.span)) })
    }
    guard let specification = reader.method(expression), reader.diagnostics.isEmpty else {
      throw Diagnostics(reader.diagnostics)
    }
    self = specification
  }
}

/// Checks the syntax tree of a method against the registry.
private struct MethodReader {
  let place: Span
  let text: String
  let moves: [String]?
  var diagnostics: [Diagnostic] = []

  init(place: Span, text: String, moves: [String]?) {
    self.place = place
    self.text = text
    self.moves = moves
  }

  /// A span of the method's own text as a span of the place where the text stands.
  func span(of inner: Span) -> Span {
    guard !place.isNone else { return .none }
    let start = Int(place.start)
    return Span(
      start: start + Int(inner.start), end: start + Int(inner.end), file: Int(place.file))
  }

  mutating func method(_ expression: Expression) -> MethodSpecification? {
    switch expression.kind {
    case .name(let name): return method(named: name, [], expression.span, expression.span)
    case .call(let callee, let arguments):
      if case .name(let name) = callee.kind {
        return method(named: name, arguments, callee.span, expression.span)
      }
    default: break
    }
    diagnostics.append(.notAMethod(text, at: span(of: expression.span)))
    return nil
  }

  /// A kernel, as a setting of a method or a part of another kernel.
  private mutating func kernel(_ expression: Expression) -> MethodSpecification? {
    switch expression.kind {
    case .name(let name): return kernel(named: name, [], expression.span)
    case .implicitMember(let name): return kernel(named: name.text, [], expression.span)
    case .call(let callee, let arguments):
      switch callee.kind {
      case .name(let name): return kernel(named: name, arguments, callee.span)
      case .implicitMember(let name): return kernel(named: name.text, arguments, callee.span)
      default: break
      }
    default: break
    }
    let found = SourceFile(name: "method", text: text).text(in: expression.span)
    diagnostics.append(.notAKernel(found, at: span(of: expression.span)))
    return nil
  }

  private mutating func kernel(
    named name: String, _ arguments: [Argument], _ nameSpan: Span
  ) -> MethodSpecification? {
    guard let signature = KernelRegistry.kernel(named: name) else {
      guard moves?.contains(name) != false else {
        diagnostics.append(.unknownKernel(name, moves: moves ?? [], at: span(of: nameSpan)))
        return nil
      }
      if let first = arguments.first {
        diagnostics.append(.moveWithOptions(name, at: span(of: first.value.span)))
      }
      return .move(name)
    }
    let found = specification(signature, arguments)
    if signature.takesKernels, found.parts.isEmpty {
      diagnostics.append(.missingKernels(name, at: span(of: nameSpan)))
    }
    return found
  }

  private mutating func method(
    named name: String, _ arguments: [Argument], _ nameSpan: Span, _ wholeSpan: Span
  ) -> MethodSpecification? {
    guard let signature = MethodRegistry.method(named: name) else {
      diagnostics.append(.unknownMethod(name, at: span(of: nameSpan)))
      return nil
    }
    return specification(signature, arguments)
  }

  private mutating func specification(
    _ signature: MethodSignature, _ arguments: [Argument]
  ) -> MethodSpecification {
    let name = signature.name
    var specification = signature.defaults
    var seen: Set<String> = []
    for argument in arguments {
      if argument.label == nil, signature.takesKernels {
        if let part = kernel(argument.value) { specification.parts.append(part) }
        continue
      }
      guard let label = argument.label else {
        diagnostics.append(
          .missingOptionLabel(signature, at: span(of: argument.value.span)))
        continue
      }
      guard let option = signature.options.first(where: { $0.name == label.text }) else {
        diagnostics.append(.unknownOption(label.text, of: signature, at: span(of: label.span)))
        continue
      }
      guard seen.insert(label.text).inserted else {
        diagnostics.append(.repeatedOption(label.text, of: name, at: span(of: label.span)))
        continue
      }
      if case .kernel(let isOptional) = option.kind {
        if isOptional, case .name("none") = argument.value.kind {
          specification.options[option.name] = .choice("none")
        } else if let kernel = kernel(argument.value) {
          specification.options[option.name] = .kernel(kernel)
        }
      } else if let setting = option.kind.setting(argument.value) {
        specification.options[option.name] = setting
      } else {
        let found = SourceFile(name: "method", text: text).text(in: argument.value.span)
        diagnostics.append(
          .optionOutsideDomain(option, of: name, found, at: span(of: argument.value.span)))
      }
    }
    return specification
  }
}

extension MethodSignature.Option.Kind {
  /// The setting that an expression gives; nil when it is not of this kind or outside the domain.
  fileprivate func setting(_ expression: Expression) -> MethodSpecification.Setting? {
    switch self {
    case .int(let range):
      guard let number = expression.number, let value = Int(exactly: number),
        abs(number) < 9e15, range.contains(value)
      else { return nil }
      return .int(value)
    case .real(let range):
      guard let number = expression.number, range.contains(number) else { return nil }
      return .real(number)
    case .bool:
      guard case .bool(let value) = expression.kind else { return nil }
      return .bool(value)
    case .choice(let words):
      switch expression.kind {
      case .name(let word) where words.contains(word): return .choice(word)
      case .implicitMember(let word) where words.contains(word.text): return .choice(word.text)
      default: return nil
      }
    case .site:
      switch expression.kind {
      case .name(let word): return .choice(word)
      default: return nil
      }
    case .kernel: return nil
    }
  }
}

extension Expression {
  /// The value of a literal number, also a negative one.
  fileprivate var number: Double? {
    switch kind {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .unary(.negate, let operand): operand.number.map { -$0 }
    default: nil
    }
  }
}

extension Diagnostic {
  fileprivate static func malformedMethod(_ syntax: Diagnostic, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0701", .usage, "the method cannot be read: \(syntax.message)", at: span,
      hints: syntax.hints)
  }

  fileprivate static func notAMethod(_ text: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0702", .usage, "'\(text)' is not a method", at: span,
      hints: ["write a name with options, as in 'smc(particles: 1000)'"])
  }

  fileprivate static func unknownMethod(_ name: String, at span: Span) -> Diagnostic {
    let names = MethodRegistry.methods.map(\.name)
    let hint = Spelling.hint(for: name, among: names, kind: "methods")
    return Diagnostic(
      "E0703", .usage, "there is no method '\(name)'", at: span, hints: hint.map { [$0] } ?? [])
  }

  fileprivate static func notAKernel(_ text: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0711", .usage, "'\(text)' is not a kernel", at: span,
      hints: ["write a name with options, as in 'singleSite(steps: 5)'"])
  }

  fileprivate static func moveWithOptions(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0711", .usage, "the move '\(name)' has no options", at: span, hints: ["write '\(name)'"])
  }

  fileprivate static func missingKernels(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0711", .usage, "'\(name)' is made of kernels, found none", at: span,
      hints: ["write '\(name)(singleSite, randomWalk)'"])
  }

  fileprivate static func missingOptionLabel(
    _ signature: MethodSignature, at span: Span
  ) -> Diagnostic {
    let hint = signature.options.first.map { "write '\(signature.name)(\($0.name): ...)'" }
    return Diagnostic(
      "E0704", .usage, "options of '\(signature.name)' need their names", at: span,
      hints: hint.map { [$0] } ?? ["'\(signature.name)' has no options"])
  }

  fileprivate static func unknownOption(
    _ name: String, of signature: MethodSignature, at span: Span
  ) -> Diagnostic {
    let hint = Spelling.hint(for: name, among: signature.options.map(\.name), kind: "options")
    return Diagnostic(
      "E0704", .usage, "method '\(signature.name)' has no option '\(name)'", at: span,
      hints: [hint ?? "'\(signature.name)' has no options"])
  }

  fileprivate static func repeatedOption(
    _ name: String, of method: String, at span: Span
  ) -> Diagnostic {
    Diagnostic("E0705", .usage, "option '\(name)' of '\(method)' is given twice", at: span)
  }

  fileprivate static func optionOutsideDomain(
    _ option: MethodSignature.Option, of method: String, _ found: String, at span: Span
  ) -> Diagnostic {
    var hints: [String] = []
    if case .choice(let words) = option.kind,
      let nearest = didYouMean(found, among: words)
    {
      hints = ["did you mean '\(nearest)'?"]
    }
    return Diagnostic(
      "E0706", .usage,
      "option '\(option.name)' of '\(method)' must be \(option.kind.text), found '\(found)'",
      at: span, hints: hints)
  }
}
