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
  /// The packet, in the store of its point.
  private let reference: RecordReference
  /// Stream offset of the first byte (TCP), unwrapped; 0 is the SYN.
  var offset: Int64
  /// Acknowledged offset in the other direction's stream; meaningful with the ACK bit.
  var ackOffset: Int64
  /// Left edge of the first SACK block in the other direction's stream; meaningful if there is one.
  var sackOffset: Int64
  /// Index of the point in the direction's path, upstream first.
  let place: Int32
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
  /// How the link to ``previous`` was found.
  var link = LinkKind.none
  /// Whether pieces further on may be its own or another's, so that its absence shows nothing.
  var isOpen = false
  /// How sure the link to ``previous`` is, 0 to 1.
  var linkConfidence: Float = 1

  init(_ reference: RecordReference, place: Int32, offset: Int64, ackOffset: Int64, sackOffset: Int64) {
    self.reference = reference
    self.place = place
    self.offset = offset
    self.ackOffset = ackOffset
    self.sackOffset = sackOffset
  }

  /// The packet.
  var record: PacketRecord {
    @inline(__always)
    _read { yield reference.record }
  }
  /// End of the sequence space that it takes.
  var end: Int64 { offset + Int64(record.sequenceLength) }
  /// Whether only some of its pieces are found.
  var isFoundInPart: Bool { next >= 0 && bytesFound + bytesFoundFurther < record.payloadLength }
  /// Whether it takes sequence space, so that its arrival is acknowledged.
  var takesSequence: Bool { record.sequenceLength > 0 }
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
