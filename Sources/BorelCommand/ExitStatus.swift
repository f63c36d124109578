import BorelBase

/// What the process tells its caller; part of the contract of the command line.
enum ExitStatus: Int32, Error, CaseIterable {
  case success = 0
  /// The program failed while it ran, or hit a limit other than time.
  case runtime = 1
  case usage = 2
  case check = 3
  case data = 4
  case inference = 5
  /// Warnings, with `--strict`.
  case strict = 6
  /// `validate` found a law violated.
  case rejected = 7
  case timeLimit = 124
  case interrupted = 130

  /// What each number means, also that of a crash: the only table, for help and manual.
  static let meanings: [(status: Int32, meaning: String)] =
    allCases.map { ($0.rawValue, $0.meaning) }.filter { $0.0 < CrashStatus.status }
    + [(CrashStatus.status, "a bug in Borel")]
    + allCases.map { ($0.rawValue, $0.meaning) }.filter { $0.0 > CrashStatus.status }

  static var summary: String {
    meanings.map { "\($0.status) \($0.meaning)" }.joined(separator: ", ")
  }

  private var meaning: String {
    switch self {
    case .success: "all is well"
    case .runtime: "the program failed while it ran, or hit a limit"
    case .usage: "wrong use of the command line"
    case .check: "errors in the program; with fmt --check, a file that would change"
    case .data: "data missing or malformed"
    case .inference: "the inference could not give a result"
    case .strict: "warnings, or checks that fail, with --strict"
    case .rejected: "validate found a law violated"
    case .timeLimit: "the time limit"
    case .interrupted: "interrupted"
    }
  }

  /// By the first error.
  init(_ diagnostics: [Diagnostic]) {
    guard let first = diagnostics.first(where: { $0.severity == .error }) else {
      self = .success
      return
    }
    switch (first.code, first.category) {
    case ("E0603", _): self = .timeLimit
    case ("E0699", _): self = .interrupted
    case (_, .usage): self = .usage
    case (_, .check): self = .check
    case (_, .data): self = .data
    case (_, .inference): self = .inference
    case (_, .runtime), (_, .limit): self = .runtime
    }
  }
}

/// The end of a command by errors that are still to be shown.
struct CommandFailure: Error {
  var diagnostics: [Diagnostic]
  var sources: SourceMap
  var status: ExitStatus

  /// - Parameter status: Nil takes it from the first error.
  init(_ diagnostics: Diagnostics, in sources: SourceMap, status: ExitStatus? = nil) {
    self.diagnostics = diagnostics.list
    self.sources = sources
    self.status = status ?? ExitStatus(diagnostics.list)
  }

  /// A wrong use of the command line that the argument parser cannot see.
  static func usage(_ message: String, hint: String? = nil) -> CommandFailure {
    let diagnostic = Diagnostic(
      "E0708", .usage, message, at: .none, hints: hint.map { [$0] } ?? [])
    return CommandFailure(Diagnostics([diagnostic]), in: SourceMap([]))
  }

  func report() { Console.report(diagnostics, in: sources) }
}

/// Runs what may end with diagnostics.
///
/// - Parameter sources: Asked after the failure, when all texts have been read.
func reporting<Result>(
  in sources: @autoclosure () -> SourceMap, _ body: () throws(Diagnostics) -> Result
) throws(CommandFailure) -> Result {
  do {
    return try body()
  } catch {
    throw CommandFailure(error, in: sources())
  }
}
