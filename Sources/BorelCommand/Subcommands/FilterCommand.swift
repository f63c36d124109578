import ArgumentParser
import Borel
import BorelBase
import BorelData
import BorelInference

struct FilterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filter",
    abstract: "Filter records as they arrive: what is known of the state after each of them.",
    discussion: """
      The model goes over its data in one loop. Arrays that -d and --set do not give grow: each line \
      of the records is a JSON object with a field for each of them, or the element itself where \
      only one array grows. For each line one JSON object is printed: the filtered state, how the \
      data of the line were foreseen, and the evidence so far. Memory does not grow with the records.
      """)

  @OptionGroup var source: SourceOptions

  @Option(
    help: ArgumentHelp(
      "Records, one JSON value a line; - reads the standard input.", valueName: "file"),
    completion: .file())
  var records = "-"

  @Option(
    name: [.customShort("m"), .customLong("method")],
    help: ArgumentHelp("A particle filter: smc with one group.", valueName: "method"))
  var method = "smc(particles: 1000)"

  @OptionGroup var options: RunOptions

  @Option(name: .customLong("vars"), help: ArgumentHelp("Show only these.", valueName: "a,b"))
  var variables: String?

  @Option(
    help: ArgumentHelp("Probabilities of the quantiles that are shown.", valueName: "p,p"))
  var quantiles = "0.05,0.5,0.95"

  @Flag(name: .customLong("no-forecasts"), help: "Do not foretell the data of each record.")
  var hasNoForecasts = false

  @Option(
    help: ArgumentHelp("Fields of records that are for others.", valueName: "a,b"))
  var ignore: String?

  @Option(
    help: ArgumentHelp(
      "A field with the time of the record; records that are older than one before are late.",
      valueName: "field"))
  var time: String?

  @Option(
    name: .customLong("bad-records"),
    help: ArgumentHelp(
      "'stop' at a record that is malformed or late, or 'skip' it: a line says why.",
      valueName: "stop|skip"))
  var badRecords = RecordPolicy.stop

  @OptionGroup var checkpoints: CheckpointOptions

  enum RecordPolicy: String, ExpressibleByArgument, CaseIterable { case stop, skip }

  mutating func validate() throws {
    for probability in probabilities where !(probability > 0 && probability < 1) {
      throw ValidationError("--quantiles must be numbers between 0 and 1, found \(quantiles)")
    }
  }

  private var probabilities: [Double] {
    quantiles.commaSeparated.map { Double($0) ?? .nan }
  }

  func run() throws {
    try options.pinInstructionSet()
    let program = try source.program()
    let model = try given.boundModel(of: program)
    let plan = try checkpoints.plan()
    let filter = try makeFilter(model, plan)
    var loop = RecordLoop(
      filter: filter, timeField: time, skips: badRecords == .skip, checkpoints: plan)
    if source.file == "-", records == "-" {
      throw CommandFailure.usage("the standard input can be read only once")
    }
    try loop.run(over: try RecordLines(records))
  }

  /// `-d -` means the records.
  private var given: SourceOptions {
    var given = source
    given.data.removeAll { $0 == "-" }
    return given
  }

  private func makeFilter(
    _ model: Model, _ plan: CheckpointPlan?
  ) throws(CommandFailure) -> Filter {
    let specification = try MethodOption.method(method)
    let settings = FilterOptions(
      quantiles: probabilities, variables: variables.map { Set($0.commaSeparated) },
      forecasts: !hasNoForecasts,
      ignoredFields: Set((ignore ?? "").commaSeparated + [time].compactMap { $0 }))
    return try reporting(in: model.sources) { () throws(Diagnostics) in
      try model.filter(
        specification, seed: options.seed, threads: options.threadCount,
        limits: options.limits(progress: nil), options: settings,
        snapshot: plan?.source.map { ($0.bytes, $0.name) })
    }
  }
}
