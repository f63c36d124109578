import BorelBase
import BorelHeap

extension PrimitiveRegistry {
  /// Strings are numbers in the string table.
  static let strings: [Primitive] = [
    Primitive(
      "concat.string", [.string, .string], .string,
      summary: "The first string followed by the second.",
      failure: .domain("a text of at most \(longestText) bytes"),
      implementation: .lanes { operands -> Text? in
        let (first, second) = (
          StringTable.shared[operands.int(0)], StringTable.shared[operands.int(1)]
        )
        if first.utf8.count + second.utf8.count > longestText { return nil }
        return Text(first + second)
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
      "real.fromString", calledAs: "Real", [.string], .real,
      summary: "The number that a text reads as: `-1.5`, `1e3`, `inf`.", failure: .notANumber,
      implementation: .lanes { number($0) }),
    Primitive(
      "int.fromString", calledAs: "Int", [.string], .int,
      summary: "The whole number that a text reads as.", failure: .notANumber,
      implementation: .lanes { Int64(StringTable.shared[$0.int(0)]) }),
    Primitive(
      "isReal.string", calledAs: "isReal", [.string], .bool,
      summary: "Whether a text reads as a number.",
      implementation: .lanes { number($0) != nil }),
    Primitive(
      "isInt.string", calledAs: "isInt", [.string], .bool,
      summary: "Whether a text reads as a whole number.",
      implementation: .lanes { Int64(StringTable.shared[$0.int(0)]) != nil }),
    Primitive(
      "count.string", calledAs: "count", [.string], .int, summary: "The number of characters.",
      implementation: .lanes { Int64(StringTable.shared[$0.int(0)].count) }),
    comparison("less", "Whether the first string comes before the second.", { $0 < $1 }),
    comparison(
      "lessEqual", "Whether the first string does not come after the second.", { $0 <= $1 }),
    comparison("greater", "Whether the first string comes after the second.", { $0 > $1 }),
    comparison(
      "greaterEqual", "Whether the first string does not come before the second.", { $0 >= $1 }),
  ]

  /// In bytes: texts live as long as the process.
  private static let longestText = 1 << 24

  /// The number in decimal notation; nil for NaN and for other notations.
  private static func number(_ operands: LaneOperands) -> Double? {
    let text = StringTable.shared[operands.int(0)]
    guard !text.contains(where: { $0 == "x" || $0 == "X" || $0 == "p" }) else { return nil }
    return Double(text).flatMap { $0.isNaN ? nil : $0 }
  }

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
