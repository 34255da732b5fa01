import Dispatch
import Files
import Foundation
import Synchronization

/// What happens when the program is told to stop: what it has not finished writing goes away first.
enum Interruption {
  private static let isPaused = Atomic(false)
  private static let sources = Mutex<[any DispatchSourceSignal]>([])

  /// From now on Ctrl-C, `kill` and the end of the terminal leave no half-written file.
  static func watch() {
    sources.withLock { sources in
      for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !isIgnored(number) {
        // Its default would end the process before the source hears of it.
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
          guard number != SIGINT || !isPaused.load(ordering: .relaxed) else { return }
          PartialFile.discardAll {
            // The parent process is to see what ended this one.
            signal(number, SIG_DFL)
            kill(getpid(), number)
          }
        }
        source.resume()
        sources.append(source)
      }
    }
  }

  /// Whether who started the program wants it to go on in spite of a signal, as `nohup` does.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(number, nil, &action)
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Ctrl-C belongs to another program while `body` runs.
  static func paused<Result>(_ body: () -> Result) -> Result {
    isPaused.store(true, ordering: .relaxed)
    defer { isPaused.store(false, ordering: .relaxed) }
    return body()
  }
}
