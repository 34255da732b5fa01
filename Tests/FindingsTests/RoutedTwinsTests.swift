import Flows
import Packets
import TestSupport
import Testing

@testable import Findings

/// Packets that one capture holds before and after a router, told from copies of a mirror by their TTL.
@Suite struct RoutedTwinsTests {
  /// A capture that has each of so many packets twice, 20 µs apart, the second time with this TTL instead of 64.
  private func twins(_ count: Int, secondTTL: UInt8) -> RoutedTwins {
    var builder = PointBuilder()
    let decoder = PacketDecoder(linkType: .ethernet)
    var number: UInt32 = 0
    for packet in 0..<count {
      for (ttl, afterNS) in [(64, 0), (secondTTL, 20_000)] as [(UInt8, Int64)] {
        let frame = TCPSegment(
          source: "10.0.0.1:40000", destination: "10.0.1.1:80", seq: UInt32(packet * 10), ack: 1, flags: .ack,
          payload: Array(repeating: 1, count: 10)
        ).ipv4(id: UInt16(packet + 1), ttl: ttl).ethernet()
        number += 1
        builder.add(
          timeNS: 1_700_000_000_000_000_000 + Int64(packet) * 10_000_000 + afterNS, frame: number,
          wireLength: frame.count, bytes: frame.span.bytes, decoder: decoder)
      }
    }
    return RoutedTwins(builder.finish())
  }

  @Test func `copies with another TTL were passed on by a router`() {
    let found = twins(40, secondTTL: 63)
    #expect(found.isHabit && found.routed == 40)
    #expect(found.first?.before.ttl == 64 && found.first?.after.ttl == 63 && found.first?.before.frame == 1)
  }

  @Test func `which of the two came first does not matter`() {
    let found = twins(40, secondTTL: 65)
    #expect(found.isHabit && found.first?.before.ttl == 65)
  }

  @Test func `copies of a mirror, or few, are no router's`() {
    #expect(!twins(40, secondTTL: 64).isHabit)
    #expect(!twins(9, secondTTL: 63).isHabit)
  }
}
