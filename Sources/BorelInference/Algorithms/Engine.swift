import BorelBase
import BorelData
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// One program with what its inferences share: compiled forms, limits, documents, posteriors.
///
/// An engine is used by one thread at a time.
final class Engine {
  let program: Program
  let limits: RunLimits
  let threads: Int
  let deadline: ContinuousClock.Instant?
  /// Names of the reported values that are kept; nil keeps all.
  var keptReports: Set<String>?
  /// The model for which the log-likelihoods of single data are reported; nil for none.
  var pointwiseModel: FunctionID?
  /// Forms of the program that have been compiled, by their composition.
  private var forms: [String: (program: Program, compiled: CompiledProgram)] = [:]
  private var methods: [String: MethodSpecification] = [:]
  private var structures: [StructureKey: SmoothingStructure] = [:]
  /// Results of exact nested inferences, by model and arguments.
  var exactResults: [NestedKey: UInt64] = [:]
  /// Inferences inside inferences that are running.
  var nestingDepth = 0
  /// Objects that outlive single runs: arguments, results of nested inferences.
  let arena: Arena
  /// How many posteriors the run has made, in a session also those before.
  var posteriorCount: Int
  /// For the manifests of results.
  let seed: UInt64
  /// Tells the caller how far the run is; nil when nobody asks.
  let progress: ProgressMeter?
  let script: ScriptHost?
  let documents: Documents?
  let probe: InferenceProbe
  /// Bytes of text that the program has shown.
  var outputBytes = 0
  /// Warnings of nested inferences.
  var diagnostics: [Diagnostic] = []

  init(
    program: Program, limits: RunLimits, threads: Int, script: ScriptHost? = nil,
    documents: Documents? = nil, store: SessionStore? = nil, seed: UInt64 = 0,
    probe: InferenceProbe = InferenceProbe()
  ) {
    self.program = program
    self.limits = limits
    self.threads = threads
    self.script = script
    self.documents = documents
    self.probe = probe
    self.seed = seed
    progress = limits.progress.map { ProgressMeter($0) }
    arena = store?.arena ?? Arena()
    posteriorCount = store?.posteriorCount ?? 0
    deadline = limits.seconds.map { ContinuousClock.now + .seconds($0) }
  }

  /// A method by its text, parsed once.
  func method(_ text: String, at span: Span) throws -> MethodSpecification {
    if let known = methods[text] { return known }
    let method = try MethodSpecification(
      parsing: text, at: span, moves: program.moves.map(\.name))
    methods[text] = method
    return method
  }

  /// The program after a composition of transforms, compiled once.
  func form(_ transforms: [any Transform]) throws -> (program: Program, compiled: CompiledProgram) {
    let composition = Composition(transforms)
    let name = composition.description
    if let known = forms[name] { return known }
    let rewritten = try composition.apply(program)
    let form = (rewritten, ProgramCompiler.compile(rewritten))
    forms[name] = form
    return form
  }

  /// What smoothing has to know of a model under transforms, found once.
  func smoothingStructure(_ run: ModelRun) -> SmoothingStructure {
    // Compiled forms live as long as the engine, so that the identity is theirs alone.
    let key = StructureKey(form: ObjectIdentifier(run.compiled), model: run.model.function)
    if let known = structures[key] { return known }
    let structure = SmoothingStructure(run, rule: probe.sweep)
    structures[key] = structure
    return structure
  }

  private struct StructureKey: Hashable {
    let form: ObjectIdentifier
    let model: FunctionID
  }

  func machineOptions(
    keepsReports: Bool = true, tracksAddresses: Bool = false
  ) -> MachineOptions {
    var options = MachineOptions()
    options.tracksAddresses = tracksAddresses
    options.threads = threads
    options.keepsReports = keepsReports
    options.choices = probe.choices
    options.counterLog = probe.counterLog
    options.limits.recursionDepth = limits.recursionDepth
    options.limits.laneSteps = limits.laneSteps.map { UInt64($0) } ?? .max
    options.limits.memory = limits.memory ?? .max
    options.limits.deadline = deadline
    options.collectionThreshold = limits.collectionThreshold
    options.rejectsFailures = limits.rejectsFailures
    options.profile = limits.profile
    return options
  }

  /// A model ready to run under transforms.
  func modelRun(
    _ model: ModelInfo, words: [UInt64], under transforms: [any Transform],
    keepsReports: Bool = true
  ) throws -> ModelRun {
    let isPointwise = keepsReports && model.function == pointwiseModel
    let form = try form(
      isPointwise ? transforms + [Pointwise(model: model.function)] : transforms)
    var options = machineOptions(
      keepsReports: keepsReports,
      tracksAddresses: form.program.representations.contains(.traced))
    options.keptReports = keptReports.map { names in
      form.program.reports.map {
        names.contains($0.name) || $0.name.hasPrefix(Pointwise.prefix)
      }
    }
    return ModelRun(
      program: form.program, compiled: form.compiled, model: model, arguments: words,
      dataArena: arena, host: InferenceHost(engine: self),
      options: options)
  }

  /// The register words of the arguments of a model, defaults filled in. Objects are pinned.
  func argumentWords(_ arguments: [Value?], of model: ModelInfo) throws -> [UInt64] {
    let coding = ValueCoding(enumerations: program.enumerations)
    var words: [UInt64] = []
    for (argument, parameter) in zip(arguments, model.parameters) {
      if let argument {
        let encoded = coding.encode(argument, parameter.shape, in: arena)
        for (word, type) in zip(encoded, parameter.shape.layout(program.enumerations))
        where type.isHandle {
          Collector.pin(word)
        }
        words += encoded
      } else if let function = parameter.defaultFunction {
        words += try evaluate(function)
      } else {
        throw Diagnostic(
          "E0420", .data, "argument '\(parameter.name)' has no value and no default",
          at: parameter.span)
      }
    }
    return words
  }

  /// Runs a function without parameters and effects, and pins what it returns.
  func evaluate(_ function: FunctionID, _ arguments: [UInt64] = []) throws -> [UInt64] {
    let form = try form([Weighted()])
    let host = InferenceHost(engine: self)
    let machine = Machine(
      program: form.compiled, groupKeys: [0], lanesPerGroup: 1, options: machineOptions(),
      host: host)
    machine.start(function: function, arguments: arguments)
    try machine.advance()
    let types = form.program.functions[Int(function.index)].results
    let (columns, _) = machine.results(width: types.count)
    var cloner = Cloner(into: arena)
    return zip(columns, types).map { column, type in
      guard type.isHandle else { return column[0] }
      let copy = cloner.clone(column[0])
      if copy != 0 { Collector.pin(copy) }
      return copy
    }
  }
}

/// A model with its arguments, compared by structure.
struct NestedKey: Hashable {
  let method: String
  let model: UInt64

  static func == (a: NestedKey, b: NestedKey) -> Bool {
    a.method == b.method
      && (a.model == b.model || structurallyEqual(Object(bits: a.model), Object(bits: b.model)))
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(method)
    var word = model
    hasher.combine(
      withUnsafePointer(to: &word) { structuralHash($0, count: 1, pointerMask: 1) })
  }
}
