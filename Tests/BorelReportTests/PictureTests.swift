import BorelBase
import BorelInference
import BorelReport
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func isWellFormed(_ text: String) -> Bool {
  XMLParser(data: Data(text.utf8)).parse()
}

@Test(arguments: [particleDocument(), chainDocument(shift: 1)])
func pagesAreSelfContained(_ document: ResultDocument) {
  let page = ReportPage(document, document.posterior.variables, isComplete: true).html
  for attribute in ["src=", "href=", "@import", "<script", "url("] {
    #expect(!page.contains(attribute), "\(attribute)")
  }
  #expect(page.contains("prefers-color-scheme: dark"))
  for piece in page.components(separatedBy: "<svg").dropFirst() {
    let drawing = "<svg" + (piece.components(separatedBy: "</svg>").first ?? "") + "</svg>"
    #expect(isWellFormed(drawing), "\(drawing.prefix(300))")
    #expect(!drawing.contains("nan"))
  }
}

@Test(arguments: [particleDocument(), chainDocument()])
func imagesAreWellFormed(_ document: ResultDocument) {
  let image = ReportImage(document, document.posterior.variables, isComplete: true).svg
  #expect(isWellFormed(image))
  #expect(image.contains("prefers-color-scheme: dark"))
}

@Test func pagesShowWhatTheMethodHas() {
  let particles = ReportPage(
    particleDocument(), particleDocument().posterior.variables, isComplete: true
  ).html
  for heading in ["Log evidence", "Effective sample size", "Genealogy of level", "level[i]"] {
    #expect(particles.contains(heading), "\(heading)")
  }
  let chains = ReportPage(
    chainDocument(), chainDocument().posterior.variables, isComplete: true
  ).html
  for heading in ["trace of mu", "rank plot of mu", "R-hat"] {
    #expect(chains.contains(heading), "\(heading)")
  }
}

@Test(arguments: [particleDocument(), chainDocument()], [40, 80, 200])
func picturesFitTheTerminal(_ document: ResultDocument, _ width: Int) {
  let style = TerminalStyle(width: width, usesColor: false)
  let text = TerminalReport(document, style: style)
    .text(document.posterior.variables, isComplete: true)
  #expect(!text.contains("\u{1B}"))
  for line in text.split(separator: "\n") {
    #expect(line.count <= width, "\(line)")
  }
  let colored = TerminalReport(document, style: TerminalStyle(width: width, usesColor: true))
    .text(document.posterior.variables, isComplete: true)
  #expect(colored.contains("\u{1B}["))
}

@Test func histogramsShowTheMass() {
  let x = Variable(name: "x", kind: .int, values: [1, 1, 1, 2])
  let posterior = Posterior(
    model: "m", method: "prior", seed: 1, variables: [x], drawCount: 4,
    manifest: Manifest(seed: 1, method: "prior", instructionSet: "baseline", threadCount: 1))
  let text = TerminalReport(
    ResultDocument(posterior), style: TerminalStyle(width: 80, usesColor: false)
  ).text([x], isComplete: true)
  #expect(text.contains("1 " + String(repeating: "█", count: 50) + " 0.75"))
  #expect(text.contains("2 " + String(repeating: "█", count: 16) + "▋ 0.25"))
}
