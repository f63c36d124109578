import Foundation

/// Why a text is no series of numbers.
public enum SeriesError: Error, Equatable, CustomStringConvertible {
  case noNumber(String, line: Int)
  case noColumn(String?, among: [String])
  case noJSON(String)
  case noSpread

  public var description: String {
    switch self {
    case .noNumber(let text, let line): "line \(line): '\(text)' is not a number"
    case .noColumn(let name?, let names):
      "there is no column '\(name)'; there is \(names.joined(separator: ", "))"
    case .noColumn(nil, let names):
      "choose a column: \(names.joined(separator: ", "))"
    case .noJSON(let reason): "the JSON holds no arrays of numbers: \(reason)"
    case .noSpread: "a forecast needs at least two numbers that differ"
    }
  }
}

/// Reads a series of numbers: one a line, a column of a table with a header, or JSON.
///
/// Empty cells, `NA` and `null` are missing numbers.
///
/// - Parameters:
///   - text: JSON when it starts with a bracket or brace.
///   - column: The name of the column, or of the field of the JSON object; nil when there is one.
/// - Throws: `SeriesError`.
public func readSeries(_ text: String, column: String? = nil) throws(SeriesError) -> [Double?] {
  switch text.first(where: { !$0.isWhitespace }) {
  case "[", "{": try jsonSeries(Data(text.utf8), column)
  default: try tableSeries(text, column)
  }
}

/// An array of numbers, or something else that is passed over.
private struct Field: Decodable {
  let numbers: [Double?]?
  init(from decoder: any Decoder) throws { numbers = try? [Double?](from: decoder) }
}

private func jsonSeries(_ data: Data, _ column: String?) throws(SeriesError) -> [Double?] {
  do {
    if column == nil, let array = try? JSONDecoder().decode([Double?].self, from: data) {
      return array
    }
    let fields = try JSONDecoder().decode([String: Field].self, from: data)
    let numbers = fields.compactMapValues(\.numbers)
    return try chosen(column, of: numbers.keys.sorted()).flatMap { numbers[$0] } ?? []
  } catch let error as SeriesError {
    throw error
  } catch {
    throw .noJSON("expected an array, or an object of arrays")
  }
}

private func tableSeries(_ text: String, _ column: String?) throws(SeriesError) -> [Double?] {
  var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(cell) }
  while lines.last == [""] { lines.removeLast() }
  guard let first = lines.first else { return [] }
  let hasHeader = column != nil || first.count > 1 || (try? number(first[0], line: 1)) == nil
  var place = 0
  if hasHeader {
    guard let name = try chosen(column, of: first), let index = first.firstIndex(of: name) else {
      return []
    }
    place = index
  }
  var series: [Double?] = []
  for (index, cells) in lines.enumerated().dropFirst(hasHeader ? 1 : 0) {
    series.append(try number(place < cells.count ? cells[place] : "", line: index + 1))
  }
  return series
}

private func cell(_ text: Substring) -> String {
  text.trimmingCharacters(in: CharacterSet(charactersIn: " \t\r\""))
}

private func number(_ text: String, line: Int) throws(SeriesError) -> Double? {
  if text.isEmpty || text == "NA" || text == "null" { return nil }
  guard let value = Double(text), value.isFinite else { throw .noNumber(text, line: line) }
  return value
}

/// The column asked for, or the only one.
private func chosen(_ column: String?, of names: [String]) throws(SeriesError) -> String? {
  if let column {
    guard names.contains(column) else { throw .noColumn(column, among: names) }
    return column
  }
  guard names.count == 1 else { throw .noColumn(nil, among: names) }
  return names[0]
}
