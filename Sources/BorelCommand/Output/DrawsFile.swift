import BorelBase
import BorelData
import BorelInference

/// The draws of a result with their weights, for other programs.
enum DrawsFile {
  enum Format: String, CaseIterable {
    case json, csv, ndjson

    init(path: String) throws(CommandFailure) {
      let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
      guard path.contains("."), let format = Format(rawValue: suffix) else {
        throw .usage(
          "the extension of '\(path)' does not say how to write the draws",
          hint: "use .json, .csv or .ndjson")
      }
      self = format
    }
  }

  /// The text of a file. Draws of weight zero are kept, so that the weights still sum to 1.
  ///
  /// - Parameter summary: The object of `--json`, for the JSON format.
  static func text(
    _ posterior: Posterior, _ variables: [Variable], _ format: Format, summary: JSONValue
  ) -> String {
    let hasTables = variables.contains { $0.probabilities != nil }
    switch format {
    case .json: return json(posterior, variables, summary).text + "\n"
    case .csv: return hasTables ? tableCSV(posterior, variables) : csv(posterior, variables)
    case .ndjson:
      return hasTables ? tableLines(posterior, variables) : lines(posterior, variables)
    }
  }

  // MARK: One row per draw

  private static func csv(_ posterior: Posterior, _ variables: [Variable]) -> String {
    var text = (["weight"] + variables.map { quoted($0.name) }).joined(separator: ",") + "\n"
    for (draw, weight) in posterior.normalizedWeights.enumerated() {
      text += NumberText.exact(weight)
      for variable in variables {
        text += ","
        guard variable.isPresent(draw) else { continue }
        let cell = variable.label(of: variable.values[draw])
        text += variable.kind.isNumeric ? cell : quoted(cell)
      }
      text += "\n"
    }
    return text
  }

  private static func lines(_ posterior: Posterior, _ variables: [Variable]) -> String {
    var text = ""
    for (draw, weight) in posterior.normalizedWeights.enumerated() {
      let fields = variables.map { variable in
        (
          variable.name,
          variable.isPresent(draw) ? variable.jsonValue(of: variable.values[draw]) : .null
        )
      }
      text += JSONValue.object([("weight", .number(weight))] + fields).text + "\n"
    }
    return text
  }

  private static func json(
    _ posterior: Posterior, _ variables: [Variable], _ summary: JSONValue
  ) -> JSONValue {
    let columns = variables.map { variable -> (String, JSONValue) in
      let values = variable.values.indices.map { index in
        variable.isPresent(index) ? variable.jsonValue(of: variable.values[index]) : .null
      }
      guard let probabilities = variable.probabilities else {
        return (variable.name, .array(values))
      }
      return (
        variable.name,
        .object([
          ("values", .array(values)),
          ("probabilities", .array(probabilities.map { .number($0) })),
        ])
      )
    }
    return .object([
      ("summary", summary),
      ("weights", .array(posterior.normalizedWeights.map { .number($0) })),
      ("draws", .object(columns)),
    ])
  }

  // MARK: One row per value, for exact marginals

  private static func tableCSV(_ posterior: Posterior, _ variables: [Variable]) -> String {
    var text = "variable,value,probability\n"
    for variable in variables {
      for (value, probability) in rows(posterior, variable) {
        let cells = [variable.name, variable.label(of: value), NumberText.exact(probability)]
        text += cells.map(quoted).joined(separator: ",") + "\n"
      }
    }
    return text
  }

  private static func tableLines(_ posterior: Posterior, _ variables: [Variable]) -> String {
    var text = ""
    for variable in variables {
      for (value, probability) in rows(posterior, variable) {
        let fields: [(String, JSONValue)] = [
          ("variable", .string(variable.name)), ("value", variable.jsonValue(of: value)),
          ("probability", .number(probability)),
        ]
        text += JSONValue.object(fields).text + "\n"
      }
    }
    return text
  }

  private static func rows(
    _ posterior: Posterior, _ variable: Variable
  ) -> [(value: Double, probability: Double)] {
    let weights = variable.probabilities ?? posterior.normalizedWeights
    return variable.values.indices.filter { variable.isPresent($0) }.map {
      (variable.values[$0], weights[$0])
    }
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",\"\n\r;".contains($0) }) else { return cell }
    return "\""
      + cell.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

extension Variable {
  fileprivate func isPresent(_ index: Int) -> Bool { present.map { $0[index] } ?? true }
}
