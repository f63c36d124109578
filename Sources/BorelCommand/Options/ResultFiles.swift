import ArgumentParser
import Borel
import BorelBase
import BorelInference
import BorelReport

/// Results read from files.
struct ResultFiles: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Results: .json files of Borel, or CSV files of CmdStan, one per chain; - reads the standard "
        + "input.", valueName: "out"))
  var paths: [String]

  /// The results by name. Several CmdStan files with the same variables are the chains of one result.
  func documents() throws(CommandFailure) -> [(name: String, document: ResultDocument)] {
    var results: [(name: String, document: ResultDocument)] = []
    for path in paths {
      let document = try Self.read(path)
      if let last = results.last, let joined = last.document.appending(chain: document) {
        results[results.count - 1].document = joined
      } else {
        results.append((path, document))
      }
    }
    for index in results.indices { results[index].document.posterior.addChainWarnings() }
    return results
  }

  /// The only result.
  func document() throws(CommandFailure) -> ResultDocument {
    let results = try documents()
    guard results.count == 1, let first = results.first else {
      throw .usage("one result is needed, found \(results.count)")
    }
    return first.document
  }

  static func read(_ path: String) throws(CommandFailure) -> ResultDocument {
    let file = try reporting(in: SourceMap([])) { () throws(Diagnostics) in
      path == "-"
        ? try TextFile.read(Console.Stream.input.rawValue, name: "<stdin>")
        : try TextFile.read(path)
    }
    return try reporting(in: SourceMap([file])) { () throws(Diagnostics) in
      try ResultReader.read(file)
    }
  }
}

/// What the commands on results show.
struct ResultViewOptions: ParsableArguments {
  @Option(name: .customLong("vars"), help: ArgumentHelp("Only these variables.", valueName: "a,b"))
  var variables: String?

  @Flag(name: .customLong("json"), help: "Print JSON instead of text.")
  var isJSON = false

  @Flag(help: "Exit with status 6 when there are warnings or a check fails.")
  var strict = false

  func variables(of document: ResultDocument) throws(CommandFailure) -> [Variable] {
    try VariableSelection(variables).variables(of: document.posterior)
  }

  /// Ends with status 6 when that is asked for.
  func judge(
    _ results: [(name: String, document: ResultDocument)]
  ) throws(CommandFailure) {
    guard strict else { return }
    for (_, document) in results {
      let isWarned = document.posterior.diagnostics.contains { $0.severity != .note }
      let checks = Check.all(document.posterior, try variables(of: document))
      if isWarned || checks.contains(where: { !$0.isGood }) {
        throw CommandFailure(Diagnostics([]), in: SourceMap([]), status: .strict)
      }
    }
  }
}
