import BorelBase
import BorelData
import BorelIR
import BorelInference

/// A model of a program with the data given so far.
public struct Model: Sendable {
  /// A parameter: data, or a quantity that can be learnt.
  public struct Parameter: Sendable, Hashable {
    public let name: String
    /// As the program writes it: `[Real?]`.
    public let type: String
    /// Whether it is a `param`.
    public let isLearnable: Bool
    /// Whether it may be left out.
    public let hasDefault: Bool
  }

  let program: Program
  let index: Int
  var data: DataSet

  init(program: Program, index: Int) {
    self.program = program
    self.index = index
    data = DataSet(firstFileIndex: program.sources.files.count)
  }

  var info: ModelInfo { program.code.models[index] }

  public var name: String { info.name }

  /// The `///` text in front of the model.
  public var documentation: String { info.documentation }

  public var parameters: [Parameter] {
    info.parameters.map {
      Parameter(
        name: $0.name, type: $0.shape.text(program.code.enumerations),
        isLearnable: $0.isLearnable, hasDefault: $0.defaultFunction != nil)
    }
  }

  /// The model with arguments by name: numbers, arrays, optionals, `Value`, or anything that is
  /// `Encodable` to what the parameter's type demands. They win over files.
  ///
  /// - Throws: E0412 for a value that cannot be encoded. Types are checked by `infer`.
  public func given(
    _ values: [String: any Encodable & Sendable]
  ) throws(Diagnostics) -> Model {
    var model = self
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      model.data.add(name: name, try DataNode(encoding: value, name: name))
    }
    return model
  }

  /// The model with the data of a JSON text: an object of fields, or an array.
  ///
  /// - Throws: E0401 to E0404.
  public func given(json: String, name: String = "<data>") throws(Diagnostics) -> Model {
    try adding(SourceFile(name: name, text: json), .json)
  }

  /// The model with the data of a table with a header.
  ///
  /// - Throws: E0405.
  public func given(csv: String, name: String = "<data>") throws(Diagnostics) -> Model {
    try adding(SourceFile(name: name, text: csv), .csv)
  }

  /// The model with the data of a file, JSON or CSV by its extension.
  ///
  /// - Throws: E0401 to E0405.
  public func given(file path: String) throws(Diagnostics) -> Model {
    try adding(try TextFile.read(path), DataSet.Format(fileName: path))
  }

  private func adding(
    _ file: SourceFile, _ format: DataSet.Format
  ) throws(Diagnostics) -> Model {
    var model = self
    do throws(Diagnostics) {
      try model.data.add(file, format: format)
    } catch {
      throw error.located(in: model.sources)
    }
    return model
  }

  /// The model with data read by the command line.
  package func given(_ data: DataSet) -> Model {
    var model = self
    model.data = data
    return model
  }

  /// A diagnostic as text, with the line of the program or of the data that it is about.
  public func text(of diagnostic: Diagnostic) -> String {
    render(diagnostic, in: sources)
  }

  /// The program, the standard library and the data.
  package var sources: SourceMap { SourceMap(program.sources.files + data.files) }

  /// Runs a body whose problems are about the program and the data.
  func locating<Result>(
    _ body: () throws(Diagnostics) -> Result
  ) throws(Diagnostics) -> Result {
    do throws(Diagnostics) {
      return try body()
    } catch {
      throw error.located(in: sources)
    }
  }

  /// The text of the program.
  package var source: SourceFile? { program.sources.files.first }

  /// The arguments that data give, by name.
  package func boundArguments() throws(Diagnostics) -> [(name: String, value: Value)] {
    let values = try data.bind(to: info, enumerations: program.code.enumerations).values
    return zip(info.parameters, values).compactMap { parameter, value in
      value.map { (parameter.name, $0) }
    }
  }

  /// The inference that a method would do, with the arguments checked, and what is to be said
  /// about the data.
  package func request(
    _ method: MethodSpecification, seed: UInt64, threads: Int, limits: RunLimits
  ) throws(Diagnostics) -> (request: InferenceRequest, warnings: [Diagnostic]) {
    let bound = try locating { () throws(Diagnostics) in
      try data.bind(to: info, enumerations: program.code.enumerations)
    }
    let request = InferenceRequest(
      program: program.code, model: index, arguments: bound.values, method: method, seed: seed,
      threads: max(threads, 1), limits: limits, dataHash: bound.hash)
    return (request, bound.warnings)
  }
}
