import ArgumentParser
import Borel
import BorelBase
import BorelInference
import BorelKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a run is done.
struct RunOptions: ParsableArguments {
  @Option(
    name: [.customShort("s"), .customLong("seed")],
    help: "Same seed, same result, for any number of threads.")
  var seed: UInt64 = 1

  @Option(
    name: [.customShort("j"), .customLong("threads")],
    help: ArgumentHelp("Number of threads (default: all processors).", valueName: "threads"))
  var threads: Int?

  @Option(
    name: .customLong("time-limit"),
    help: ArgumentHelp("Stop with status 124 after this time.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(
    name: .customLong("memory-limit"),
    help: ArgumentHelp(
      "Stop with status 1 when columns and objects need more: 500M, 2G.", valueName: "bytes"))
  var memoryLimit: String?

  @Option(
    name: .customLong("output-limit"),
    help: ArgumentHelp(
      "Stop with status 1 when the program prints more text: 500M, 2G.", valueName: "bytes"))
  var outputLimit: String?

  @Option(
    name: .customLong("isa"),
    help: ArgumentHelp(
      "Instruction set of the kernels: results are the same bits on machines that use the same.",
      valueName: "level"))
  var instructionSet: String?

  @Option(
    name: .customLong("on-error"),
    help: ArgumentHelp(
      "'stop' the run when an execution fails, or 'reject' the execution: it gets weight zero.",
      valueName: "stop|reject"))
  var onError = ErrorPolicy.stop

  enum ErrorPolicy: String, ExpressibleByArgument, CaseIterable { case stop, reject }

  mutating func validate() throws {
    if let threads, threads < 1 { throw ValidationError("-j must be at least 1, found \(threads)") }
    if let timeLimit, !(timeLimit > 0) {
      throw ValidationError("--time-limit must be positive, found \(timeLimit)")
    }
    for (name, text) in [("memory", memoryLimit), ("output", outputLimit)] {
      if let text, ByteCount.parse(text) == nil {
        throw ValidationError(
          "--\(name)-limit must be a number of bytes such as 500M or 2G, found \(text)")
      }
    }
  }

  var threadCount: Int { threads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// The limits of a run that Ctrl-C stops.
  func limits(progress: ProgressLine?) -> RunLimits {
    var limits = RunLimits(
      memory: memoryLimit.flatMap(ByteCount.parse), seconds: timeLimit,
      output: outputLimit.flatMap(ByteCount.parse), isCancelled: { Interrupt.isRequested })
    limits.rejectsFailures = onError == .reject
    if let progress, Console.isTerminal(.error) {
      limits.progress = { progress.update($0) }
    }
    return limits
  }

  /// Chooses the kernels before anything runs.
  func pinInstructionSet() throws(CommandFailure) {
    guard let instructionSet else { return }
    var known: [String] = []
    for level in 0..<Int32(BOREL_ISA_COUNT) {
      guard borel_isa_is_available(level) != 0, let name = borel_isa_name(level) else { continue }
      known.append(String(cString: name))
      if known.last == instructionSet, borel_set_isa(level) == 0 { return }
    }
    throw .usage(
      "this machine has no instruction set '\(instructionSet)'",
      hint: Spelling.hint(for: instructionSet, among: known, kind: "levels"))
  }
}

/// The text of a method on the command line.
struct MethodOption: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("method")],
    help: ArgumentHelp(
      "Inference method, such as 'smc(particles: 10_000)'; 'borel doc' lists them.",
      valueName: "method"))
  var text: String?

  func specification() throws(CommandFailure) -> Method {
    try text.map(Self.method(_:)) ?? .auto
  }

  /// The method with a text, whose problems point into it.
  static func method(_ text: String) throws(CommandFailure) -> Method {
    let file = SourceFile(name: "--method", text: text)
    let place = Span(start: 0, end: text.utf8.count)
    return try reporting(in: SourceMap([file])) { () throws(Diagnostics) in
      Method(try MethodSpecification(parsing: text, at: place, moves: nil))
    }
  }
}
