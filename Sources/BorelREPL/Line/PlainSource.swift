/// Lines from an input that is no terminal: without prompts.
package enum PlainSource {
  package static func readLine(_ prompt: String) -> Prompt.Line {
    Swift.readLine().map { .text($0) } ?? .end
  }
}
