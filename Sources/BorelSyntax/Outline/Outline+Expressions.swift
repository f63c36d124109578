import BorelBase

extension Outline {
  static func expression(_ expression: Expression) -> String {
    switch expression.kind {
    case .integer(let value): String(value)
    case .real(let value): value.description
    case .bool(let value): String(value)
    case .string(let parts): form("string", parts.map(stringPart))
    case .nilLiteral: "nil"
    case .unit: "()"
    case .name(let name): name
    case .implicitMember(let name): "." + name.text
    case .array(let elements): form("array", elements.map(self.expression))
    case .tuple(let elements): form("tuple", elements.map(self.expression))
    case .record(let fields):
      form("record", fields.map { form(":", [$0.name.text, self.expression($0.value)]) })
    case .member(let base, let name): form("member", [self.expression(base), name.text])
    case .index(let base, let indices):
      form("index", [self.expression(base)] + indices.map(self.expression))
    case .call(let function, let arguments):
      form("call", [self.expression(function)] + arguments.map(argument))
    case .unary(let operation, let operand):
      form(operation.rawValue, [self.expression(operand)])
    case .binary(let operation, let left, let right):
      form(operation.rawValue, [self.expression(left), self.expression(right)])
    case .range(let lower, let upper, let isClosed):
      form(isClosed ? "..." : "..<", [self.expression(lower), self.expression(upper)])
    case .conditional(let condition, let then, let otherwise):
      form(
        "if", [self.condition(condition), block(then)] + (otherwise.map { [block($0)] } ?? []))
    case .match(let subject, let cases):
      form("match", [self.expression(subject)] + cases.map(matchCase))
    case .block(let inner): form("do", [block(inner)])
    case .closure(let inner): closure(inner)
    case .sample(let distribution, let options):
      form("sample", [self.expression(distribution)] + self.options(options))
    case .observe(let value, let distribution, let options):
      form(
        "observe",
        [self.expression(value), self.expression(distribution)] + self.options(options))
    case .mem(let function): form("mem", [self.expression(function)])
    case .ascription(let value, let type):
      form("as", [self.expression(value), self.type(type)])
    case .error: "error"
    }
  }

  private static func stringPart(_ part: StringPart) -> String {
    switch part {
    case .text(let text): quoted(text)
    case .interpolation(let value): expression(value)
    }
  }

  private static func argument(_ argument: Argument) -> String {
    guard let label = argument.label else { return expression(argument.value) }
    return form(":", [label.text, expression(argument.value)])
  }

  private static func matchCase(_ matchCase: MatchCase) -> String {
    form(
      "case",
      [pattern(matchCase.pattern)]
        + (matchCase.guardCondition.map { [form("where", [expression($0)])] } ?? [])
        + [block(matchCase.body)])
  }

  private static func closure(_ closure: Closure) -> String {
    var parts: [String] = []
    if let parameters = closure.parameters {
      parts.append(
        form(
          "parameters",
          parameters.map { parameter in
            parameter.type.map { form(":", [parameter.name.text, type($0)]) }
              ?? parameter.name.text
          }))
    }
    if let result = closure.result { parts.append(form("->", [type(result)])) }
    return form("closure", parts + [block(closure.body)])
  }
}
