import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// The options of a filter.
struct StreamSettings {
  let particles: Int
  let resampler: Resampler
  /// Share of the particles below which they are resampled.
  let threshold: Double
  /// For one record; nil is unlimited.
  let seconds: Double?
  let facts: [CheckpointFile.Fact]
}

/// What a filter is made of: the compiled form of the model, and its growing arguments.
struct StreamParts {
  let engine: Engine
  let run: ModelRun
  let settings: StreamSettings
  let growing: [Int]
  let arrays: [GrowingArray]
  /// Of the elements.
  let shapes: [Shape]
  let plan: Streamed.Plan
  /// Nil when no forecasts are made.
  let sources: [Int: Forecasting.Source]?

  init(_ request: StreamRequest) throws {
    let method = request.method
    guard method.name == "smc", method.int("groups") == 1, method.kernel("rejuvenate") == nil
    else { throw Self.refusal(of: method) }
    let model = request.program.models[request.model]
    let enumerations = request.program.enumerations
    let growing = model.parameters.indices.filter {
      request.arguments[$0] == nil && model.parameters[$0].shape.isArray
        && model.parameters[$0].defaultFunction == nil
    }
    self.growing = growing
    guard !growing.isEmpty else { throw Self.nothingGrows(model) }
    var limits = request.limits
    limits.seconds = nil
    engine = Engine(
      program: request.program, limits: limits, threads: request.threads, seed: request.seed)
    engine.keptReports = request.keptReports
    let parameters = model.growingParameters(at: growing, enumerations)
    let (rewritten, sources) =
      request.makesForecasts
      ? Self.forecasting(request.program, model.function) : (request.program, nil)
    let placement = Sequential.Placement(rawValue: method.choice("checkpoints"))
    let sequential = try (Sequential(at: placement, models: [model.function]) ∘ Weighted()).apply(
      rewritten)
    let streamed = Streamed(model: model.function, parameters: parameters)
    plan = try streamed.plan(sequential)
    self.sources = sources
    var elements: [Shape] = []
    for index in growing {
      if case .array(let element) = model.parameters[index].shape { elements.append(element) }
    }
    shapes = elements
    let startCount = plan.startCount
    arrays = zip(elements, plan.reach).map { element, reach in
      let layout = element.layout(enumerations)
      return GrowingArray(
        stride: layout.count, pointerMask: layout.pointerMask,
        reach: reach.map { max($0, startCount) })
    }
    let words = try Self.words(request, model, engine, growing, parameters, arrays)
    run = Self.run(plan.program, model, words, engine, request)
    settings = StreamSettings(
      particles: method.int("particles"),
      resampler: Resampler(rawValue: method.choice("resampler")) ?? .systematic,
      threshold: method.real("threshold"), seconds: request.limits.seconds,
      facts: Self.facts(request, model))
  }

  private static func forecasting(
    _ program: Program, _ model: FunctionID
  ) -> (Program, [Int: Forecasting.Source]?) {
    let plan = Forecasting(model: model).plan(program)
    return (plan.program, plan.sources)
  }

  /// The words of all arguments; those that grow are handles of the growing arrays.
  private static func words(
    _ request: StreamRequest, _ model: ModelInfo, _ engine: Engine, _ growing: [Int],
    _ parameters: [Streamed.Parameter], _ arrays: [GrowingArray]
  ) throws -> [UInt64] {
    var arguments = request.arguments
    for index in growing { arguments[index] = .array([]) }
    var words = try engine.argumentWords(arguments, of: model)
    for (parameter, array) in zip(parameters, arrays) { words[parameter.word] = array.bits }
    return words
  }

  private static func run(
    _ program: Program, _ model: ModelInfo, _ words: [UInt64], _ engine: Engine,
    _ request: StreamRequest
  ) -> ModelRun {
    var options = engine.machineOptions()
    options.keptReports = request.keptReports.map { names in
      program.reports.map {
        names.contains($0.name) || $0.name.hasPrefix(Forecasting.prefix)
      }
    }
    return ModelRun(
      program: program, compiled: ProgramCompiler.compile(program), model: model,
      arguments: words, dataArena: engine.arena, host: InferenceHost(engine: engine),
      options: options)
  }

  private static func facts(
    _ request: StreamRequest, _ model: ModelInfo
  ) -> [CheckpointFile.Fact] {
    [
      .init(name: "version", value: BorelVersion.text),
      .init(name: "program", value: PosteriorRun.hash(of: printIR(request.program))),
      .init(name: "model", value: model.name),
      .init(name: "arguments", value: PosteriorRun.hash(of: "\(request.arguments)")),
      .init(name: "method", value: request.method.completeText),
      .init(name: "seed", value: String(request.seed)),
      .init(name: "instruction set", value: String(cString: borel_isa_name(borel_isa()))),
      .init(
        name: "choice of variables",
        value: request.keptReports.map { $0.sorted().joined(separator: ", ") } ?? "all"),
      .init(name: "choice of forecasts", value: request.makesForecasts ? "on" : "off"),
    ]
  }

  private static func refusal(of method: MethodSpecification) -> Diagnostic {
    Diagnostic(
      "E0581", .usage,
      "records are filtered by 'smc' with one group and no rejuvenation, found "
        + "'\(method.text)'", at: .none, hints: ["write smc(particles: 1000)"])
  }

  private static func nothingGrows(_ model: ModelInfo) -> Diagnostic {
    let hasArrays = model.parameters.contains { $0.shape.isArray }
    return Diagnostic(
      "E0580", .inference,
      hasArrays
        ? "all arrays of '\(model.name)' have been given: none is left for records"
        : "the model '\(model.name)' has no parameter that is an array", at: model.span,
      hints: ["elements of arrays without data are taken from the records"])
  }
}
