import Foundation
import Synchronization

/// How much of the captures is read, on one line of the terminal that is erased at the end.
///
/// Several threads may report at once. Nothing is shown in the first 0.2 s, and no more than ten lines a second.
final class Progress: Sendable {
  private struct State {
    var bytesRead: Int64 = 0
    var lastShown: ContinuousClock.Instant?
  }

  private let total: Int64
  private let isShown: Bool
  private let started: ContinuousClock.Instant
  private let state = Mutex(State())

  /// Starts the clock for so many bytes.
  init(total: Int64, isShown: Bool) {
    self.total = total
    self.isShown = isShown
    started = .now
  }

  /// So many bytes more are read.
  func advance(by bytes: Int64) {
    guard isShown else { return }
    state.withLock { state in
      state.bytesRead += bytes
      let now = ContinuousClock.now
      guard now - (state.lastShown ?? started) >= .milliseconds(state.lastShown == nil ? 200 : 100) else { return }
      state.lastShown = now
      let line = ProgressLine(bytesRead: state.bytesRead, total: total, elapsed: now - started)
      StandardStreams.writeError("\r" + line.text + Self.eraseToEndOfLine)
    }
  }

  /// Erases the line, if there is one.
  func finish() {
    state.withLock { state in
      if state.lastShown != nil { StandardStreams.writeError("\r" + Self.eraseToEndOfLine) }
      state.lastShown = nil
    }
  }

  private static let eraseToEndOfLine = "\u{1B}[K"
}

/// The words of the progress line.
struct ProgressLine {
  var bytesRead: Int64
  var total: Int64
  var elapsed: Duration

  /// `reading  45 %  1.2 of 2.7 GB  310 MB/s  5 s left`.
  var text: String {
    let read = min(bytesRead, total)
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let rate = seconds > 0 ? Double(read) / seconds : 0
    let share = total > 0 ? Int(100 * Double(read) / Double(total)) : 100
    let left = rate > 0 ? "  \(Self.time(Double(total - read) / rate)) left" : ""
    return "reading  \(share) %  \(Self.size(Double(read))) of \(Self.size(Double(total)))  \(Self.size(rate))/s\(left)"
  }

  /// With a decimal below ten of the unit.
  private static func size(_ bytes: Double) -> String {
    var value = bytes
    var units = ["B", "kB", "MB", "GB", "TB"][...]
    while value >= 1000, units.count > 1 {
      value /= 1000
      units.removeFirst()
    }
    let unit = units.first ?? "B"
    let tenths = Int((value * 10).rounded())
    return unit == "B" || tenths >= 100 ? "\(Int(value.rounded())) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
  }

  private static func time(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
