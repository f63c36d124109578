import BorelBase
import Testing

@Suite struct DiagnosticRendererTests {
  private func rendered(
    _ text: String, _ span: Span, labels: [Diagnostic.Label] = [], hints: [String] = [],
    color: Bool = false
  ) -> String {
    let diagnostic = Diagnostic(
      "E0207", .check, "something is wrong", at: span, labels: labels, hints: hints)
    return render(
      diagnostic, in: SourceMap([SourceFile(name: "m.ppl", text: text)]), color: color)
  }

  @Test func theExcerptUnderlinesTheSpan() {
    let text = "let a = 1\nlet b = foo + 1\n"
    #expect(
      rendered(text, Span(start: 18, end: 21), hints: ["try 'bar'"]) == """
        error[E0207]: something is wrong
          --> m.ppl:2:9
           |
         2 | let b = foo + 1
           |         ^^^
           = hint: try 'bar'
        """)
  }

  @Test func labelsStandAtTheirLines() {
    let text = "f(\n1\n2\n3 4"
    let label = Diagnostic.Label(Span(start: 1, end: 2), "opened here")
    #expect(
      rendered(text, Span(start: 9, end: 10), labels: [label]) == """
        error[E0207]: something is wrong
          --> m.ppl:4:3
           |
         1 | f(
           |  - opened here
          ...
         4 | 3 4
           |   ^
        """)
  }

  @Test func tabsAndWideCharactersKeepTheCaretInPlace() {
    let text = "\t漢字 = x\r\n"
    let start = "\t漢字 = ".utf8.count
    let lines = rendered(text, Span(start: start, end: start + 1)).split(separator: "\n")
    #expect(lines[3] == " 1 |     漢字 = x")
    #expect(lines[4] == "   |            ^")
    #expect(lines[1] == "  --> m.ppl:1:7")
  }

  @Test func aSpanOfSeveralLinesIsUnderlinedOnTheFirst() {
    let lines = rendered("abc\ndef", Span(start: 1, end: 6)).split(separator: "\n")
    #expect(lines.last == "   |  ^^")
  }

  @Test func longLinesAreCutAroundTheSpan() {
    let text = String(repeating: "x", count: 1_000) + "!" + String(repeating: "y", count: 1_000)
    let lines = rendered(text, Span(start: 1_000, end: 1_001)).split(separator: "\n")
    #expect(lines[3].count < 180)
    let caret = lines[4].firstIndex(of: "^").map {
      lines[4].distance(from: lines[4].startIndex, to: $0)
    }
    let mark = lines[3].firstIndex(of: "!").map {
      lines[3].distance(from: lines[3].startIndex, to: $0)
    }
    #expect(caret == mark)
  }

  @Test func programTextCannotControlTheTerminal() {
    let text = "let \u{1B}[31m = 1"
    #expect(!rendered(text, Span(start: 4, end: 5)).contains("\u{1B}"))
    #expect(rendered(text, Span(start: 4, end: 5), color: true).contains("\u{1B}[1;31m"))
  }

  @Test func aDiagnosticWithoutPlaceHasOnlyAHeading() {
    #expect(rendered("a", .none) == "error[E0207]: something is wrong")
    #expect(rendered("", Span(start: 0, end: 0)).contains("m.ppl:1:1"))
    #expect(rendered("a", Span(start: 50, end: 99)).contains("m.ppl:1:2"))
  }
}
