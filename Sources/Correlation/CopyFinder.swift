import Flows
import Packets

/// Finds further copies of a packet at one point that upstream has only once.
enum CopyFinder {
  /// How far back in the order of capture the first copy is looked for.
  private static let lookBack = 64
  /// Copies further apart than this are not made by a network.
  private static let farthestNS: Int64 = 1_000_000_000

  static func mark(_ trace: inout DirectionTrace, among left: [Int32]) {
    for index in left {
      let transmission = trace.transmissions[Int(index)]
      let start = trace.ranges[Int(transmission.place)].lowerBound
      var back = Int(index) - 1
      while back >= max(start, Int(index) - lookBack) {
        let earlier = trace.transmissions[back]
        if transmission.timeNS - earlier.timeNS > farthestNS { break }
        if earlier.copyOf < 0, isCopy(transmission.record, of: earlier.record) {
          trace.transmissions[Int(index)].copyOf = Int32(back)
          trace.hasCopies = true
          break
        }
        back -= 1
      }
    }
  }

  /// Whether a packet without an origin is a copy of an earlier one.
  private static func isCopy(_ record: PacketRecord, of earlier: PacketRecord) -> Bool {
    if record.isTwin(of: earlier) { return true }
    return record.isDoubtfulTwin && record.isEqual(to: earlier) && record.timeNS - earlier.timeNS <= doubtfulNS
  }

  /// Acknowledgements that only their numbers tell apart are copies only if they come this close together.
  private static let doubtfulNS: Int64 = 2_000_000
}

extension PacketRecord {
  /// Whether nothing in it would tell a copy made by the network from a second one sent by the host: pure
  /// acknowledgements without an IP ID (RFC 5681 wants duplicate ones to be equal).
  var isDoubtfulTwin: Bool {
    ipID == 0 && payloadLength == 0 && flags & (TCPFlags.syn | TCPFlags.fin) == 0 && !isICMPError
  }
}
