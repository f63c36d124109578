import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelPrimitives

/// Where an instruction stands.
struct Place {
  var function: Int
  var block: Int
  /// -1 for the terminator.
  var instruction: Int
}

extension Machine {
  func span(_ place: Place) -> Span {
    let spans = program.functions[place.function].spans[place.block]
    if place.instruction < 0 || place.instruction >= spans.count { return spans.last ?? .none }
    return spans[place.instruction]
  }

  /// Keeps a failure when its lane is the smallest so far in this generation.
  func note(lane: Int, _ diagnostic: Diagnostic) {
    if let failure, failure.lane <= lane { return }
    failure = LaneFailure(lane: lane, diagnostic: diagnostic)
  }

  /// Explains the failure of a row in the record that has just been run.
  func explain(_ strand: Strand, _ failure: RowFailure) {
    let operation = trace.operations[failure.operation]
    let place = Place(
      function: Int(operation.function), block: Int(operation.block),
      instruction: Int(operation.instruction))
    var diagnostic =
      failure.problem.map { Diagnostic("E0320", .runtime, $0, at: span(place)) }
      ?? diagnose(
        kind: operation.kind, payload: operation.payload, operands: failure.operands, at: place)
    let replay = RowReplay(machine: self, strand: strand, row: failure.row)
    if let source = replay.originOfNaN(in: failure.operation) {
      diagnostic.labels.append(
        Diagnostic.Label(span(source), "this expression made the first NaN"))
    }
    let lane = laneNumber(strand, row: failure.row)
    if diagnostic.code == "E0301", diagnostic.labels.isEmpty {
      diagnostic.hints.append(
        "put a `require` before it that keeps the parameter inside, or draw what it is computed "
          + "from a distribution that does")
    }
    if laneCount > 1 { diagnostic.hints.append("found in lane \(lane) of \(laneCount)") }
    note(lane: lane, diagnostic)
  }

  /// The diagnostic for an operation that failed with these operands.
  func diagnose(
    kind: OperationKind, payload: Int, operands: [UInt64], at place: Place
  ) -> Diagnostic {
    let span = span(place)
    switch kind {
    case .kernel, .column:
      let operation = program.operations[payload]
      return operation.failure.diagnostic(operation.name, operands, at: span)
    case .sample, .score:
      let use = program.uses[payload]
      return diagnoseDistribution(use, operands, at: span)
    case .factor:
      return Diagnostic(
        "E0311", .runtime, "log-weight of 'factor' is NaN", at: span,
        hints: ["a log-weight is a number or -infinity; 0 * log(0) and log of a negative are NaN"])
    case .fail:
      let detail = operands.first.map { StringTable.shared[Int64(bitPattern: $0)] } ?? ""
      return Diagnostic("E0312", .runtime, program.effects[payload].text + detail, at: span)
    default:
      return Diagnostic("E0313", .runtime, "the operation failed", at: span)
    }
  }

  private func diagnoseDistribution(
    _ use: DistributionUse, _ operands: [UInt64], at span: Span
  ) -> Diagnostic {
    guard let type = use.type else {
      return Diagnostic(
        "E0313", .runtime, "the distribution could not be made in this lane", at: span)
    }
    return operands.withUnsafeBufferPointer { words in
      let views = (0..<use.parameterCount).map {
        ColumnOperand(base: words.baseAddress.unsafelyUnwrapped + $0, stride: 0)
      }
      return views.withUnsafeBufferPointer { views in
        let start = views.baseAddress.unsafelyUnwrapped
        if let violation = type.firstViolation(count: 1, parameters: start) {
          return outsideDomain(type, violation, start, of: use, at: span)
        }
        if let text = use.hostProblem(operands) {
          return Diagnostic("E0320", .runtime, text, at: span)
        }
        return Diagnostic(
          "E0310", .runtime,
          "log-density of '\(use.name ?? "")' is NaN: the value scored is NaN", at: span)
      }
    }
  }

  func outsideDomain(
    _ type: any Family.Type, _ violation: ParameterViolation,
    _ parameters: UnsafePointer<ColumnOperand>, of use: DistributionUse, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0301", .runtime,
      type.message(
        for: violation, parameters: parameters,
        parametrisation: program.source.writtenForms[use.site.number] ?? 0), at: span)
  }

  func notFinite(_ family: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0501", .inference,
      "'enumerate' needs finite choices, and '\(family)' has none", at: span,
      hints: ["use 'smc(...)' or 'importance(...)', or a discrete distribution here"])
  }
}

extension FailureText {
  func diagnostic(_ operation: String, _ operands: [UInt64], at span: Span) -> Diagnostic {
    func int(_ k: Int) -> Int64 { k < operands.count ? Int64(bitPattern: operands[k]) : 0 }
    func count(_ k: Int) -> Int { k < operands.count ? ArrayObject(bits: operands[k]).count : 0 }
    switch self {
    case .indexOutOfRange, .primitive(.indexOutOfRange):
      return Diagnostic(
        "E0302", .runtime,
        "index \(int(1)) is out of range: the array has \(count(0)) elements", at: span,
        hints: ["indices start at 0"])
    case .rangeOutOfBounds:
      return Diagnostic(
        "E0303", .runtime,
        "range \(int(1))..<\(int(2)) is out of bounds: the array has \(count(0)) elements", at: span
      )
    case .negativeCount:
      return Diagnostic(
        "E0304", .runtime, "an array cannot have \(int(0)) elements", at: span)
    case .primitive(.integerOverflow):
      return Diagnostic(
        "E0305", .runtime,
        "integer overflow in '\(operation)' of "
          + operands.indices.map { "\(int($0))" }.joined(separator: " and "), at: span,
        hints: ["Int has 64 bits; use Real for larger numbers"])
    case .primitive(.divisionByZero):
      return Diagnostic("E0306", .runtime, "division of \(int(0)) by zero", at: span)
    case .primitive(.notRepresentable):
      let value = operands.first.map { Double(bitPattern: $0) } ?? .nan
      return Diagnostic("E0307", .runtime, "\(value) cannot be converted to Int", at: span)
    case .primitive(.notANumber):
      return Diagnostic(
        "E0319", .runtime, "the text \"\(StringTable.shared[int(0)])\" is not a number", at: span)
    case .primitive(.notPositiveDefinite):
      return Diagnostic("E0308", .runtime, "the matrix is not positive definite", at: span)
    case .primitive(.emptyArray):
      return Diagnostic("E0309", .runtime, "'\(operation)' of an empty array", at: span)
    case .primitive(.sizeMismatch(let text)), .primitive(.domain(let text)):
      return Diagnostic("E0314", .runtime, "'\(operation)': \(text)", at: span)
    case .distributionParameters(let family):
      let type = FamilyRegistry.family(at: family)
      return operands.withUnsafeBufferPointer { words in
        let views = words.indices.map {
          ColumnOperand(base: words.baseAddress.unsafelyUnwrapped + $0, stride: 0)
        }
        return views.withUnsafeBufferPointer { views in
          guard let start = views.baseAddress,
            let violation = type.firstViolation(count: 1, parameters: start)
          else {
            return Diagnostic(
              "E0301", .runtime, "bad parameters of '\(type.signature.name)'", at: span)
          }
          return Diagnostic(
            "E0301", .runtime, type.message(for: violation, parameters: start), at: span)
        }
      }
    case .host(let explain):
      return Diagnostic("E0320", .runtime, explain(operands), at: span)
    case .missingObject, .primitive(.never), .primitive(.host):
      return Diagnostic("E0313", .runtime, "'\(operation)' has no value to work on", at: span)
    }
  }
}
