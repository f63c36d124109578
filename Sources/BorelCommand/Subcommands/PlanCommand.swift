import ArgumentParser
import Borel
import BorelBase
import BorelData
import BorelInference

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say which method would be used and why, without running it.")

  @OptionGroup var source: SourceOptions
  @OptionGroup var method: MethodOption

  @Flag(name: .customLong("json"), help: "Print one JSON object instead of lines.")
  var isJSON = false

  func run() throws {
    let method = try method.specification()
    let program = try source.program()
    let model = try source.boundModel(of: program)
    let report = try reporting(in: model.sources) { () throws(Diagnostics) in
      let (request, warnings) = try model.request(
        method.specification, seed: 1, threads: 1, limits: RunLimits())
      Console.report(warnings, in: model.sources)
      return try Engine.plan(request)
    }
    if isJSON {
      Console.printLine(json(report, model.sources).prettyText)
    } else {
      Console.print(text(report, model.sources))
    }
  }

  private func text(_ report: PlanReport, _ sources: SourceMap) -> String {
    let width = report.lines.map(\.topic.count).max() ?? 0
    var previous = ""
    return report.lines.map { line in
      let topic = line.topic == previous ? "" : line.topic
      previous = line.topic
      let padding = String(repeating: " ", count: width - topic.count)
      let place = Self.place(line.span, sources).map { " (line \($0))" } ?? ""
      return "\(topic)\(padding)  \(line.text)\(place)\n"
    }.joined()
  }

  private func json(_ report: PlanReport, _ sources: SourceMap) -> JSONValue {
    .array(
      report.lines.map { line in
        var fields: [(String, JSONValue)] = [
          ("topic", .string(line.topic)), ("text", .string(line.text)),
        ]
        if let number = Self.place(line.span, sources) {
          fields.append(("line", .integer(Int64(number))))
        }
        return .object(fields)
      })
  }

  /// The line in the program; nil for places in other texts.
  private static func place(_ span: Span, _ sources: SourceMap) -> Int? {
    guard span.file == 0, let file = sources.file(of: span) else { return nil }
    return file.position(of: Int(span.start)).line
  }
}
