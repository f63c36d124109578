extension BlockRun {
  /// Runs an operation and notes how long it took.
  mutating func runTimed(_ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int) {
    let start = ContinuousClock.now
    run(operation, index)
    let time = (ContinuousClock.now - start).nanoseconds
    let site = KillSite(
      function: operation.pointee.function, block: operation.pointee.block,
      instruction: operation.pointee.instruction)
    let key = BlockExecutor.TimedSite(site: site, work: operation.pointee.kind.work)
    worker.times[key, default: RunProfile.Cost()].nanoseconds += time
    worker.times[key, default: RunProfile.Cost()].lanes += Int64(count)
  }
}

extension BlockExecutor {
  struct TimedSite: Hashable {
    let site: KillSite
    let work: RunProfile.Work
  }
}

extension Machine {
  /// Takes over what the workers have measured on the way through a record.
  func profileRecord(_ context: FlushContext, workers: Int) {
    guard let profile = options.profile else { return }
    var costs: [RunProfile.Site: RunProfile.Cost] = [:]
    for index in 0..<workers {
      for (timed, cost) in executor.workers[index].times {
        let place = Place(
          function: Int(timed.site.function), block: Int(timed.site.block),
          instruction: Int(timed.site.instruction))
        let key = RunProfile.Site(span: span(place), work: timed.work)
        costs[key, default: RunProfile.Cost()].nanoseconds += cost.nanoseconds
        costs[key, default: RunProfile.Cost()].lanes += cost.lanes
      }
      executor.workers[index].times.removeAll(keepingCapacity: true)
    }
    let strands = ready.strands.count + suspended.count + 1
    profile.add { totals in
      for (site, cost) in costs {
        totals.sites[site, default: RunProfile.Cost()].nanoseconds += cost.nanoseconds
        totals.sites[site, default: RunProfile.Cost()].lanes += cost.lanes
      }
      totals.records += 1
      totals.instructions += context.operationCount
      totals.activeLanes += Int64(context.laneCount) * Int64(context.operationCount)
      totals.allLanes += Int64(laneCount) * Int64(context.operationCount)
      totals.mostStrands = max(totals.mostStrands, strands)
    }
  }
}
