import BorelBase
import BorelData
import BorelInference

/// Writes a whole result as one JSON object, from which `ResultReader` makes the same result.
struct ResultJSON {
  /// What `format` says.
  static let formatName = "borel-result"
  /// Grows when old readers would misunderstand new files.
  static let version: Int64 = 1

  let document: ResultDocument
  let variables: [Variable]

  private var posterior: Posterior { document.posterior }

  /// The object with a line per field and per variable.
  var bytes: [UInt8] {
    var text = "{\n"
    func field(_ name: String, _ value: JSONValue) {
      text += JSONValue.string(name).text + ": " + value.text + ",\n"
    }
    field("format", .string(Self.formatName))
    field("version", .integer(Self.version))
    field("summary", posterior.json(variables: variables, in: document.sources))
    field("program", program)
    field("data", .object(document.data.map { ($0.name, $0.value) }))
    field("places", places)
    field("steps", steps)
    field("dependence", dependence)
    field("kinds", .object(variables.map { ($0.name, kind($0.kind)) }))
    field(
      "logWeights",
      posterior.logWeights.isEmpty
        ? .null : .array(posterior.logWeights.map { .number($0) }))
    field("weights", .array(posterior.normalizedWeights.map { .number($0) }))
    text += "\"draws\": {\n"
    text += variables.map { JSONValue.string($0.name).text + ": " + column($0).text }
      .joined(separator: ",\n")
    text += variables.isEmpty ? "}\n}\n" : "\n}\n}\n"
    return Array(text.utf8)
  }

  private var program: JSONValue {
    guard let program = document.program else { return .null }
    return .object([("name", .string(program.name)), ("text", .string(program.text))])
  }

  /// Byte ranges in the program of the observations, moves and diagnostics of the summary; null for
  /// other places.
  private var places: JSONValue {
    func list(_ spans: [Span]) -> JSONValue {
      .array(
        spans.map { span in
          span.file == 0
            ? .array([.integer(Int64(span.start)), .integer(Int64(span.end))]) : .null
        })
    }
    return .object([
      ("observations", list(posterior.observations.map(\.span))),
      ("moves", list(posterior.moves.map(\.span))),
      ("diagnostics", list(posterior.diagnostics.map(\.span))),
      (
        "killingValues",
        .array(posterior.observations.map { $0.killingValue.map { .string($0) } ?? .null })
      ),
    ])
  }

  /// One array per property of the steps.
  private var steps: JSONValue {
    let steps = posterior.steps
    return .object([
      (
        "observation",
        .array(steps.map { $0.observation.map { .integer(Int64($0)) } ?? .null })
      ),
      ("logEvidence", .array(steps.map { .number($0.logEvidence) })),
      ("essShare", .array(steps.map { .number($0.essShare) })),
      ("essShareBefore", .array(steps.map { .number($0.essShareBefore) })),
      ("lanesKilled", .array(steps.map { .integer(Int64($0.lanesKilled)) })),
      ("resampled", .array(steps.map { .bool($0.isResampled) })),
    ])
  }

  private var dependence: JSONValue {
    func numbers(_ kind: String, _ numbers: [Int32]) -> JSONValue {
      .object([
        ("kind", .string(kind)), ("numbers", .array(numbers.map { .integer(Int64($0)) })),
      ])
    }
    switch posterior.dependence {
    case .independent: return .object([("kind", .string("independent"))])
    case .lineages(let lineages): return numbers("lineages", lineages)
    case .groups(let groups): return numbers("groups", groups)
    case .chains(let count):
      return .object([("kind", .string("chains")), ("count", .integer(Int64(count)))])
    }
  }

  private func kind(_ kind: Variable.Kind) -> JSONValue {
    switch kind {
    case .real: .string("real")
    case .int: .string("int")
    case .bool: .string("bool")
    case .enumeration(let names): .object([("enumeration", .array(names.map { .string($0) }))])
    case .text(let texts): .object([("text", .array(texts.map { .string($0) }))])
    }
  }

  /// Values, null where the variable is absent; with probabilities for an exact marginal.
  private func column(_ variable: Variable) -> JSONValue {
    let values = JSONValue.array(
      variable.values.indices.map { index in
        variable.isPresent(index) ? variable.jsonValue(of: variable.values[index]) : .null
      })
    guard let probabilities = variable.probabilities else { return values }
    return .object([
      ("values", values), ("probabilities", .array(probabilities.map { .number($0) })),
    ])
  }
}
