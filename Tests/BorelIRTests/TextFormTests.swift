import BorelBase
import BorelIR
import BorelIRTestSupport
import Foundation
import Testing

@Suite struct TextFormTests {
  @Test(arguments: [nileText, everythingText])
  func printedProgramReadsBackEqual(text: String) throws {
    let program = try parsed(text)
    let printed = printIR(program)
    #expect(try parsed(printed) == program)
    #expect(printIR(try parsed(printed)) == printed)
  }

  @Test func printerWritesTheTextThatWasRead() throws {
    let program = try parsed(everythingText)
    let unindented = everythingText.split(separator: "\n").map {
      $0.drop(while: { $0 == " " })
    }
    let printed = printIR(program).split(separator: "\n").map { $0.drop(while: { $0 == " " }) }
    #expect(printed == unindented)
  }

  @Test func spansAreKeptOnRequestAndPrintedAsComments() throws {
    let text = "func @f -> () {\nbb0:\n  factor %0\n  return\nbb1(%0: real):\n  return\n}"
    let program = try parseIR(text, keepsSpans: true).get()
    let span = program.functions[0].blocks[0].instructions[0].span
    let source = SourceFile(name: "t", text: text)
    #expect(source.text(in: span) == "factor %0")
    let printed = printIR(program, sources: SourceMap([source]))
    #expect(printed.contains("factor %0  ; 3:3"))
    #expect(try parsed(printed) == program.withoutSpans)
  }

  @Test func recordsOfOptionalsAndFunctionTypesAreRead() throws {
    let program = try parsed(
      "report \"a\": {\"odd name\": [enum 0?], f: opaque((real, [int]) -> ())}\nenumeration E {}")
    let field = Shape.Field("odd name", .array(.optional(.enumeration(0))))
    let other = Shape.Field("f", .opaque(.function([.real, .array([.int])], [])))
    #expect(program.reports[0].shape == .record([field, other]))
    #expect(try parsed(printIR(program)) == program)
  }

  /// The place of the error is marked by `<!>` in the text.
  @Test(arguments: [
    ("func @f -> () {\nbb0:\n  %0 <!>= const 1\n}", "expected ':', found '='"),
    ("func @f -> () {\nbb0:\n  %0: <!>foo = const 1\n}", "expected a type, found 'foo'"),
    ("func @f -> () {\nbb0:\n  call <!>@g() -> bb0\n}", "no function is called 'g'"),
    ("func @f -> () {\n<!>bb1:\n  return\n}", "expected 'bb0', found 'bb1'"),
    ("func @f -> () {\nbb0:\n  jump <!>%0\n}", "expected a block, found '%0'"),
    ("func @f -> () {}\nfunc <!>@f -> () {}", "two functions are called 'f'"),
    (
      "func @f -> () {\nbb0(%0: int):\n  <!>%0: int = const 1\n  return\n}", "'%0' is defined twice"
    ),
    ("func @f -> () {\nbb0:\n  return <!>%0\n}", "'%0' is never defined"),
    ("report <!>level: real", "expected a string, found 'level'"),
    ("tally <!>\"a", "string without end"),
    ("func @f -> () {\nbb0:\n  %0: real = const <!>1x\n}", "'1x' is not a number"),
    ("<!>$", "unexpected character '$'"),
    ("func @f -> () {\nbb0:\n  return<!>", "expected 'bb1', found the end of the text"),
    ("func @f -> () {\nbb0:\n  jump bb0(%<!>99999999999)\n}", "expected a number below 16777216"),
  ])
  func errorsNameThePlace(marked: String, message: String) throws {
    let marker = try #require(marked.firstRange(of: "<!>"))
    let offset = marked[..<marker.lowerBound].utf8.count
    let text = marked.replacing("<!>", with: "")
    guard case .failure(let diagnostics) = parseIR(text) else {
      Issue.record("accepted")
      return
    }
    #expect(diagnostics.list.map(\.message) == [message])
    #expect(Int(diagnostics.list[0].span.start) == offset)
    #expect(diagnostics.list[0].code == "E0190")
  }

  @Test func deeplyNestedTypesAreRefused() {
    let text = "report \"a\": " + String(repeating: "[", count: 100_000)
    guard case .failure(let diagnostics) = parseIR(text) else {
      Issue.record("accepted")
      return
    }
    #expect(diagnostics.list[0].message.contains("nested deeper"))
  }

  @Test func anyPrefixOfAProgramIsReadOrRefusedWithoutATrap() {
    let bytes = Array(everythingText.utf8)
    for length in stride(from: 0, to: bytes.count, by: 3) {
      _ = parseIR(String(decoding: bytes[..<length], as: UTF8.self))
      var damaged = bytes
      damaged.removeSubrange(length..<min(length + 2, bytes.count))
      if case .success(let program) = parseIR(String(decoding: damaged, as: UTF8.self)) {
        _ = verify(program, signatures: testSignatures)
        _ = printIR(program)
      }
    }
  }
}
