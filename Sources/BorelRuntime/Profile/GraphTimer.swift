import BorelBase

/// Times the steps of a slice of a computation graph, for profiles of Markov chains.
struct GraphTimer {
  private let profile: RunProfile
  /// Of each step of the slice.
  private let sites: [RunProfile.Site]

  init(_ profile: RunProfile, sites: [RunProfile.Site]) {
    self.profile = profile
    self.sites = sites
  }

  static func site(of step: GraphStep, in machine: Machine) -> RunProfile.Site {
    let span = step.place.instruction < 0 ? Span.none : machine.span(step.place)
    return RunProfile.Site(span: span, work: step.kind.work)
  }

  /// Runs all steps for the chains of a run.
  ///
  /// - Throws: `Diagnostic` when a term is NaN.
  func run(_ steps: [GraphStep], in run: GraphRun, of graph: ComputationGraph) throws {
    var times: [Int64] = []
    times.reserveCapacity(steps.count)
    for step in steps {
      let start = ContinuousClock.now
      if let chain = run.run(step) { throw graph.notANumber(step, chain: chain) }
      times.append((ContinuousClock.now - start).nanoseconds)
    }
    profile.add { totals in
      for (site, time) in zip(sites, times) {
        totals.sites[site, default: RunProfile.Cost()].nanoseconds += time
        totals.sites[site, default: RunProfile.Cost()].lanes += Int64(run.count)
      }
    }
  }
}

extension GraphNode.Kind {
  var work: RunProfile.Work {
    switch self {
    case .kernel, .column, .element: .arithmetic
    case .makeArray, .makeBox: .objects
    case .density: .densities
    case .factor, .require: .weights
    }
  }
}
