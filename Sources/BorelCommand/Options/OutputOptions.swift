import ArgumentParser
import BorelBase
import BorelInference
import BorelReport

/// Where a result is written and how.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "Keep the result in a file: .json, .ndjson, .csv, .stan.csv or .zarr.", valueName: "out"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Format of the file, when its name does not say: "
        + ResultFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "format"))
  var format: String?

  /// Nil without `-o`.
  func target() throws(CommandFailure) -> OutputTarget? {
    guard let output else {
      if format != nil { throw .usage("--format needs -o") }
      return nil
    }
    return OutputTarget(path: output, format: try resultFormat(of: output))
  }

  private func resultFormat(of path: String) throws(CommandFailure) -> ResultFormat {
    if let format {
      guard let known = ResultFormat(rawValue: format) else {
        throw .usage(
          "there is no format '\(format)'",
          hint: Spelling.hint(
            for: format, among: ResultFormat.allCases.map(\.rawValue), kind: "formats"))
      }
      return known
    }
    guard let known = ResultFormat(path: path) else {
      throw .usage(
        "the extension of '\(path)' does not say how to write the draws",
        hint: "use .json, .ndjson, .csv, .stan.csv or .zarr, or give --format")
    }
    return known
  }
}

/// A file for a result.
struct OutputTarget {
  let path: String
  let format: ResultFormat

  /// Writes the draws of a posterior to a file whose extension says how.
  static func write(_ posterior: Posterior, to path: String) throws(Diagnostics) {
    guard let format = ResultFormat(path: path) else {
      throw Diagnostics([
        Diagnostic(
          "E0701", .usage, "the extension of '\(path)' does not say how to write the draws",
          at: .none, hints: ["use .json, .ndjson, .csv, .stan.csv or .zarr"])
      ])
    }
    do throws(CommandFailure) {
      try OutputTarget(path: path, format: format).write(
        ResultDocument(posterior), posterior.variables)
    } catch {
      throw Diagnostics(error.diagnostics)
    }
  }

  func write(_ document: ResultDocument, _ variables: [Variable]) throws(CommandFailure) {
    let files = try reporting(in: document.sources) { () throws(Diagnostics) in
      try format.files(document, variables, path: path)
    }
    if format == .zarr { try FileOutput.removeStore(path) }
    try FileOutput.write(files)
    let isWeighted = !document.posterior.logWeights.isEmpty
    if isWeighted, format == .zarr || format == .cmdstan {
      let note = Diagnostic(
        "N0503", .usage,
        "the draws in '\(path)' have weights, which other programs ignore", at: .none,
        severity: .note,
        hints: ["`borel convert OUT -o FILE --resample` gives draws of equal weight"])
      Console.report([note], in: document.sources)
    }
  }
}
