import Borel
import BorelBase
import BorelCompiler
import BorelData
import BorelIR

/// The data that `:data` has collected for the parameters of models.
final class SessionData {
  enum Input {
    case file(SourceFile, DataSet.Format)
    /// `name=value`
    case setting(String)
  }

  private let compiler: SessionCompiler
  private(set) var inputs: [Input] = []
  private var set = DataSet()
  /// The number of the first data file in the source map of `set`.
  private var start = 0

  init(_ compiler: SessionCompiler) { self.compiler = compiler }

  var isEmpty: Bool { inputs.isEmpty }

  func removeAll() {
    inputs = []
    set = DataSet()
    start = 0
  }

  /// Adds a file or one value; what cannot be read leaves the data as they are.
  func add(_ input: Input) throws(SessionFailure) {
    inputs.append(input)
    do {
      try read()
    } catch {
      inputs.removeLast()
      throw error
    }
  }

  /// Finds an argument for each parameter of a model.
  func bind(
    to info: ModelInfo, _ enumerations: [EnumerationInfo]
  ) throws(SessionFailure) -> (bound: BoundArguments, sources: SourceMap) {
    // The places of the data must not be taken for places in newer program texts.
    if Int(info.span.file) >= start { try read() }
    do {
      return (try set.bind(to: info, enumerations: enumerations), sources)
    } catch {
      throw SessionFailure(error.list.map(Self.forPrompt), in: sources)
    }
  }

  /// A diagnostic whose hints name what the prompt has in the place of options.
  private static func forPrompt(_ diagnostic: Diagnostic) -> Diagnostic {
    var diagnostic = diagnostic
    diagnostic.hints = diagnostic.hints.map {
      $0.replacing("-d FILE", with: "':data FILE'").replacing("--set ", with: ":data ")
    }
    return diagnostic
  }

  private var sources: SourceMap {
    SourceMap(Array(compiler.sources.files.prefix(start)) + set.files)
  }

  private func read() throws(SessionFailure) {
    start = compiler.sources.files.count
    var fresh = DataSet(firstFileIndex: start)
    do {
      for input in inputs {
        switch input {
        case .file(let file, let format): try fresh.add(file, format: format)
        case .setting(let text): try fresh.add(setting: text)
        }
      }
    } catch {
      throw SessionFailure(
        error.list, in: SourceMap(Array(compiler.sources.files.prefix(start)) + fresh.files))
    }
    set = fresh
  }
}
