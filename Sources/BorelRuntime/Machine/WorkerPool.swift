import Foundation
import Synchronization

/// Threads that run parts of a record at the same time. They spin for a short while between two
/// records, because a step of a filter takes microseconds, and sleep afterwards.
package final class WorkerPool: @unchecked Sendable {
  package static let shared = WorkerPool()

  private let condition = NSCondition()
  private var threads: [Thread] = []
  private var task: (@Sendable (Int) -> Void)?
  private var taskCount = 0
  private let round = Atomic<Int>(0)
  private let pending = Atomic<Int>(0)
  /// One caller at a time; others run their parts on their own thread.
  private let owner = NSLock()
  private static let spins = 20_000

  /// Runs `body(0) ... body(count - 1)`, the first on the calling thread, and waits for all.
  package func run(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    guard count > 1, owner.try() else {
      for index in 0..<count { body(index) }
      return
    }
    defer { owner.unlock() }
    while threads.count < count - 1 { addThread() }
    condition.lock()
    task = body
    taskCount = count
    pending.store(count - 1, ordering: .relaxed)
    round.add(1, ordering: .releasing)
    condition.broadcast()
    condition.unlock()
    body(0)
    var spins = 0
    while pending.load(ordering: .acquiring) > 0 {
      spins += 1
      if spins > Self.spins { sched_yield() }
    }
  }

  private func addThread() {
    let index = threads.count + 1
    let seen = round.load(ordering: .acquiring)
    let thread = Thread { [self] in work(index, from: seen) }
    thread.stackSize = 8 << 20
    threads.append(thread)
    thread.start()
  }

  private func work(_ index: Int, from start: Int) {
    var seen = start
    while true {
      var spins = 0
      while round.load(ordering: .acquiring) == seen {
        spins += 1
        if spins > Self.spins {
          condition.lock()
          while round.load(ordering: .acquiring) == seen { condition.wait() }
          condition.unlock()
        }
      }
      seen = round.load(ordering: .acquiring)
      condition.lock()
      let body = index < taskCount ? task : nil
      condition.unlock()
      if let body {
        body(index)
        pending.subtract(1, ordering: .releasing)
      }
    }
  }
}
