import Packets

/// Watches a point's packets go by for such as equal one shortly before, to tell whether a search for copies is worth it.
///
/// It looks at every eighth packet, chosen by its numbers, so that equal packets are chosen alike. A small table by their
/// hashes: a new packet takes the place of an older one with the same slot, so a few twins go unseen. A habit of doubling
/// every packet does not.
struct TwinWatch {
  private struct Seen {
    var hash: UInt64 = 0
    var timeNS = Int64.min
  }

  private static let slots = 1 << 8
  private var seen = [Seen](repeating: Seen(), count: slots)
  private var watched = 0
  private var twins = 0

  /// Share of the packets that equalled one within ``CaptureCopies/farthestNS``.
  var share: Double { watched > 0 ? Double(twins) / Double(watched) : 0 }

  /// Takes the next packet of the capture.
  @inline(__always)
  mutating func add(_ record: PacketRecord) {
    let numbers = UInt64(record.sequence) << 32 | UInt64(record.acknowledgement)
    let mixed = (numbers ^ record.digest ^ UInt64(record.ipID)) &* 0x9E37_79B9_7F4A_7C15
    if mixed >> 61 == 0 { look(at: record.identity(from: mixed), record.timeNS) }
  }

  @inline(never)
  private mutating func look(at hash: UInt64, _ timeNS: Int64) {
    watched += 1
    let slot = Int(truncatingIfNeeded: hash >> 32) & (Self.slots - 1)
    if seen[slot].hash == hash, timeNS &- seen[slot].timeNS <= CaptureCopies.farthestNS {
      twins += 1
    } else {
      seen[slot].hash = hash
    }
    seen[slot].timeNS = timeNS
  }
}

extension PacketRecord {
  /// A hash of all that a router leaves alone, and of the connection, begun with a hash of the packet's numbers.
  @inline(__always)
  fileprivate func identity(from numbers: UInt64) -> UInt64 {
    var value = numbers ^ UInt64(timestampValue) << 32 ^ UInt64(timestampEcho)
    value = (value ^ value >> 29) &* 0xBF58_476D_1CE4_E5B9
    value ^= UInt64(sackLeft) << 32 | UInt64(sackRight)
    value = (value ^ value >> 32) &* 0x94D0_49BB_1331_11EB
    value ^= UInt64(connection) << 32 | UInt64(payloadLength)
    value = (value ^ value >> 29) &* 0x9E37_79B9_7F4A_7C15
    value ^= UInt64(window) << 16 | UInt64(flags) << 8 | (marks.contains(.fromClient) ? 1 : 0)
    return (value ^ value >> 31) &* 0xBF58_476D_1CE4_E5B9
  }
}
