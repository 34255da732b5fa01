import Correlation
import Verdicts

/// The events of the report, by time.
enum EventsSection {
  /// The events, each of which is made when it is read.
  static func make(_ file: CaseFile) -> ReportList<Event> {
    let maker = EventMaker(file, order: order(file))
    return ReportList(count: maker.order.count) { maker.event(at: $0) }
  }

  private static func order(_ file: CaseFile) -> [UInt32] {
    // Places in small keys are sorted, not the events.
    file.tally.events.indices.map { Place($0, file) }.sorted().map { UInt32($0.index) }
  }

  /// Where an event stands: by time, connection, segment and sequence number; those equal in all of it as they came.
  private struct Place: Comparable {
    let timeNS: Int64
    let connection: Int
    let between: PointPair
    let sequence: UInt32
    let index: Int

    init(_ index: Int, _ file: CaseFile) {
      let event = file.tally.events[index]
      timeNS = file.clocks.time(of: event)
      connection = file.connectionIDs[event.group]
      between = event.between
      sequence = event.isTCP ? event.sequence : 0
      self.index = index
    }

    static func < (left: Place, right: Place) -> Bool {
      if left.timeNS != right.timeNS { return left.timeNS < right.timeNS }
      return (left.connection, left.between, left.sequence, left.index)
        < (right.connection, right.between, right.sequence, right.index)
    }
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
