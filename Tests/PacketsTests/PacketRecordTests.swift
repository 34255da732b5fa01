import Packets
import Testing

@Suite struct PacketRecordTests {
  @Test func `a record takes 64 bytes`() {
    #expect(MemoryLayout<PacketRecord>.size == 64)
    #expect(MemoryLayout<PacketRecord>.stride == 64)
  }

  @Test func `decoding leaves nothing of the packet before`() {
    let error = Fixed.fragmentationNeeded
    let datagram = Fixed.udp6
    var packet = DecodedPacket()
    let decoder = PacketDecoder(linkType: .ethernet)
    _ = decoder.decode(error.span.bytes, wireLength: 70, into: &packet)
    packet.record.timeNS = 5
    packet.record.frame = 6
    packet.record.connection = 7
    packet.record.marks.insert([.fromClient, .captureCopy])
    _ = decoder.decode(datagram.span.bytes, wireLength: 67, into: &packet)
    #expect(packet.record.timeNS == 0 && packet.record.frame == 0 && packet.record.connection == 0)
    #expect(packet.record.marks == [.ipv6, .checksumVerified])
    #expect(packet.record.sequence == 0 && packet.record.acknowledgement == 0 && packet.record.flags == 0)
    #expect(packet.quotedTransport == 0)
    #expect(packet.quotedSource.port == 0 && packet.quotedSource.address == IPAddress(high: 0, low: 0))
  }

  @Test(arguments: [-1, 0, 1, 67, Int.max, Int.min])
  func `a senseless wire length does no harm`(_ length: Int) {
    #expect(decode(Fixed.udp6, wireLength: length).record.payloadLength == 5)
    #expect(decode(Fixed.udp6, wireLength: length).marks == [.ipv6, .checksumVerified])
  }
}
