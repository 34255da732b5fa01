import Packets
import Verdicts

/// Which frames of one point are wanted.
struct FrameFilter {
  /// Two addresses with their ports, in either order.
  private struct Pair: Hashable {
    let low: String
    let high: String

    init(_ one: String, _ other: String) {
      low = min(one, other)
      high = max(one, other)
    }
  }

  private enum Wanted {
    case everything
    /// Frames that are named, by file and frame.
    case named
    /// Frames between these addresses, of these protocols, within this time by the reference clock.
    case packets(Set<Pair>, transports: Set<UInt8>, ClosedRange<Int64>)
  }

  private let wanted: Wanted
  private let named: Set<FrameReference>
  private var packet = DecodedPacket()
  /// Endpoints in words, as far as they came up: to word an address takes longer than to look it up.
  private var words: [Endpoint: String] = [:]

  /// Every frame.
  static let everything = FrameFilter(wanted: .everything, named: [])

  /// Only the frames that are named.
  init(named: Set<FrameReference>) { self.init(wanted: .named, named: named) }

  /// The packets of a connection at a point, ICMP errors about them included, and the frames that are named.
  init(_ connection: ConnectionReport, at point: Int, slackNS: Int64, named: Set<FrameReference>) {
    let legs = connection.legs.filter { $0.point == point }
    let start = connection.startNS.subtractingReportingOverflow(slackNS)
    let end = connection.endNS.addingReportingOverflow(slackNS)
    let time = (start.overflow ? .min : start.partialValue)...(end.overflow ? .max : end.partialValue)
    self.init(
      wanted: .packets(
        Set(legs.map { Pair($0.client, $0.server) }), transports: Self.transports(connection.proto), time),
      named: named)
  }

  private init(wanted: Wanted, named: Set<FrameReference>) {
    self.wanted = wanted
    self.named = named
  }

  private static func transports(_ name: String) -> Set<UInt8> {
    switch name {
    case "tcp": [TransportProtocol.tcp]
    case "udp": [TransportProtocol.udp]
    case "icmp": [TransportProtocol.icmp, TransportProtocol.icmpV6]
    default: Set([UInt8(name.dropFirst(3))].compactMap { $0 })
    }
  }

  /// Whether a frame is wanted; `timeNS` is by the reference clock.
  mutating func wants(
    _ reference: FrameReference, timeNS: Int64, bytes: RawSpan, wireLength: Int, decoder: PacketDecoder
  ) -> Bool {
    switch wanted {
    case .everything: return true
    case .named: return named.contains(reference)
    case .packets(let pairs, let transports, let time):
      if named.contains(reference) { return true }
      guard time.contains(timeNS), decoder.decode(bytes, wireLength: wireLength, into: &packet) == .packet else {
        return false
      }
      if packet.record.marks.contains(.icmpError), transports.contains(packet.quotedTransport) {
        return pairs.contains(Pair(text(packet.quotedSource), text(packet.quotedDestination)))
      }
      return transports.contains(packet.transport)
        && pairs.contains(Pair(text(packet.source), text(packet.destination)))
    }
  }

  private mutating func text(_ endpoint: Endpoint) -> String {
    if let known = words[endpoint] { return known }
    if words.count > 100_000 { words = [:] }
    let text = endpoint.description
    words[endpoint] = text
    return text
  }
}
