import BorelBase
import BorelData

extension Posterior {
  /// The result as one JSON object; the fields are part of the command line's contract.
  ///
  /// - Parameters:
  ///   - variables: Those to show.
  ///   - sources: The texts that places are in.
  package func json(variables: [Variable], in sources: SourceMap) -> JSONValue {
    var fields: [(String, JSONValue)] = [
      ("model", .string(model)),
      ("method", .string(method)),
      ("seed", .seed(seed)),
      ("draws", .integer(Int64(drawCount))),
      ("exact", .bool(isExact && truncation == nil)),
      ("leftOut", .number(truncation?.leftOut ?? 0)),
      ("essWeights", .number(essWeights)),
      ("logEvidence", evidence.map(\.json) ?? .null),
      (
        "variables",
        .object(
          zip(summaries(of: variables), variables).map { summary, variable in
            (summary.name, summary.json(errors(of: summary, variable)))
          })
      ),
      ("tallies", .object(tallies.map { ($0.name, $0.json) })),
      ("observations", .array(observations.indices.map { observation($0, in: sources) })),
      ("moves", .array(moves.map { $0.json(in: sources) })),
      ("diagnostics", .array(diagnostics.map { $0.json(in: sources) })),
      (
        "timing",
        .object([
          ("seconds", .number(timing.seconds)),
          ("processorSeconds", JSONValue(timing.processorSeconds)),
        ])
      ),
      ("manifest", manifest.json),
    ]
    if let learned { fields.append(("learn", learned.json)) }
    if let family { fields.append(("family", family.json)) }
    return .object(fields)
  }
}

extension FittedFamily {
  fileprivate var json: JSONValue {
    let size = coordinates.count
    return .object([
      ("rank", .string(isFullRank ? "full" : "mean field")),
      ("steps", .integer(Int64(steps))),
      (
        "parameters",
        .object(
          coordinates.map {
            (
              $0.name,
              .object([
                ("scale", .string($0.scale.rawValue)), ("mean", .number($0.mean)),
                ("sd", .number($0.sd)),
              ])
            )
          })
      ),
      (
        "correlations",
        .array(
          (0..<size).map { row in
            .array((0..<size).map { .number(correlations[row * size + $0]) })
          })
      ),
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

extension Learned {
  fileprivate var json: JSONValue {
    let parameters = parameters.map { parameter -> (String, JSONValue) in
      var fields: [(String, JSONValue)] = [
        ("value", .number(parameter.value)),
        ("standardError", JSONValue(parameter.standardError)),
        ("monteCarloError", JSONValue(parameter.monteCarloError)),
        ("trajectory", .array(parameter.trajectory.map { .number($0) })),
      ]
      if let reason = parameter.reason { fields.append(("reason", .string(reason))) }
      return (parameter.name, .object(fields))
    }
    return .object([
      ("method", .string(method)),
      ("steps", .integer(Int64(steps))),
      ("converged", .bool(isConverged)),
      ("parameters", .object(parameters)),
      ("logEvidence", .array(logEvidence.map { .number($0) })),
    ])
  }
}

extension Tally {
  fileprivate var json: JSONValue {
    .object([("value", .number(value)), ("standardError", JSONValue(standardError))])
  }
}

extension Posterior {
  /// Executions of a line that `--json` lists.
  private static let worstCount = 5

  private func observation(_ index: Int, in sources: SourceMap) -> JSONValue {
    let share = observations[index]
    let worst = worstExecutions(of: index, count: Self.worstCount)
    return .object(
      [("name", .string(share.name))] + share.span.jsonPlace(in: sources) + [
        ("logEvidence", .number(share.logEvidence)),
        ("essDrop", .number(share.essDrop)),
        ("lanesKilled", .integer(Int64(share.lanesKilled))),
        ("executions", .integer(Int64(share.executions))),
        (
          "worst",
          .array(
            worst.map {
              .object([
                ("execution", .integer(Int64($0.index))),
                ("logEvidence", .number($0.step.logEvidence)),
                ("essDrop", .number($0.step.essDrop)),
              ])
            })
        ),
      ])
  }
}

extension MoveShare {
  package func json(in sources: SourceMap) -> JSONValue {
    .object(
      [("name", name.map { .string($0) } ?? .null)] + span.jsonPlace(in: sources) + [
        ("kernel", .string(kernel)), ("proposals", .integer(Int64(proposals))),
        ("accepted", .integer(Int64(accepted))), ("failed", .integer(Int64(failed))),
        ("chains", .integer(Int64(chainCount))),
        ("chainsThatNeverMoved", .integer(Int64(chainsThatNeverMoved))),
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
  fileprivate func json(_ errors: Errors) -> JSONValue {
    var fields: [(String, JSONValue)] = [
      ("mean", JSONValue(mean)),
      ("sd", JSONValue(sd)),
      ("mcse", JSONValue(mcse)),
      ("q5", JSONValue(q5)),
      ("q50", JSONValue(q50)),
      ("q95", JSONValue(q95)),
      ("mcseSd", JSONValue(errors.sd)),
      ("mcseQ5", JSONValue(errors.q5)),
      ("mcseQ50", JSONValue(errors.q50)),
      ("mcseQ95", JSONValue(errors.q95)),
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
