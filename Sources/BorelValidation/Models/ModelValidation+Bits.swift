import BorelBase
import BorelData
import BorelInference
import BorelRuntime

/// Laws about bits and random counters.
extension ModelValidation {
  /// The same seed gives the same bits, again and with other numbers of threads.
  func replay(_ first: Posterior) throws(Diagnostics) -> ValidationReport.Law {
    for threads in [request.threads, 1, 2] {
      var again = request
      again.threads = threads
      let posterior = try infer(again)
      if let difference = Self.difference(first, posterior) {
        return .init(
          "replay", .violated, "\(difference) differs with \(threads) threads", seed: request.seed)
      }
    }
    return .init("replay", .holds, "the same bits again, with 1 and with 2 threads")
  }

  /// What differs between two results; nil when they have the same bits.
  private static func difference(_ a: Posterior, _ b: Posterior) -> String? {
    func bits(_ values: [Double]) -> [UInt64] { values.map(\.bitPattern) }
    if a.evidence?.logValue.bitPattern != b.evidence?.logValue.bitPattern { return "the evidence" }
    if bits(a.logWeights) != bits(b.logWeights) { return "a weight" }
    if a.variables.map(\.name) != b.variables.map(\.name) { return "the list of variables" }
    for (first, second) in zip(a.variables, b.variables) {
      // Entries of draws without the variable mean nothing.
      func shown(_ variable: Variable) -> [UInt64] {
        guard let present = variable.present else { return bits(variable.values) }
        return zip(variable.values, present).map { $1 ? $0.bitPattern : 0 }
      }
      if shown(first) != shown(second) || first.present != second.present {
        return "'\(first.name)'"
      }
    }
    return nil
  }

  /// No random counter of the program's draws is used twice.
  func counters() throws(Diagnostics) -> ValidationReport.Law {
    let log = CounterLog()
    var logged = request
    logged.probe.counterLog = log
    logged.threads = 1
    // The law is about how lanes are addressed; a few hundred of them show it.
    for (option, setting) in request.method.options {
      guard case .int(let count) = setting, option == "particles" || option == "draws" else {
        continue
      }
      logged.method.options[option] = .int(min(count, 200))
    }
    _ = try replicate(logged, seed: request.seed)
    if let counter = log.repeated.first {
      return .init(
        "counters", .violated,
        "\(log.repeated.count) random counters are used twice, the first one by lane "
          + "\(counter.lane) for draw \(counter.draw)", seed: request.seed)
    }
    if log.count == 0 {
      return .init("counters", .notApplicable, "the run draws nothing at random")
    }
    return .init("counters", .holds, "\(log.count) random counters, none used twice")
  }

  /// With two particles or one chain, and finite choices: the expected output equals the exact
  /// measure.
  func measure() throws(Diagnostics) -> ValidationReport.Law {
    let exact: ExactSemantics
    do {
      exact = try ExactSemantics(
        request.program, model: request.model, arguments: request.arguments, limit: 2_000)
    } catch let failure as ScalarFailure {
      return .init("measure", .notApplicable, failure.reason)
    } catch {
      return .init("measure", .notApplicable, "\(error)")
    }
    // A chain must have a state of positive weight, and draws again until it has one.
    if exact.hasDeadPaths, request.method.options["chains"] != nil {
      return .init("measure", .notApplicable, "chains cannot start in executions of weight zero")
    }
    var small = request
    let fewest = [
      "particles": 2, "groups": 1, "chains": 1, "draws": 1, "warmup": 0, "burnIn": 1, "thin": 1,
      // Powers that are fixed: found ones depend on the particles.
      "stages": 2, "steps": 1, "inner": 1,
    ]
    for (option, count) in fewest where request.method.options[option] != nil {
      small.method.options[option] = .int(count)
    }
    // Filters move at every step or never: where the weights decide, evidence is consistent only.
    if guarantee == .consistent {
      for (option, value) in [("threshold", 1.0), ("exchange", 0)]
      where small.method.options[option] != nil { small.method.options[option] = .real(value) }
    }
    let found: Measure?
    do {
      found = try Measure.ofAlgorithm(small, limit: 20_000)
    } catch let list as Diagnostics {
      throw list
    } catch {
      return .init("measure", .notApplicable, "\(error)")
    }
    guard let found else {
      return .init(
        "measure", .notApplicable,
        "\(small.method.text) has more than 20000 ways to go, draws that are not finite, or no weights"
      )
    }
    let name = small.method.text
    if let difference = found.difference(from: exact.measure, includesJoint: guarantee != .exact) {
      return .init("measure", .violated, "\(name) against exact semantics: \(difference)")
    }
    return .init(
      "measure", .holds,
      "\(name) equals the exact measure of \(exact.pathCount) executions within 1e-12")
  }
}

extension ScalarFailure {
  /// Why there are no exact semantics.
  var reason: String {
    switch self {
    case .unsupported(let what, _): "no exact semantics: \(what)"
    case .program(let what, _): "no exact semantics: \(what)"
    case .limit(let what): "no exact semantics: \(what)"
    }
  }
}
