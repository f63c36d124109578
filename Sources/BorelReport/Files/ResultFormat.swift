import BorelBase
import BorelData
import BorelInference

/// The formats in which results are kept.
package enum ResultFormat: String, CaseIterable, Sendable {
  case json, ndjson, csv, cmdstan, zarr

  /// The extensions that stand for it, without a leading full stop.
  package var extensions: [String] {
    switch self {
    case .json: ["json"]
    case .ndjson: ["ndjson", "jsonl"]
    case .csv: ["csv"]
    case .cmdstan: ["stan.csv"]
    case .zarr: ["zarr"]
    }
  }

  package var summary: String {
    switch self {
    case .json: "the whole result in one object; Borel reads it again"
    case .ndjson: "an object per draw"
    case .csv: "a row per draw"
    case .cmdstan: "CSV as CmdStan writes it, a file per chain; Borel reads it again"
    case .zarr: "a folder that ArviZ opens as InferenceData"
    }
  }

  /// The format of a path by its extension; the longest one wins. Nil when it says nothing.
  package init?(path: String) {
    let name = path.lowercased()
    var best: (length: Int, format: ResultFormat)?
    for format in Self.allCases {
      for ending in format.extensions where name.hasSuffix("." + ending) {
        if ending.count > best?.length ?? 0 { best = (ending.count, format) }
      }
    }
    guard let best else { return nil }
    self = best.format
  }

  /// Whether draws can be written in which a variable has probabilities of its own.
  package var holdsTables: Bool {
    switch self {
    case .json, .ndjson, .csv: true
    case .cmdstan, .zarr: false
    }
  }

  /// The files of a result.
  ///
  /// - Parameters:
  ///   - variables: Those to write.
  ///   - path: Where the result is to be.
  /// - Throws: E0712 for an exact result in a format that holds draws only.
  package func files(
    _ document: ResultDocument, _ variables: [Variable], path: String
  ) throws(Diagnostics) -> [WrittenFile] {
    let table = variables.first { $0.probabilities != nil }
    if let table, !holdsTables {
      throw Diagnostics([
        Diagnostic(
          "E0712", .usage,
          "'\(table.name)' has a table of probabilities instead of draws, which the format "
            + "'\(rawValue)' cannot hold", at: .none,
          hints: ["use .json, .csv or .ndjson"])
      ])
    }
    switch self {
    case .json:
      let writer = ResultJSON(document: document, variables: variables)
      return [WrittenFile(path: path, bytes: writer.bytes)]
    case .ndjson, .csv:
      let rows = DrawRows(posterior: document.posterior, variables: variables)
      let text = self == .csv ? rows.csv : rows.lines
      return [WrittenFile(path: path, bytes: Array(text.utf8))]
    case .cmdstan:
      return CmdStanWriter(document: document, variables: variables).files(path: path)
    case .zarr:
      return InferenceData(document: document, variables: variables).files(path: path)
    }
  }
}

extension Variable {
  package func isPresent(_ index: Int) -> Bool { present.map { $0[index] } ?? true }
}
