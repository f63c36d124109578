import Borel
import BorelBase
import BorelData
import BorelIR
import BorelInference

extension PromptCommand {
  static let inference: [PromptCommand] = [
    PromptCommand("data", "[FILE | NAME=VALUE | clear]...", "data for the models below", .files) {
      prompt, text throws(SessionFailure) in
      try prompt.addData(text)
    },
    PromptCommand("infer", "[MODEL] [METHOD]", "the posterior of a model given the data", .models) {
      prompt, text throws(SessionFailure) in
      let (info, rest) = try prompt.modelAndRest(text)
      let method = rest.isEmpty ? prompt.session.settings.method : rest
      try prompt.checkMethod(method)
      try prompt.enter("infer(\(try prompt.session.boundCall(of: info)), \(method))", isKept: false)
    },
    PromptCommand("prior", "[N] [MODEL]", "draws from a model, observations included", .models) {
      prompt, text throws(SessionFailure) in
      let (count, rest) = Prompt.countAndRest(text, otherwise: 1_000)
      let (info, more) = try prompt.modelAndRest(rest)
      guard more.isEmpty else { throw .usage("':prior' takes a number and a model") }
      let call = try prompt.session.boundCall(of: info)
      try prompt.enter("infer(\(call), prior(draws: \(count)))", isKept: false)
    },
    PromptCommand(
      "learn", "[MODEL] [METHOD]", "the maximum likelihood of the param arguments", .models
    ) { prompt, text throws(SessionFailure) in
      let (info, rest) = try prompt.modelAndRest(text)
      let method = rest.isEmpty ? prompt.session.settings.method : rest
      try prompt.checkMethod(method)
      try prompt.enter("learn(\(try prompt.session.boundCall(of: info)), \(method))", isKept: false)
    },
    PromptCommand(
      "predict", "[NAME]", "data given the latents of a posterior, kept as 'prediction'", .names
    ) { prompt, text throws(SessionFailure) in
      let prediction = try prompt.session.predict(
        from: try prompt.session.posterior(named: text))
      prompt.host.print(prompt.session.summary(prediction))
    },
    PromptCommand("sample", "[N] DISTRIBUTION", "draws from a distribution", .expression) {
      prompt, text throws(SessionFailure) in
      let (count, rest) = Prompt.countAndRest(text, otherwise: 1)
      guard !rest.isEmpty else { throw .usage("':sample' needs a distribution") }
      try prompt.enter(
        count == 1 ? "sample \(rest)" : "sample IID(\(rest), \(count))", isKept: false)
    },
    PromptCommand("summary", "[NAME]", "the table of a posterior", .names) {
      prompt, text throws(SessionFailure) in
      let posterior = try prompt.session.posterior(named: text)
      prompt.host.print(prompt.session.summary(posterior))
    },
    PromptCommand("plan", "[MODEL] [METHOD]", "which method would run and why", .models) {
      prompt, text throws(SessionFailure) in
      try prompt.plan(text)
    },
    PromptCommand("ir", "[NAME]", "the intermediate representation of a definition", .names) {
      prompt, text throws(SessionFailure) in
      prompt.host.print(try prompt.representation(of: text))
    },
  ]
}

extension Prompt {
  /// Reads data files and values, or shows what there is.
  func addData(_ text: String) throws(SessionFailure) {
    for word in FileNames.split(text) {
      if word == "clear" {
        session.data.removeAll()
      } else if word.contains("="), word.first?.isLetter == true {
        try session.data.add(.setting(word))
      } else {
        try readData(word)
      }
    }
    if session.data.isEmpty {
      host.print("no data\n")
      return
    }
    for input in session.data.inputs {
      switch input {
      case .file(let file, _): host.print("\(file.name)\n")
      case .setting(let text): host.print("\(text)\n")
      }
    }
  }

  func readData(_ path: String) throws(SessionFailure) {
    let file: SourceFile
    do {
      file = try TextFile.read(path)
    } catch {
      throw SessionFailure(error.list)
    }
    try session.data.add(.file(file, DataSet.Format(fileName: path)))
  }

  /// The model that a text starts with, the newest one without a name, and what follows.
  func modelAndRest(
    _ text: String
  ) throws(SessionFailure) -> (info: ModelInfo, rest: String) {
    let word = String(text.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    let isMethod = MethodRegistry.method(named: word) != nil
    let isModel = session.compiler.definitions.contains {
      $0.kind == .model && $0.name == word
    }
    if word.isEmpty || (isMethod && !isModel) {
      return (try session.model(named: nil).info, text)
    }
    return (try session.model(named: word).info, text.dropFirst(word.count).trimmed)
  }

  /// A number in front of a text.
  static func countAndRest(_ text: String, otherwise: Int) -> (count: Int, rest: String) {
    let word = text.prefix { $0.isNumber || $0 == "_" }
    guard let count = Int(word.filter { $0 != "_" }), count > 0,
      text.dropFirst(word.count).first.map({ $0.isWhitespace }) != false
    else { return (otherwise, text) }
    return (count, text.dropFirst(word.count).trimmed)
  }

  /// The moves of the session, which methods may name.
  private var moveNames: [String] { session.program?.moves.map(\.name) ?? [] }

  func checkMethod(_ text: String) throws(SessionFailure) {
    do {
      _ = try MethodSpecification(
        parsing: text, at: Span(start: 0, end: text.utf8.count), moves: moveNames)
    } catch {
      throw SessionFailure(
        error.list, in: SourceMap([SourceFile(name: "method", text: text)]))
    }
  }

  func plan(_ text: String) throws(SessionFailure) {
    let (info, rest) = try modelAndRest(text)
    let method = rest.isEmpty ? session.settings.method : rest
    try checkMethod(method)
    guard let program = session.program else { return }
    let (index, _) = try session.model(named: info.name)
    let report: PlanReport
    do {
      let request = InferenceRequest(
        program: program, model: index, arguments: try session.bind(info),
        method: try MethodSpecification(parsing: method, moves: moveNames))
      report = try Engine.plan(request)
    } catch let failure as SessionFailure {
      throw failure
    } catch let problems as Diagnostics {
      throw SessionFailure(problems.list, in: session.compiler.sources)
    } catch {
      throw .usage("\(error)")
    }
    let width = report.lines.map(\.topic.count).max() ?? 0
    for line in report.lines {
      let padding = String(repeating: " ", count: width - line.topic.count)
      host.print("\(line.topic)\(padding)  \(line.text)\n")
    }
  }

  /// The functions in IR that belong to a definition, or all models.
  func representation(of name: String) throws(SessionFailure) -> String {
    guard let program = session.program else { throw .usage("nothing is defined yet") }
    var names: Set<String> = ["func \(name)", "model \(name)"]
    if name.isEmpty { names = Set(program.models.map { "model \($0.name)" }) }
    var text = ""
    for (index, function) in program.functions.enumerated().reversed() {
      // Older versions have the same name with another number.
      let plain = function.name.prefix { $0 != "#" && $0 != "<" }
      guard names.remove(String(plain)) != nil else { continue }
      text += printIR(FunctionID(index), of: program) + "\n"
    }
    guard !text.isEmpty else {
      throw .usage("'\(name)' is no function or model that has code")
    }
    return text
  }
}
