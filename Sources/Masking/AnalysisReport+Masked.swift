public import Verdicts

extension AnalysisReport {
  /// This report with other addresses in all of its texts, by a key in words.
  ///
  /// The same key gives the same addresses in every report. Who has the key can tell which address an address was.
  public func masked(key: String) -> AnalysisReport {
    let mask = ReportMask(key: key)
    return AnalysisReport(
      order: mask.order(order), points: points.map(mask.point), segments: segments.map(mask.segment),
      connections: connections.map(mask.connection), events: events.map(mask.event),
      rewrites: rewrites.map(mask.rewrite), findings: findings.map(mask.finding), remarks: mask.texts(remarks))
  }
}

/// Goes through a report, part by part; every text goes through ``text(_:)``.
///
/// Each part is made anew from all of its members, so that one that is added to a report cannot be forgotten here.
private final class ReportMask {
  private let mask: PrefixMask
  /// Texts that came up: the same few come up with every event.
  private var known: [String: String] = [:]

  init(key: String) { mask = PrefixMask(key: key) }

  func text(_ text: String) -> String {
    if let masked = known[text] { return masked }
    let masked = AddressText.masked(text, mask.masked)
    if known.count < 100_000 { known[text] = masked }
    return masked
  }

  func texts(_ texts: [String]) -> [String] { texts.map(text) }

  private func value(_ value: FieldValue?) -> FieldValue? {
    if case .text(let words)? = value { .text(text(words)) } else { value }
  }

  func order(_ order: PathOrder) -> PathOrder {
    PathOrder(
      source: order.source, confidence: order.confidence, referenceClock: order.referenceClock,
      evidence: texts(order.evidence))
  }

  func point(_ point: PointReport) -> PointReport {
    PointReport(
      name: text(point.name), files: texts(point.files), packets: point.packets, linkType: text(point.linkType),
      firstNS: point.firstNS, lastNS: point.lastNS, clock: point.clock, capture: point.capture)
  }

  func segment(_ segment: SegmentReport) -> SegmentReport {
    SegmentReport(
      between: segment.between, inside: segment.inside.map(text), clientToServer: segment.clientToServer,
      serverToClient: segment.serverToClient)
  }

  func connection(_ connection: ConnectionReport) -> ConnectionReport {
    ConnectionReport(
      id: connection.id, proto: text(connection.proto),
      legs: connection.legs.map {
        ConnectionReport.Leg(point: $0.point, client: text($0.client), server: text($0.server))
      },
      match: ConnectionReport.MatchReport(
        confidence: connection.match.confidence, evidence: texts(connection.match.evidence),
        ambiguousWith: connection.match.ambiguousWith), terminatedBetween: connection.terminatedBetween,
      startNS: connection.startNS, endNS: connection.endNS, bytesClientToServer: connection.bytesClientToServer,
      bytesServerToClient: connection.bytesServerToClient, events: connection.events, lost: connection.lost)
  }

  func event(_ event: Event) -> Event {
    Event(
      kind: event.kind, between: event.between, point: event.point, direction: event.direction,
      connection: event.connection, timeNS: event.timeNS, upstream: event.upstream, downstream: event.downstream,
      ipID: event.ipID, sequence: event.sequence, length: event.length, flags: event.flags,
      field: event.field.map(text), before: value(event.before), after: value(event.after),
      confidence: event.confidence, evidence: texts(event.evidence))
  }

  func rewrite(_ rule: RewriteRule) -> RewriteRule {
    RewriteRule(
      connection: rule.connection, between: rule.between, direction: rule.direction, field: text(rule.field),
      form: rule.form, value: value(rule.value), packets: rule.packets, harmful: rule.harmful,
      firstUpstream: rule.firstUpstream, firstDownstream: rule.firstDownstream, before: value(rule.before),
      after: value(rule.after))
  }

  func finding(_ finding: Finding) -> Finding {
    Finding(
      kind: text(finding.kind), severity: finding.severity, between: finding.between, point: finding.point,
      direction: finding.direction, title: text(finding.title), explanation: text(finding.explanation),
      confidence: finding.confidence, connections: finding.connections, packets: finding.packets,
      evidence: finding.evidence.map { Finding.Evidence(frame: $0.frame, says: text($0.says)) },
      confirm: text(finding.confirm))
  }
}
