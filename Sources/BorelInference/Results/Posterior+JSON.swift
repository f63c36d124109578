import BorelBase
import BorelData

extension Posterior {
  /// The result as one JSON object; the fields are part of the command line's contract.
  ///
  /// - Parameters:
  ///   - variables: Those to show.
  ///   - diagnosticText: How warnings are shown, with their positions.
  package func json(
    variables: [Variable], diagnosticText: (Diagnostic) -> JSONValue
  ) -> JSONValue {
    .object([
      ("model", .string(model)),
      ("method", .string(method)),
      ("seed", .seed(seed)),
      ("draws", .integer(Int64(drawCount))),
      ("exact", .bool(isExact && truncation == nil)),
      ("leftOut", .number(truncation?.leftOut ?? 0)),
      ("essWeights", .number(essWeights)),
      ("logEvidence", evidence.map(\.json) ?? .null),
      ("variables", .object(summaries(of: variables).map { ($0.name, $0.json) })),
      ("tallies", .object(tallies.map { ($0.name, $0.json) })),
      ("observations", .array(observations.map(\.json))),
      ("diagnostics", .array(diagnostics.map(diagnosticText))),
      (
        "timing",
        .object([
          ("seconds", .number(timing.seconds)),
          ("processorSeconds", JSONValue(timing.processorSeconds)),
        ])
      ),
      ("manifest", manifest.json),
    ])
  }
}

extension Evidence {
  fileprivate var json: JSONValue {
    var fields: [(String, JSONValue)] = [
      ("value", .number(logValue)), ("standardError", JSONValue(standardError)),
    ]
    if let reason { fields.append(("reason", .string(reason))) }
    return .object(fields)
  }
}

extension Tally {
  fileprivate var json: JSONValue {
    .object([("value", .number(value)), ("standardError", JSONValue(standardError))])
  }
}

extension ObservationShare {
  fileprivate var json: JSONValue {
    .object([
      ("name", .string(name)),
      ("logEvidence", .number(logEvidence)),
      ("essDrop", .number(essDrop)),
      ("lanesKilled", .integer(Int64(lanesKilled))),
      ("executions", .integer(Int64(executions))),
    ])
  }
}

extension Manifest {
  fileprivate var json: JSONValue {
    .object([
      ("version", .string(version)),
      ("seed", .seed(seed)),
      ("method", .string(method)),
      ("dataHash", .string(String(dataHash, radix: 16))),
      ("instructionSet", .string(instructionSet)),
      ("threads", .integer(Int64(threadCount))),
    ])
  }
}

extension Summary {
  fileprivate var json: JSONValue {
    var fields: [(String, JSONValue)] = [
      ("mean", JSONValue(mean)),
      ("sd", JSONValue(sd)),
      ("mcse", JSONValue(mcse)),
      ("q5", JSONValue(q5)),
      ("q50", JSONValue(q50)),
      ("q95", JSONValue(q95)),
      ("essBulk", JSONValue(convergence?.essBulk)),
      ("essTail", JSONValue(convergence?.essTail)),
      ("rHat", JSONValue(convergence?.rHat)),
      ("present", .number(present)),
    ]
    if !probabilities.isEmpty {
      fields.append(
        ("probabilities", .object(probabilities.map { ($0.label, .number($0.probability)) })))
      fields.append(
        (
          "probabilityErrors",
          .object(probabilities.map { ($0.label, JSONValue($0.standardError)) })
        ))
    }
    return .object(fields)
  }
}

extension JSONValue {
  /// A seed: a number where JSON readers keep it, otherwise a string.
  fileprivate static func seed(_ seed: UInt64) -> JSONValue {
    seed < 1 << 53 ? .integer(Int64(seed)) : .string(String(seed))
  }
}
