import BorelBase

extension Outline {
  static func statement(_ statement: Statement) -> String {
    switch statement.kind {
    case .binding(let isVariable, let pattern, let type, let value):
      form(
        isVariable ? "var" : "let",
        [self.pattern(pattern)] + (type.map { [form(":", [self.type($0)])] } ?? [])
          + [expression(value)])
    case .draw(let isVariable, let name, let distribution, let options):
      form(
        isVariable ? "var~" : "~",
        [name.text, expression(distribution)] + self.options(options))
    case .assign(let target, let operation, let value):
      form((operation?.rawValue ?? "") + "=", [expression(target), expression(value)])
    case .factor(let weight): form("factor", [expression(weight)])
    case .require(let condition): form("require", [expression(condition)])
    case .tally(let name, let value): form("tally", [name.text, expression(value)])
    case .debug(let value): form("debug", [expression(value)])
    case .forIn(let pattern, let sequence, let body):
      form("for", [self.pattern(pattern), expression(sequence), block(body)])
    case .whileLoop(let condition, let body):
      form("while", [self.condition(condition), block(body)])
    case .returnValue(let value): form("return", value.map { [expression($0)] } ?? [])
    case .breakLoop: "break"
    case .continueLoop: "continue"
    case .expression(let value): expression(value)
    case .function(let declaration): function("func", declaration)
    case .error: "error"
    }
  }
}
