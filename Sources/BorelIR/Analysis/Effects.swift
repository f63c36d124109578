/// What running some code may do besides computing its result.
package struct EffectSet: OptionSet, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let draws = EffectSet(rawValue: 1)
  /// `observe` or `score`: what it means is the representation's business.
  package static let scores = EffectSet(rawValue: 2)
  package static let factors = EffectSet(rawValue: 4)
  package static let requires = EffectSet(rawValue: 8)
  package static let tallies = EffectSet(rawValue: 16)
  package static let emits = EffectSet(rawValue: 32)
  package static let prints = EffectSet(rawValue: 64)
  package static let fails = EffectSet(rawValue: 128)
  package static let memoises = EffectSet(rawValue: 256)
  package static let infers = EffectSet(rawValue: 512)
  package static let hosts = EffectSet(rawValue: 1024)
  package static let checkpoints = EffectSet(rawValue: 2048)
  package static let forks = EffectSet(rawValue: 4096)

  /// Effects on the weight of a lane.
  package static let weights: EffectSet = [.scores, .factors, .requires]

  private static let names: [(EffectSet, String)] = [
    (.draws, "draws"), (.scores, "scores"), (.factors, "factors"), (.requires, "requires"),
    (.tallies, "tallies"), (.emits, "emits"), (.prints, "prints"), (.fails, "fails"),
    (.memoises, "memoises"), (.infers, "infers"), (.hosts, "calls the host"),
    (.checkpoints, "checkpoints"), (.forks, "forks"),
  ]

  package var description: String {
    let list = Self.names.filter { contains($0.0) }.map(\.1)
    return list.isEmpty ? "pure" : list.joined(separator: ", ")
  }
}

extension Operation {
  /// The effects of the operation itself.
  package var effects: EffectSet {
    switch self {
    case .sample: .draws
    // A missing datum whose value is used is drawn.
    case .observe(_, _, _, _, let isOptional), .score(_, _, _, _, let isOptional):
      isOptional ? [.scores, .draws] : .scores
    case .factor: .factors
    case .require: .requires
    case .tally: .tallies
    case .emit: .emits
    case .print, .debug: .prints
    case .fail: .fails
    case .memoMake, .memoEnter, .memoFind, .memoStore: .memoises
    case .infer: .infers
    case .host: .hosts
    case .decode: [.hosts, .fails]
    default: []
    }
  }
}

/// The effects of each function, calls included.
package struct EffectAnalysis: Sendable, CustomStringConvertible {
  /// By function.
  package let effects: [EffectSet]
  private let names: [String]

  package init(_ program: Program, callGraph: CallGraph? = nil) {
    let graph = callGraph ?? CallGraph(program)
    var effects = program.functions.map { function in
      var own: EffectSet = []
      for block in function.blocks {
        for instruction in block.instructions { own.formUnion(instruction.operation.effects) }
        switch block.terminator {
        case .checkpoint: own.insert(.checkpoints)
        case .fork: own.formUnion([.draws, .forks])
        default: break
        }
      }
      return own
    }
    var changed = true
    while changed {
      changed = false
      for function in effects.indices {
        let union = graph.callees[function].reduce(effects[function]) { $0.union(effects[$1]) }
        if union != effects[function] {
          effects[function] = union
          changed = true
        }
      }
    }
    self.effects = effects
    names = program.functions.map(\.name)
  }

  /// The effects of what a call may run.
  package func effects(of call: CallGraph.Call) -> EffectSet {
    call.callees.reduce([]) { $0.union(effects[$1]) }
  }

  package var description: String {
    zip(names, effects).map { "\($0): \($1)" }.joined(separator: "\n")
  }
}
