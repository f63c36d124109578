import BorelBase
import BorelHeap
import BorelIR

/// How often moves were tried and accepted, by kernel and choice.
struct MoveStatistics {
  struct Counts {
    var proposed = 0
    var accepted = 0
    /// Rejections because of a parameter outside its domain, a bad index or an overflow.
    var outOfDomain = 0

    init(outOfDomain: Int = 0) { self.outOfDomain = outOfDomain }
  }

  private struct Key: Hashable {
    let kernel: String
    let site: String
  }

  private var counts: [Key: Counts] = [:]
  private var order: [Key] = []
  private var movedChains: Set<Int> = []

  /// Fewer proposals say nothing about a choice that has not moved.
  private static let leastProposals = 50
  /// Choices that a note lists.
  private static let shownSites = 12

  mutating func add(_ more: Counts, kernel: String, site: String) {
    let key = Key(kernel: kernel, site: site)
    if counts[key] == nil { order.append(key) }
    counts[key, default: Counts()].proposed += more.proposed
    counts[key, default: Counts()].accepted += more.accepted
    counts[key, default: Counts()].outOfDomain += more.outOfDomain
  }

  /// The share of all proposals that were accepted; nil before there are any.
  var acceptance: Double? {
    let (proposed, accepted) = counts.values.reduce((0, 0)) {
      ($0.0 + $1.proposed, $0.1 + $1.accepted)
    }
    return proposed > 0 ? Double(accepted) / Double(proposed) : nil
  }

  /// Chains that have moved at all.
  var movedCount: Int { movedChains.count }

  mutating func forgetMovedChains() { movedChains = [] }

  mutating func noteMove(of chain: Int) { movedChains.insert(chain) }

  func write(to writer: inout StateWriter) {
    writer.write(order.count)
    for key in order {
      writer.write(key.kernel)
      writer.write(key.site)
      let count = counts[key] ?? Counts()
      writer.write(count.proposed)
      writer.write(count.accepted)
      writer.write(count.outOfDomain)
    }
    writer.write(movedChains.sorted().map { Int64($0) })
  }

  init() {}

  /// - Throws: `DamagedState`.
  init(from reader: inout StateReader) throws {
    for _ in 0..<(try reader.readCount()) {
      let key = Key(kernel: try reader.readText(), site: try reader.readText())
      var count = Counts()
      count.proposed = try reader.readInt()
      count.accepted = try reader.readInt()
      count.outOfDomain = try reader.readInt()
      guard counts.updateValue(count, forKey: key) == nil else { throw DamagedState() }
      order.append(key)
    }
    movedChains = Set(try reader.readInts().map { Int($0) })
  }

  /// Acceptance rates, and warnings of choices and chains that never move.
  ///
  /// - Parameter program: Where the choices stand.
  func diagnostics(of program: Program, chainCount: Int) -> [Diagnostic] {
    var found = acceptanceNotes
    found += failures(program) + stuckSites(program)
    let still = chainCount - movedChains.count
    if still > 0, !order.isEmpty {
      found.append(
        Diagnostic(
          "W0521", .inference, "\(still) of \(chainCount) chains have never moved", at: .none,
          severity: .warning,
          hints: ["their draws are copies of one: use another kernel, or a longer warm-up"]))
    }
    return found
  }

  /// Acceptance rates, one note per kernel.
  var acceptanceNotes: [Diagnostic] {
    var found: [Diagnostic] = []
    var kernels: [String] = []
    for key in order where !kernels.contains(key.kernel) { kernels.append(key.kernel) }
    for kernel in kernels {
      let keys = order.filter { $0.kernel == kernel }
      let rates = keys.prefix(Self.shownSites).compactMap { key -> String? in
        guard let count = counts[key], count.proposed > 0 else { return nil }
        let rate = Double(count.accepted) / Double(count.proposed)
        return "\(key.site) \(Self.percent(rate))"
      }
      let rest = keys.count > Self.shownSites ? ", ..." : ""
      found.append(
        Diagnostic(
          "N0520", .inference,
          "accepted by '\(kernel)': \(rates.joined(separator: ", "))\(rest)", at: .none,
          severity: .note))
    }
    return found
  }

  /// Where many proposals fail the program may be at fault.
  private func failures(_ program: Program) -> [Diagnostic] {
    order.compactMap { key in
      guard let count = counts[key], count.outOfDomain * 10 > count.proposed else { return nil }
      return Diagnostic(
        "W0522", .inference,
        "\(count.outOfDomain) of \(count.proposed) proposals of '\(key.kernel)' for \(key.site) "
          + "failed: a parameter outside its domain, a bad index or an overflow",
        at: Self.place(key.site, program), severity: .warning,
        hints: ["they count as rejections; 'importance' shows the error"])
    }
  }

  private func stuckSites(_ program: Program) -> [Diagnostic] {
    var sites: [String: Counts] = [:]
    for key in order {
      sites[key.site, default: Counts()].proposed += counts[key]?.proposed ?? 0
      sites[key.site, default: Counts()].accepted += counts[key]?.accepted ?? 0
      sites[key.site, default: Counts()].outOfDomain += counts[key]?.outOfDomain ?? 0
    }
    return sites.sorted { $0.key < $1.key }.compactMap { site, count in
      guard count.accepted == 0, count.proposed >= Self.leastProposals else { return nil }
      var hints = ["its draws are the initial value: use another kernel for it"]
      if count.outOfDomain > 0 {
        hints.append("\(count.outOfDomain) proposals left the domain of a parameter")
      }
      return Diagnostic(
        "W0520", .inference,
        "\(site) has never moved in \(count.proposed) proposals", at: Self.place(site, program),
        severity: .warning, hints: hints)
    }
  }

  /// What each kernel did at each choice, in the order of the first moves.
  func shares(of program: Program, chainCount: Int) -> [MoveShare] {
    order.compactMap { key in
      guard let count = counts[key], count.proposed > 0 else { return nil }
      return MoveShare(
        span: Self.place(key.site, program), name: Self.name(key.site) ?? key.site,
        kernel: key.kernel, proposals: count.proposed, accepted: count.accepted,
        failed: count.outOfDomain, chainCount: chainCount,
        chainsThatNeverMoved: count.accepted == 0 ? chainCount : 0)
    }
  }

  /// The name in the label of a choice: `mu` of `'mu'`.
  private static func name(_ site: String) -> String? {
    guard site.count > 2, site.first == "'", site.last == "'" else { return nil }
    return String(site.dropFirst().dropLast())
  }

  private static func place(_ site: String, _ program: Program) -> Span {
    guard let name = name(site) else { return .none }
    return program.reports.first { $0.name == name }?.span ?? .none
  }

  private static func percent(_ rate: Double) -> String {
    "\(Int((rate * 100).rounded())) %"
  }
}
