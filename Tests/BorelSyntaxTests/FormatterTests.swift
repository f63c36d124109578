import BorelBase
import BorelSyntax
import Foundation
import Testing

@Suite struct FormatterTests {
  private func formatted(
    _ text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) -> String {
    switch format(text, name: "<test>") {
    case .success(let result): return result
    case .failure(let diagnostics):
      Issue.record(
        "\(diagnostics.list.map(\.message)) in\n\(text)", sourceLocation: sourceLocation)
      return ""
    }
  }

  /// Formatting changes neither the tree nor, the second time, the text.
  private func checkLaws(_ text: String) {
    let once = formatted(text)
    let file = SourceFile(name: "<test>", text: text)
    let (program, diagnostics) = parse(SourceFile(name: "<test>", text: once))
    let messages = diagnostics.map(\.message)
    #expect(messages.isEmpty, "\(text)\n---\n\(once)")
    #expect(outline(program) == outline(parse(file).program), "\(text)\n---\n\(once)")
    #expect(formatted(once) == once)
    #expect(!once.contains(" \n") || once.contains("\"\"\""), "\(once)")
  }

  @Test func generatedSentencesKeepTheirTree() throws {
    var generator = SentenceGenerator(try Grammar.load(), seed: 7)
    for number in 0..<600 {
      let start = SentenceGenerator.programs[number % SentenceGenerator.programs.count]
      checkLaws(generator.sentence(of: start))
    }
  }

  @Test func programsOfThePackageKeepTheirTree() throws {
    for folder in ["examples", "stdlib"] {
      let url = Grammar.root.appendingPathComponent(folder)
      guard let files = FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil)
      else { continue }
      for case let file as URL in files where file.pathExtension == "ppl" {
        checkLaws(try String(contentsOf: file, encoding: .utf8))
      }
    }
  }

  @Test(arguments: [
    ("let x=1+2 ;", "let x = 1 + 2"),
    ("f( a ,b , )", "f(a, b)"),
    ("a [ 0 ] . b ( 1 ) { $0 }", "a[0].b(1) { $0 }"),
    ("- a ^ - b", "-a ^ -b"),
    ("0 ..< n+1", "0..<n + 1"),
    ("x ~ D @ \"n\" with P ( )", "x ~ D @ \"n\" with P()"),
    (
      "model m ( param p : Real in 0 < .. = 1 ) { }",
      "model m(param p: Real in 0<.. = 1) { }"
    ),
    ("let d : Dist<  [ Real ? ] > ?= e", "let d: Dist<[Real?]>? = e"),
    ("func f < T : Number > ( x : T ) -> ( T ) { x }", "func f<T: Number>(x: T) -> (T) { x }"),
    ("if a {b} else {c}", "if a { b } else { c }"),
    ("{a:1,b:{c:2}}", "{a: 1, b: {c: 2}}"),
    ("match a { case . b ( c ): d; default : e }", "match a {\n  case .b(c): d\n  default: e\n}"),
    ("let p = 1 .0", "let p = 1 .0"),
    ("a;b", "a\nb"),
    ("a;.b", "a;\n.b"),
    ("enum E { case a , b ( Int ) }", "enum E { case a, b(Int) }"),
    ("let f = {\n}", "let f = { }"),
    ("\n\na\n\n\n\nb\n\n", "a\n\nb"),
  ])
  func spacesFollowTheirTokens(text: String, expected: String) {
    #expect(formatted(text) == expected + "\n")
    checkLaws(text)
  }

  @Test func longListsHaveOneElementPerLine() {
    let arguments = (0..<12).map { "argumentNumber\($0): value" }
    let text = "let x = f(" + arguments.joined(separator: ", ") + ")"
    let expected = "let x = f(\n  " + arguments.joined(separator: ",\n  ") + "\n)\n"
    #expect(formatted(text) == expected)
    checkLaws(text)
  }

  @Test func longListsOfNumbersAreFilled() {
    let text = "let x = [" + (0..<60).map(String.init).joined(separator: ", ") + "]"
    let lines = formatted(text).split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines.allSatisfy { $0.count <= 100 })
    checkLaws(text)
  }

  @Test func longSumsBreakBeforeTheirLoosestOperators() {
    let term = "someLongName * anotherLongName"
    let text = "let x = " + Array(repeating: term, count: 4).joined(separator: " + ")
    #expect(
      formatted(text)
        == "let x = \(term)\n" + Array(repeating: "  + \(term)\n", count: 3).joined())
    checkLaws(text)
  }

  @Test func commentsStayWhereTheyAre() {
    let text = """
      #!/usr/bin/env borel
      // first
      /// documentation
      model m(a: Real, // of a
        b: Real) {// of m


          // own line
        let x = /* inline */ 1   // of x
        if a { // of if
        }
        // last
      }
      // end
      """
    #expect(
      formatted(text) == """
        #!/usr/bin/env borel
        // first
        /// documentation
        model m(
          a: Real,  // of a
          b: Real
        ) {  // of m

          // own line
          let x = /* inline */ 1  // of x
          if a {  // of if
          }
          // last
        }
        // end

        """)
    checkLaws(text)
  }

  @Test func closuresAndChainsKeepTheirLines() {
    let text = """
      let y = xs
       .map { x in
      x + 1 }
        .filter { $0 > 1 }
      f(a, { (k: Int) in
      g(k)
      })
      """
    #expect(
      formatted(text) == """
        let y = xs
          .map { x in
            x + 1
          }
          .filter { $0 > 1 }
        f(a, { (k: Int) in
          g(k)
        })

        """)
    checkLaws(text)
  }

  @Test func branchesBreakTogether() {
    let name = String(repeating: "x", count: 40)
    let text = "let a = if b { \(name) } else if c { \(name) } else { d }"
    #expect(
      formatted(text) == """
        let a = if b {
          \(name)
        } else if c {
          \(name)
        } else {
          d
        }

        """)
    checkLaws(text)
  }

  @Test func casesAreIndentedInMatch() {
    let text = "match a { case .b: c; d\n case .e:\nf\n default: g }"
    #expect(
      formatted(text) == """
        match a {
          case .b:
            c
            d
          case .e:
            f
          default: g
        }

        """)
    checkLaws(text)
  }

  @Test func programsWithErrorsAreNotFormatted() {
    guard case .failure(let diagnostics) = format("let x =", name: "<test>") else {
      Issue.record("expected a failure")
      return
    }
    #expect(diagnostics.list.map(\.code) == ["E0110"])
  }
}
