import BorelBase
import BorelData
import BorelInference
import Foundation

/// Laws about the evidence and expectations.
extension ModelValidation {
  /// Runs whose evidence varies more than this (variance over squared mean) tell too little about
  /// its mean.
  private static var worstVariation: Double { 4 }

  /// The evidence is unbiased, and expectations agree with the reference.
  ///
  /// For methods with unbiased evidence the evidence estimate times the error of an expectation has
  /// mean zero for any number of particles, so nothing is owed to large numbers. Other methods'
  /// expectations are compared as they are.
  func moments() throws(Diagnostics) -> [ValidationReport.Law] {
    let reference: Reference
    switch try self.reference() {
    case .success(let found): reference = found
    case .failure(let none):
      return ["evidence", "expectations"].map { .init($0, .inconclusive, none.reason) }
    }
    let alpha = options.alpha / 4
    var evidence = ValidationReport.Law(
      "evidence", .notApplicable, "'\(request.method.name)' promises no unbiased evidence")
    if guarantee == .unbiased || guarantee == .exact {
      evidence = try test(
        "evidence", [Functional(variable: "", form: .evidence)], reference, alpha)
    }
    if reference.functionals.isEmpty {
      return [evidence, .init("expectations", .notApplicable, "the model reports nothing")]
    }
    return [evidence, try test("expectations", reference.functionals, reference, alpha)]
  }

  private func test(
    _ name: String, _ functionals: [Functional], _ reference: Reference, _ alpha: Double
  ) throws(Diagnostics) -> ValidationReport.Law {
    // An exact method gives the same numbers in all runs.
    let isExact = guarantee == .exact
    var smallest = 1.0
    var runs = 0
    var seeds: [UInt64] = []
    var columns: [[Double]] = []
    var isTooNoisy = false
    var failure: Diagnostics?
    let test = SequentialTest(alpha: alpha, stages: isExact ? 1 : 4)
    let verdict = test.run(count: isExact ? 2 : options.replicates) { count, stage in
      guard failure == nil else { return [] }
      seeds = (0..<count).map { seed(name, stage, $0) }
      switch Result(catching: { () throws(Diagnostics) in
        try columnsOfRuns(seeds, functionals, reference)
      }) {
      case .success(let found): columns = found
      case .failure(let error):
        failure = error
        return []
      }
      runs += count
      if guarantee == .unbiased, Self.isNoisy(columns[0]) {
        isTooNoisy = true
        return []
      }
      let values = pValues(Array(columns.dropFirst()), functionals, reference)
      smallest = min(1, (values.min() ?? 1) * Double(values.count))
      return values
    }
    if let failure { throw failure }
    if isTooNoisy {
      return .init(
        name, .inconclusive,
        "the evidence varies too much from run to run; use more particles")
    }
    let p = NumberText.short(smallest, digits: 2)
    switch verdict {
    case .accepted:
      return .init(
        name, .holds, "\(runs) runs against \(reference.description), p = \(p)",
        pValue: smallest, alpha: alpha)
    case .rejected(_, _, let index):
      return .init(
        name, .violated,
        "\(functionals[index].text): \(seeds.count) runs against \(reference.description), p = \(p)",
        pValue: smallest, alpha: alpha, seed: mostDeviant(columns[index + 1], seeds))
    }
  }

  /// First the evidence ratios of some runs, then one column per functional.
  private func columnsOfRuns(
    _ seeds: [UInt64], _ functionals: [Functional], _ reference: Reference
  ) throws(Diagnostics) -> [[Double]] {
    var columns = [[Double]](repeating: [], count: functionals.count + 1)
    for seed in seeds {
      let posterior = try replicate(request, seed: seed)
      let ratio =
        posterior?.evidence.map { exp($0.logValue - reference.logEvidence) }
        ?? (posterior == nil ? 0 : 1)
      columns[0].append(ratio)
      let weights = posterior?.normalizedWeights ?? []
      for (index, functional) in functionals.enumerated() {
        if case .evidence = functional.form {
          columns[index + 1].append(ratio)
          continue
        }
        let expected = reference.expectations[index].value
        let found = posterior.map { functional.expectation($0, weights).value } ?? expected
        columns[index + 1].append(
          guarantee == .unbiased ? ratio * (found - expected) : found - expected)
      }
    }
    return columns
  }

  private func pValues(
    _ columns: [[Double]], _ functionals: [Functional], _ reference: Reference
  ) -> [Double] {
    functionals.indices.map { index in
      if case .evidence = functionals[index].form {
        return PValue.mean(
          of: columns[index], is: 1, standardError: reference.evidenceError)
      }
      return PValue.mean(
        of: columns[index], is: 0, standardError: reference.expectations[index].error)
    }
  }

  private static func isNoisy(_ ratios: [Double]) -> Bool {
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    guard mean > 0, mean.isFinite else { return true }
    let variance = ratios.reduce(0) { $0 + ($1 / mean - 1) * ($1 / mean - 1) }
    return variance / Double(ratios.count) > worstVariation
  }

  /// The run that is furthest from the others' mean.
  private func mostDeviant(_ values: [Double], _ seeds: [UInt64]) -> UInt64? {
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    return zip(values, seeds).max { abs($0.0 - mean) < abs($1.0 - mean) }?.1
  }
}
