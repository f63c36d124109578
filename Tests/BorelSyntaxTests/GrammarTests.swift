import BorelBase
import BorelSyntax
import Foundation
import Testing

/// `grammar/borel.ebnf` against the parser.
@Suite struct GrammarTests {
  @Test func everyReferenceHasAProduction() throws {
    let grammar = try Grammar.load()
    #expect(grammar.order.count > 80)
    for (name, body) in grammar.productions {
      for case .reference(let target) in Grammar.nodes(body) where target != "NEWLINE" {
        #expect(grammar.productions[target] != nil, "'\(target)' in '\(name)'")
      }
    }
  }

  @Test func keywordsAreThoseOfTheLexer() throws {
    let grammar = try Grammar.load()
    guard case .choice(_, let parts)? = grammar.productions["KEYWORD"] else {
      Issue.record("no production 'KEYWORD'")
      return
    }
    let words = parts.compactMap { if case .literal(let word) = $0 { word } else { nil } }
    #expect(words == TokenKind.keywords.map(\.rawValue))
  }

  @Test func signsAndWordsOfTheGrammarAreThoseOfTheLexer() throws {
    let grammar = try Grammar.load()
    let strings: Set<String> = ["\"", "\"\"\"", "\\("]
    let written = grammar.literals(inTokens: false).subtracting(strings)
    let spelled = TokenKind.allCases.map(\.rawValue).filter { !$0.contains(" ") }
    #expect(written.union([";"]) == Set(spelled).subtracting(["=>", "\\("]))
  }

  @Test func theParserAcceptsSentencesOfEveryAlternative() throws {
    let grammar = try Grammar.load()
    var generator = SentenceGenerator(grammar, seed: 1)
    for number in 0..<2_000 {
      let start = SentenceGenerator.programs[number % SentenceGenerator.programs.count]
      let text = generator.sentence(of: start)
      let diagnostics = parse(SourceFile(name: "<test>", text: text)).diagnostics
      if let first = diagnostics.first {
        let map = SourceMap([SourceFile(name: "<test>", text: text)])
        Issue.record("\(render(first, in: map))\nin\n\(text)")
        return
      }
    }
    for (name, body) in grammar.productions {
      #expect(generator.uses[name, default: 0] > 0, "'\(name)' is never used")
      for case .choice(let identifier, let parts) in Grammar.nodes(body) {
        for index in parts.indices {
          let count = generator.uses["\(identifier).\(index)", default: 0]
          #expect(count > 0, "alternative \(index + 1) of \(identifier) is never used")
        }
      }
    }
  }
}
