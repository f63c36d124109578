import BorelBase

/// The syntax tree as text: one parenthesised form per node, without positions.
///
/// Two programs have the same outline exactly when their trees differ in positions only. Reals are
/// printed with the shortest digits that give the same value.
package func outline(_ program: Program) -> String {
  withDeepStack { program.items.map(Outline.item).joined(separator: "\n") }
}

/// The outline of an expression.
package func outline(_ expression: Expression) -> String {
  withDeepStack { Outline.expression(expression) }
}

/// The outlines of the parts of a tree.
enum Outline {
  static func form(_ head: String, _ parts: [String]) -> String {
    "(" + ([head] + parts).joined(separator: " ") + ")"
  }

  static func quoted(_ text: String) -> String { String(reflecting: text) }

  static func item(_ item: Item) -> String {
    let text =
      switch item.kind {
      case .model(let declaration): function("model", declaration)
      case .function(let declaration): function("func", declaration)
      case .structure(let declaration):
        form("struct", [declaration.name.text] + declaration.fields.map(typedName))
      case .enumeration(let declaration):
        form(
          "enum",
          [declaration.name.text]
            + declaration.cases.map { form("case", [$0.name.text] + $0.payload.map(typedName)) })
      case .move(let declaration): move(declaration)
      case .statement(let inner): statement(inner)
      }
    return item.documentation.isEmpty ? text : form("doc", [quoted(item.documentation), text])
  }

  static func typedName(_ field: TypedName) -> String {
    field.name.text.isEmpty ? type(field.type) : form(":", [field.name.text, type(field.type)])
  }

  static func function(_ keyword: String, _ declaration: FunctionDeclaration) -> String {
    var parts = [declaration.name.text]
    parts += declaration.generics.map {
      form("generic", [$0.name.text] + ($0.constraint.map { [$0.text] } ?? []))
    }
    parts += declaration.parameters.map(parameter)
    if let result = declaration.result { parts.append(form("->", [type(result)])) }
    return form(keyword, parts + [block(declaration.body)])
  }

  static func move(_ declaration: MoveDeclaration) -> String {
    var parts = [
      declaration.name.text, form("trace", [declaration.trace.text, declaration.model.text]),
    ]
    parts += declaration.arguments.map(parameter)
    if let proposal = declaration.proposal {
      parts.append(form("with", [proposal.name.text, block(proposal.body)]))
    }
    return form("move", parts + [block(declaration.involution)])
  }

  static func parameter(_ parameter: Parameter) -> String {
    var parts = [parameter.name.text, type(parameter.type)]
    if let domain = parameter.domain {
      let lower = domain.lower.map(expression) ?? "-"
      let upper = domain.upper.map(expression) ?? "-"
      parts.append(
        form(
          "in",
          [domain.isLowerOpen ? "open" : "closed", lower]
            + [domain.isUpperOpen ? "open" : "closed", upper]))
    }
    if let value = parameter.defaultValue { parts.append(form("=", [expression(value)])) }
    return form(parameter.isLearnable ? "param" : "parameter", parts)
  }

  static func type(_ type: TypeExpression) -> String {
    switch type.kind {
    case .name(let name, let arguments):
      arguments.isEmpty ? name : form("generic", [name] + arguments.map(self.type))
    case .array(let element): form("array", [self.type(element)])
    case .optional(let wrapped): form("optional", [self.type(wrapped)])
    case .tuple(let elements): form("tuple", elements.map(self.type))
    case .record(let fields): form("record", fields.map(typedName))
    case .function(let arguments, let result):
      form("->", [form("arguments", arguments.map(self.type)), self.type(result)])
    case .error: "error"
    }
  }

  static func pattern(_ pattern: Pattern) -> String {
    switch pattern.kind {
    case .wildcard: "_"
    case .binding(let name): name.text
    case .literal(let value): form("literal", [expression(value)])
    case .enumCase(let type, let name, let payload):
      form("case", [(type?.text ?? "") + "." + name.text] + payload.map(self.pattern))
    case .tuple(let elements): form("tuple", elements.map(self.pattern))
    }
  }

  static func block(_ block: Block) -> String { form("block", block.statements.map(statement)) }

  static func condition(_ condition: Condition) -> String {
    switch condition {
    case .expression(let value): expression(value)
    case .binding(let name, let value): form("let", [name.text, expression(value)])
    }
  }

  static func options(_ options: DrawOptions) -> [String] {
    (options.address.map { [form("@", [expression($0)])] } ?? [])
      + (options.proposal.map { [form("with", [expression($0)])] } ?? [])
  }
}
