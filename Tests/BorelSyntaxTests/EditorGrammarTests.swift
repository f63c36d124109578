import BorelSyntax
import Foundation
import Testing

/// `grammar/borel.tmLanguage.json` against the lexer.
@Suite struct EditorGrammarTests {
  private func load() throws -> [String: Any] {
    let url = Grammar.root.appendingPathComponent("grammar/borel.tmLanguage.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    return try #require(object as? [String: Any])
  }

  /// All dictionaries in a JSON value.
  private func dictionaries(_ value: Any) -> [[String: Any]] {
    if let dictionary = value as? [String: Any] {
      return [dictionary] + dictionary.values.flatMap(dictionaries)
    }
    return (value as? [Any])?.flatMap(dictionaries) ?? []
  }

  @Test func keywordsAreThoseOfTheLexer() throws {
    let repository = try #require(try load()["repository"] as? [String: Any])
    let keywords = try #require(repository["keywords"])
    let words = dictionaries(keywords).compactMap { $0["match"] as? String }.flatMap { pattern in
      pattern.replacingOccurrences(of: "\\b", with: "").matches(of: /[a-z]+/).map {
        String($0.output)
      }
    }
    #expect(words.sorted() == TokenKind.keywords.map(\.rawValue).sorted())
  }

  @Test func everyPatternIsARegularExpressionAndEveryIncludeExists() throws {
    let grammar = try load()
    let repository = try #require(grammar["repository"] as? [String: Any])
    for dictionary in dictionaries(grammar) {
      for key in ["match", "begin", "end", "firstLineMatch"] {
        guard let pattern = dictionary[key] as? String else { continue }
        #expect(throws: Never.self, "\(pattern)") { try NSRegularExpression(pattern: pattern) }
      }
      if let include = dictionary["include"] as? String, include != "$self" {
        #expect(repository[String(include.dropFirst())] != nil, "\(include)")
      }
    }
  }
}
