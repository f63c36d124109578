import Borel
import BorelBase
import BorelCompiler
import BorelData
import BorelIR
import BorelInference

/// The state of an interactive session: definitions as source, variables as values.
///
/// An entry is compiled against what is there and run once. Nothing that has run is run again:
/// later entries see its values. Used by one thread.
package final class Session {
  /// What `:set` and `:seed` change.
  package struct Settings: Sendable {
    package var seed: UInt64 = 1
    package var threads: Int
    /// Of `:infer` without one.
    package var method = "auto"
    package var timeLimit: Double?
    /// Bytes.
    package var memoryLimit: Int?
    /// Bytes of text that one entry may print.
    package var outputLimit: Int?

    package init(threads: Int) { self.threads = threads }
  }

  package var settings: Settings
  let host: any PromptHost
  let compiler: SessionCompiler
  private let store: SessionStore
  private(set) var variables: [String: SessionValue] = [:]
  /// Names in the order in which they got their values.
  private(set) var order: [String] = []
  /// The session so far; nil before the first entry.
  package private(set) var program: BorelIR.Program?
  private var arguments: [String]
  private var entryCount = 0
  private var resultCount = 0
  /// Data of `:data`, for the parameters of models.
  let data: SessionData
  /// What was entered and accepted, for `:save`.
  private(set) var accepted: [String] = []
  /// What `:predict` has drawn last.
  var prediction: BorelInference.Posterior?

  /// So many of the values `$1`, `$2`, ... are kept.
  static let keptResults = 100

  package init(host: any PromptHost, settings: Settings, arguments: [String] = []) {
    self.host = host
    self.settings = settings
    self.arguments = arguments
    let compiler = SessionCompiler(validateMethod: { Compilation.judge(method: $0, moves: $1) })
    self.compiler = compiler
    data = SessionData(compiler)
    store = SessionStore(
      documents: Documents(
        register: { compiler.add($0) },
        load: { path throws(Diagnostics) in try TextFile.read(path) }))
  }

  // MARK: Entries

  /// Compiles and runs an entry.
  ///
  /// - Parameters:
  ///   - isKept: Whether `:save` writes it.
  /// - Returns: What it has defined and what its values are.
  package func run(
    _ text: String, name: String, isKept: Bool = true
  ) throws(SessionFailure) -> (definitions: [SessionDefinition], results: [SessionResult]) {
    let file = SourceFile(name: name, text: text)
    let entry: SessionCompiler.Entry
    do {
      entry = try compiler.compile(file, variables: sessionVariables)
    } catch {
      throw SessionFailure(error.diagnostics, in: error.sources)
    }
    program = entry.program
    host.report(entry.diagnostics, in: compiler.sources)
    for definition in entry.defined where definition.kind != .constant {
      forget(definition.name)
    }
    var results: [SessionResult] = []
    if let function = entry.function {
      let words = try run(function, entry)
      results = keep(words, entry)
      collect()
    }
    if isKept { accepted.append(text) }
    return (entry.defined.filter { $0.kind != .constant }, results)
  }

  private var sessionVariables: [SessionVariable] {
    order.compactMap { name in
      variables[name].map {
        SessionVariable(name: name, type: $0.type, isVariable: $0.isVariable, span: $0.span)
      }
    }
  }

  private func run(
    _ function: FunctionID, _ entry: SessionCompiler.Entry
  ) throws(SessionFailure) -> [UInt64] {
    let host = host
    let compiler = compiler
    host.clearInterrupt()
    defer { host.endProgress() }
    let request = SessionEntry(
      program: entry.program, function: function,
      arguments: entry.parameters.flatMap { variables[$0]?.words ?? [] }, number: entryCount,
      seed: settings.seed, threads: settings.threads)
    entryCount += 1
    let scriptHost = ScriptHost(
      print: { host.print($0 + "\n") }, arguments: arguments,
      report: {
        host.endProgress()
        host.report($0, in: compiler.sources)
      })
    do {
      return try BorelInference.run(request, in: store, host: scriptHost, limits: limits)
    } catch {
      throw SessionFailure(error.list, in: compiler.sources)
    }
  }

  /// What a run may use; Ctrl-C stops it.
  var limits: RunLimits {
    let host = host
    var limits = RunLimits(
      memory: settings.memoryLimit, seconds: settings.timeLimit,
      output: settings.outputLimit,
      isCancelled: { host.isInterrupted }, progress: { host.showProgress($0) })
    if host.isInteractive { limits.keepDone = { host.clearInterrupt() } }
    return limits
  }

  /// Stores the values of an entry.
  private func keep(_ words: [UInt64], _ entry: SessionCompiler.Entry) -> [SessionResult] {
    var rest = words[...]
    var shown: [SessionResult] = []
    for result in entry.results {
      let count = result.shape.layout(entry.program.enumerations).count
      let value = SessionValue(
        type: result.type, typeText: result.typeText, shape: result.shape,
        words: Array(rest.prefix(count)), isVariable: result.isVariable, span: result.span)
      rest = rest.dropFirst(count)
      if let name = result.name {
        set(name, value)
        shown.append(self.shown(name, value))
      } else {
        resultCount += 1
        let name = "$\(resultCount)"
        set(name, value)
        set("it", value)
        if resultCount > Self.keptResults { forget("$\(resultCount - Self.keptResults)") }
        shown.append(self.shown(name, value))
      }
    }
    return shown
  }

  /// Gives back the memory of values that no variable has any more.
  private func collect() {
    let enumerations = program?.enumerations ?? []
    var words = order.map { variables[$0]?.words ?? [] }
    let types = order.map { variables[$0]?.shape.layout(enumerations) ?? [] }
    store.collect(&words, types: types)
    for (name, list) in zip(order, words) { variables[name]?.words = list }
  }

  func set(_ name: String, _ value: SessionValue) {
    if variables[name] == nil { order.append(name) }
    variables[name] = value
  }

  private func forget(_ name: String) {
    if variables.removeValue(forKey: name) != nil { order.removeAll { $0 == name } }
  }

  // MARK: Values

  /// A variable as it is shown.
  func shown(_ name: String, _ value: SessionValue) -> SessionResult {
    if let posterior = posterior(value) {
      return SessionResult(
        name: name, typeText: value.typeText, text: summary(posterior), isPosterior: true)
    }
    if case .data = value.type, let word = value.words.first {
      return SessionResult(
        name: name, typeText: value.typeText,
        text: store.documents.summary(of: Int(truncatingIfNeeded: word)), isPosterior: false)
    }
    let text = ValueText(enumerations: program?.enumerations ?? []).text(value.words, value.shape)
    return SessionResult(name: name, typeText: value.typeText, text: text, isPosterior: false)
  }

  func summary(_ posterior: BorelInference.Posterior) -> String {
    ResultTable(posterior).text(variables: posterior.variables, isComplete: false)
  }

  /// The posterior that a value of type `Posterior<T>` stands for.
  func posterior(_ value: SessionValue) -> BorelInference.Posterior? {
    guard case .posterior = value.type, let word = value.words.first else { return nil }
    return store.posterior(word)
  }

  /// The posterior of a variable, or the last one.
  func posterior(named name: String?) throws(SessionFailure) -> BorelInference.Posterior {
    if let name, !name.isEmpty {
      if name == Self.predictionName, variables[name] == nil, let prediction { return prediction }
      guard let value = variables[name] else {
        throw .usage(
          "there is no variable '\(name)'",
          hint: Spelling.hint(for: name, among: visibleNames, kind: "variables"))
      }
      guard let posterior = posterior(value) else {
        throw .usage("'\(name)' is no posterior: it has the type \(value.typeText)")
      }
      return posterior
    }
    for name in ["it"] + order.reversed() {
      if let value = variables[name], let posterior = posterior(value) { return posterior }
    }
    throw .usage("there is no posterior yet", hint: "`:infer` makes one")
  }

  /// What commands call the last prediction, unless a variable has the name.
  static let predictionName = "prediction"

  /// Names of variables without those of the prompt itself.
  var visibleNames: [String] { order.filter { !$0.hasPrefix(Self.hiddenPrefix) } }

  static let hiddenPrefix = "_data_"

  /// The types of the values that an entry would have; it is not run.
  func types(of text: String) throws(SessionFailure) -> [SessionCompiler.Entry.Result] {
    do {
      return try compiler.check(
        SourceFile(name: ":type", text: text), variables: sessionVariables)
    } catch {
      throw SessionFailure(error.diagnostics, in: error.sources)
    }
  }

  // MARK: Models

  /// The newest model with a name; without one the newest of all.
  func model(named name: String?) throws(SessionFailure) -> (index: Int, info: ModelInfo) {
    let known = compiler.definitions.filter { $0.kind == .model && !$0.isSetAside }.map(\.name)
    guard let wanted = name ?? known.last else {
      throw .usage("no model is defined", hint: "`:load FILE` reads one")
    }
    guard known.contains(wanted), let program,
      let index = program.models.lastIndex(where: { $0.name == wanted })
    else {
      throw .usage(
        "there is no model '\(wanted)'",
        hint: Spelling.hint(for: wanted, among: known, kind: "models"))
    }
    return (index, program.models[index])
  }

  /// The arguments of a model from the data of `:data`, kept as hidden variables: the text of the
  /// call.
  func boundCall(of info: ModelInfo) throws(SessionFailure) -> String {
    let bound = try bind(info)
    let types = compiler.parameters(ofModel: info.name)
    var arguments: [String] = []
    for (index, value) in bound.enumerated() {
      guard let value, index < types.count else { continue }
      let parameter = info.parameters[index]
      let name = Self.hiddenPrefix + parameter.name
      set(
        name,
        SessionValue(
          type: types[index], typeText: compiler.text(types[index]), shape: parameter.shape,
          words: store.encode(
            value, parameter.shape, enumerations: program?.enumerations ?? []),
          isVariable: false))
      arguments.append("\(parameter.name): \(name)")
    }
    return "\(info.name)(\(arguments.joined(separator: ", ")))"
  }

  /// The arguments of a model from the data of `:data`.
  func bind(_ info: ModelInfo) throws(SessionFailure) -> [Value?] {
    let (bound, sources) = try data.bind(to: info, program?.enumerations ?? [])
    host.report(bound.warnings, in: sources)
    return bound.values
  }
}
