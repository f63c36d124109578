import BorelData

extension StreamState {
  /// One object; the fields are part of the command line's contract.
  ///
  /// - Parameter names: Of the quantiles, see `quantileName`.
  package func json(quantileNames names: [String]) -> JSONValue {
    .object([
      ("record", .integer(Int64(recordCount - 1))),
      ("logEvidence", .number(logEvidence)),
      ("logScore", .number(logScore)),
      ("ess", .number(effectiveSampleSize)),
      ("resampled", .bool(isResampled)),
      ("state", .object(variables.map { ($0.name, $0.json(names)) })),
      ("forecast", .object(forecasts.map { ($0.name, $0.json(names)) })),
    ])
  }

  /// `q5`, `q50`, `q97.5`.
  package static func quantileName(_ probability: Double) -> String {
    "q" + NumberText.short(probability * 100, digits: 6)
  }
}

extension StreamSummary {
  fileprivate func json(_ names: [String]) -> JSONValue {
    var fields: [(String, JSONValue)] = []
    if kind.isNumeric {
      fields = [("mean", JSONValue(mean)), ("sd", JSONValue(sd))]
      fields += zip(names, quantiles).map { ($0, .number($1)) }
    }
    if present < 1 { fields.append(("present", .number(present))) }
    if !probabilities.isEmpty {
      fields.append(
        (
          "probabilities",
          .object(probabilities.map { ($0.label, .number($0.probability)) })
        ))
    }
    return .object(fields)
  }
}

extension StreamForecast {
  fileprivate func json(_ names: [String]) -> JSONValue {
    var fields: [(String, JSONValue)] = [("mean", .number(mean)), ("sd", .number(sd))]
    fields += zip(names, quantiles).map { ($0, .number($1)) }
    fields += [("value", JSONValue(value)), ("pit", JSONValue(pit))]
    return .object(fields)
  }
}
