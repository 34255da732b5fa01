import Packets
package import TestSupport
package import Verdicts

/// A packet on its way through a scenario: values that are rendered to bytes at each point that it passes.
package struct WirePacket: Sendable {
  /// Identity in the truth; a copy made by the network keeps it, a piece of a split packet gets one of its own.
  package var id = -1
  /// Index of the conversation that it belongs to.
  package var conversation = 0
  /// From which side it comes.
  package var direction: Direction
  /// What it is, so that a test can name it.
  package var label: Label
  /// What it carries.
  package var transport = Transport.tcp
  /// Sequence number before any translation.
  package var seq: UInt32 = 0
  /// Acknowledgement number before any translation.
  package var ack: UInt32 = 0
  /// TCP flags.
  package var flags: TCPSegment.Flags = []
  /// Window as on the wire.
  package var window: UInt16 = 65_535
  /// Maximum segment size offered, on a SYN.
  package var mss: UInt16?
  /// Window scale offered, on a SYN.
  package var windowScale: UInt8?
  /// Whether SACK is offered, on a SYN.
  package var sackPermitted = false
  /// Timestamps option.
  package var timestamps: (value: UInt32, echo: UInt32)?
  /// SACK blocks before any translation.
  package var sack: [(left: UInt32, right: UInt32)] = []
  /// Payload.
  package var payload: [UInt8] = []
  /// IPv4 identification.
  package var ipID: UInt16 = 0
  /// Time to live at this place of the path.
  package var ttl: UInt8 = 64
  /// DSCP and ECN.
  package var trafficClass: UInt8 = 0
  /// What the checksum field holds.
  package var checksum = Checksum.correct

  /// What a packet carries.
  package enum Transport: Sendable {
    case tcp
    case udp
  }

  /// A packet by what it is: the nth of its kind in its direction, and which transmission of it.
  package struct Label: Sendable, Hashable {
    /// The kinds of packet.
    package enum Kind: Sendable {
      case syn, synAck, data, ack, fin, rst, datagram, other
    }
    /// What it is.
    package var kind: Kind
    /// Number within its kind, from 0; a repeated one keeps it.
    package var index: Int
    /// 0 for the first transmission.
    package var copy: Int

    /// A label of these values.
    package init(_ kind: Kind, _ index: Int = 0, copy: Int = 0) {
      self.kind = kind
      self.index = index
      self.copy = copy
    }
  }

  /// A packet of this kind.
  package init(_ direction: Direction, _ label: Label) {
    self.direction = direction
    self.label = label
  }

  /// The frame as it is at a point with these addresses and shifts of the two sides' sequence numbers.
  func frame(_ leg: Scenario.Leg) -> [UInt8] {
    let fromClient = direction == .clientToServer
    let (source, destination) = fromClient ? (leg.client, leg.server) : (leg.server, leg.client)
    if transport == .udp {
      return UDPDatagram(source: source, destination: destination, payload: payload, checksum: checksum)
        .ipv4(id: ipID, ttl: ttl, trafficClass: trafficClass).ethernet()
    }
    let own = fromClient ? leg.clientShift : leg.serverShift
    let other = fromClient ? leg.serverShift : leg.clientShift
    let segment = TCPSegment(
      source: source, destination: destination, seq: seq &+ own, ack: flags.contains(.ack) ? ack &+ other : 0,
      flags: flags, window: window, options: options(sackShift: leg.translatesSACK ? other : 0), payload: payload,
      checksum: checksum)
    return segment.ipv4(id: ipID, ttl: ttl, trafficClass: trafficClass).ethernet()
  }

  private func options(sackShift: UInt32) -> [TCPOption] {
    var options: [TCPOption] = []
    if let mss { options.append(.maximumSegmentSize(mss)) }
    if sackPermitted { options.append(.sackPermitted) }
    if let timestamps {
      if !flags.contains(.syn) { options += [.noOperation, .noOperation] }
      options.append(.timestamps(value: timestamps.value, echo: timestamps.echo))
    }
    if let windowScale { options.append(.windowScale(windowScale)) }
    if !sack.isEmpty {
      options += [
        .noOperation, .noOperation, .sack(sack.map { (left: $0.left &+ sackShift, right: $0.right &+ sackShift) }),
      ]
    }
    return options
  }
}
