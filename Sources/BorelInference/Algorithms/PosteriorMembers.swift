import BorelBase
import BorelData
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// The members of posteriors in scripts: evidence, summaries, expectations.
struct PosteriorMembers {
  let engine: Engine
  let machine: Machine

  func call(
    _ name: String, arguments: [UInt64], texts: [String], results: [IRType], at span: Span
  ) throws -> [UInt64] {
    let box = BoxObject(bits: arguments.first ?? 0)
    guard let posterior = box.posterior else {
      throw Diagnostic("E0313", .runtime, "'\(name)' has no value to work on", at: span)
    }
    switch name {
    case "posterior.distribution": return [arguments[0]]
    case "posterior.logEvidence": return [box.fields[2]]
    case "posterior.effectiveSampleSize": return [posterior.essWeights.bitPattern]
    case "posterior.summary":
      let text = ResultTable(posterior).text(
        variables: posterior.variables, isComplete: false)
      return [UInt64(bitPattern: StringTable.shared.number(of: text))]
    case "posterior.mean":
      return [(try sample(posterior, texts, at: span)?.mean ?? .nan).bitPattern]
    case "posterior.sd":
      let sample = try sample(posterior, texts, at: span)
      let sd = sample?.standardDeviation(isExact: posterior.isExact)
      return [(sd ?? .nan).bitPattern]
    case "posterior.parameter":
      return [(try learned(posterior, texts, at: span).value).bitPattern]
    case "posterior.standardError":
      return [(try learned(posterior, texts, at: span).standardError ?? .nan).bitPattern]
    case "posterior.quantile":
      let probability = Double(bitPattern: arguments[2])
      guard probability >= 0, probability <= 1 else {
        throw Diagnostic(
          "E0316", .runtime, "a probability lies between 0 and 1, found \(probability)", at: span)
      }
      let variable = try variable(posterior, texts, at: span)
      let sample = WeightedSample(variable, weights: posterior.normalizedWeights)
      return [(sample.quantiles([probability]).first ?? .nan).bitPattern]
    case "posterior.draws":
      let variable = try variable(posterior, texts, at: span)
      return [machine.arena.makeArray(unweighted(posterior, variable)).object.bits]
    case "posterior.values":
      return [values(box, posterior)]
    case "posterior.expectation", "posterior.probability":
      return [
        try expectation(box, closure: arguments[1], isProbability: name.hasSuffix("y"))
          .bitPattern
      ]
    default:
      throw Diagnostic("E0317", .runtime, "the host has no function '\(name)'", at: span)
    }
  }

  private func variable(
    _ posterior: Posterior, _ texts: [String], at span: Span
  ) throws -> Variable {
    let name = texts.first ?? "result"
    if let variable = posterior.variable(name) { return variable }
    let names = posterior.variables.map(\.name)
    throw Diagnostic(
      "E0318", .runtime, "the posterior has no variable '\(name)'", at: span,
      hints: [
        didYouMean(name, among: names).map { "did you mean '\($0)'?" }
          ?? "it has \(names.prefix(8).joined(separator: ", "))"
      ])
  }

  private func learned(
    _ posterior: Posterior, _ texts: [String], at span: Span
  ) throws -> Learned.Parameter {
    let name = texts.first ?? ""
    let parameters = posterior.learned?.parameters ?? []
    if let parameter = parameters.first(where: { $0.name == name }) { return parameter }
    let names = parameters.map(\.name)
    throw Diagnostic(
      "E0318", .runtime, "nothing was learned under the name '\(name)'", at: span,
      hints: [
        didYouMean(name, among: names).map { "did you mean '\($0)'?" }
          ?? (names.isEmpty
            ? "parameters are learned by `learn(m(...), method)`"
            : "it has \(names.prefix(8).joined(separator: ", "))")
      ])
  }

  /// The weighted values of a numeric variable; nil when there are none.
  private func sample(
    _ posterior: Posterior, _ texts: [String], at span: Span
  ) throws -> WeightedSample? {
    let variable = try variable(posterior, texts, at: span)
    guard variable.kind.isNumeric else { return nil }
    let sample = WeightedSample(variable, weights: posterior.normalizedWeights)
    return sample.isEmpty ? nil : sample
  }

  /// As many unweighted draws as there are weighted ones, by systematic resampling.
  private func unweighted(_ posterior: Posterior, _ variable: Variable) -> [Double] {
    let weights = variable.probabilities ?? posterior.normalizedWeights
    return ancestors(weights).map { variable.values[Int($0)] }
  }

  private func ancestors(_ weights: [Double]) -> [Int32] {
    let count = weights.count
    if count == 0 { return [] }
    var stream = DriverStream(
      key: UInt64(engine.posteriorCount), kind: Int(BOREL_KEY_RESAMPLING), index: 0)
    var ancestors = [Int32](repeating: 0, count: count)
    Resampler.systematic.draw(
      weights, total: weights.reduce(0, +), count: count, into: &ancestors, using: &stream)
    return ancestors
  }

  private func values(_ box: BoxObject, _ posterior: Posterior) -> UInt64 {
    let draws = ArrayObject(bits: box.fields[0])
    let weights = normalized(ArrayObject(bits: box.fields[1]))
    let chosen = ancestors(weights)
    let width = draws.stride
    let array = machine.arena.makeArray(
      count: chosen.count, stride: width, pointerMask: draws.pointerMask)
    for (index, source) in chosen.enumerated() {
      for k in 0..<width {
        array.elements[index * width + k] = draws.elements[Int(source) * width + k]
      }
    }
    return array.object.bits
  }

  private func normalized(_ logWeights: ArrayObject) -> [Double] {
    let values = Array(logWeights.reals)
    let maximum = values.max() ?? 0
    let weights = values.map { borel_exp($0 - maximum) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// The posterior mean of a function of the result: one lane per draw.
  private func expectation(
    _ box: BoxObject, closure bits: UInt64, isProbability: Bool
  ) throws -> Double {
    let draws = ArrayObject(bits: box.fields[0])
    let weights = normalized(ArrayObject(bits: box.fields[1]))
    if draws.count == 0 { return .nan }
    let closure = BoxObject(bits: bits)
    let form = try engine.form([Weighted()])
    let host = InferenceHost(engine: engine)
    let inner = Machine(
      program: form.compiled, groupKeys: [0], lanesPerGroup: draws.count,
      options: engine.machineOptions(), host: host)
    inner.collectionThreshold = .max
    var columns = (0..<draws.stride).map { k in
      (0..<draws.count).map { draws.elements[$0 * draws.stride + k] }
    }
    for k in 0..<closure.fieldCount {
      columns.append([UInt64](repeating: closure.fields[k], count: draws.count))
    }
    inner.start(function: FunctionID(closure.tag), columns: columns)
    try inner.advance()
    let (results, _) = inner.results(width: 1)
    return zip(results[0], weights).reduce(0) { sum, pair in
      sum + pair.1 * (isProbability ? (pair.0 != 0 ? 1 : 0) : Double(bitPattern: pair.0))
    }
  }
}
