import ArgumentParser
import BorelBase
import BorelInference
import Foundation
import Synchronization

/// Where a run keeps its state and where it goes on from.
struct CheckpointOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep the state of a run of Markov chains or particle Gibbs in a file.", valueName: "file"),
    completion: .file())
  var checkpoint: String?

  @Option(
    help: ArgumentHelp(
      "Time between two checkpoints: 30s, 5min, 1h (default: 60s).", valueName: "time"))
  var every: String?

  @Option(
    help: ArgumentHelp(
      "Go on from a checkpoint; the result has the bits of a run that was never stopped. Further "
        + "checkpoints replace it, unless --checkpoint names another file.", valueName: "file"),
    completion: .file())
  var resume: String?

  mutating func validate() throws {
    guard let every else { return }
    if Self.seconds(every) == nil {
      throw ValidationError("--every must be a time such as 30s, 5min or 1h, found \(every)")
    }
    if checkpoint == nil, resume == nil {
      throw ValidationError("--every needs --checkpoint or --resume")
    }
  }

  var isUsed: Bool { checkpoint != nil || resume != nil }

  /// Nil when no option is given.
  func plan() throws(CommandFailure) -> CheckpointPlan? {
    guard let path = checkpoint ?? resume else { return nil }
    var plan = CheckpointPlan()
    if let resume {
      do {
        plan.source = .init(
          name: resume, bytes: Array(try Data(contentsOf: URL(fileURLWithPath: resume))))
      } catch {
        throw .usage("cannot read the checkpoint '\(resume)': \(FileOutput.reason(error))")
      }
    }
    if let every, let seconds = Self.seconds(every) { plan.interval = seconds }
    do {
      try CheckpointStore.prepare(path)
    } catch {
      throw .usage("cannot write the checkpoint '\(path)': \(FileOutput.reason(error))")
    }
    let hasWarned = Mutex(false)
    plan.keep = { bytes in
      do {
        try CheckpointStore.replace(path, by: bytes)
      } catch {
        let isFirst = hasWarned.withLock { hasWarned in
          defer { hasWarned = true }
          return !hasWarned
        }
        if isFirst { Console.report([Self.notKept(path, error)], in: SourceMap([])) }
      }
    }
    return plan
  }

  /// A full disk is no reason to lose the run.
  private static func notKept(_ path: String, _ error: any Error) -> Diagnostic {
    Diagnostic(
      "W0508", .usage, "the checkpoint '\(path)' cannot be written: \(FileOutput.reason(error))",
      at: .none, severity: .warning,
      hints: ["the run goes on; the last checkpoint that was written stays"])
  }

  /// `30s`, `5min`, `1h`, `200ms`, or a number of seconds.
  static func seconds(_ text: String) -> Double? {
    let units = [("ms", 0.001), ("min", 60), ("s", 1), ("h", 3_600), ("", 1)]
    for (unit, factor) in units where text.hasSuffix(unit) {
      let number = Double(text.dropLast(unit.count))
      return number.flatMap { $0 >= 0 && $0.isFinite ? $0 * factor : nil }
    }
    return nil
  }
}

/// A file that is always whole: what is written is put in its place by a rename.
enum CheckpointStore {
  private static func temporary(_ path: String) -> String { path + ".part" }

  /// - Throws: when the file could not be written later on.
  static func prepare(_ path: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw POSIXError(.EISDIR)
    }
    try Data().write(to: URL(fileURLWithPath: temporary(path)))
    try FileManager.default.removeItem(atPath: temporary(path))
  }

  static func replace(_ path: String, by bytes: [UInt8]) throws {
    let part = URL(fileURLWithPath: temporary(path))
    try Data(bytes).write(to: part)
    let file = try FileHandle(forWritingTo: part)
    try file.synchronize()
    try file.close()
    if rename(temporary(path), path) != 0 {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
  }
}
