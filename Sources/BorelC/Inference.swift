// The functions have the names of the header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Borel
import BorelBase
import BorelInference
import CBorel
import Synchronization

/// The options of C, checked.
private struct RunChoices {
  var seed: UInt64 = 1
  var threads = 1
  var limits = RunLimits()

  /// - Throws: E0730 for negative limits and for fewer than one thread.
  init(_ options: UnsafePointer<borel_options>?) throws(Diagnostics) {
    guard let options = options?.pointee else { return }
    guard options.threads >= 1 else {
      throw misuse("the number of threads must be at least 1, found \(options.threads)")
    }
    guard options.seconds >= 0, options.memory >= 0, options.lane_steps >= 0 else {
      throw misuse("limits must not be negative; 0 is unlimited")
    }
    seed = options.seed
    threads = Int(options.threads)
    let told = options.progress.map { ToldProgress($0, options.context) }
    if options.lane_steps > 0 { limits.laneSteps = Int(options.lane_steps) }
    if options.memory > 0 { limits.memory = Int(options.memory) }
    if options.seconds > 0 { limits.seconds = options.seconds }
    if let told {
      limits.isCancelled = { told.isStopped }
      limits.progress = { told.tell($0) }
    }
    limits.rejectsFailures = options.rejects_failures
  }
}

/// Tells C how far a run is, and remembers whether it wants the run to stop.
private final class ToldProgress: @unchecked Sendable {
  private let function: @convention(c) (Double, UnsafeMutableRawPointer?) -> Bool
  private let context: UnsafeMutableRawPointer?
  private let stopped = Atomic(false)

  init(
    _ function: @escaping @convention(c) (Double, UnsafeMutableRawPointer?) -> Bool,
    _ context: UnsafeMutableRawPointer?
  ) {
    self.function = function
    self.context = context
  }

  var isStopped: Bool { stopped.load(ordering: .relaxed) }

  func tell(_ progress: RunProgress) {
    if !function(progress.share ?? -1, context) { stopped.store(true, ordering: .relaxed) }
  }
}

/// A method by its text.
private func method(
  _ start: UnsafePointer<CChar>?, default name: String
) throws(Diagnostics) -> Method {
  guard let start else { return try Method(name) }
  return try Method(try text(start, "method"))
}

/// The texts that problems of a model point into.
private func sources(of model: OpaquePointer?) -> SourceMap {
  Handles.shared.find(model, ModelBox.self)?.value.sources ?? SourceMap([])
}

@c @implementation
public func borel_infer(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?,
  _ options: UnsafePointer<borel_options>?, _ error: ErrorPlace
) -> OpaquePointer? {
  reporting(error, in: sources(of: model)) { () throws(Diagnostics) in
    let model = try found(model, ModelBox.self, "model").value
    let choices = try RunChoices(options)
    let fit = try model.infer(
      try method(name, default: "auto"), seed: choices.seed, threads: choices.threads,
      limits: choices.limits)
    return Handles.shared.add(FittedModel(fit))
  } ?? nil
}

@c @implementation
public func borel_predict(
  _ model: OpaquePointer?, _ fit: OpaquePointer?, _ options: UnsafePointer<borel_options>?,
  _ error: ErrorPlace
) -> OpaquePointer? {
  reporting(error, in: sources(of: model)) { () throws(Diagnostics) in
    let model = try found(model, ModelBox.self, "model").value
    let fit = try found(fit, FittedModel.self, "posterior").posterior
    let choices = try RunChoices(options)
    let prediction = try model.predict(
      from: fit.result, seed: choices.seed, threads: choices.threads, limits: choices.limits)
    return Handles.shared.add(FittedModel(prediction))
  } ?? nil
}

// MARK: Records

@c @implementation
public func borel_filter_create(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?,
  _ options: UnsafePointer<borel_options>?, _ error: ErrorPlace
) -> OpaquePointer? {
  reporting(error, in: sources(of: model)) { () throws(Diagnostics) in
    try filter(model, name, options, snapshot: nil)
  } ?? nil
}

@c @implementation
public func borel_filter_restore(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?,
  _ options: UnsafePointer<borel_options>?, _ bytes: UnsafePointer<UInt8>?, _ count: Int,
  _ error: ErrorPlace
) -> OpaquePointer? {
  reporting(error, in: sources(of: model)) { () throws(Diagnostics) in
    guard let bytes, count >= 0 else { throw misuse("the snapshot is NULL") }
    return try filter(
      model, name, options, snapshot: Array(UnsafeBufferPointer(start: bytes, count: count)))
  } ?? nil
}

private func filter(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?,
  _ options: UnsafePointer<borel_options>?, snapshot: [UInt8]?
) throws(Diagnostics) -> OpaquePointer? {
  let model = try found(model, ModelBox.self, "model").value
  let choices = try RunChoices(options)
  let filter = try model.filter(
    try method(name, default: "smc(particles: 1000)"), seed: choices.seed,
    threads: choices.threads, limits: choices.limits, options: FilterOptions(),
    snapshot: snapshot.map { ($0, "snapshot") })
  return Handles.shared.add(filter)
}

@c @implementation
public func borel_filter_step(
  _ filter: OpaquePointer?, _ record: UnsafePointer<CChar>?, _ error: ErrorPlace
) -> UnsafeMutablePointer<CChar>? {
  let known = Handles.shared.find(filter, Filter.self)
  return reporting(error, in: known?.sources ?? SourceMap([])) { () throws(Diagnostics) in
    let filter = try found(filter, Filter.self, "filter")
    return CText.copy(try filter.step(json: try text(record, "record")).json)
  } ?? nil
}

@c @implementation
public func borel_filter_snapshot(
  _ filter: OpaquePointer?, _ bytes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ count: UnsafeMutablePointer<Int>?, _ error: ErrorPlace
) -> Bool {
  reporting(error) { () throws(Diagnostics) in
    let filter = try found(filter, Filter.self, "filter")
    guard let bytes, let count else { throw misuse("the place for the snapshot is NULL") }
    let snapshot = try filter.snapshot()
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(snapshot.count, 1))
    for (index, byte) in snapshot.enumerated() { copy[index] = byte }
    bytes.pointee = copy
    count.pointee = snapshot.count
    return true
  } ?? false
}

@c @implementation
public func borel_bytes_destroy(_ bytes: UnsafeMutablePointer<UInt8>?) { bytes?.deallocate() }

@c @implementation
public func borel_filter_destroy(_ filter: OpaquePointer?) {
  Handles.shared.remove(filter, Filter.self)
}
