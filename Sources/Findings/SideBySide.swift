import Dispatch
import Synchronization

/// Does jobs that do not depend on one another on several threads.
enum SideBySide {
  /// Does all jobs, begun in their order, and returns when they are done.
  static func run(_ jobs: [@Sendable () -> Void], threads: Int) {
    guard threads > 1 else { return jobs.forEach { $0() } }
    let next = Atomic(0)
    // The caller's thread works, too: one that only waited would be missing from the pool that the others come from.
    DispatchQueue.concurrentPerform(iterations: min(threads, jobs.count)) { _ in
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        if place >= jobs.count { return }
        jobs[place]()
      }
    }
  }

  /// What `body` makes of each item, in the order of the items.
  static func map<Item: Sendable, Made: Sendable>(
    _ items: [Item], threads: Int, _ body: @escaping @Sendable (Item) -> Made
  ) -> [Made] {
    let made = Mutex<[Made?]>(Array(repeating: nil, count: items.count))
    let jobs = items.enumerated().map { place, item in
      { @Sendable in
        let one = body(item)
        made.withLock { $0[place] = one }
      }
    }
    run(jobs, threads: threads)
    return made.withLock { $0 }.compactMap { $0 }
  }
}
