import Correlation
import Verdicts

/// A rule reads the case file and says what it finds, or nothing: one rule, one file.
typealias Rule = @Sendable (CaseFile) -> [Finding]

/// All rules, in any order: findings are sorted by severity, then by the packets concerned.
enum Rules {
  static let all: [Rule] = [
    LossRule.find, ReorderRule.find, DuplicateRule.find, MangledRule.find, CorruptionRule.find, ShortenedRule.find,
    InjectionRule.find,
    PathMTURule.find, DeferAcceptRule.find, NotCapturedRule.find, CaptureCopiesRule.find, TranslationRule.find,
    SynProxyRule.find, TerminatedRule.find, ICMPErrorRule.find, NATLeakRule.find, CloseOrderRule.find, OptionsRule.find,
    HeaderRule.find, SegmentationRule.find, FragmentationRule.find, CapturePauseRule.find,
    OneWayRule.find, ClockRule.find, TruncatedRule.find, SynUnansweredRule.find, ZeroWindowRule.find,
    IdleTimeoutRule.find, WindowScaleRule.find, OnlySynsLostRule.find, LossPatternRule.find, SegmentSizeRule.find,
    RetransmissionStormRule.find, HalfOpenRule.find, KeepaliveOnlyRule.find, StreamGapRule.find, DelayedAckRule.find,
    ResponseTimeRule.find, AckNeverSentRule.find, ResetNumberRule.find, LossDirectionRule.find,
    DuplexMismatchRule.find, StretchAckRule.find, WindowFullRule.find, BothSidesRule.find, RefusedRule.find,
    PathMTUDiscoveryRule.find,
  ]
}

extension CaseFile {
  /// Frames shown as evidence for one finding.
  static let mostEvidence = 5

  /// Evidence from the surest events, of those the first few: their frame upstream, else downstream.
  func evidence(_ events: [PacketEvent], says: (PacketEvent) -> String) -> [Finding.Evidence] {
    var shown: [PacketEvent] = []
    for event in events {
      let place = shown.firstIndex { (event.confidence, $0.time) > ($0.confidence, event.time) } ?? shown.endIndex
      guard place < Self.mostEvidence else { continue }
      if shown.count == Self.mostEvidence { shown.removeLast() }
      shown.insert(event, at: place)
    }
    return shown.compactMap { event in
      guard let sighting = event.upstream ?? event.downstream else { return nil }
      return Finding.Evidence(frame: frame(sighting), says: says(event))
    }
  }

  /// Both frames of a packet that was changed between two points.
  func pairEvidence(
    _ upstream: PacketEvent.Sighting, _ downstream: PacketEvent.Sighting, before: String, after: String
  ) -> [Finding.Evidence] {
    [
      Finding.Evidence(frame: frame(upstream), says: before),
      Finding.Evidence(frame: frame(downstream), says: after),
    ]
  }

  /// Both names of a segment, as "fw1-in and fw1-out".
  func names(_ pair: PointPair) -> String { "\(name(pair.near)) and \(name(pair.far))" }

  /// A packet in a few words: `ACK seq 17 len 1448`.
  func describe(_ event: PacketEvent) -> String {
    if event.isICMPError { return "ICMP error, type \(event.flags)" }
    if !event.isTCP, event.isIPv6 { return "\(event.length) bytes" }
    if !event.isTCP { return "IP ID \(event.ipID), \(event.length) bytes" }
    let segment = "\(TCPFlagWords.words(event.flags)) seq \(event.sequence)"
    guard event.evidence.contains(.missingFrom) else { return "\(segment), \(event.length) bytes" }
    return "\(segment), its \(event.length) bytes from seq \(event.sequence &+ UInt32(event.count)) on"
  }

  /// The confidence of a finding about packets: the mean of theirs; 0 without any.
  static func meanConfidence(_ events: [PacketEvent]) -> Double {
    events.reduce(0) { $0 + $1.confidence } / Double(max(1, events.count))
  }

  /// "1 packet", "2 packets".
  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
