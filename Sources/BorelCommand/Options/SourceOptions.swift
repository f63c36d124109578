import ArgumentParser
import Borel
import BorelBase
import BorelCompiler
import BorelData

/// A program and its data.
struct SourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The program; - reads the standard input.", valueName: "file"),
    completion: .file())
  var file: String

  @Option(
    name: [.customShort("d"), .customLong("data")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "JSON or CSV file with data; may be given several times; - reads the standard input.",
      valueName: "data"),
    completion: .file())
  var data: [String] = []

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A single value, as JSON; wins over files.", valueName: "name=value"))
  var settings: [String] = []

  @Option(help: ArgumentHelp("Which model, if there are several.", valueName: "name"))
  var model: String?

  var hasData: Bool { !data.isEmpty || !settings.isEmpty }

  /// The checked program; warnings have been shown.
  func program() throws(CommandFailure) -> Program {
    try ProgramFile.load(file)
  }

  /// The model with its data.
  func boundModel(of program: Program) throws(CommandFailure) -> Model {
    let model = try reporting(in: program.sources) { () throws(Diagnostics) in
      try program.model(self.model)
    }
    return model.given(try dataSet(firstFileIndex: program.sources.files.count, program.sources))
  }

  private func dataSet(
    firstFileIndex: Int, _ sources: SourceMap
  ) throws(CommandFailure) -> DataSet {
    if data.count(where: { $0 == "-" }) + (file == "-" ? 1 : 0) > 1 {
      throw .usage("the standard input can be read only once")
    }
    var set = DataSet(firstFileIndex: firstFileIndex)
    do {
      for path in data {
        let file =
          path == "-"
          ? try TextFile.read(Console.Stream.input.rawValue, name: "<stdin>")
          : try TextFile.read(path)
        try set.add(file, format: DataSet.Format(fileName: path))
      }
      for setting in settings { try set.add(setting: setting) }
      return set
    } catch {
      throw CommandFailure(error, in: SourceMap(sources.files + set.files))
    }
  }
}

/// Program text from a file or the standard input.
enum ProgramFile {
  static func read(_ path: String) throws(CommandFailure) -> SourceFile {
    try reporting(in: SourceMap([])) { () throws(Diagnostics) in
      path == "-"
        ? try TextFile.read(Console.Stream.input.rawValue, name: "<stdin>", category: .usage)
        : try TextFile.read(path, category: .usage)
    }
  }

  /// Reads and checks a program and shows its warnings.
  static func load(_ path: String) throws(CommandFailure) -> Program {
    let compilation = Compilation(try read(path))
    guard let program = Program(compilation) else {
      throw CommandFailure(Diagnostics(compilation.diagnostics), in: compilation.sourceMap)
    }
    Console.report(program.warnings, in: program.sources)
    return program
  }
}
