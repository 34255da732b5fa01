import Flows
import Packets

/// The fragments that a point has without the first one of their datagram, so that nothing there tells their connection.
///
/// Another point, which has the first one, knows it; there they are not missing. They are known by IP ID, length and bytes.
struct LoneFragments: Sendable {
  /// When each passed, by the point's clock, in ascending order.
  private var timesNS: [Key: [Int64]] = [:]
  /// The same of all with an IP ID and length, whatever their bytes.
  private var timesOfAnyNS: [Key: [Int64]] = [:]

  private struct Key: Hashable {
    var ipID: UInt16
    var length: UInt32
    /// The digest of its bytes; `nil` where the snap length cut them.
    var digest: UInt64?

    init(_ record: PacketRecord) {
      ipID = record.ipID
      length = record.payloadLength
      digest = record.marks.contains(.payloadCut) ? nil : record.digest
    }

    /// The same without the bytes.
    var ofAny: Key {
      var key = self
      key.digest = nil
      return key
    }
  }

  /// Fragments of one datagram are not further apart, in nanoseconds.
  private static let nearNS: Int64 = 2_000_000_000

  /// The lone fragments of a point; `nil` if it has none.
  init?(_ traffic: PointTraffic) {
    guard traffic.counts.fragments > 0 else { return nil }
    for index in traffic.connections.indices
    where traffic.connections[index].client.port == 0 && traffic.connections[index].server.port == 0 {
      for record in traffic.packets(of: index) where record.marks.contains(.fragment) {
        let key = Key(record)
        timesNS[key, default: []].append(record.timeNS)
        timesOfAnyNS[key.ofAny, default: []].append(record.timeNS)
      }
    }
    if timesNS.isEmpty { return nil }
    for key in timesNS.keys { timesNS[key]?.sort() }
    for key in timesOfAnyNS.keys { timesOfAnyNS[key]?.sort() }
  }

  /// Whether a fragment is among them.
  ///
  /// - Parameter expectedNS: when it should have passed the point, by its clock; `nil` where nothing is known of the clocks.
  func contains(_ record: PacketRecord, expectedNS: Int64?) -> Bool {
    guard record.marks.contains(.fragment) else { return false }
    let key = Key(record)
    // Where one of the points cut the bytes, the number has to do.
    if key.digest == nil { return key.ipID != 0 && Self.passed(timesOfAnyNS[key], expectedNS) }
    return Self.passed(timesNS[key], expectedNS) || key.ipID != 0 && Self.passed(timesNS[key.ofAny], expectedNS)
  }

  private static func passed(_ times: [Int64]?, _ expectedNS: Int64?) -> Bool {
    guard let times else { return false }
    guard let expectedNS else { return true }
    let earliest = expectedNS.addingSaturated(-nearNS)
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < earliest { low = middle + 1 } else { high = middle }
    }
    return low < times.count && times[low] <= expectedNS.addingSaturated(nearNS)
  }
}
