import Flows
import Packets
import TestSupport
import Testing

@Suite struct PointBuilderTests {
  @Test func `both directions are one connection`() {
    let seen = traffic([
      fromClient(.syn), fromServer([.syn, .ack], ack: 1001), fromClient(.ack, seq: 1001, ack: 5001, payload: 10),
    ])
    #expect(seen.connectionOfEach == [0, 0, 0])
    #expect(seen.fromClientOfEach == [true, false, true])
    let connection = seen.connections[0]
    #expect(connection.client == client && connection.server == server)
    #expect(connection.orientation == .syn)
    #expect(connection.clientSide.initialSequence == 1000 && connection.serverSide.initialSequence == 5000)
    #expect(connection.serverSide.synAcknowledgement == 1001)
    #expect(connection.clientSide.packets == 2 && connection.serverSide.packets == 1 && connection.packets == 3)
    #expect(connection.clientSide.payloadBytes == 10)
    #expect(connection.firstNS == 0 && connection.lastNS == 2_000_000)
  }

  @Test(
    arguments: [
      ("another client port", "10.1.0.10:40001", "198.51.100.80:80"),
      ("another client", "10.1.0.11:40000", "198.51.100.80:80"),
      ("another server port", "10.1.0.10:40000", "198.51.100.80:81"),
      ("another server", "10.1.0.10:40000", "198.51.100.81:80"),
      ("ports exchanged", "10.1.0.10:80", "198.51.100.80:40000"),
    ] as [(String, Endpoint, Endpoint)])
  func `other endpoints are another connection`(_ difference: String, _ source: Endpoint, _ destination: Endpoint) {
    let other = TCPSegment(source: source, destination: destination, seq: 1000, flags: .syn)
    #expect(traffic([fromClient(.syn), other.ip()]).connectionOfEach == [0, 1])
  }

  @Test func `UDP and TCP between the same endpoints are two connections`() {
    let datagram = UDPDatagram(source: client, destination: server, payload: [1])
    #expect(traffic([fromClient(.syn), datagram.ip()]).connectionOfEach == [0, 1])
  }

  @Test func `the same ports with a new initial sequence number are a new connection`() {
    let seen = traffic([
      fromClient(.syn, seq: 1000), fromServer([.syn, .ack], seq: 5000, ack: 1001), fromClient(.ack, seq: 1001),
      fromClient([.fin, .ack], seq: 1001), fromClient(.syn, seq: 90_000),
      fromServer([.syn, .ack], seq: 70_000, ack: 90_001), fromClient(.ack, seq: 90_001, ack: 70_001),
    ])
    #expect(seen.connectionOfEach == [0, 0, 0, 0, 1, 1, 1])
    #expect(seen.connections[1].clientSide.initialSequence == 90_000)
    #expect(seen.connections[1].serverSide.initialSequence == 70_000)
  }

  @Test func `a new connection whose SYN was missed begins with its SYN/ACK`() {
    let seen = traffic([
      fromClient(.syn, seq: 1000), fromServer([.syn, .ack], seq: 5000, ack: 1001),
      fromServer([.syn, .ack], seq: 70_000, ack: 90_001), fromClient(.ack, seq: 90_001, ack: 70_001),
    ])
    #expect(seen.connectionOfEach == [0, 0, 1, 1])
    #expect(seen.connections[1].orientation == .synAck)
    #expect(seen.connections[1].client == client)
  }

  @Test func `a retransmitted SYN or SYN/ACK stays in its connection`() {
    let seen = traffic([
      fromClient(.syn, id: 1), fromClient(.syn, id: 2), fromServer([.syn, .ack], ack: 1001, id: 1),
      fromClient(.syn, id: 3), fromServer([.syn, .ack], ack: 1001, id: 2),
    ])
    #expect(seen.connectionOfEach == [0, 0, 0, 0, 0])
  }

  @Test func `a SYN/ACK with another cookie for the same SYN stays in its connection`() {
    let seen = traffic([
      fromClient(.syn), fromServer([.syn, .ack], seq: 5000, ack: 1001),
      fromServer([.syn, .ack], seq: 6000, ack: 1001),
    ])
    #expect(seen.connectionOfEach == [0, 0, 0])
  }

  @Test func `a simultaneous open is one connection`() {
    let seen = traffic([
      fromClient(.syn, seq: 1000), fromServer(.syn, seq: 5000), fromClient([.syn, .ack], seq: 1000, ack: 5001),
      fromServer([.syn, .ack], seq: 5000, ack: 1001),
    ])
    #expect(seen.connectionOfEach == [0, 0, 0, 0])
    #expect(seen.fromClientOfEach == [true, false, true, false])
    #expect(seen.connections[0].serverSide.initialSequence == 5000)
  }

  @Test(arguments: [(1000, [0, 0, 0]), (2000, [0, 1, 1])] as [(UInt32, [UInt32])])
  func `a SYN that is repeated after the answer to one that was missed is of that connection`(
    _ sequence: UInt32, _ connections: [UInt32]
  ) {
    let seen = traffic([
      fromServer([.syn, .ack], seq: 5000, ack: 1001), fromClient(.syn, seq: sequence),
      fromClient(.ack, seq: sequence + 1, ack: 5001),
    ])
    #expect(seen.connectionOfEach == connections)
    #expect(seen.fromClientOfEach == [false, true, true])
  }

  @Test func `a capture that begins in the middle takes the lower port for the server`() {
    for first in [fromClient(.ack, seq: 7, payload: 1), fromServer(.ack, seq: 8, payload: 1)] {
      let seen = traffic([first])
      #expect(seen.connections[0].client == client)
      #expect(seen.connections[0].orientation == .ports)
    }
  }

  @Test func `a connection that was joined in the middle ends where a SYN opens the next`() {
    let seen = traffic([fromClient(.ack, seq: 7, payload: 1), fromClient(.syn, seq: 1000)])
    #expect(seen.connectionOfEach == [0, 1])
  }

  @Test(arguments: [(119, [0, 0]), (121, [0, 1])] as [(Int64, [UInt32])])
  func `a datagram flow that was silent for two minutes is a new one`(_ seconds: Int64, _ connections: [UInt32]) {
    let frame = UDPDatagram(source: client, destination: server, payload: [1]).ip().ethernet()
    let seen = traffic([
      CapturedFrame(timeNS: 0, bytes: frame), CapturedFrame(timeNS: seconds * 1_000_000_000, bytes: frame),
    ])
    #expect(seen.connectionOfEach == connections)
  }

  @Test func `a TCP connection may be silent for hours`() {
    let seen = traffic([
      CapturedFrame(timeNS: 0, bytes: fromClient(.syn).ethernet()),
      CapturedFrame(timeNS: 10_000_000_000_000, bytes: fromClient(.ack, seq: 1001).ethernet()),
    ])
    #expect(seen.connectionOfEach == [0, 0])
  }

  @Test(arguments: [("10.0.0.1", "10.0.0.2"), ("2001:db8::1", "2001:db8::2")] as [(IPAddress, IPAddress)])
  func `an echo session is told by its identifier`(_ one: IPAddress, _ other: IPAddress) {
    let request = ICMPMessage.echoRequest(source: one, destination: other, identifier: 7, sequence: 1)
    let another = ICMPMessage.echoRequest(source: one, destination: other, identifier: 8, sequence: 1)
    let seen = traffic([
      request.ip(), another.ip(), ICMPMessage.echoReply(to: request).ip(), ICMPMessage.echoReply(to: another).ip(),
    ])
    #expect(seen.connectionOfEach == [0, 1, 0, 1])
    #expect(seen.fromClientOfEach == [true, true, false, false])
  }

  @Test(arguments: [("10.0.0.1", "10.0.0.2"), ("2001:db8::1", "2001:db8::2")] as [(IPAddress, IPAddress)])
  func `who is answered is the client, even if only the reply was captured`(_ one: IPAddress, _ other: IPAddress) {
    let request = ICMPMessage.echoRequest(source: one, destination: other, identifier: 7, sequence: 1)
    let seen = traffic([ICMPMessage.echoReply(to: request).ip()])
    #expect(seen.connections[0].client.address == one)
    #expect(seen.fromClientOfEach == [false])
  }

  @Test func `an ICMP error goes to the connection that it quotes`() {
    let big = TCPSegment(source: client, destination: server, seq: 1001, payload: Array(repeating: 7, count: 64)).ipv4()
    let answer = TCPSegment(source: server, destination: client, seq: 5001, payload: [1, 2]).ipv4()
    let seen = traffic([
      fromClient(.syn), big, ICMPMessage.tooBig(from: "192.0.2.1", mtu: 1400, about: big).ip(),
      ICMPMessage.timeExceeded(from: "192.0.2.1", about: answer).ip(),
    ])
    #expect(seen.connectionOfEach == [0, 0, 0, 0])
    // An error travels towards the sender of what it quotes.
    #expect(seen.fromClientOfEach == [true, true, false, true])
    #expect(seen.captured[2].marks.contains(.icmpError) && seen.captured[2].acknowledgement == 1400)
  }

  @Test func `an ICMP error about a SYN is no SYN of its connection`() {
    let syn = TCPSegment(source: client, destination: server, seq: 1000, flags: .syn).ipv4()
    let seen = traffic([
      ICMPMessage.portUnreachable(from: server.address, about: syn).ip(), fromClient(.syn, seq: 1000),
      ICMPMessage.portUnreachable(from: server.address, about: syn).ip(),
    ])
    #expect(seen.connections.count == 2)
    #expect(seen.connectionOfEach[2] == seen.connectionOfEach[1])
    #expect(!seen.connections[Int(seen.connectionOfEach[1])].serverSide.sawSYN)
  }

  @Test func `an ICMP error about UDP over IPv6 goes to the flow that it quotes`() {
    let query = UDPDatagram(source: "[2001:db8::1]:5353", destination: "[2001:db8::2]:53", payload: [1, 2, 3]).ipv6()
    let error = ICMPMessage.portUnreachable(from: "2001:db8::2", about: query).ip()
    let seen = traffic([query, error])
    #expect(seen.connectionOfEach == [0, 0])
    #expect(seen.fromClientOfEach == [true, false])
  }

  @Test func `IPv6 connections are told apart by all of their addresses`() {
    let seen = traffic(
      ["[2001:db8::1]:1000", "[2001:db8:1::1]:1000", "[2001:db8::2]:1000", "[2001:db8::1]:1000"].map { source in
        TCPSegment(source: Endpoint(stringLiteral: source), destination: "[2001:db8::80]:80", seq: 5, flags: .syn).ip()
      })
    #expect(seen.connectionOfEach == [0, 1, 2, 0])
    #expect(seen.captured[0].marks.contains(.ipv6))
  }

  @Test func `packets from an endpoint to itself are one connection`() {
    let segment = TCPSegment(source: client, destination: client, seq: 1, flags: .ack, payload: [1])
    let seen = traffic([segment.ip(), segment.ip()])
    #expect(seen.connectionOfEach == [0, 0])
    #expect(seen.fromClientOfEach == [true, true])
  }

  @Test func `records keep their frame numbers, and frames without IP leave gaps`() {
    let arp: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x06] + Array(repeating: 0, count: 28)
    let seen = traffic([
      CapturedFrame(timeNS: 0, bytes: arp), CapturedFrame(timeNS: 1, bytes: fromClient(.syn).ethernet()),
      CapturedFrame(timeNS: 2, bytes: arp), CapturedFrame(timeNS: 3, bytes: fromClient(.ack).ethernet()),
    ])
    #expect((0..<seen.captured.count).map { seen.captured[$0].frame } == [2, 4])
    #expect(seen.coverage == 0...3)
  }

  @Test func `times may go backwards`() {
    let seen = traffic([
      CapturedFrame(timeNS: 9, bytes: fromClient(.syn).ethernet()),
      CapturedFrame(timeNS: 2, bytes: fromServer([.syn, .ack], ack: 1001).ethernet()),
    ])
    #expect(seen.connections[0].firstNS == 2 && seen.connections[0].lastNS == 9)
    #expect(seen.coverage == 2...9)
  }

  @Test func `a point without frames has neither coverage nor connections`() {
    let seen = traffic([CapturedFrame]())
    #expect(seen.coverage == nil)
    #expect(seen.connections.isEmpty && seen.captured.count == 0)
  }
}
