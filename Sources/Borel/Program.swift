import BorelBase
import BorelCompiler
import BorelIR

/// A checked program, ready to be run any number of times.
///
/// ```swift
/// let program = try Program(source: text, name: "nile.ppl")
/// let fit = try program.model("nile").given(["flow": flows]).infer(.smc(particles: 10_000))
/// print(fit["level"].mean)
/// ```
public struct Program: Sendable {
  /// Parses, checks and translates a program.
  ///
  /// - Parameters:
  ///   - source: The text.
  ///   - name: The name in diagnostics.
  ///   - library: Functions and distributions of the app.
  /// - Throws: All errors and warnings when there is an error.
  public init(
    source: String, name: String = "<program>", library: HostLibrary = HostLibrary()
  ) throws(Diagnostics) {
    let compilation = Compilation(SourceFile(name: name, text: source), host: library.table)
    guard let program = Program(compilation) else {
      throw Diagnostics(compilation.diagnostics).located(in: compilation.sourceMap)
    }
    self = program
  }

  /// Nil when the text has errors.
  package init?(_ compilation: Compilation) {
    guard let code = compilation.program else { return nil }
    self.code = code
    mainModels = Self.mainModels(compilation, count: code.models.count)
    sources = compilation.sourceMap
    warnings = compilation.diagnostics
  }

  /// What the checker has to say about a program without errors.
  public let warnings: [Diagnostic]

  /// The models in the order of the text.
  public var models: [Model] {
    code.models.indices.map { Model(program: self, index: $0) }
  }

  /// The model with a name; without a name the only model, or the only one that no other part of
  /// the program uses.
  ///
  /// - Throws: E0707 when there is no such model, or no name and several to choose from.
  public func model(_ name: String? = nil) throws(Diagnostics) -> Model {
    let names = code.models.map(\.name)
    if let name {
      guard let index = names.firstIndex(of: name) else {
        throw Diagnostics([.unknownModel(name, among: names)])
      }
      return Model(program: self, index: index)
    }
    guard let main = mainModels.first, mainModels.count == 1 else {
      throw Diagnostics([.unclearModel(names)])
    }
    return Model(program: self, index: main)
  }

  /// The models that no other function refers to. Looks at the program before inlining, which
  /// removes references.
  private static func mainModels(_ compilation: Compilation, count: Int) -> [Int] {
    guard count > 1, let checked = compilation.checked else { return Array(0..<count) }
    let whole = compile(program: checked, isOptimised: false)
    let graph = CallGraph(whole)
    return whole.models.indices.filter { index in
      let function = Int(whole.models[index].function.index)
      return graph.callers[function].allSatisfy { $0.function == function }
        && graph.captures[function].allSatisfy { $0.function == function }
    }
  }

  /// A diagnostic of this program as text, with the line that it is about.
  public func text(of diagnostic: Diagnostic) -> String {
    render(diagnostic, in: sources)
  }

  /// Whether the program has top-level statements.
  package var isScript: Bool { code.script != nil }

  package let code: BorelIR.Program
  package let sources: SourceMap
  /// Indices of the models that stand for the program.
  private let mainModels: [Int]
}

extension BorelBase.Diagnostic {
  fileprivate static func unknownModel(_ name: String, among names: [String]) -> Diagnostic {
    Diagnostic(
      "E0707", .usage, "there is no model '\(name)'", at: .none,
      hints: Spelling.hint(for: name, among: names, kind: "models").map { [$0] }
        ?? ["the program declares no model"])
  }

  fileprivate static func unclearModel(_ names: [String]) -> Diagnostic {
    guard !names.isEmpty else {
      return Diagnostic("E0707", .usage, "the program declares no model", at: .none)
    }
    let list = names.map { "'\($0)'" }.joined(separator: ", ")
    return Diagnostic(
      "E0707", .usage, "the program declares several models: choose one", at: .none,
      hints: ["the models are \(list)"])
  }
}
