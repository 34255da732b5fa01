import Flows
import Packets

/// The fragments that a point has without the first one of their datagram, so that nothing there tells their connection.
///
/// Another point, which has the first one, knows it; there they are not missing. They are known by IP ID, length and bytes.
struct LoneFragments: Sendable {
  private var found: [Key: [Fragment]] = [:]

  private struct Key: Hashable {
    var ipID: UInt16
    var length: UInt32
  }

  private struct Fragment {
    var timeNS: Int64
    /// The digest of its bytes; `nil` where the snap length cut them.
    var digest: UInt64?
  }

  /// Fragments of one datagram are not further apart, in nanoseconds.
  private static let nearNS: Int64 = 2_000_000_000

  /// The lone fragments of a point; `nil` if it has none.
  init?(_ traffic: PointTraffic) {
    guard traffic.counts.fragments > 0 else { return nil }
    for index in traffic.connections.indices
    where traffic.connections[index].client.port == 0 && traffic.connections[index].server.port == 0 {
      for reference in traffic.packets(of: index) where reference.record.marks.contains(.fragment) {
        let record = reference.record
        found[Key(ipID: record.ipID, length: record.payloadLength), default: []].append(
          Fragment(timeNS: record.timeNS, digest: Self.digest(record)))
      }
    }
    if found.isEmpty { return nil }
  }

  /// Whether a fragment is among them.
  ///
  /// - Parameter expectedNS: when it should have passed the point, by its clock; `nil` where nothing is known of the clocks.
  func contains(_ record: PacketRecord, expectedNS: Int64?) -> Bool {
    guard record.marks.contains(.fragment),
      let alike = found[Key(ipID: record.ipID, length: record.payloadLength)]
    else { return false }
    let own = Self.digest(record)
    return alike.contains { fragment in
      if let expectedNS, abs(fragment.timeNS &- expectedNS) > Self.nearNS { return false }
      guard let digest = fragment.digest, let own else { return record.ipID != 0 }
      return digest == own
    }
  }

  private static func digest(_ record: PacketRecord) -> UInt64? {
    record.marks.contains(.payloadCut) ? nil : UInt64(record.digest)
  }
}
