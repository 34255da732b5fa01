import Flows
import Packets
import TestSupport
import Testing

@Suite struct FragmentTests {
  static let datagram = UDPDatagram(source: client, destination: server, payload: Array(repeating: 1, count: 3000))
  static let pieces: [any IPPacket] = datagram.ipv4(id: 4).fragments(of: 1480)

  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
  func `fragments belong to the connection of the first one, in whatever order they come`(_ order: [Int]) {
    let seen = traffic(order.map { Self.pieces[$0] })
    #expect(seen.connectionOfEach == [0, 0, 0])
    #expect(seen.fromClientOfEach == [true, true, true])
    #expect(seen.connections.count == 1)
    let connection = seen.connections[0]
    #expect(connection.client == client && connection.server == server)
    #expect(connection.clientSide.packets == 3 && connection.clientSide.payloadBytes == 3000)
    #expect(connection.firstNS == 0 && connection.lastNS == 2_000_000)
    #expect(seen.places(of: 0) == [0, 1, 2])
    #expect(seen.counts.fragments == 3 && seen.counts.overlappingFragments == 0)
  }

  @Test func `fragments over IPv6 do so too, whatever header each names next`() {
    let whole = UDPDatagram(
      source: "[fd00::1]:5", destination: "[fd00::2]:6", payload: Array(repeating: 1, count: 56)
    ).ipv6()
    let pieces = [(offset: 32, more: false, first: 32), (offset: 0, more: true, first: 0)].map { piece in
      var packet = whole
      packet.payload = Array(whole.payload[piece.first..<min(piece.first + 32, whole.payload.count)])
      packet.extensions = [.fragment(offset: piece.offset, more: piece.more, id: 9)]
      if !piece.more { packet.protocolNumber = 60 }
      return packet
    }
    let seen = traffic(pieces)
    #expect(seen.connectionOfEach == [0, 0])
    #expect(seen.connections[0].client == "[fd00::1]:5" && seen.connections[0].packets == 2)
  }

  @Test func `fragments of datagrams that share all but one thing are kept apart`() {
    let others: [any IPPacket] = [
      UDPDatagram(source: client, destination: "198.51.100.80:81", payload: Array(repeating: 1, count: 3000))
        .ipv4(id: 5).fragments(of: 1480)[1],
      UDPDatagram(source: server, destination: client, payload: Array(repeating: 1, count: 3000))
        .ipv4(id: 4).fragments(of: 1480)[1],
      TCPSegment(source: client, destination: server, payload: Array(repeating: 1, count: 3000))
        .ipv4(id: 4).fragments(of: 1480)[1],
    ]
    for other in others {
      let seen = traffic([Self.pieces[0], other, Self.pieces[1]])
      #expect(seen.connectionOfEach[0] == 0 && seen.connectionOfEach[2] == 0)
      #expect(seen.connectionOfEach[1] == 1)
    }
  }

  @Test func `fragments whose first one never comes are a connection without ports`() {
    let seen = traffic([Self.pieces[1], fromClient(.syn), Self.pieces[2]])
    #expect(seen.connectionOfEach == [1, 0, 1])
    #expect(seen.connections[1].client == Endpoint(address: client.address, port: 0))
    #expect(seen.connections[1].transport == TransportProtocol.udp && seen.connections[1].packets == 2)
  }

  @Test(arguments: [(1_900_000_000, [0, 0]), (2_100_000_000, [0, 1])] as [(Int64, [UInt32])])
  func `a number that comes again later is another datagram's`(_ gapNS: Int64, _ connections: [UInt32]) {
    let seen = traffic([
      CapturedFrame(timeNS: 0, bytes: Self.pieces[0].ethernet()),
      CapturedFrame(timeNS: gapNS, bytes: Self.pieces[1].ethernet()),
    ])
    #expect(seen.connectionOfEach == connections)
  }

  @Test(arguments: [[0, 1, 2], [2, 1, 0]])
  func `a segment in fragments takes the sequence space of the whole`(_ order: [Int]) {
    let segment = TCPSegment(
      source: client, destination: server, seq: 9000, ack: 70, flags: [.psh, .fin, .ack],
      options: [.noOperation, .noOperation, .timestamps(value: 5, echo: 6)], payload: Array(repeating: 3, count: 4000))
    let pieces = segment.ipv4(id: 8).fragments(of: 1480)
    let seen = traffic([fromClient(.syn, seq: 8999)] + order.map { pieces[$0] })
    #expect(seen.connectionOfEach == [0, 0, 0, 0])
    let records = (1...3).map { seen.captured[$0] }.sorted { $0.sequence < $1.sequence }
    let expected: [UInt32] = [9000, 10_448, 11_928]
    #expect(records.map(\.sequence) == expected)
    let bytes = records.map(\.payloadLength).reduce(0, +)
    #expect(bytes == 4000)
    #expect(records.allSatisfy { $0.acknowledgement == 70 && $0.timestampValue == 5 && $0.hasACK })
    #expect(records.map(\.isFIN) == [true, false, false])
    #expect(records.allSatisfy { $0.marks.contains([.fragment, .timestamps]) && !$0.marks.contains(.headerCut) })
  }

  @Test func `where the TCP header itself is in pieces, the rest says nothing of sequence space`() {
    let segment = TCPSegment(source: client, destination: server, seq: 9000, payload: Array(repeating: 3, count: 100))
    let seen = traffic(segment.ipv4(id: 8).fragments(of: 8))
    #expect(Set(seen.connectionOfEach) == [0])
    let marks: [PacketRecord.Marks] = (1..<seen.captured.count).map { seen.captured[$0].marks }
    #expect(marks.allSatisfy { $0.contains(.headerCut) })
  }

  @Test func `fragments that overlap are counted, and copies are not`() {
    guard var late = Self.pieces[1] as? IPv4Packet else {
      Issue.record("the fragments are not of IPv4")
      return
    }
    late.fragmentOffset += 8
    #expect(traffic([Self.pieces[0], Self.pieces[1], late]).counts.overlappingFragments == 1)
    #expect(traffic([Self.pieces[0], Self.pieces[1], Self.pieces[1]]).counts.overlappingFragments == 0)
  }

  @Test func `a fragment in another's place with other bytes overlaps it, unless their datagram is complete`() {
    guard var other = Self.pieces[1] as? IPv4Packet else {
      Issue.record("the fragments are not of IPv4")
      return
    }
    other.payload[7] ^= 0x20
    #expect(traffic([Self.pieces[0], Self.pieces[1], other]).counts.overlappingFragments == 1)
    #expect(traffic([Self.pieces[0], other, Self.pieces[1], Self.pieces[2]]).counts.overlappingFragments == 1)
    // Where the numbers come round quickly, it is the next datagram's.
    #expect(traffic(Self.pieces + [Self.pieces[0], other, Self.pieces[2]]).counts.overlappingFragments == 0)
  }

  @Test func `many fragments without their first ones are each kept`() {
    let orphans: [any IPPacket] = (0..<2000).map { number in
      UDPDatagram(
        source: Endpoint(address: IPAddress(v4: 0x0A00_0000 | UInt32(number % 7)), port: 1), destination: server,
        payload: Array(repeating: 2, count: 40)
      ).ipv4(id: UInt16(number)).fragments(of: 24)[1]
    }
    let seen = traffic(orphans)
    #expect(seen.captured.count == 2000 && seen.connections.count == 7)
    let packets = seen.connections.map(\.packets).reduce(0, +)
    #expect(packets == 2000)
    #expect(Set(seen.connectionOfEach) == Set(0..<7))
  }

  @Test(.timeLimit(.minutes(1)))
  func `fragments that wait while time runs backwards cost no more than others`() {
    let early = UDPDatagram(source: client, destination: server, payload: Array(repeating: 2, count: 40)).ipv4(id: 0)
    let later = UDPDatagram(source: client, destination: server, payload: [1]).ip().ethernet()
    var frames = (0..<40_000).map { CapturedFrame(timeNS: 100_000_000_000 + Int64($0), bytes: later) }
    for number in 0..<40_000 {
      var packet = early
      packet.id = UInt16(number)
      let pieces = packet.fragments(of: 24)
      frames.append(CapturedFrame(timeNS: Int64(40_000 - number), bytes: pieces[1].ethernet()))
      frames.append(CapturedFrame(timeNS: Int64(40_000 - number), bytes: pieces[0].ethernet()))
    }
    let seen = traffic(frames)
    #expect(seen.captured.count == frames.count)
    #expect(seen.captured.allSatisfy { !$0.marks.contains(.waited) })
  }

  @Test func `random fragments never trap, and every one has a connection`() {
    var random = SplitMix64(seed: 6)
    let frames = (0..<20_000).map { number in
      var packet = IPv4Packet(
        source: IPAddress(v4: UInt32(random.next() % 3)), destination: IPAddress(v4: 9),
        protocolNumber: [1, 6, 17, 47][Int(random.next() % 4)], payload: random.bytes(Int(random.next() % 64)))
      packet.id = UInt16(random.next() % 600)
      packet.fragmentOffset = Int(random.next() % 8) * 8
      packet.moreFragments = random.next() % 2 == 0
      return CapturedFrame(timeNS: Int64(random.next() % 5_000_000_000), bytes: packet.ethernet())
    }
    let seen = traffic(frames)
    #expect(seen.connectionOfEach.allSatisfy { Int($0) < seen.connections.count })
    let packets = seen.connections.map(\.packets).reduce(0, +)
    #expect(packets == seen.captured.count)
  }

  @Test func `packets in a tunnel belong to the same connection as those outside`() {
    let syn = fromClient(.syn)
    let seen = traffic([syn, syn.inVXLAN(), syn.inGRE().inIP(.v6)])
    #expect(seen.connectionOfEach == [0, 0, 0])
    #expect(seen.counts.tunnelled == 2)
    let tunnels: [Tunnel?] = (0..<3).map { seen.captured[$0].tunnel }
    #expect(tunnels == [nil, .vxlan, .gre])
  }
}
