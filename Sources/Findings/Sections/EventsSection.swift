import Correlation
import Verdicts

/// The events of the report, by time.
enum EventsSection {
  /// The events, each of which is made when it is read.
  static func make(_ file: CaseFile) -> ReportList<Event> {
    let maker = EventMaker(file, order: order(file))
    return ReportList(count: maker.order.count) { maker.event(at: $0) }
  }

  /// Places of the events in the order of the report: by time, connection, segment and sequence number; those equal in
  /// all of it as they came.
  private static func order(_ file: CaseFile) -> [UInt32] {
    let events = file.tally.events
    let times = events.map(file.clocks.time)
    func isBefore(_ one: Int, _ other: Int) -> Bool {
      func place(_ index: Int) -> (Int, PointPair, UInt32, Int) {
        let event = events[index]
        return (file.connectionIDs[event.group], event.between, event.isTCP ? event.sequence : 0, index)
      }
      return times[one] != times[other] ? times[one] < times[other] : place(one) < place(other)
    }
    var order = events.indices.map { UInt32($0) }
    order.sort { isBefore(Int($0), Int($1)) }
    return order
  }
}

/// Makes the events one by one of what was found, in the order of the report.
private struct EventMaker {
  private let events: [PacketEvent]
  /// Places in `events`, in the order of the report.
  let order: [UInt32]
  private let connectionIDs: [Int]
  private let clocks: ClockTable
  private let frames: FrameNumbers
  private let words: [EvidenceKey: [String]]

  init(_ file: CaseFile, order: [UInt32]) {
    events = file.tally.events
    self.order = order
    connectionIDs = file.connectionIDs
    clocks = file.clocks
    frames = file.frames
    var words: [EvidenceKey: [String]] = [:]
    for event in file.tally.events {
      let key = EvidenceKey(event)
      if words[key] == nil { words[key] = EvidenceWords.words(of: event) }
    }
    self.words = words
  }

  /// What the words of an event's evidence depend on: most events share theirs.
  private struct EvidenceKey: Hashable {
    let evidence: EventEvidence
    let count: Int
    let length: UInt32

    init(_ event: PacketEvent) {
      evidence = event.evidence
      count = event.count
      length = event.evidence.contains(.partial) ? event.length : 0
    }
  }

  /// The event that stands at a place of the report.
  func event(at place: Int) -> Event {
    let event = events[Int(order[place])]
    return Event(
      kind: event.kind, between: event.between, point: event.point, direction: event.direction,
      connection: connectionIDs[event.group], timeNS: clocks.time(of: event),
      upstream: event.upstream.map { frames[$0] }, downstream: event.downstream.map { frames[$0] },
      ipID: event.isIPv6 ? nil : event.ipID, sequence: event.isTCP ? event.sequence : nil,
      length: Int(event.length), flags: event.isTCP ? event.flags : nil, field: event.field?.name,
      before: event.before.map(FieldValue.number), after: event.after.map(FieldValue.number),
      confidence: event.confidence, evidence: words[EvidenceKey(event)] ?? [])
  }
}

extension ClockTable {
  /// When an event happened, by the reference clock: of what arrived late or anew, when it arrived.
  fileprivate func time(of event: PacketEvent) -> Int64 {
    let sighting =
      event.kind == .reorder || event.kind == .inject || event.kind == .duplicate
      ? event.downstream ?? event.upstream : event.upstream ?? event.downstream
    return sighting.map { reference($0.timeNS, at: $0.position) } ?? 0
  }
}
