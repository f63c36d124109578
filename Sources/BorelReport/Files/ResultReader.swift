import BorelBase
import BorelData
import BorelInference

/// Reads results from files: Borel's JSON, CmdStan CSV and CSV with a column of weights.
package enum ResultReader {
  /// The result in a file.
  ///
  /// - Throws: E0401 to E0405 for text that is neither JSON nor a table, E0430 for a file of another
  ///   kind, E0431 for a part that is missing or wrong.
  package static func read(_ file: SourceFile) throws(Diagnostics) -> ResultDocument {
    let start = file.utf8.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard start == UInt8(ascii: "{") else { return try CmdStanReader.read(file) }
    let root = ResultNode(try JSONReader.document(file, fileIndex: 0), "")
    do {
      return try ResultJSONReader(root: root, file: file).document()
    } catch {
      throw Diagnostics([error])
    }
  }
}

/// Makes a result again from the object that `ResultJSON` writes.
private struct ResultJSONReader {
  let root: ResultNode
  let file: SourceFile

  func document() throws(Diagnostic) -> ResultDocument {
    guard let format = try? root.optional("format")?.string(), format == ResultJSON.formatName
    else {
      throw Diagnostic(
        "E0430", .data, "'\(file.name)' is not a result of Borel", at: .none,
        hints: ["`borel run ... -o FILE.json` writes one; `--json` only prints the summary"])
    }
    let version = try root["version"].integer()
    guard version == ResultJSON.version else {
      throw Diagnostic(
        "E0430", .data,
        "'\(file.name)' has version \(version) of the format, expected \(ResultJSON.version)",
        at: .none, hints: ["read it with the version of Borel that wrote it"])
    }
    let summary = try root["summary"]
    let drawCount = try summary["draws"].integer()
    var posterior = Posterior(
      model: try summary["model"].string(), method: try summary["method"].string(),
      seed: try seed(summary["seed"]), variables: [], drawCount: drawCount,
      manifest: try manifest(summary["manifest"], seed: try seed(summary["seed"])))
    posterior.isExact = try summary["exact"].bool()
    let weights = try root["logWeights"]
    if !weights.isNull {
      posterior.logWeights = try weights.numbers()
      try weights.checkCount(posterior.logWeights.count, drawCount)
    }
    posterior.dependence = try dependence(root["dependence"], drawCount)
    posterior.evidence = try evidence(summary["logEvidence"])
    for (name, node) in try summary["tallies"].fields() {
      posterior.tallies.append(
        Tally(
          name: name, value: try node["value"].number(),
          standardError: try node["standardError"].optionalNumber()))
    }
    posterior.timing = Timing(
      seconds: try summary["timing"]["seconds"].number(),
      processorSeconds: try summary["timing"]["processorSeconds"].optionalNumber())
    posterior.variables = try variables(drawCount)
    let places = try root["places"]
    posterior.observations = try observations(summary["observations"], places)
    posterior.steps = try steps(root["steps"], count: posterior.observations.count)
    posterior.moves = try moves(summary["moves"], places)
    posterior.diagnostics = try diagnostics(summary["diagnostics"], places)
    return ResultDocument(posterior, program: try program(), data: try data())
  }

  private func seed(_ node: ResultNode) throws(Diagnostic) -> UInt64 {
    if case .string(let text) = node.node.content, let seed = UInt64(text) { return seed }
    return UInt64(try node.integer().magnitude)
  }

  private func manifest(_ node: ResultNode, seed: UInt64) throws(Diagnostic) -> Manifest {
    Manifest(
      version: try node["version"].string(), seed: seed, method: try node["method"].string(),
      dataHash: UInt64(try node["dataHash"].string(), radix: 16) ?? 0,
      instructionSet: try node["instructionSet"].string(),
      threadCount: try node["threads"].integer())
  }

  private func evidence(_ node: ResultNode) throws(Diagnostic) -> Evidence? {
    if node.isNull { return nil }
    return Evidence(
      logValue: try node["value"].number(),
      standardError: try node["standardError"].optionalNumber(),
      reason: try node.optional("reason")?.string())
  }

  private func dependence(
    _ node: ResultNode, _ drawCount: Int
  ) throws(Diagnostic) -> Posterior.Dependence {
    let kind = try node["kind"].string()
    func numbers() throws(Diagnostic) -> [Int32] {
      let elements = try node["numbers"].elements()
      try node["numbers"].checkCount(elements.count, drawCount)
      var numbers: [Int32] = []
      for element in elements { numbers.append(try element.index()) }
      // They are lanes or groups: larger ones would only waste memory.
      guard numbers.allSatisfy({ $0 < max(drawCount, 1) }) else {
        throw Diagnostic(
          "E0431", .data, "numbers of \(kind) must be below the number of draws, \(drawCount)",
          at: node.node.span)
      }
      return numbers
    }
    switch kind {
    case "independent": return .independent
    case "lineages": return .lineages(try numbers())
    case "groups": return .groups(try numbers())
    case "chains":
      let count = try node["count"].integer()
      guard count > 0, drawCount % count == 0 else {
        throw Diagnostic(
          "E0431", .data, "\(drawCount) draws are not \(count) chains of equal length",
          at: node.node.span)
      }
      return .chains(count: count)
    default:
      throw Diagnostic(
        "E0431", .data,
        "'dependence.kind' must be independent, lineages, groups or chains, found "
          + "'\(kind)'", at: node.node.span)
    }
  }

  // MARK: Draws

  private func variables(_ drawCount: Int) throws(Diagnostic) -> [Variable] {
    let kinds = try root["kinds"].fields()
    let columns = try root["draws"].fields()
    var variables: [Variable] = []
    for (index, (name, column)) in columns.enumerated() {
      guard index < kinds.count, kinds[index].name == name else {
        throw Diagnostic("E0431", .data, "'kinds' has no '\(name)'", at: column.node.span)
      }
      let kind = try kind(kinds[index].node)
      if case .object = column.node.content {
        let values = try column["values"].elements()
        var variable = try self.variable(name, kind, values)
        let probabilities = try column["probabilities"].numbers()
        try column.checkCount(probabilities.count, values.count)
        variable.probabilities = probabilities
        variables.append(variable)
      } else {
        let values = try column.elements()
        try column.checkCount(values.count, drawCount)
        variables.append(try variable(name, kind, values))
      }
    }
    return variables
  }

  private func kind(_ node: ResultNode) throws(Diagnostic) -> Variable.Kind {
    if case .string(let name) = node.node.content {
      switch name {
      case "real": return .real
      case "int": return .int
      case "bool": return .bool
      default: break
      }
    } else if let names = try node.optional("enumeration") {
      return .enumeration(try names.strings())
    } else if let texts = try node.optional("text") {
      return .text(try texts.strings())
    }
    throw Diagnostic(
      "E0431", .data, "the kind of '\(node.name)' must be real, int, bool, enumeration or text",
      at: node.node.span)
  }

  private func variable(
    _ name: String, _ kind: Variable.Kind, _ nodes: [ResultNode]
  ) throws(Diagnostic) -> Variable {
    var values = [Double](repeating: 0, count: nodes.count)
    var present = [Bool](repeating: true, count: nodes.count)
    var isComplete = true
    var labels: [String: Double] = [:]
    switch kind {
    case .enumeration(let names), .text(let names):
      for (index, name) in names.enumerated() { labels[name] = Double(index) }
    default: break
    }
    for (index, node) in nodes.enumerated() {
      if node.isNull {
        present[index] = false
        isComplete = false
        continue
      }
      switch kind {
      case .real, .int: values[index] = try node.number()
      case .bool: values[index] = try node.bool() ? 1 : 0
      case .enumeration, .text:
        let text = try node.string()
        guard let number = labels[text] else {
          throw Diagnostic(
            "E0431", .data, "'\(text)' is not one of the values of '\(name)'", at: node.node.span)
        }
        values[index] = number
      }
    }
    return Variable(name: name, kind: kind, values: values, present: isComplete ? nil : present)
  }

  // MARK: Places

  private func span(
    _ list: String, _ index: Int, in places: ResultNode
  ) throws(Diagnostic) -> Span {
    let ranges = try places[list].elements()
    guard index < ranges.count, !ranges[index].isNull else { return .none }
    let ends = try ranges[index].elements()
    guard ends.count == 2 else {
      throw Diagnostic("E0431", .data, "a place has two ends", at: ranges[index].node.span)
    }
    return Span(start: try ends[0].integer(), end: try ends[1].integer())
  }

  private func observations(
    _ node: ResultNode, _ places: ResultNode
  ) throws(Diagnostic) -> [ObservationShare] {
    let values = try places["killingValues"].elements()
    var shares: [ObservationShare] = []
    for (index, entry) in try node.elements().enumerated() {
      var share = ObservationShare(
        span: try span("observations", index, in: places), name: try entry["name"].string(),
        logEvidence: try entry["logEvidence"].number(), essDrop: try entry["essDrop"].number(),
        lanesKilled: try entry["lanesKilled"].integer(),
        executions: try entry["executions"].integer())
      if index < values.count, !values[index].isNull {
        share.killingValue = try values[index].string()
      }
      shares.append(share)
    }
    return shares
  }

  private func steps(_ node: ResultNode, count: Int) throws(Diagnostic) -> [WeightStep] {
    let observation = try node["observation"].elements()
    let logEvidence = try node["logEvidence"].numbers()
    let essShare = try node["essShare"].numbers()
    let essShareBefore = try node["essShareBefore"].numbers()
    let killed = try node["lanesKilled"].elements()
    let resampled = try node["resampled"].elements()
    for length in [
      logEvidence.count, essShare.count, essShareBefore.count, killed.count, resampled.count,
    ] { try node.checkCount(length, observation.count) }
    var steps: [WeightStep] = []
    for index in observation.indices {
      var number: Int?
      if !observation[index].isNull {
        number = Int(try observation[index].index())
        guard number ?? 0 < count else {
          throw Diagnostic(
            "E0431", .data, "there is no such observation", at: observation[index].node.span)
        }
      }
      steps.append(
        WeightStep(
          observation: number, logEvidence: logEvidence[index], essShare: essShare[index],
          essShareBefore: essShareBefore[index], lanesKilled: try killed[index].integer(),
          isResampled: try resampled[index].bool()))
    }
    return steps
  }

  private func moves(
    _ node: ResultNode, _ places: ResultNode
  ) throws(Diagnostic) -> [MoveShare] {
    var moves: [MoveShare] = []
    for (index, entry) in try node.elements().enumerated() {
      let name = try entry["name"]
      moves.append(
        MoveShare(
          span: try span("moves", index, in: places), name: name.isNull ? nil : try name.string(),
          kernel: try entry["kernel"].string(), proposals: try entry["proposals"].integer(),
          accepted: try entry["accepted"].integer(), failed: try entry["failed"].integer(),
          chainCount: try entry["chains"].integer(),
          chainsThatNeverMoved: try entry["chainsThatNeverMoved"].integer()))
    }
    return moves
  }

  private func diagnostics(
    _ node: ResultNode, _ places: ResultNode
  ) throws(Diagnostic) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for (index, entry) in try node.elements().enumerated() {
      diagnostics.append(
        Diagnostic(
          try entry["code"].string(), .inference, try entry["message"].string(),
          at: try span("diagnostics", index, in: places),
          severity: Diagnostic.Severity(rawValue: try entry["severity"].string()) ?? .warning,
          hints: try entry["hints"].strings()))
    }
    return diagnostics
  }

  private func program() throws(Diagnostic) -> SourceFile? {
    let node = try root["program"]
    if node.isNull { return nil }
    return SourceFile(name: try node["name"].string(), text: try node["text"].string())
  }

  private func data() throws(Diagnostic) -> [(name: String, value: JSONValue)] {
    try root["data"].fields().map { ($0.name, $0.node.node.json) }
  }
}
