import Flows
import Packets
import TestSupport
import Testing

@Suite struct CaptureCopiesTests {
  private static let second: Int64 = 1_000_000_000

  /// A connection with 20 requests, captured without copies.
  private static func frames(_ identification: ConversationScript.Identification = .counting) -> [CapturedFrame] {
    var script = ConversationScript(seed: 4, startNS: second)
    script.identification = identification
    script.open()
    for _ in 0..<20 { script.request(100, response: 3000) }
    script.close()
    var conversation = Conversation(client, server, points: 1)
    conversation.transmissions = script.transmissions
    var path = PathSimulation(points: 1)
    path.send(conversation)
    return path.captures[0]
  }

  /// The frames, each once more after `gapNS`.
  private static func doubled(_ frames: [CapturedFrame], gapNS: Int64) -> [CapturedFrame] {
    frames.flatMap { [$0, CapturedFrame(timeNS: $0.timeNS + gapNS, bytes: $0.bytes)] }.sorted { $0.timeNS < $1.timeNS }
  }

  @Test(arguments: [0, 500, 3000, 30_000] as [Int64], ConversationScript.Identification.allCases)
  func `a capture that holds every packet twice has half of its packets marked`(
    _ gapNS: Int64, _ identification: ConversationScript.Identification
  ) {
    let single = Self.frames(identification)
    let seen = traffic(Self.doubled(single, gapNS: gapNS))
    #expect(seen.counts.copies == single.count)
    #expect(seen.copies.count == seen.counts.copies)
  }

  @Test func `the first of two copies is the packet`() {
    let seen = traffic(Self.doubled(Self.frames(), gapNS: 1000))
    #expect(seen.copies.allSatisfy { !$0.isMultiple(of: 2) })
  }

  @Test func `copies that were taken a hop later, with a lower TTL, are copies`() {
    let packets = (0..<50).flatMap { number -> [CapturedFrame] in
      let segment = TCPSegment(source: client, destination: server, seq: UInt32(number), flags: .ack, payload: [1, 2])
      return [64, 63].map { ttl in
        CapturedFrame(
          timeNS: Int64(number) * 10_000_000 + (ttl == 63 ? 8000 : 0),
          bytes: segment.ipv4(id: UInt16(number + 1), ttl: ttl).ethernet())
      }
    }
    #expect(traffic(packets).counts.copies == 50)
  }

  @Test func `a packet that the network doubles now and then is no copy of the capture`() {
    var frames = Self.frames()
    for index in stride(from: 5, to: frames.count, by: 12) {
      frames.append(CapturedFrame(timeNS: frames[index].timeNS + 3000, bytes: frames[index].bytes))
    }
    #expect(traffic(frames.sorted { $0.timeNS < $1.timeNS }).counts.copies == 0)
  }

  @Test func `a duplicate 400 µs later is the network's, even where the capture makes copies`() {
    var frames = Self.frames()
    let single = frames.count
    let doubledByTheNetwork = CapturedFrame(timeNS: frames[10].timeNS + 400_000, bytes: frames[10].bytes)
    frames.append(doubledByTheNetwork)
    let seen = traffic(Self.doubled(frames.sorted { $0.timeNS < $1.timeNS }, gapNS: 2000))
    #expect(seen.counts.copies == single + 1)
    let kept = seen.captured.filter { !$0.marks.contains(.captureCopy) }
    #expect(kept.contains { $0.timeNS == doubledByTheNetwork.timeNS })
  }

  @Test func `duplicate acknowledgements without an IP ID are no copies`() {
    let frames = (0..<40).map { number in
      CapturedFrame(timeNS: Int64(number) * 5000, bytes: fromClient(.ack, seq: 1001, ack: 5001).ethernet())
    }
    #expect(traffic(frames).counts.copies == 0)
  }

  @Test func `duplicate acknowledgements are no copies of one another where the capture makes copies`() {
    let acknowledgements = (0..<40).map { number in
      CapturedFrame(timeNS: Int64(number) * 100_000, bytes: fromClient(.ack, seq: 1001, ack: 5001).ethernet())
    }
    let data = (1...400).map { number in
      let frame = fromServer(.ack, seq: UInt32(number), payload: 9, id: UInt16(number)).ethernet()
      return CapturedFrame(timeNS: Self.second + Int64(number) * 100_000, bytes: frame)
    }
    let seen = traffic(Self.doubled(acknowledgements + data, gapNS: 2000))
    #expect(seen.counts.copies == 440)
  }

  @Test func `retransmissions are no copies`() {
    let frames = (0..<40).map { number in
      CapturedFrame(
        timeNS: Int64(number) * 300_000,
        bytes: fromClient(.ack, seq: 1001, ack: 5001, payload: 50, id: UInt16(number + 1)).ethernet())
    }
    #expect(traffic(frames).counts.copies == 0)
  }

  @Test func `equal packets of two connections are no copies`() {
    let frames = (0..<100).map { number in
      let segment = TCPSegment(
        source: Endpoint(address: "10.1.0.10", port: UInt16(40_000 + number)), destination: server, seq: 77,
        flags: .ack, payload: [1, 2, 3])
      return CapturedFrame(timeNS: Int64(number) * 1000, bytes: segment.ipv4(id: 9).ethernet())
    }
    #expect(traffic(frames).counts.copies == 0)
  }

  @Test func `marking copies costs no more for a long connection of equal packets`() {
    let frame = fromClient(.ack, seq: 1001, ack: 5001).ethernet()
    let clock = ContinuousClock()
    func cost(_ count: Int) -> Duration {
      let frames = (0..<count).map { CapturedFrame(timeNS: Int64($0), bytes: frame) }
      return clock.measure { _ = traffic(frames) }
    }
    let few = cost(5000)
    // Eight times the packets: 64 times the work if it were quadratic.
    #expect(cost(40_000) < few * 30)
  }
}
