import BorelBase
import BorelData
import BorelInference

/// Reads draws from CmdStan CSV files, and from CSV files with a row per draw whose first column may
/// be the weight.
enum CmdStanReader {
  static func read(_ file: SourceFile) throws(Diagnostics) -> ResultDocument {
    let parts = try Parts(file)
    guard let header = parts.header, parts.rows.count > parts.warmUpCount else {
      throw Diagnostics([
        Diagnostic("E0430", .data, "'\(file.name)' holds no draws", at: .none)
      ])
    }
    if header == ["variable", "value", "probability"] {
      throw Diagnostics([
        Diagnostic(
          "E0430", .data, "'\(file.name)' is a table of probabilities, which cannot be read again",
          at: .none, hints: ["keep results as .json"])
      ])
    }
    var columns = [[Double]](repeating: [], count: header.count)
    var present = [[Bool]](repeating: [], count: header.count)
    var kinds = [Variable.Kind](repeating: .bool, count: header.count)
    for row in parts.rows.dropFirst(parts.warmUpCount) {
      guard row.cells.count == header.count else {
        throw Diagnostics([
          Diagnostic(
            "E0431", .data,
            "a row has \(row.cells.count) cells, but the header has "
              + "\(header.count)", at: row.span)
        ])
      }
      for (index, cell) in row.cells.enumerated() {
        guard let value = number(cell) else {
          throw Diagnostics([
            Diagnostic(
              "E0431", .data, "'\(header[index])' must be a number, found '\(cell.prefix(40))'",
              at: row.span)
          ])
        }
        columns[index].append(value.isNaN ? 0 : value)
        present[index].append(!value.isNaN)
        if !value.isNaN { kinds[index] = wider(kinds[index], cell) }
      }
    }
    return document(parts, header, columns, present, kinds)
  }

  private static func document(
    _ parts: Parts, _ header: [String], _ columns: [[Double]], _ present: [[Bool]],
    _ kinds: [Variable.Kind]
  ) -> ResultDocument {
    let count = columns.first?.count ?? 0
    var posterior = Posterior(
      model: parts.settings["model"] ?? "draws",
      method: parts.settings["borel_method"] ?? parts.settings["algorithm"] ?? "unknown",
      seed: UInt64(parts.settings["seed"] ?? "") ?? 0, variables: [], drawCount: count,
      dependence: parts.isCmdStan ? .chains(count: 1) : .independent,
      manifest: Manifest(
        version: parts.settings["written_by"] ?? "unknown",
        seed: UInt64(parts.settings["seed"] ?? "") ?? 0, method: "unknown",
        instructionSet: "unknown", threadCount: 1))
    for (index, name) in header.enumerated() {
      if name == "log_weight__" {
        posterior.logWeights = columns[index]
        posterior.dependence = .independent
      } else if name == "weight", index == 0, !parts.isCmdStan {
        if columns[index].contains(where: { $0 != columns[index][0] }) {
          posterior.logWeights = columns[index].map { Weights.log($0) }
        }
      } else if !name.hasSuffix("__") {
        posterior.variables.append(
          Variable(
            name: parts.isCmdStan ? ownName(name) : name, kind: kinds[index],
            values: columns[index],
            present: present[index].allSatisfy { $0 } ? nil : present[index]))
      }
    }
    return ResultDocument(posterior)
  }

  /// The kind of a column that also has this cell: booleans, then whole numbers, then reals.
  private static func wider(_ kind: Variable.Kind, _ cell: String) -> Variable.Kind {
    if kind == .real
      || cell.contains(where: { ".eE".contains($0) && cell.first != "t" })
        && !["true", "false"].contains(cell)
    {
      return .real
    }
    if cell.lowercased().hasSuffix("inf") { return .real }
    return kind == .bool && ["true", "false"].contains(cell) ? .bool : .int
  }

  /// A cell; NaN for what is missing.
  private static func number(_ cell: String) -> Double? {
    switch cell.lowercased() {
    case "", "nan", "na", "null": .nan
    case "inf", "+inf", "infinity": .infinity
    case "-inf", "-infinity": -.infinity
    case "true": 1
    case "false": 0
    default: NumberReading.real(cell)
    }
  }

  /// `level.4` as `level[3]`, `m.1.2` as `m[0,1]`, `p:x` as `p.x`, `t:1` as `t.0`.
  static func ownName(_ name: String) -> String {
    var result = ""
    for (position, part) in name.split(separator: ":").enumerated() {
      var words = part.split(separator: ".").map(String.init)
      var indices: [Int] = []
      while words.count > 1, let index = Int(words[words.count - 1]) {
        indices.insert(index - 1, at: 0)
        words.removeLast()
      }
      let head = words.joined(separator: ".")
      if position > 0 {
        result += "." + (Int(head).map { String($0 - 1) } ?? head)
      } else {
        result += head
      }
      if !indices.isEmpty { result += "[" + indices.map(String.init).joined(separator: ",") + "]" }
    }
    return result
  }
}

/// Comments, header and rows of a file.
private struct Parts {
  var settings: [String: String] = [:]
  var header: [String]?
  var rows: [(cells: [String], span: Span)] = []
  /// Whether it has the comments of CmdStan.
  var isCmdStan: Bool { settings["stan_version_major"] != nil }

  /// Rows of the warm-up, when they were saved.
  var warmUpCount: Int {
    guard let isSaved = settings["save_warmup"], isSaved == "1" || isSaved == "true" else {
      return 0
    }
    let thin = max(Int(settings["thin"] ?? "") ?? 1, 1)
    return max(((Int(settings["num_warmup"] ?? "") ?? 0) + thin - 1) / thin, 0)
  }

  init(_ file: SourceFile) throws(Diagnostics) {
    guard file.utf8.first == UInt8(ascii: "#") || file.line(1).contains("__") else {
      let table = try CSVReader.read(file, fileIndex: 0)
      header = table.header
      rows = zip(table.rows, table.rowSpans).map { ($0, $1) }
      return
    }
    for number in 1...max(file.lineStarts.count, 1) {
      let line = file.line(number)
      if line.allSatisfy(\.isWhitespace) { continue }
      if line.hasPrefix("#") {
        readSetting(line)
        continue
      }
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
        String(cell.filter { $0 != "\"" && $0 != " " })
      }
      if header == nil {
        header = cells
        continue
      }
      let start = file.lineStarts[number - 1]
      rows.append((cells, Span(start: start, end: start + line.utf8.count)))
    }
  }

  private mutating func readSetting(_ line: String) {
    guard let separator = line.firstRange(of: " = ") else { return }
    let name = line[..<separator.lowerBound].drop { $0 == "#" || $0 == " " }
    var value = line[separator.upperBound...]
    if value.hasSuffix(" (Default)") { value = value.dropLast(10) }
    settings[String(name)] = String(value)
  }
}
