import BorelBase
import BorelData
import Testing

@Test func writtenNumbersAreReadBackUnchanged() throws {
  for number in [0.1, -1e300, 5e-324, 123_456_789.125, 1e15, 1e16, -0.5, 3] {
    let text = "[" + JSONValue.number(number).text + "]"
    let node = try JSONReader.read(SourceFile(name: "t", text: text), fileIndex: 0)
    guard case .array(let elements) = node.content else {
      Issue.record("not an array: \(text)")
      continue
    }
    switch elements[0].content {
    case .integer(let value): #expect(Double(value) == number)
    case .number(let value): #expect(value == number)
    default: Issue.record("not a number: \(text)")
    }
  }
}

@Test func infinitiesAreStringsAndNaNIsNull() {
  let value = JSONValue.array([.number(.infinity), .number(-.infinity), .number(.nan)])
  #expect(value.text == #"["Infinity", "-Infinity", null]"#)
}

@Test func textIsEscaped() {
  #expect(JSONValue.string("a\"\\\n\u{1}é").text == #""a\"\\\n\u0001é""#)
}

@Test func flatObjectsStayOnOneLine() {
  let value = JSONValue.object([
    ("a", .integer(1)), ("b", .object([("c", .array([.integer(1), .integer(2)]))])),
  ])
  #expect(
    value.prettyText == """
      {
        "a": 1,
        "b": {
          "c": [1, 2]
        }
      }
      """)
}

@Test(arguments: [
  (1234.5678, "1235"), (0.000_123_4, "0.0001234"), (0.000_012_34, "1.234e-5"), (1e9, "1e9"),
  (9.9996e8, "1e9"), (-2.5, "-2.5"), (0.999_96, "1"), (12_345_678, "1.235e7"), (0, "0"),
])
func shortNumbersHaveFourDigits(_ number: Double, _ text: String) {
  #expect(NumberText.short(number) == text)
}
