/// Reference pages of what the language itself gives a meaning, with its types.
enum BuiltinPages {
  static let distributions = [
    ReferencePage(
      name: "Transformed", section: .distribution,
      summary: "The law of a function of a draw from another distribution.",
      text: """
        The law of a function of a draw from another distribution.

        Transformed(base: Dist<T>, forward: (T) -> U, inverse: (U) -> T, logDerivative: (U) -> Real)
          base: Distribution of x
          forward: The function; the draw is forward(x)
          inverse: Its inverse
          logDerivative: log |d inverse(y) / dy| at the draw y

        It stands where it is drawn from or scored; the functions must be pure.

        """)
  ]

  static let functions: [ReferencePage] =
    [
      form(
        "print", "print(values...)",
        "Writes the values on a line, with blanks between them; at the top level only."),
      form("assert", "assert(condition: Bool, message: String)", "Stops the run unless it holds."),
      form("fail", "fail(message: String)", "Stops the run with a message."),
      form(
        "infer", "infer(model, method) -> Posterior<T>",
        """
        The posterior of a model by a method, `auto` without one. A posterior is a distribution \
        again, and has .logEvidence, .effectiveSampleSize, .summary, .mean(name), .sd(name), \
        .quantile(name, p), .draws(name), .values, .expectation(f) and .probability(f).
        """),
      form(
        "inferOrNil", "inferOrNil(model, method) -> Posterior<T>?",
        "The posterior of a model, or nil where its evidence is zero."),
      form(
        "learn", "learn(model, method, steps:, rate:, schedule:, tolerance:) -> Posterior<T>",
        """
        The posterior of a model with its `param` arguments at their maximum likelihood, found with \
        gradients by a method, `auto` without one; at the top level only. Besides the members of \
        every posterior it has .parameter(name) and .standardError(name).
        """),
      form(
        "logDensity", "logDensity(distribution: Dist<T>, value: T) -> Real",
        "The logarithm of the density at a value."),
      form(
        "readJSON", "readJSON(path: String)",
        "The contents of a JSON file, typed where they are used; at the top level only."),
      form(
        "readCSV", "readCSV(path: String)",
        """
        A table with a header: a record of columns or an array of rows, as its use demands; at the \
        top level only.
        """),
      form(
        "arguments", "arguments: [String]",
        "What followed `--` on the command line; at the top level only."),
      form("indices", "indices(array: [T]) -> [Int]", "The positions of the elements: 0, 1, ..."),
      form("count", "count(array: [T]) -> Int", "The number of elements."),
      form("isEmpty", "isEmpty(array: [T]) -> Bool", "Whether there are no elements."),
      form("first", "first(array: [T]) -> T?", "The first element; nil when there is none."),
      form("last", "last(array: [T]) -> T?", "The last element; nil when there is none."),
      form(
        "append", "xs.append(element: T)",
        "Puts an element at the end of a `var` array: a statement."),
      form("appending", "appending(array: [T], element: T) -> [T]", "The array and one element."),
      form("concat", "concat(a: [T], b: [T]) -> [T]", "The elements of both arrays."),
      form("repeat", "repeat(element: T, count: Int) -> [T]", "An element several times."),
      form("fill", "fill(element: T, count: Int) -> [T]", "An element several times."),
      form(
        "enumerated", "enumerated(array: [T]) -> [(Int, T)]",
        "The elements with their positions."),
      form(
        "zip", "zip(a: [T], b: [U]) -> [(T, U)]", "Pairs of elements at the same positions."),
      form("isNil", "isNil(value: T?) -> Bool", "Whether the value is missing."),
      form("unwrap", "unwrap(value: T?) -> T", "The value; stops the run when it is missing."),
      form("describe", "describe(value: T) -> String", "The text that `print` writes."),
      form("pi", "pi: Real", "3.14159..."),
      form("euler", "euler: Real", "The base of the natural logarithm, 2.71828..."),
      form("infinity", "infinity: Real", "Larger than every number."),
    ]

  private static func form(
    _ name: String, _ signature: String, _ summary: String
  ) -> ReferencePage {
    ReferencePage(
      name: name, section: .function, summary: summary, text: "\(signature)\n  \(summary)\n")
  }
}
