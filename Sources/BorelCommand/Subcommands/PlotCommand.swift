import ArgumentParser
import BorelInference
import BorelReport

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Pictures of a result: in the terminal, as a page, or as SVG.",
    discussion: """
      Without --html and --svg the pictures are drawn in the terminal. Pages and images are \
      self-contained and follow the light or dark setting of the reader.
      """)

  @OptionGroup var results: ResultFiles

  @Option(name: .customLong("vars"), help: ArgumentHelp("Only these variables.", valueName: "a,b"))
  var variables: String?

  @Option(help: ArgumentHelp("Write one HTML page.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Write one SVG image.", valueName: "file"))
  var svg: String?

  @Option(
    help: ArgumentHelp("Columns of the terminal (default: as wide as it is).", valueName: "n"))
  var width: Int?

  func run() throws {
    let document = try results.document()
    let shown = try VariableSelection(variables).variables(of: document.posterior)
    let isComplete = variables != nil
    if let html {
      try FileOutput.write(
        ReportPage(document, shown, isComplete: isComplete).html, to: html)
    }
    if let svg {
      try FileOutput.write(
        ReportImage(document, shown, isComplete: isComplete).svg, to: svg)
    }
    if html == nil, svg == nil {
      let style = TerminalStyle.ofOutput(width: width)
      Console.print(TerminalReport(document, style: style).text(shown, isComplete: isComplete))
    }
  }
}
