import Verdicts

/// One row of a ladder: where a packet was seen, what happened to it between which points, and what it is.
///
/// This is all that ``LadderText`` knows: whatever has a time and a place on the path can be a row.
struct LadderRow {
  /// When, by the reference clock, in nanoseconds since the Unix epoch.
  var timeNS: Int64
  /// What stands at the points of its way, from the first to the last.
  var marks: [(point: Int, text: String)]
  /// What stands in the middle between two points, by both.
  var middles: [PointPair: Character] = [:]
  /// What a way that does not reach its last point ends with, on the way to which point.
  var end: (towards: Int, mark: Character)?
  /// What stands before the first mark, if it begins on the way.
  var birth: Character?
  /// What stands at the start of the row.
  var label: String
  /// What stands behind the points.
  var words: String
  /// How the row looks.
  var style: ANSIStyle
  /// Packets before it that are not shown.
  var skipped = 0
}

extension LadderRow {
  /// The row of an event with this number.
  init(_ event: Event, number: Int, _ view: ReportView) {
    let upstream = event.between.upstream(event.direction)
    let downstream = event.between.downstream(event.direction)
    timeNS = event.timeNS
    label = "\(number)"
    style = EventWords.style(event.kind)
    words = "\(event.kind.word) \(EventWords.change(event) ?? EventWords.packet(event))"
    let near = (point: upstream, text: event.upstream.map { Self.frame($0, view) } ?? "●")
    let far = (point: downstream, text: event.downstream.map { Self.frame($0, view) } ?? "●")
    switch event.kind {
    case .drop:
      marks = [near]
      end = (downstream, Self.mark(.drop))
    case .notCaptured:
      marks = [near, far].map { $0.point == event.point ? ($0.point, "○") : $0 }
    case .inject, .duplicate:
      marks = [far]
      birth = Self.mark(event.kind)
    case .reorder, .corrupt, .rewrite:
      marks = [near, far]
      middles = [event.between: Self.mark(event.kind)]
    }
  }

  /// The row of a packet of a ladder, the `number`th of its connection.
  init(_ packet: Ladder.Packet, number: Int, _ view: ReportView) {
    let happened = packet.events.filter(view.report.events.indices.contains).map { ($0, view.report.events[$0]) }
    let events = happened.map { $0.1 }
    timeNS = packet.sightings.first?.timeNS ?? 0
    label = "\(number)"
    skipped = packet.skipped
    style = events.map { EventWords.style($0.kind) }.first ?? (packet.isBare ? .faint : .plain)
    words = ([packet.summary] + Self.happened(packet, happened)).joined(separator: "  ")
    marks = packet.sightings.map { ($0.frame.point, Self.frame($0.frame, view)) }
    for event in events {
      switch event.kind {
      case .rewrite, .corrupt, .reorder: middles[event.between] = Self.mark(event.kind)
      case .inject, .duplicate: birth = Self.mark(event.kind)
      case .drop, .notCaptured: break
      }
    }
    let last = packet.sightings.last?.frame.point ?? 0
    let isForward = packet.sightings.first.map { $0.frame.point < last } ?? true
    let forward = packet.sightings.count > 1 ? isForward : packet.direction == .clientToServer
    let next = forward ? last + 1 : last - 1
    switch packet.fate {
    case .arrived, .merged: break
    case .lost: end = (next, Self.mark(.drop))
    case .notCaptured: end = (next, Self.mark(.notCaptured))
    case .open: end = (next, "?")
    case .answered: end = (next, "⊣")
    }
  }

  private static func happened(_ packet: Ladder.Packet, _ events: [(Int, Event)]) -> [String] {
    let known = events.map { index, event in
      "event \(index + 1): \(EventWords.change(event) ?? event.kind.word)"
    }
    switch packet.fate {
    case .merged: return known + ["goes on in another packet"]
    case .answered: return known + ["a box answers"]
    case .open: return known + ["undecided, or outside the next capture"]
    case .arrived, .lost, .notCaptured: return known
    }
  }

  private static func mark(_ kind: Event.Kind) -> Character {
    switch kind {
    case .drop: "✗"
    case .notCaptured: "○"
    case .reorder: "↷"
    case .duplicate, .inject: "+"
    case .corrupt, .rewrite: "≠"
    }
  }

  /// The frame number, with the number of the file where the point has several.
  private static func frame(_ frame: FrameReference, _ view: ReportView) -> String {
    (view.names.hasSeveralFiles(frame.point) ? "\(frame.file + 1):" : "") + "\(frame.frame)"
  }

  /// What the marks mean.
  static let legend = "at the points frame numbers; ✗ lost, ○ not captured, ≠ changed, ↷ late, + new here, ? undecided"
}

extension Ladder.Packet {
  /// Whether it is an ACK without payload that neither opens nor ends anything.
  fileprivate var isBare: Bool { length == 0 && flags.map { $0 & 7 == 0 } ?? false }

  /// `[PA] 1+1,448 ack 50`: flags by their first letters, first byte since the initial sequence number, payload bytes.
  fileprivate var summary: String {
    guard let flags else { return Numbers.count(length, "byte") }
    let letters = zip("FSRPAUEC", 0..<8).filter { flags & (1 << $0.1) != 0 }.map { String($0.0) }.joined()
    var parts = ["[\(letters.isEmpty ? "–" : letters)]"]
    if let offset, !isBare {
      // A reset carries whatever number its sender thought of.
      parts.append(
        offset < 0
          ? "seq \(sequence ?? 0)" : Numbers.grouped(Int(offset)) + (length > 0 ? "+\(Numbers.grouped(length))" : ""))
    }
    if let ackOffset, ackOffset >= 0 { parts.append("ack \(Numbers.grouped(Int(ackOffset)))") }
    return parts.joined(separator: " ")
  }
}
