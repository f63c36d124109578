import BorelSyntax
import Testing

/// Precedence and associativity, each by the expression with parentheses.
@Suite struct PrecedenceTests {
  @Test(arguments: [
    ("a ?? b ?? c", "a ?? (b ?? c)"),
    ("a ?? b || c", "a ?? (b || c)"),
    ("a || b ?? c", "(a || b) ?? c"),
    ("a || b && c", "a || (b && c)"),
    ("a && b || c", "(a && b) || c"),
    ("a || b || c", "(a || b) || c"),
    ("a && b == c", "a && (b == c)"),
    ("a < b && c >= d", "(a < b) && (c >= d)"),
    ("a == b as T", "a == (b as T)"),
    ("a + b as T", "(a + b) as T"),
    ("a..<b as T", "(a..<b) as T"),
    ("a as T ?? b", "(a as T) ?? b"),
    ("a as T as U", "(a as T) as U"),
    ("a < b + 1", "a < (b + 1)"),
    ("a..<b + 1", "a..<(b + 1)"),
    ("a - 1...b * 2", "(a - 1)...(b * 2)"),
    ("a - b - c", "(a - b) - c"),
    ("a + b * c", "a + (b * c)"),
    ("a / b * c % d", "((a / b) * c) % d"),
    ("-a + b", "(-a) + b"),
    ("-a * b", "(-a) * b"),
    ("!a && b", "(!a) && b"),
    ("-a ^ b", "-(a ^ b)"),
    ("a ^ -b", "a ^ (-b)"),
    ("a ^ b ^ c", "a ^ (b ^ c)"),
    ("a ^ -b ^ c", "a ^ (-(b ^ c))"),
    ("a * b ^ c", "a * (b ^ c)"),
    ("- -a", "-(-a)"),
    ("!f(a)", "!(f(a))"),
    ("-a.b[c](d)", "-(((a.b)[c])(d))"),
    ("a.b ^ c.d", "(a.b) ^ (c.d)"),
    ("sample D(a) + 1", "(sample D(a)) + 1"),
    ("sample D(a) ^ 2", "(sample D(a)) ^ 2"),
    ("-sample D(a)", "-(sample D(a))"),
    ("sample d.e(a)", "sample (d.e(a))"),
    ("mem f + g", "(mem f) + g"),
    ("observe a + b ~ D + c", "observe (a + b) ~ (D + c)"),
    ("if a { b } else { c } + d", "(if a { b } else { c }) + d"),
    ("{ $0 + 1 }(2) * 3", "({ $0 + 1 }(2)) * 3"),
  ])
  func operatorsBindAsTheirParenthesizedForm(text: String, parenthesized: String) {
    #expect(expressionOutline(text) == expressionOutline(parenthesized))
  }

  @Test(arguments: ["<", "<=", ">", ">=", "==", "!="])
  func comparisonsDoNotChain(comparison: String) {
    expectDiagnostic(
      "E0113", "a \(comparison) b «<» c", hint: "a \(comparison) b && b < ...")
  }

  @Test func everyBinaryOperatorIsParsed() {
    for operation in BinaryOperator.allCases {
      #expect(expressionOutline("a \(operation.rawValue) b") == "(\(operation.rawValue) a b)")
    }
  }
}
