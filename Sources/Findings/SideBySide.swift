import Dispatch

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
}
