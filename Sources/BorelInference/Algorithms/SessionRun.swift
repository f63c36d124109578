import BorelBase
import BorelData
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// What the entries of an interactive session leave behind: objects, posteriors, documents and
/// what memoised functions have drawn. Used by one thread at a time.
package final class SessionStore: @unchecked Sendable {
  private(set) var arena = Arena()
  /// Bytes of the arena after the last compaction.
  private var compactSize = 0
  /// How many posteriors the entries have made.
  var posteriorCount = 0
  var memo: UInt64 = 0
  package let documents: Documents

  /// - Parameter documents: What `readJSON` and `readCSV` open; it must serve the whole session.
  package init(documents: Documents) { self.documents = documents }

  /// The posterior behind the word of a value of type `Posterior<T>`.
  package func posterior(_ word: UInt64) -> Posterior? {
    BoxObject(bits: word).posterior
  }

  /// Forgets what no variable of the session needs.
  ///
  /// - Parameter words: All words that are kept, with their types; handles are replaced by new ones.
  package func collect(_ words: inout [[UInt64]], types: [[IRType]]) {
    guard arena.byteCount > max(Self.smallArena, 2 * compactSize) else { return }
    let fresh = Arena()
    var cloner = Cloner(into: fresh)
    func moved(_ word: UInt64) -> UInt64 {
      if word == 0 { return 0 }
      let copy = cloner.clone(word)
      Collector.pin(copy)
      return copy
    }
    memo = moved(memo)
    for index in words.indices {
      for (k, type) in types[index].enumerated() where type.isHandle {
        words[index][k] = moved(words[index][k])
      }
    }
    arena = fresh
    compactSize = fresh.byteCount
  }

  private static let smallArena = 64 << 20

  /// The words of a value, kept for the rest of the session.
  package func encode(
    _ value: Value, _ shape: Shape, enumerations: [EnumerationInfo]
  ) -> [UInt64] {
    let words = ValueCoding(enumerations: enumerations).encode(value, shape, in: arena)
    for (word, type) in zip(words, shape.layout(enumerations)) where type.isHandle {
      Collector.pin(word)
    }
    return words
  }

  /// The value behind words; functions and the like have no contents.
  package func decode(
    _ words: ArraySlice<UInt64>, _ shape: Shape, enumerations: [EnumerationInfo]
  ) -> Value {
    ValueCoding(enumerations: enumerations).decode(words, shape)
  }
}

/// One entry of an interactive session, ready to run.
package struct SessionEntry: Sendable {
  /// The session so far.
  package var program: Program
  package var function: FunctionID
  /// Words of the variables that the function takes.
  package var arguments: [UInt64]
  /// How many entries ran before: each has random streams of its own.
  package var number: Int
  package var seed: UInt64
  package var threads: Int

  package init(
    program: Program, function: FunctionID, arguments: [UInt64], number: Int, seed: UInt64,
    threads: Int
  ) {
    self.program = program
    self.function = function
    self.arguments = arguments
    self.number = number
    self.seed = seed
    self.threads = threads
  }
}

/// Runs an entry of an interactive session.
///
/// - Returns: The words of its results, which live as long as the store.
package func run(
  _ entry: SessionEntry, in store: SessionStore, host: ScriptHost, limits: RunLimits
) throws(Diagnostics) -> [UInt64] {
  try reportingDiagnostics {
    let engine = Engine(
      program: entry.program, limits: limits, threads: entry.threads, script: host,
      documents: store.documents, store: store, seed: entry.seed)
    defer { store.posteriorCount = engine.posteriorCount }
    let form = try engine.form([Weighted()])
    let key = borel_key_child(
      rootKey(entry.seed), UInt32(BOREL_KEY_GROUP), UInt64(entry.number))
    let host = InferenceHost(engine: engine)
    let machine = Machine(
      program: form.compiled, groupKeys: [key], lanesPerGroup: 1,
      options: engine.machineOptions(keepsReports: false), host: host)
    machine.start(function: entry.function, arguments: entry.arguments, memo: store.memo)
    try machine.advance()
    let types = form.program.functions[Int(entry.function.index)].results
    let (columns, _) = machine.results(width: types.count)
    var cloner = Cloner(into: store.arena)
    func keep(_ word: UInt64) -> UInt64 {
      if word == 0 { return 0 }
      let copy = cloner.clone(word)
      Collector.pin(copy)
      return copy
    }
    store.memo = keep(machine.memo)
    return zip(columns, types).map { column, type in
      type.isHandle ? keep(column[0]) : column[0]
    }
  }
}
