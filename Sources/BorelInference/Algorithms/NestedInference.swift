import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// `infer(...)` as a value: runs a method on a model and makes a posterior of the language.
///
/// With `enumerate` the posterior is exact, and equal arguments share one result; any other method
/// approximates it, which biases the program around it for finitely many lanes.
struct NestedInference {
  private let engine: Engine
  /// Where posteriors are made: of the machine that asks.
  private let arena: Arena
  /// Every level takes room on the stack of the thread.
  private static let deepest = 64

  init(engine: Engine, arena: Arena) {
    self.engine = engine
    self.arena = arena
  }

  mutating func infer(
    model bits: UInt64, method text: String, layout: [IRType], key: UInt64, isTopLevel: Bool,
    at span: Span
  ) throws -> UInt64 {
    let box = BoxObject(bits: bits)
    guard let info = engine.program.models.first(where: { Int($0.function.index) == box.tag })
    else {
      return try infer(function: FunctionID(box.tag), box, text, layout, key, isTopLevel, at: span)
    }
    return try infer(info, box, text, key, isTopLevel, at: span)
  }

  /// A model whose function is a specialised copy: its parameters are the words of the box.
  private mutating func infer(
    function: FunctionID, _ box: BoxObject, _ text: String, _ layout: [IRType], _ key: UInt64,
    _ isTopLevel: Bool, at span: Span
  ) throws -> UInt64 {
    let shape = Shape.tuple(layout.map { Self.shape(of: $0) })
    let info = ModelInfo(
      name: engine.program.functions[Int(function.index)].name, function: function,
      parameters: [], result: layout.count == 1 ? Self.shape(of: layout[0]) : shape, span: span)
    return try infer(info, box, text, key, isTopLevel, at: span)
  }

  private mutating func infer(
    _ info: ModelInfo, _ box: BoxObject, _ text: String, _ key: UInt64, _ isTopLevel: Bool,
    at span: Span
  ) throws -> UInt64 {
    let (learning, text) = try Self.learning(text, at: span)
    let method = try engine.method(text.isEmpty ? "enumerate" : text, at: span)
    let isExact = method.name == "enumerate"
    let probe = NestedKey(method: method.completeText, model: box.object.bits)
    if isExact, !isTopLevel, let known = engine.exactResults[probe] { return known }
    engine.nestingDepth += 1
    defer { engine.nestingDepth -= 1 }
    if engine.nestingDepth > Self.deepest {
      throw Diagnostic(
        "E0608", .limit, "inferences are nested more than \(Self.deepest) levels deep", at: span,
        hints: ["a model that infers itself needs an argument that ends it"])
    }
    // Arguments outlive the machine that asks, which may move its objects. Exact results are kept for
    // equal arguments, all others live as long as something refers to them.
    let isKept = isExact && !isTopLevel
    let inputs = isKept ? engine.arena : Arena()
    var cloner = Cloner(into: inputs)
    let kept = cloner.clone(box.object.bits)
    Collector.pin(kept)
    let fields = BoxObject(bits: kept)
    let words = (0..<fields.fieldCount).map { fields.fields[$0] }
    let run = PosteriorRun(
      engine: engine, model: info, words: words, method: method, key: key,
      wantsReports: isTopLevel, seed: engine.seed)
    let result = try learning.map { try run.learn($0) } ?? run.execute()
    if isTopLevel { engine.script?.report(result.posterior.diagnostics) }
    let posterior = withExtendedLifetime(inputs) {
      makeBox(result, in: isKept ? engine.arena : arena)
    }
    if isKept {
      Collector.pin(posterior)
      engine.exactResults[NestedKey(method: method.completeText, model: kept)] = posterior
    }
    return posterior
  }

  /// The settings in front of the method of a `learn(...)`, and the method itself.
  private static func learning(
    _ text: String, at span: Span
  ) throws -> (LearnSettings?, String) {
    guard text.hasPrefix(LearnSettings.textPrefix),
      let separator = text.firstIndex(of: LearnSettings.textSeparator)
    else { return (nil, text) }
    let settings = try MethodSpecification(parsing: String(text[..<separator]), at: span)
    return (LearnSettings(settings), String(text[text.index(after: separator)...]))
  }

  /// The posterior as an object: results with weights, evidence, its number, and what the members
  /// need that ask for other variables.
  private func makeBox(_ result: PosteriorRun.Result, in arena: Arena) -> UInt64 {
    let layout = result.layout
    let width = layout.count
    var cloner = Cloner(into: arena)
    let lanes = result.logWeights.indices
    let kept = result.logWeights.reduce(0) { $0 + ($1 > -.infinity ? 1 : 0) }
    let draws = arena.makeArray(count: kept, stride: width, pointerMask: layout.pointerMask)
    let elements = draws.elements
    for k in 0..<width {
      let column = result.columns[k]
      let isHandle = layout[k].isHandle
      var target = k
      for lane in lanes where result.logWeights[lane] > -.infinity {
        elements[target] = isHandle ? cloner.clone(column[lane]) : column[lane]
        target += width
      }
    }
    let weights = arena.makeArray(
      kept == lanes.count ? result.logWeights : result.logWeights.filter { $0 > -.infinity })
    let evidence = result.posterior.evidence?.logValue ?? .nan
    guard let family = FamilyRegistry.index(of: "Posterior") else {
      internalError("the family 'Posterior' is not registered")
    }
    let bits = DistributionValue.make(
      family: family,
      [
        draws.object.bits, weights.object.bits, evidence.bitPattern, UInt64(engine.posteriorCount),
        0,
      ], in: arena)
    engine.posteriorCount += 1
    arena.own(Resource(result.posterior), by: BoxObject(bits: bits))
    return bits
  }

  private static func shape(of type: IRType) -> Shape {
    switch type {
    case .real: .real
    case .int: .int
    case .bool: .bool
    case .string: .string
    case .array(let element): .array(.tuple(element.map { shape(of: $0) }))
    case .matrix: .matrix
    case .enumeration(let index): .enumeration(index)
    default: .opaque(type)
    }
  }
}
