import Packets
import TestSupport
import Testing

@testable import Flows

@Suite struct RecordBlocksTests {
  @Test(arguments: [1, 3, 4, 5, 8, 9, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000, 4095, 4096, 4097, 6000])
  func `a connection's records are found by their place and by going through them alike`(_ count: Int) {
    // Two connections that take turns, so that their blocks lie between one another's.
    let packets = (0..<2 * count).map { number in
      UDPDatagram(source: Endpoint(address: "10.0.0.1", port: UInt16(1000 + number % 2)), destination: server).ip()
    }
    let seen = traffic(packets)
    for connection in 0..<2 {
      let ordinals = seen.ordinals(of: connection)
      #expect(ordinals.count == count)
      let frames = ordinals.map { Int(seen.records[$0].frame) }
      #expect(frames == Array(stride(from: connection + 1, through: 2 * count, by: 2)))
      #expect(ordinals.indices.map { ordinals[$0] } == Array(ordinals))
      #expect(Array(ordinals.dropFirst(count / 3)) == Array(Array(ordinals).dropFirst(count / 3)))
      #expect(Array(ordinals.prefix(7)) == Array(Array(ordinals).prefix(7)))
      #expect(seen.packets(of: connection).map { Int($0.record.frame) } == frames)
      for most in [0, 1, count / 2, count, count + 1] {
        #expect(
          seen.packets(of: connection, most: most).map { Int($0.record.frame) } == Array(frames.prefix(most)))
      }
    }
  }

  @Test func `the blocks of a connection lie end to end in the order of their numbers`() {
    var place = 0
    for block in 0..<90 {
      for offset in 0..<BlockShape.length(block) {
        let found = BlockShape.find(place)
        #expect(found.block == block && found.offset == offset)
        place += 1
      }
    }
  }

  @Test func `a fragment that waited for its first one lies where it was captured`() {
    let pieces = UDPDatagram(source: client, destination: server, payload: Array(repeating: 1, count: 100))
      .ipv4(id: 7).fragments(of: 48)
    let whole = UDPDatagram(source: client, destination: server, payload: [1]).ipv4(id: 8)
    let seen = traffic([whole, pieces[2], whole, pieces[1], whole, pieces[0], whole])
    #expect(seen.places(of: 0) == [0, 1, 2, 3, 4, 5, 6])
  }
}
