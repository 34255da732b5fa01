import Correlation
import Verdicts

/// Puts the evidence of an event into words.
enum EvidenceWords {
  static func words(of event: PacketEvent) -> [String] {
    var words: [String] = []
    func say(_ evidence: EventEvidence, _ text: String) {
      if event.evidence.contains(evidence) { words.append(text) }
    }
    let captures = event.count == 1 ? "the next capture lacks it" : "\(event.count) captures downstream lack it"
    if !event.evidence.contains(.partial) { say(.absentDownstream, event.count > 0 ? captures : "absent downstream") }
    say(.repeated, "the sender repeated the bytes")
    say(.refusedBefore, "the same bytes were lost here before")
    say(.partial, "\(event.length) bytes of it did not arrive downstream")
    say(.isFragment, "it is a fragment: its whole datagram is lost with it")
    say(.missingFrom, "the first of these is byte \(event.count) of its payload, from 0")
    say(.fragmentMissing, "the fragment with byte \(event.count) of its payload did not arrive: the datagram is lost")
    say(.acknowledged, "the receiver acknowledged it and the sender never repeated it")
    say(.acknowledgedBeforeRepeat, "the receiver acknowledged it before the sender repeated it")
    say(.seenLater, "a point further downstream has it")
    // Several captures are weighed by their misses alone, one against what the segment is known to lose.
    say(
      .weighed,
      event.kind == .drop && event.count > 1
        ? "weighed by how often these captures would all miss the same packet"
        : "weighed by the sure losses of the segment and the sure misses of the capture")
    say(.overtaken, "\(CaseFile.count(event.count, "packet")) sent later arrived before it")
    say(.twinDownstream, "twice downstream, once upstream")
    say(.absentUpstream, event.count > 1 ? "\(event.count) captures upstream lack it" : "the capture upstream lacks it")
    say(.otherTTL, "TTL unlike the connection's other packets")
    say(.sameTTL, "TTL like the connection's other packets")
    say(.checksumBroken, "the checksum held upstream and does not hold downstream")
    say(.checksumMended, "the payload differs and the checksum holds")
    say(.checksumUnknown, "the payload differs; whether the checksum holds is not known")
    say(.breaksTranslation, "relative to the initial sequence numbers the value differs")
    return words
  }
}
