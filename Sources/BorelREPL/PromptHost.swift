import BorelBase
import BorelInference
import BorelReport

/// What the prompt needs from the process around it.
package protocol PromptHost: Sendable {
  /// Whether a person sits before it: then there are prompts, colours and summaries.
  var isInteractive: Bool { get }
  /// Whether Ctrl-C has been pressed since the last `clearInterrupt`.
  var isInterrupted: Bool { get }
  func clearInterrupt()
  /// Writes results as they are.
  func print(_ text: String)
  func report(_ diagnostics: [Diagnostic], in sources: SourceMap)
  /// Told how far a run is.
  func showProgress(_ progress: RunProgress)
  func endProgress()
  /// Writes the draws of a posterior to a file whose extension says how.
  func write(_ posterior: Posterior, to path: String) throws(Diagnostics)
  /// Shows a posterior in another way than as text; false when there is none.
  func show(_ document: ResultDocument, titled title: String, as text: String) -> Bool
  /// Shows the pictures of a posterior in another way than as text; false when there is none.
  func showPictures(_ document: ResultDocument) -> Bool
}

extension PromptHost {
  package func show(_ document: ResultDocument, titled title: String, as text: String) -> Bool {
    false
  }

  package func showPictures(_ document: ResultDocument) -> Bool { false }
}
