import Dispatch
import Synchronization

/// Does jobs that do not depend on one another on several threads.
enum SideBySide {
  /// Does all jobs and returns when they are done.
  static func run(_ jobs: [@Sendable () -> Void], threads: Int) {
    guard threads > 1 else { return jobs.forEach { $0() } }
    let queue = DispatchQueue(label: "hopscope.jobs", attributes: .concurrent)
    let room = DispatchSemaphore(value: threads)
    let group = DispatchGroup()
    for job in jobs {
      room.wait()
      queue.async(group: group) {
        job()
        room.signal()
      }
    }
    group.wait()
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
