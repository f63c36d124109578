import ArgumentParser
import Borel
import EmbeddingExample
import Foundation

/// Forecasts a series of numbers.
@main
struct Forecast: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecast a series of numbers, with intervals.",
    discussion: "Reads one number a line, a table with a header, or JSON.")

  @Argument(help: "The file with the series; - is the standard input.")
  var file = "-"

  @Option(help: "The column of the table, or the field of the JSON object.")
  var column: String?

  @Option(help: "How many numbers to forecast.")
  var ahead = 5

  @Option(help: "What is behind the series: level or trend.")
  var shape = Forecaster.Shape.level

  @Option(help: "The probability of each interval.")
  var interval = 0.9

  @Option(help: "Same seed, same forecast.")
  var seed: UInt64 = 1

  @Flag(help: "Print the forecasts as JSON.")
  var json = false

  func validate() throws {
    guard (1...10_000).contains(ahead) else { throw ValidationError("--ahead must be 1 to 10000") }
    guard interval > 0, interval < 1 else {
      throw ValidationError("--interval must be between 0 and 1")
    }
  }

  func run() async throws {
    do {
      let series = try readSeries(try text(), column: column)
      let forecasts = try await Forecaster(shape)
        .forecast(series, ahead: ahead, probability: interval, seed: seed)
      print(json ? try Self.json(forecasts) : Self.table(forecasts, interval))
    } catch let problems as Diagnostics {
      throw Failure(description: problems.text)
    } catch let error as SeriesError {
      throw Failure(description: error.description)
    }
  }

  private func text() throws -> String {
    if file == "-" {
      return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
    }
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw Failure(description: "cannot read '\(file)' as text")
    }
    return text
  }

  private static func json(_ forecasts: [Forecaster.Forecast]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return String(decoding: try encoder.encode(forecasts), as: UTF8.self)
  }

  private static func table(_ forecasts: [Forecaster.Forecast], _ interval: Double) -> String {
    let share = (interval * 100).formatted(.number.precision(.significantDigits(1...3)))
    let rows = forecasts.map { forecast in
      [forecast.mean, forecast.low, forecast.high].reduce("\(forecast.step)".padded(to: 4)) {
        $0 + String(format: "%.5g", $1).padded(to: 12)
      }
    }
    let header =
      "step".padded(to: 4) + "mean".padded(to: 12) + "low".padded(to: 12) + "high".padded(to: 12)
    return (["\(share) % intervals", header] + rows).joined(separator: "\n")
  }
}

extension Forecaster.Shape: ExpressibleByArgument {}

/// What the command says before it exits.
private struct Failure: Error, CustomStringConvertible {
  let description: String
}

extension String {
  /// The text at the right of a column.
  fileprivate func padded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
