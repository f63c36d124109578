import BorelBase
import BorelHeap

extension PrimitiveRegistry {
  /// Strings are numbers in the string table.
  static let strings: [Primitive] = [
    Primitive(
      "concat.string", [.string, .string], .string,
      summary: "The first string followed by the second.",
      implementation: .lanes { operands -> Text in
        Text(StringTable.shared[operands.int(0)] + StringTable.shared[operands.int(1)])
      }),
    Primitive(
      "string.fromReal", calledAs: "String", [.real], .string,
      summary: "The shortest decimal text that reads back as the same real: `1`, `0.5`.",
      implementation: .lanes { Text(RealText.shortest($0.real(0))) }),
    Primitive(
      "string.fromInt", calledAs: "String", [.int], .string,
      summary: "The decimal text of an integer.", implementation: .lanes { Text("\($0.int(0))") }),
    Primitive(
      "string.fromBool", calledAs: "String", [.bool], .string, summary: "`true` or `false`.",
      implementation: .lanes { Text($0.bool(0) ? "true" : "false") }),
    Primitive(
      "count.string", calledAs: "count", [.string], .int, summary: "The number of characters.",
      implementation: .lanes { Int64(StringTable.shared[$0.int(0)].count) }),
    comparison("less", "Whether the first string comes before the second.", <),
    comparison("lessEqual", "Whether the first string does not come after the second.", <=),
    comparison("greater", "Whether the first string comes after the second.", >),
    comparison("greaterEqual", "Whether the first string does not come before the second.", >=),
  ]

  /// A comparison in the order of Unicode scalars.
  private static func comparison(
    _ name: String, _ summary: String, _ compare: @escaping @Sendable (String, String) -> Bool
  ) -> Primitive {
    Primitive(
      "\(name).string", [.string, .string], .bool, summary: summary,
      implementation: .lanes {
        compare(StringTable.shared[$0.int(0)], StringTable.shared[$0.int(1)])
      })
  }

  /// A string as a register word.
  private struct Text: RegisterWord {
    var registerWord: UInt64
    init(_ text: String) {
      registerWord = UInt64(bitPattern: StringTable.shared.number(of: text))
    }
  }
}
