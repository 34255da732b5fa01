import CMemory
public import Packets

/// Everything that later stages need of one point's captures.
///
/// A class, as it is passed on for every connection: a copy of its parts would count a reference to each.
public final class PointTraffic: Sendable {
  /// The memory of the records.
  public let records: RecordStore
  /// The connections; `PacketRecord.connection` is an index into this.
  public let connections: ConnectionTable
  /// Time of the first and last frame of any kind, by the point's clock; `nil` without frames.
  public let coverage: ClosedRange<Int64>?
  /// The longest stretches without any frame, from one frame to the next, by the point's clock, in order.
  public let silences: [ClosedRange<Int64>]
  /// What was counted while reading.
  public let counts: PointCounts
  /// The greatest number of a frame; with a filter it is greater than the number of frames.
  public let lastFrame: UInt32

  /// Time of the first packet from any client, by the point's clock; `Int64.max` if there is none.
  public let firstFromClientNS: Int64
  /// Time of the first packet from any server, by the point's clock; `Int64.max` if there is none.
  public let firstFromServerNS: Int64

  init(
    records: RecordStore, connections: ConnectionTable, coverage: ClosedRange<Int64>?,
    silences: [ClosedRange<Int64>], counts: PointCounts, lastFrame: UInt32, firstFromClientNS: Int64,
    firstFromServerNS: Int64
  ) {
    self.records = records
    self.connections = connections
    self.coverage = coverage
    self.silences = silences
    self.counts = counts
    self.lastFrame = lastFrame
    self.firstFromClientNS = firstFromClientNS
    self.firstFromServerNS = firstFromServerNS
  }

  /// Asks for the first records of a connection, which are read soon: those of different ones lie far apart.
  public func ask(for connection: Int) {
    let first = unsafe records.address(ofLine: connections[at: connection].firstLine)
    for line in 0..<Self.linesAskedFor { unsafe hopscope_prefetch(first + line * RecordStore.lineBytes) }
  }

  /// The first block has as many.
  private static let linesAskedFor = BlockShape.lines(0)

  /// One connection's records, in the order of capture; of many the first `most`.
  public func packets(of connection: Int, most: Int = .max) -> ConnectionRecords {
    ConnectionRecords(unpacker(of: connection, most: most))
  }

  /// The first of one connection's records.
  public func firstPacket(of connection: Int) -> PacketRecord? {
    var packets = packets(of: connection, most: 1).makeIterator()
    return packets.next()
  }

  /// What skims one connection's records, in the order of capture.
  public func skimmer(of connection: Int) -> RecordSkimmer {
    let count = connections[at: connection].packets
    return RecordSkimmer(records, firstLine: connections[at: connection].firstLine, count: count)
  }

  /// What unpacks one connection's records, in the order of capture; of many the first `most`.
  public func unpacker(of connection: Int, most: Int = .max) -> RecordUnpacker {
    // A connection has as many records as packets: the builder counts each one that it keeps.
    let count = min(most, connections[at: connection].packets)
    return RecordUnpacker(
      records, firstLine: connections[at: connection].firstLine, connection: connection, count: count)
  }
}

/// What was counted while one point's captures were read.
public struct PointCounts: Sendable, Equatable {
  /// Frames of all kinds.
  public var frames = 0
  /// Frames heard on the air (IEEE 802.11).
  public var onAir = 0
  /// Frames that carry no IP packet.
  public var notIP = 0
  /// Frames that lost their time, and are taken to have come together with the frame before.
  public var untimed = 0
  /// Frames that contradict themselves.
  public var malformed = 0
  /// Packets of which the snap length cut payload or headers.
  public var cut = 0
  /// Packets that the capture holds more than once (mirror port, several interfaces).
  public var copies = 0
  /// Packets of fragmented datagrams.
  public var fragments = 0
  /// Fragments that overlap another one of their datagram and are no copies of it (RFC 5722).
  public var overlappingFragments = 0
  /// Packets that were carried in a tunnel and taken out of it.
  public var tunnelled = 0
  /// TCP and UDP packets whose checksum was verified and does not hold.
  public var badChecksums = 0
  /// TCP and UDP packets whose checksum could be verified.
  public var verifiedChecksums = 0
  /// Payloads of more than 1,460 bytes in one TCP segment: offload at the capturing host, or jumbo frames.
  public var largeSegments = 0
  /// Every bit that is set in the traffic class of any packet; DSCP in the upper six, ECN in the lower two.
  public var trafficClasses: UInt8 = 0

  /// Whether the point listens to the air, where what it hears need not be meant for it and need not go on.
  public var listensToAir: Bool { onAir * 2 > frames }

  /// Whether the capturing host's network card fills checksums in after the capture, so that they say nothing here.
  public var fillsChecksums: Bool { badChecksums * 5 > verifiedChecksums }

  /// Nothing counted yet.
  public init() {}
}
