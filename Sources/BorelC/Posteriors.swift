// The functions have the names of the header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Borel
import BorelBase
import CBorel

private func fit(_ handle: OpaquePointer?) throws(Diagnostics) -> FittedModel {
  try found(handle, FittedModel.self, "posterior")
}

@c @implementation
public func borel_posterior_destroy(_ posterior: OpaquePointer?) {
  Handles.shared.remove(posterior, FittedModel.self)
}

@c @implementation
public func borel_posterior_draw_count(_ posterior: OpaquePointer?) -> Int {
  Handles.shared.find(posterior, FittedModel.self)?.posterior.drawCount ?? 0
}

@c @implementation
public func borel_posterior_name_count(_ posterior: OpaquePointer?) -> Int {
  Handles.shared.find(posterior, FittedModel.self)?.names.count ?? 0
}

@c @implementation
public func borel_posterior_name(
  _ posterior: OpaquePointer?, _ index: Int
) -> UnsafePointer<CChar>? {
  guard let names = Handles.shared.find(posterior, FittedModel.self)?.names,
    names.indices.contains(index)
  else { return nil }
  return UnsafePointer(names[index].start)
}

/// The name of a scalar of the posterior.
///
/// - Throws: E0318 when it has none with this name.
private func name(
  _ start: UnsafePointer<CChar>?, in posterior: Posterior
) throws(Diagnostics) -> String {
  let name = try text(start, "name")
  if posterior.names.contains(name) { return name }
  throw Diagnostics([
    Diagnostic(
      "E0318", .usage, "the posterior has no variable '\(name)'", at: .none,
      hints: Spelling.hint(for: name, among: posterior.names, kind: "variables").map { [$0] }
        ?? [])
  ])
}

@c @implementation
public func borel_posterior_estimate(
  _ posterior: OpaquePointer?, _ variable: UnsafePointer<CChar>?,
  _ estimate: UnsafeMutablePointer<borel_estimate>?, _ error: ErrorPlace
) -> Bool {
  reporting(error) { () throws(Diagnostics) in
    let posterior = try fit(posterior).posterior
    let found = posterior[try name(variable, in: posterior)]
    guard let estimate else { throw misuse("the place for the estimate is NULL") }
    estimate.pointee = borel_estimate(
      mean: found.mean, sd: found.standardDeviation, mcse: found.monteCarloError ?? .nan,
      q5: found.quantile5, q50: found.median, q95: found.quantile95, present: found.presence)
    return true
  } ?? false
}

/// Copies numbers to where C has room for them.
///
/// - Throws: E0730 when there is not enough.
private func copy(
  _ values: some Collection<Double>, to place: UnsafeMutablePointer<Double>?, _ capacity: Int
) throws(Diagnostics) {
  guard let place else { throw misuse("the place for the values is NULL") }
  guard capacity >= values.count else {
    throw misuse("there is room for \(capacity) values, and there are \(values.count)")
  }
  for (index, value) in values.enumerated() { place[index] = value }
}

@c @implementation
public func borel_posterior_draws(
  _ posterior: OpaquePointer?, _ variable: UnsafePointer<CChar>?,
  _ values: UnsafeMutablePointer<Double>?, _ capacity: Int, _ error: ErrorPlace
) -> Bool {
  reporting(error) { () throws(Diagnostics) in
    let posterior = try fit(posterior).posterior
    let draws = posterior.draws(try name(variable, in: posterior))
    try copy(draws.map { $0 ?? .nan }, to: values, capacity)
    return true
  } ?? false
}

@c @implementation
public func borel_posterior_weights(
  _ posterior: OpaquePointer?, _ weights: UnsafeMutablePointer<Double>?, _ capacity: Int,
  _ error: ErrorPlace
) -> Bool {
  reporting(error) { () throws(Diagnostics) in
    try copy(try fit(posterior).posterior.weights, to: weights, capacity)
    return true
  } ?? false
}

@c @implementation
public func borel_posterior_log_evidence(_ posterior: OpaquePointer?) -> Double {
  Handles.shared.find(posterior, FittedModel.self)?.posterior.logEvidence.value ?? .nan
}

@c @implementation
public func borel_posterior_log_evidence_error(_ posterior: OpaquePointer?) -> Double {
  Handles.shared.find(posterior, FittedModel.self)?.posterior.logEvidence.standardError ?? .nan
}

@c @implementation
public func borel_posterior_summary(
  _ posterior: OpaquePointer?, _ error: ErrorPlace
) -> UnsafeMutablePointer<CChar>? {
  reporting(error) { () throws(Diagnostics) in CText.copy(try fit(posterior).posterior.summary) }
    ?? nil
}

@c @implementation
public func borel_posterior_json(
  _ posterior: OpaquePointer?, _ error: ErrorPlace
) -> UnsafeMutablePointer<CChar>? {
  reporting(error) { () throws(Diagnostics) in CText.copy(try fit(posterior).posterior.json) }
    ?? nil
}
