import BorelBase
import BorelInference

extension Model {
  /// A particle filter over records; arrays that have been given do not grow.
  ///
  /// - Parameters:
  ///   - method: `smc` with one group and no rejuvenation.
  ///   - seed: Same seed, same bits, for any number of threads.
  ///   - threads: At least 1.
  ///   - limits: What one record may use of time, all records of the rest.
  ///   - options: What is told of each record.
  /// - Throws: E0580 for a model that does not go over its data once, in a loop with an
  ///   observation; E0581 for another method; E04xx for the data that have been given.
  public func filter(
    _ method: Method = .smc(particles: 1_000), seed: UInt64 = 1, threads: Int = 1,
    limits: Limits = Limits(), options: FilterOptions = FilterOptions()
  ) throws(Diagnostics) -> Filter {
    try filter(
      method, seed: seed, threads: threads,
      limits: limits.runLimits(isCancelled: { false }, progress: nil), options: options)
  }

  /// A filter that goes on from a snapshot of a filter of this model, with the same method, seed,
  /// data and options.
  ///
  /// - Throws: E0432 for bytes that are no snapshot, E0433 for one of another filter.
  public func filter(
    restoring snapshot: [UInt8], _ method: Method = .smc(particles: 1_000), seed: UInt64 = 1,
    threads: Int = 1, limits: Limits = Limits(), options: FilterOptions = FilterOptions()
  ) throws(Diagnostics) -> Filter {
    try filter(
      method, seed: seed, threads: threads,
      limits: limits.runLimits(isCancelled: { false }, progress: nil), options: options,
      snapshot: (snapshot, "snapshot"))
  }

  package func filter(
    _ method: Method, seed: UInt64, threads: Int, limits: RunLimits, options: FilterOptions,
    snapshot: (bytes: [UInt8], name: String)? = nil
  ) throws(Diagnostics) -> Filter {
    let bound = try locating { () throws(Diagnostics) in
      try data.bind(to: info, enumerations: program.code.enumerations, arraysMayGrow: true)
    }
    var request = StreamRequest(
      program: program.code, model: index, arguments: bound.values,
      method: method.specification, seed: seed, threads: max(threads, 1), limits: limits,
      quantiles: options.quantiles, makesForecasts: options.forecasts)
    request.keptReports = options.variables
    let filter = try locating { () throws(Diagnostics) in try StreamFilter(request) }
    if let snapshot { try filter.restore(snapshot.bytes, name: snapshot.name) }
    return Filter(filter, self, options)
  }
}
