import BorelInference
import Synchronization

/// How far a run is, on one line of the error stream: share, rate, quality, remaining time. Nothing
/// when that is no terminal.
final class ProgressLine: Sendable {
  private let isShown = Mutex(false)
  private static let width = 24

  /// Called on any thread.
  @Sendable func update(_ progress: RunProgress) {
    guard Console.isTerminal(.error) else { return }
    isShown.withLock { $0 = true }
    Console.printStatus(Self.text(progress))
  }

  /// Removes the line.
  func clear() {
    let wasShown = isShown.withLock { isShown in
      defer { isShown = false }
      return isShown
    }
    if wasShown { Console.printStatus("") }
  }

  /// `██████░░░░  42 %  12M lane-steps/s  ESS 71 %  3 s left`
  static func text(_ progress: RunProgress) -> String {
    let rate = progress.count / max(progress.seconds, 1e-9)
    var speed = "\(short(rate)) \(progress.unit)/s"
    if let quality = progress.quality { speed += "  \(text(quality))" }
    guard let share = progress.share else {
      return "\(short(progress.count)) \(progress.unit)  \(speed)"
    }
    let filled = Int((share * Double(width)).rounded())
    let bar =
      String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let percent = "\(Int(share * 100))"
    let padding = String(repeating: " ", count: max(0, 3 - percent.count))
    var text = "\(bar) \(padding)\(percent) %  \(speed)"
    if share > 0.01 { text += "  \(duration(progress.seconds * (1 - share) / share)) left" }
    return text
  }

  private static func text(_ quality: RunProgress.Quality) -> String {
    switch quality {
    case .effectiveSampleSize(let share): "ESS \(percent(share))"
    case .acceptance(let share): "\(percent(share)) accepted"
    case .renewal(let share): "\(percent(share)) of the paths renewed"
    }
  }

  private static func percent(_ share: Double) -> String {
    "\(Int((min(max(share, 0), 1) * 100).rounded())) %"
  }

  /// Three digits at most: `950`, `1.2k`, `35M`.
  private static func short(_ value: Double) -> String {
    var value = value
    var unit = ""
    for next in ["k", "M", "G", "T"] where value >= 1_000 {
      value /= 1_000
      unit = next
    }
    if unit.isEmpty || value >= 10 { return "\(Int(value))\(unit)" }
    let tenths = Int(value * 10)
    return "\(tenths / 10).\(tenths % 10)\(unit)"
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3_600) h \(whole % 3_600 / 60) min"
  }
}
