import BorelBase
import Dispatch

extension Model {
  /// The states of a filter over records that arrive.
  ///
  /// ```swift
  /// for try await state in nile.filter(particles: 1_000, records) { ... }
  /// ```
  ///
  /// - Parameters:
  ///   - particles: At least 1.
  ///   - records: Encoded as `Filter.step` says.
  ///   - seed: Same seed, same bits, for any number of threads.
  ///   - threads: At least 1.
  ///   - limits: What one record may use of time, all records of the rest.
  ///   - options: What is told of each record.
  ///   - malformed: Told of a record that does not fit, with its number from 0; it is skipped when
  ///     this is given and stops the sequence otherwise.
  /// - Returns: A sequence with one state for each record that fits. It throws what
  ///   `Model.filter` and `Filter.step` throw.
  public func filter<Records: AsyncSequence & Sendable>(
    particles: Int = 1_000, _ records: Records, seed: UInt64 = 1, threads: Int = 1,
    limits: Limits = Limits(), options: FilterOptions = FilterOptions(),
    skipping malformed: (@Sendable (Int, Diagnostics) -> Void)? = nil
  ) -> FilteredStates<Records> where Records.Element: Encodable & Sendable {
    FilteredStates(
      records: records, malformed: malformed,
      start: { () throws(Diagnostics) in
        try self.filter(
          .smc(particles: particles), seed: seed, threads: threads, limits: limits,
          options: options)
      },
      step: { (filter, record) throws(Diagnostics) in try filter.step(record) })
  }

  /// The same with records that are JSON texts: lines of a file or of a request.
  public func filter<Records: AsyncSequence & Sendable>(
    particles: Int = 1_000, json records: Records, seed: UInt64 = 1, threads: Int = 1,
    limits: Limits = Limits(), options: FilterOptions = FilterOptions(),
    skipping malformed: (@Sendable (Int, Diagnostics) -> Void)? = nil
  ) -> FilteredStates<Records> where Records.Element == String {
    FilteredStates(
      records: records, malformed: malformed,
      start: { () throws(Diagnostics) in
        try self.filter(
          .smc(particles: particles), seed: seed, threads: threads, limits: limits,
          options: options)
      },
      step: { (filter, record) throws(Diagnostics) in try filter.step(json: record) })
  }
}

/// The states of a filter after each record of an asynchronous sequence.
public struct FilteredStates<Records: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Records.Element: Sendable {
  typealias Step = @Sendable (Filter, Records.Element) throws(Diagnostics) -> FilteredState

  let records: Records
  let malformed: (@Sendable (Int, Diagnostics) -> Void)?
  let start: @Sendable () throws(Diagnostics) -> Filter
  let step: Step

  public func makeAsyncIterator() -> Iterator {
    Iterator(
      records: records.makeAsyncIterator(), malformed: malformed, start: start, step: step)
  }

  public struct Iterator: AsyncIteratorProtocol {
    private var records: Records.AsyncIterator
    private let malformed: (@Sendable (Int, Diagnostics) -> Void)?
    private let start: @Sendable () throws(Diagnostics) -> Filter
    private let step: Step
    private var filter: Filter?
    private var number = 0
    /// Records are filtered here, so that tasks of others are not held up.
    private let queue = DispatchQueue(label: "borel.filter")

    init(
      records: Records.AsyncIterator, malformed: (@Sendable (Int, Diagnostics) -> Void)?,
      start: @escaping @Sendable () throws(Diagnostics) -> Filter, step: @escaping Step
    ) {
      self.records = records
      self.malformed = malformed
      self.start = start
      self.step = step
    }

    public mutating func next() async throws -> FilteredState? {
      while let record = try await records.next() {
        try Task.checkCancellation()
        let filter = try await started()
        defer { number += 1 }
        let step = step
        let result = await Self.run(on: queue) { () -> Result<FilteredState, Diagnostics> in
          do throws(Diagnostics) {
            return .success(try step(filter, record))
          } catch {
            return .failure(error)
          }
        }
        switch result {
        case .success(let state): return state
        case .failure(let problems):
          guard let malformed, problems.list.allSatisfy({ $0.category == .data }) else {
            throw problems
          }
          malformed(number, problems)
        }
      }
      return nil
    }

    private mutating func started() async throws -> Filter {
      if let filter { return filter }
      let start = start
      let result = await Self.run(on: queue) { () -> Result<Filter, Diagnostics> in
        do throws(Diagnostics) {
          return .success(try start())
        } catch {
          return .failure(error)
        }
      }
      let made = try result.get()
      filter = made
      return made
    }

    private static func run<Output: Sendable>(
      on queue: DispatchQueue, _ body: @escaping @Sendable () -> Output
    ) async -> Output {
      await withCheckedContinuation { continuation in
        queue.async { continuation.resume(returning: body()) }
      }
    }
  }
}
