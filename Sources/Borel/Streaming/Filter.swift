import BorelBase
import BorelData
import BorelInference
import Synchronization

/// What a filter tells of each record.
public struct FilterOptions: Sendable, Hashable {
  /// Probabilities of the quantiles of states and forecasts, in (0, 1).
  public var quantiles: [Double]
  /// Names of the latents that are shown; nil shows all.
  public var variables: Set<String>?
  /// Whether the data of a record are foretold before they are used.
  public var forecasts: Bool
  /// Fields of records that are for others.
  public var ignoredFields: Set<String>

  /// - Precondition: Probabilities lie in (0, 1).
  public init(
    quantiles: [Double] = [0.05, 0.5, 0.95], variables: Set<String>? = nil, forecasts: Bool = true,
    ignoredFields: Set<String> = []
  ) {
    precondition(quantiles.allSatisfy { $0 > 0 && $0 < 1 }, "quantiles must be in (0, 1)")
    self.quantiles = quantiles.sorted()
    self.variables = variables
    self.forecasts = forecasts
    self.ignoredFields = ignoredFields
  }
}

/// A particle filter that takes records one after the other, for as long as they come.
///
/// The model must go over its data in one loop. Its arrays without data grow with the records; all
/// else is given before. Memory does not grow, unless the loop reads elements of any age.
///
/// Calls from several threads wait for each other.
///
/// ```swift
/// let filter = try nile.filter(.smc(particles: 1_000))
/// for flow in flows {
///   let state = try filter.step(["flow": flow])
///   print(state["level"].mean, state.forecast("flow")?.pit ?? .nan)
/// }
/// ```
public final class Filter: Sendable {
  /// Used by one thread at a time.
  private struct Unshared: @unchecked Sendable { let filter: StreamFilter }

  private let state: Mutex<Unshared>
  private let binder: RecordBinder
  private let model: Model
  private let quantileNames: [String]
  /// Texts of the program and of the data that were given before.
  private let fileCount: Int

  package init(_ filter: StreamFilter, _ model: Model, _ options: FilterOptions) {
    binder = RecordBinder(
      model: model.info, growing: filter.growing, enumerations: model.program.code.enumerations,
      ignoring: options.ignoredFields)
    state = Mutex(Unshared(filter: filter))
    self.model = model
    fileCount = model.sources.files.count
    quantileNames = options.quantiles.map(StreamState.quantileName)
  }

  /// Takes a record in: an object with a field for each array that grows, or, where one array
  /// grows, its element.
  ///
  /// - Throws: E041x for a record that does not fit, which changes nothing; E03xx, E0502 or E06xx for
  ///   one on which the program fails, which ends the filter.
  public func step(_ record: some Encodable) throws(Diagnostics) -> FilteredState {
    try step(try DataNode(encoding: record, name: "record"))
  }

  /// The same with the record as JSON.
  ///
  /// - Throws: E0401 to E0404 for text that is not JSON; otherwise as with values.
  public func step(json: String) throws(Diagnostics) -> FilteredState {
    let file = SourceFile(name: "<record>", text: json)
    do throws(Diagnostics) {
      return try step(try JSONReader.document(file, fileIndex: fileCount))
    } catch {
      throw error.located(in: SourceMap(sources.files + [file]))
    }
  }

  package func step(_ record: DataNode) throws(Diagnostics) -> FilteredState {
    let values = try binder.values(of: record)
    let state = try state.withLock { state throws(Diagnostics) in
      try model.locating { () throws(Diagnostics) in try state.filter.step(values) }
    }
    return FilteredState(state, quantileNames: quantileNames)
  }

  /// Records so far.
  public var recordCount: Int { state.withLock { $0.filter.recordCount } }

  /// The filter between two records, from which `Model.filter(restoring:)` goes on with the same
  /// bits, on a machine with the same instruction set.
  ///
  /// - Throws: E0583 when a record has ended the filter.
  public func snapshot() throws(Diagnostics) -> [UInt8] {
    try state.withLock { state throws(Diagnostics) in try state.filter.snapshot() }
  }

  /// The program and the data that were given before.
  package var sources: SourceMap { model.sources }

  /// A diagnostic as text, with the line of the program that it is about.
  public func text(of diagnostic: Diagnostic) -> String { model.text(of: diagnostic) }
}
