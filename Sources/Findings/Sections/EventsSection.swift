import Correlation
import Verdicts

/// The events of the report, by time.
enum EventsSection {
  static func make(_ file: CaseFile) -> [Event] {
    file.tally.events.map { event(of: $0, in: file) }.sorted {
      ($0.timeNS, $0.connection, $0.between, $0.sequence ?? 0) < (
        $1.timeNS, $1.connection, $1.between, $1.sequence ?? 0
      )
    }
  }

  private static func event(of event: PacketEvent, in file: CaseFile) -> Event {
    let sighting =
      event.kind == .reorder || event.kind == .inject || event.kind == .duplicate
      ? event.downstream ?? event.upstream : event.upstream ?? event.downstream
    return Event(
      kind: event.kind, between: event.between, point: event.point, direction: event.direction,
      connection: file.connectionIDs[event.group],
      timeNS: sighting.map { file.clocks.reference($0.timeNS, at: $0.position) } ?? 0,
      upstream: event.upstream.map(file.frame), downstream: event.downstream.map(file.frame),
      ipID: event.isIPv6 ? nil : event.ipID, sequence: event.isTCP ? event.sequence : nil,
      length: Int(event.length), flags: event.isTCP ? event.flags : nil, field: event.field?.name,
      before: event.before.map(FieldValue.number), after: event.after.map(FieldValue.number),
      confidence: event.confidence, evidence: EvidenceWords.words(of: event, in: file))
  }
}
