import Flows
import Packets

/// One packet at one point of a connection and direction, with its place in the stream and its links along the path.
///
///     point 0        point 1        point 2
///     t ──next──▶    t' ──next──▶   t''            delivered all the way
///     t ──next────────────────────▶ t''            not captured at point 1
///     t                                            lost, or not captured, behind point 0
///                    t' ──next──▶   t''            born at point 1: injected, duplicated, or missed at point 0
///
/// Offsets are relative to the initial sequence number *at that point*, so a constant translation disappears.
struct Transmission {
  /// The packet.
  private(set) var record: PacketRecord
  /// Stream offset of the first byte (TCP), unwrapped; 0 is the SYN.
  private(set) var offset: Int64
  /// Acknowledged offset in the other direction's stream; meaningful with the ACK bit.
  private(set) var ackOffset: Int64
  /// The same packet at the next point that has it, −1 if none; the first of several if it was split.
  var next: Int32 = -1
  /// The same packet at the previous point that has it, −1 if none; the first of several if they were merged.
  var previous: Int32 = -1
  /// Payload bytes found downstream, where the packet was split or merged; else all or none.
  var bytesFound: UInt32 = 0
  /// Of the payload bytes that the next point lacks, those that a point further on has.
  var bytesFoundFurther: UInt32 = 0
  /// The transmission at the same point that this is a further copy of, −1 if it is none.
  var copyOf: Int32 = -1
  /// Index of the point in the direction's path, upstream first.
  private(set) var place: Int16
  /// How sure the link to ``previous`` is, in 65,535ths.
  private var sureness = UInt16.max
  /// How the link to ``previous`` was found.
  var link = LinkKind.none
  /// Whether pieces further on may be its own or another's, so that its absence shows nothing.
  var isOpen = false
  /// What is missing, in 2³² bytes, where the first SACK block's left edge is reckoned from the acknowledgement.
  private var sackTurns: Int8

  /// A packet that was not put in its place yet.
  @inline(__always)
  init(_ record: PacketRecord) {
    self.record = record
    (offset, ackOffset, place, sackTurns) = (0, 0, 0, 0)
  }

  /// Puts the packet in its place, not linked to any.
  ///
  /// - Parameters:
  ///   - place: from 0 to 32,767.
  ///   - sackOffset: left edge of the first SACK block in the other direction's stream, if there is one: as far from
  ///     `ackOffset` as the record's numbers are apart, but for multiples of 2³².
  @inline(__always)
  mutating func put(place: Int32, offset: Int64, ackOffset: Int64, sackOffset: Int64) {
    (next, previous, copyOf) = (-1, -1, -1)
    (bytesFound, bytesFoundFurther) = (0, 0)
    (sureness, link, isOpen) = (.max, .none, false)
    self.place = Int16(place)
    self.offset = offset
    self.ackOffset = ackOffset
    let turns = record.hasSACK ? (sackOffset &- ackOffset &- record.sackDistance) >> 32 : 0
    assert(!record.hasSACK || sackOffset == ackOffset + record.sackDistance + turns << 32)
    sackTurns = Int8(truncatingIfNeeded: turns)
  }

  /// Capture time, in nanoseconds by the point's clock.
  @inline(__always)
  var timeNS: Int64 { record.timeNS }
  /// Payload bytes on the wire.
  @inline(__always)
  var payloadLength: UInt32 { record.payloadLength }
  /// The flags of TCP; see ``PacketRecord/flags``.
  @inline(__always)
  var flags: UInt8 { record.flags }
  /// Left edge of the first SACK block in the other direction's stream; 0 if there is none.
  var sackOffset: Int64 { record.hasSACK ? ackOffset + record.sackDistance + Int64(sackTurns) << 32 : 0 }
  /// How sure the link to ``previous`` is, 0 to 1.
  var linkConfidence: Double {
    get { Double(sureness) / Double(UInt16.max) }
    set { sureness = UInt16((newValue * Double(UInt16.max)).rounded()) }
  }
  /// Sequence space that the segment takes; see ``PacketRecord/sequenceLength``.
  @inline(__always)
  var sequenceLength: UInt32 { record.sequenceLength }
  /// End of the sequence space that it takes.
  @inline(__always)
  var end: Int64 { offset + Int64(sequenceLength) }
  /// Whether only some of its pieces are found.
  var isFoundInPart: Bool { next >= 0 && bytesFound + bytesFoundFurther < payloadLength }
  /// Whether it takes sequence space, so that its arrival is acknowledged.
  var takesSequence: Bool { sequenceLength > 0 }
  /// Whether it is an ICMP error that quotes a packet of the connection.
  var isICMPError: Bool { record.isICMPError }
  /// See ``PacketRecord/core``.
  @inline(__always)
  var core: UInt8 { isICMPError ? flags : flags & PacketRecord.coreFlags }
  /// Whether its time is that of the frame before, so that how long it took is not known.
  var isUntimed: Bool { record.marks.contains(.untimed) }
  /// Whether it acknowledges, and is no reset, which may carry any number.
  @inline(__always)
  var acknowledges: Bool { flags & (TCPFlags.ack | TCPFlags.rst) == TCPFlags.ack }
}

extension PacketRecord {
  /// Whether it is a segment with a SACK block.
  @inline(__always)
  fileprivate var hasSACK: Bool { sackBlocks > 0 && !isSYN }
  /// How far the left edge of the first SACK block is from the acknowledgement, in bytes, but for multiples of 2³².
  @inline(__always)
  fileprivate var sackDistance: Int64 { Int64(Int32(bitPattern: sackLeft &- acknowledgement)) }
}

/// How two transmissions at neighbouring points were found to be one.
enum LinkKind: UInt8 {
  case none
  /// All surviving features agree.
  case exact
  /// Most features agree; some were changed on the way.
  case scored
  /// The bytes are the same, cut into other packets.
  case range
}
