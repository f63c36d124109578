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
    // Words of a declaration that are names elsewhere.
    let contextual: Set<String> = ["move", "Trace", "of"]
    #expect(
      written.union([";"]) == Set(spelled).subtracting(["=>", "\\("]).union(contextual))
  }

  @Test func theParserAcceptsSentencesOfEveryAlternative() throws {
    let grammar = try Grammar.load()
    var generator = SentenceGenerator(grammar, seed: 1)
    for number in 0..<6_000 {
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

  /// Sentences with a few tokens removed, repeated, exchanged or replaced.
  @Test func parserAndGrammarAgreeOnMutatedSentences() throws {
    let grammar = try Grammar.load()
    var generator = SentenceGenerator(grammar, seed: 5)
    var random = SeededGenerator(seed: 6)
    let pool =
      ["x", "1", "2.5", "\"s\"", "$0", "_", "\n", ";"]
      + TokenKind.allCases.map(\.rawValue).filter { !$0.contains(" ") && $0 != "\\(" }
    var (accepted, rejected) = (0, 0)
    for number in 0..<1_500 {
      let start = SentenceGenerator.programs[number % SentenceGenerator.programs.count]
      let sentence = generator.sentence(of: start, lengthLimit: 80)
      guard sentence.utf8.count < 250 else { continue }
      let text = mutated(sentence, pool: pool, using: &random)
      let file = SourceFile(name: "<test>", text: text)
      guard tokens(of: file).diagnostics.isEmpty else { continue }
      var recognizer = GrammarRecognizer(grammar, text)
      let isSentence = recognizer.accepts()
      let diagnostics = parse(file).diagnostics
      if isSentence != diagnostics.isEmpty {
        let reason = diagnostics.first.map { render($0, in: SourceMap([file])) } ?? "accepted"
        Issue.record("in the grammar: \(isSentence); the parser: \(reason)\n\(text)")
        return
      }
      if isSentence { accepted += 1 } else { rejected += 1 }
    }
    #expect(accepted > 100 && rejected > 100, "\(accepted) accepted, \(rejected) rejected")
  }

  private func mutated(
    _ text: String, pool: [String], using random: inout SeededGenerator
  ) -> String {
    let file = SourceFile(name: "<test>", text: text)
    var pieces: [String] = []
    var end = 0
    var stringDepth = 0
    for token in tokens(of: file).tokens {
      let isInside = stringDepth > 0
      if token.kind == .stringOpen { stringDepth += 1 }
      if token.kind == .stringClose { stringDepth -= 1 }
      let piece = file.text(
        in: Span(start: Int(isInside ? Int32(end) : token.start), end: Int(token.end)))
      if isInside {
        pieces[pieces.count - 1] += piece
      } else {
        if token.isAfterNewline { pieces.append("\n") }
        pieces.append(piece)
      }
      end = Int(token.end)
    }
    for _ in 0..<Int.random(in: 0...2, using: &random) where !pieces.isEmpty {
      let at = pieces.indices.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<5, using: &random) {
      case 0: pieces.remove(at: at)
      case 1: pieces.insert(pieces[at], at: at)
      case 2: pieces.swapAt(at, pieces.indices.randomElement(using: &random) ?? 0)
      case 3: pieces[at] = pool.randomElement(using: &random) ?? ""
      default: pieces.insert(pool.randomElement(using: &random) ?? "", at: at)
      }
    }
    return pieces.joined(separator: " ")
  }
}
