import BorelData
import BorelInference

/// The draws of a result with their weights as rows, for other programs. Draws of weight zero are
/// kept, so that the weights still sum to 1. Exact results whose variables have tables of
/// probabilities have a row per value.
struct DrawRows {
  let posterior: Posterior
  let variables: [Variable]

  private var hasTables: Bool { variables.contains { $0.probabilities != nil } }

  var csv: String { hasTables ? tableCSV : drawCSV }
  var lines: String { hasTables ? tableLines : drawLines }

  private var drawCSV: String {
    var text = (["weight"] + variables.map { Self.quoted($0.name) }).joined(separator: ",") + "\n"
    for (draw, weight) in posterior.normalizedWeights.enumerated() {
      text += NumberText.exact(weight)
      for variable in variables {
        text += ","
        guard variable.isPresent(draw) else { continue }
        let cell = variable.label(of: variable.values[draw])
        text += variable.kind.isNumeric ? cell : Self.quoted(cell)
      }
      text += "\n"
    }
    return text
  }

  private var drawLines: String {
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

  private var tableCSV: String {
    var text = "variable,value,probability\n"
    for variable in variables {
      for (value, probability) in rows(variable) {
        let cells = [variable.name, variable.label(of: value), NumberText.exact(probability)]
        text += cells.map(Self.quoted).joined(separator: ",") + "\n"
      }
    }
    return text
  }

  private var tableLines: String {
    var text = ""
    for variable in variables {
      for (value, probability) in rows(variable) {
        let fields: [(String, JSONValue)] = [
          ("variable", .string(variable.name)), ("value", variable.jsonValue(of: value)),
          ("probability", .number(probability)),
        ]
        text += JSONValue.object(fields).text + "\n"
      }
    }
    return text
  }

  private func rows(_ variable: Variable) -> [(value: Double, probability: Double)] {
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
