import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// What a mangled acknowledgement did to its connection: the RST that answered it, what became of that, how long it hung.
struct MangledAftermath {
  /// The first RST whose sequence number is the mangled acknowledgement, nearest to where it was sent.
  var reset: PacketEvent.Sighting?
  /// Whether that RST is in the capture nearest to the other end.
  var resetArrived = false
  /// Whether it lay outside the window there, so that the receiver had to ignore it (RFC 9293, 3.10.7.4).
  var outsideWindow = false
  /// From the first mangled packet to the connection's last packet, in nanoseconds.
  var lastedNS: Int64 = 0

  init(after first: PacketEvent, in file: CaseFile) {
    let group = file.matched.groups[first.group]
    let present = group.presentPoints
    guard let after = first.after, let upstream = first.upstream, let near = present.first, let far = present.last
    else { return }
    // The end that got the mangled number is the one that answers it.
    let towardsFar = (first.direction == .clientToServer) != group.reversed
    let (answering, asking) = towardsFar ? (far, near) : (near, far)
    let number = UInt32(truncatingIfNeeded: after)
    reset = Self.reset(number, from: first.direction.opposite, group, answering, file)
    let connection = file.matched.points[asking].connections[Int(group.members[asking])]
    lastedNS =
      file.clocks.reference(connection.lastNS, at: asking)
      - file.clocks.reference(upstream.timeNS, at: upstream.position)
    guard reset != nil, let arrived = Self.reset(number, from: first.direction.opposite, group, asking, file)
    else { return }
    resetArrived = true
    outsideWindow = Self.isOutsideWindow(number, at: arrived, of: first.direction, group, file)
  }

  private static func reset(
    _ number: UInt32, from direction: Direction, _ group: ConnectionGroup, _ position: Int, _ file: CaseFile
  ) -> PacketEvent.Sighting? {
    var found: PacketEvent.Sighting?
    file.forEachSegment(of: group, at: position) { record, way in
      guard way == direction, record.isRST, record.sequence == number else { return true }
      found = PacketEvent.Sighting(position: position, frame: record.frame, timeNS: record.timeNS)
      return false
    }
    return found
  }

  /// Whether a sequence number is outside what the sender of `direction` last said it would take.
  private static func isOutsideWindow(
    _ number: UInt32, at reset: PacketEvent.Sighting, of direction: Direction, _ group: ConnectionGroup,
    _ file: CaseFile
  ) -> Bool {
    var expected: UInt32?
    var window: UInt32 = 0
    file.forEachSegment(of: group, at: reset.position) { record, way in
      if record.frame >= reset.frame { return false }
      if way == direction, record.hasACK, !record.isRST {
        expected = record.acknowledgement
        // Unscaled windows are too small, never too large: 14 is the most that scaling can shift (RFC 7323, 2.3).
        window = UInt32(record.window) << 14
      }
      return true
    }
    guard let expected else { return false }
    return number &- expected > window
  }
}

extension MangledAftermath {
  /// What followed in all connections with a mangled acknowledgement, in words; empty if nothing is to be told.
  static func words(of events: [PacketEvent], in file: CaseFile) -> (text: String, evidence: [Finding.Evidence]) {
    var firsts: [Int: PacketEvent] = [:]
    for event in events where firsts[event.group].map({ $0.time > event.time }) ?? true { firsts[event.group] = event }
    let all = firsts.sorted { $0.key < $1.key }.map { MangledAftermath(after: $0.value, in: file) }
    let answered = all.filter { $0.reset != nil }
    guard let longest = all.map(\.lastedNS).max() else { return ("", []) }
    var text =
      " The longest of these connections went on for \(Milliseconds.text(longest)) after its first mangled packet."
    if let shown = answered.first, let reset = shown.reset {
      text +=
        " In \(answered.count) of \(all.count) connections the receiver answered with an RST that carries the mangled "
        + "number as its sequence number"
      let arrived = answered.filter(\.resetArrived)
      let ignored = arrived.filter(\.outsideWindow)
      if arrived.isEmpty {
        text += "; none of these RSTs reached the other end."
      } else if ignored.count == arrived.count {
        text += "; where it reached the other end it lay outside the window there, so it was ignored."
      } else {
        text += "; in \(arrived.count) it reached the other end."
      }
      return (text, [Finding.Evidence(frame: file.frame(reset), says: "the RST that answers, tcp.seq = that number")])
    }
    return (text, [])
  }
}
