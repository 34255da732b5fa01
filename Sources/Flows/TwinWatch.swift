import Packets

/// Watches a point's packets go by for such as equal one shortly before, to tell whether a search for copies is worth it.
///
/// A small table by the packets' hashes: a new packet takes the place of an older one with the same slot, so a few twins go
/// unseen. A habit of doubling every packet does not.
struct TwinWatch {
  private struct Seen {
    var hash: UInt64 = 0
    var timeNS = Int64.min
  }

  private static let slots = 1 << 11
  private var seen = [Seen](repeating: Seen(), count: slots)
  /// Packets that equalled one within ``CaptureCopies/farthestNS``.
  private(set) var twins = 0

  /// Takes the next packet of the capture.
  @inline(__always)
  mutating func add(_ record: PacketRecord) {
    let hash = record.identity
    let slot = Int(truncatingIfNeeded: hash >> 32) & (Self.slots - 1)
    if seen[slot].hash == hash, record.timeNS &- seen[slot].timeNS <= CaptureCopies.farthestNS {
      twins += 1
    } else {
      seen[slot].hash = hash
    }
    seen[slot].timeNS = record.timeNS
  }
}

extension PacketRecord {
  /// A hash of all that a router leaves alone, and of the connection.
  @inline(__always)
  fileprivate var identity: UInt64 {
    var value = UInt64(sequence) << 32 | UInt64(acknowledgement)
    value = (value ^ digest) &* 0x9E37_79B9_7F4A_7C15
    value ^= UInt64(timestampValue) << 32 | UInt64(timestampEcho)
    value = (value ^ value >> 29) &* 0xBF58_476D_1CE4_E5B9
    value ^= UInt64(sackLeft) << 32 | UInt64(sackRight)
    value = (value ^ value >> 32) &* 0x94D0_49BB_1331_11EB
    value ^= UInt64(connection) << 32 | UInt64(payloadLength)
    value = (value ^ value >> 29) &* 0x9E37_79B9_7F4A_7C15
    value ^= UInt64(ipID) << 32 | UInt64(window) << 16 | UInt64(flags) << 8 | (marks.contains(.fromClient) ? 1 : 0)
    return (value ^ value >> 31) &* 0xBF58_476D_1CE4_E5B9
  }
}
