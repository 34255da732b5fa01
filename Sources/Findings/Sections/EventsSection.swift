import Correlation
import Verdicts

/// The events of the report, by time.
enum EventsSection {
  static func make(_ file: CaseFile) -> [Event] {
    // Places in small keys are sorted, not the events.
    let places = file.tally.events.indices.map { Place($0, file) }.sorted()
    var words: [EvidenceKey: [String]] = [:]
    return places.map { place in
      let event = file.tally.events[place.index]
      let key = EvidenceKey(event)
      let evidence = words[key] ?? EvidenceWords.words(of: event, in: file)
      words[key] = evidence
      return self.event(of: event, at: place.timeNS, evidence, in: file)
    }
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
      let sighting =
        event.kind == .reorder || event.kind == .inject || event.kind == .duplicate
        ? event.downstream ?? event.upstream : event.upstream ?? event.downstream
      timeNS = sighting.map { file.clocks.reference($0.timeNS, at: $0.position) } ?? 0
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

  private static func event(
    of event: PacketEvent, at timeNS: Int64, _ evidence: [String], in file: CaseFile
  ) -> Event {
    Event(
      kind: event.kind, between: event.between, point: event.point, direction: event.direction,
      connection: file.connectionIDs[event.group],
      timeNS: timeNS,
      upstream: event.upstream.map(file.frame), downstream: event.downstream.map(file.frame),
      ipID: event.isIPv6 ? nil : event.ipID, sequence: event.isTCP ? event.sequence : nil,
      length: Int(event.length), flags: event.isTCP ? event.flags : nil, field: event.field?.name,
      before: event.before.map(FieldValue.number), after: event.after.map(FieldValue.number),
      confidence: event.confidence, evidence: evidence)
  }
}
