import ArgumentParser
import Borel
import BorelBase
import BorelData
import BorelInference
import BorelReport
import Synchronization

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a script, or infer the model of a file.",
    discussion: """
      A file with top-level statements is run. A file that only declares a model is conditioned on \
      the data, and the posterior is printed.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup var method: MethodOption
  @OptionGroup var options: RunOptions
  @OptionGroup var checkpoints: CheckpointOptions

  @OptionGroup var output: OutputOptions

  @Option(
    name: .customLong("vars"), help: ArgumentHelp("Keep and show only these.", valueName: "a,b"))
  var variables: String?

  @Flag(name: .customLong("json"), help: "Print one JSON object instead of a table.")
  var isJSON = false

  @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Print no result.")
  var isQuiet = false

  @Flag(help: "List what each line did to the result.")
  var blame = false

  @Flag(
    help: "Keep the log-likelihood of each datum as 'log_lik.NAME', for 'compare --loo'.")
  var pointwise = false

  @Flag(
    name: .customLong("profile"),
    help: "Show on the error stream which lines take the time, and what else does.")
  var isProfiled = false

  @Flag(help: "Exit with status 6 when there are warnings.")
  var strict = false

  @Flag(
    name: [.customShort("i"), .customLong("interactive")],
    help: "Stay at the prompt after the file has run.")
  var isInteractive = false

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("What the script sees as its arguments.", valueName: "arguments"))
  var scriptArguments: [String] = []

  func run() throws {
    try options.pinInstructionSet()
    let method = try method.specification()
    let target = try output.target()
    if isInteractive { return try stay() }
    let program = try source.program()
    if program.isScript {
      try runScript(program)
    } else {
      try infer(program, method, target)
    }
  }

  /// Runs the file in a session and goes on at the prompt, with the data at hand.
  private func stay() throws(CommandFailure) {
    guard source.file != "-" else {
      throw .usage("-i needs a file: the standard input is where the prompt reads")
    }
    var prompt = PromptRun(options: options, arguments: scriptArguments)
    prompt.files = [source.file]
    prompt.data = source.data
    prompt.settings = source.settings
    prompt.method = method.text
    try prompt.run()
  }

  private func infer(
    _ program: Program, _ method: Method, _ target: OutputTarget?
  ) throws(CommandFailure) {
    if !scriptArguments.isEmpty {
      throw .usage("arguments after -- are for scripts; this file only declares a model")
    }
    let model = try source.boundModel(of: program)
    let selection = VariableSelection(variables)
    let progress = ProgressLine()
    defer { progress.clear() }
    var limits = options.limits(progress: progress)
    let profiling = isProfiled ? Profiling() : nil
    limits.profile = profiling?.profile
    // What a method has done when Ctrl-C stops it is a result, with a warning.
    limits.keepDone = {}
    let checkpoints = try checkpoints.plan()
    let fit = try reporting(in: model.sources) { [limits] () throws(Diagnostics) in
      try model.infer(
        method, seed: options.seed, threads: options.threadCount,
        limits: limits, attributesEvidence: blame,
        variables: selection.names, keepsPointwise: pointwise, checkpoints: checkpoints)
    }
    progress.clear()
    profiling?.report(in: model.sources)
    var kept = try selection.variables(of: fit.result)
    if pointwise, variables != nil {
      kept += fit.result.variables.filter { $0.name.hasPrefix(LeaveOneOut.prefix) }
    }
    try ResultOutput(
      document: ResultDocument(fit.result, of: model), variables: kept, isJSON: isJSON,
      isQuiet: isQuiet, isComplete: variables != nil, showsBlame: blame
    ).write(to: target)
    if Interrupt.isRequested {
      throw CommandFailure(Diagnostics([]), in: model.sources, status: .interrupted)
    }
    if strict, fit.result.diagnostics.contains(where: { $0.severity != .note }) {
      throw CommandFailure(Diagnostics([]), in: model.sources, status: .strict)
    }
  }

  private func runScript(_ program: Program) throws(CommandFailure) {
    if source.hasData || method.text != nil || output.output != nil || variables != nil || isJSON
      || source.model != nil || checkpoints.isUsed || pointwise
    {
      throw .usage(
        "'\(source.file)' has top-level statements: it reads its data and chooses its methods "
          + "itself",
        hint: "-d, --set, --model, -m, -o, --vars, --json, --pointwise, --checkpoint and --resume "
          + "are for files that only declare a model")
    }
    let documents = Documents(firstFileIndex: program.sources.files.count) {
      path throws(Diagnostics) in
      path == "-"
        ? try TextFile.read(Console.Stream.input.rawValue, name: "<stdin>")
        : try TextFile.read(path)
    }
    let isQuiet = isQuiet
    let progress = ProgressLine()
    defer { progress.clear() }
    let warned = Mutex(false)
    let host = ScriptHost(
      print: { line in
        progress.clear()
        if !isQuiet { Console.printLine(line) }
      }, arguments: scriptArguments,
      report: { diagnostics in
        progress.clear()
        let shown = diagnostics.filter { $0.severity != .note }
        Console.report(shown, in: SourceMap(program.sources.files + documents.files))
        if !shown.isEmpty { warned.withLock { $0 = true } }
      })
    let profiling = isProfiled ? Profiling() : nil
    var limits = options.limits(progress: progress)
    limits.profile = profiling?.profile
    try reporting(in: SourceMap(program.sources.files + documents.files)) {
      [limits] () throws(Diagnostics) in
      try Engine.runScript(
        program, host: host, documents: documents, seed: options.seed, threads: options.threadCount,
        limits: limits)
    }
    progress.clear()
    profiling?.report(in: program.sources)
    if strict, warned.withLock({ $0 }) {
      throw CommandFailure(Diagnostics([]), in: program.sources, status: .strict)
    }
  }
}
