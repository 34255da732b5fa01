import Packets

/// Turns the sequence numbers of one direction at one point into stream offsets.
struct Unwrapping {
  /// Base of the direction's own numbers at this point.
  let own: UInt32
  /// Base of the other direction's numbers at this point.
  let other: UInt32
  let isTCP: Bool
  let place: Int32
  /// How far the direction's own stream has come.
  private(set) var reached: Int64 = 0
  /// How far the other one is acknowledged.
  private(set) var acknowledged: Int64 = 0

  init(own: UInt32, other: UInt32, isTCP: Bool, place: Int32) {
    self.own = own
    self.other = other
    self.isTCP = isTCP
    self.place = place
  }

  /// Puts a packet in its place.
  @inline(__always)
  mutating func put(_ transmission: inout Transmission) {
    let (sequence, acknowledgement) = (transmission.record.sequence, transmission.record.acknowledgement)
    guard isTCP, !transmission.isICMPError else {
      // Pieces of a datagram differ in where they belong.
      let isPiece = transmission.record.marks.contains(.fragment) && !isTCP
      let piece = isPiece ? Int64(acknowledgement) << 32 : 0
      return transmission.put(place: place, offset: Int64(sequence) + piece, ackOffset: 0, sackOffset: 0)
    }
    let offset = Self.unwrap(sequence &- own, near: reached)
    let ackOffset = Self.unwrap(acknowledgement &- other, near: acknowledged)
    // A RST carries whatever number its sender thought of; the stream goes on where it was.
    if !transmission.record.isRST {
      reached = max(reached, offset)
      if transmission.record.hasACK { acknowledged = max(acknowledged, ackOffset) }
    }
    let sackOffset =
      transmission.record.sackBlocks > 0 && !transmission.record.isSYN
      ? Self.unwrap(transmission.record.sackLeft &- other, near: acknowledged) : 0
    transmission.put(place: place, offset: offset, ackOffset: ackOffset, sackOffset: sackOffset)
  }

  /// The 64-bit offset with these lower 32 bits that is nearest to `near`.
  @inline(__always)
  static func unwrap(_ offset: UInt32, near: Int64) -> Int64 {
    near + Int64(Int32(bitPattern: offset &- UInt32(truncatingIfNeeded: near)))
  }
}
