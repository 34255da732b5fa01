import Flows
import Packets
import TestSupport
import Testing

@Suite struct PointCountsTests {
  private func count(_ frames: [CapturedFrame]) -> PointCounts { traffic(frames).counts }

  @Test func `every frame is counted, and those without a packet are told apart`() {
    let arp: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x06] + Array(repeating: 0, count: 28)
    let good = fromClient(.syn).ethernet()
    let counts = count([arp, good, Array(good.prefix(10)), good].map { CapturedFrame(timeNS: 0, bytes: $0) })
    #expect(counts.frames == 4)
    #expect(counts.notIP == 1)
    #expect(counts.malformed == 1)
  }

  @Test func `a frame that was cut counts once`() {
    let frame = fromClient(.ack, payload: 500).ethernet()
    let counts = count(
      [1000, 200, 50].map { CapturedFrame(timeNS: 0, bytes: Array(frame.prefix($0)), wireLength: frame.count) })
    #expect(counts.cut == 2)
    #expect(counts.malformed == 0)
  }

  @Test func `fragments are counted`() {
    let datagram = UDPDatagram(source: client, destination: server, payload: Array(repeating: 1, count: 3000)).ipv4(
      id: 4)
    let counts = count(datagram.fragments(of: 1480).map { CapturedFrame(timeNS: 0, bytes: $0.ethernet()) })
    #expect(counts.fragments == 3)
  }

  @Test func `checksums that do not hold are counted among those that were verified`() {
    let checksums: [Checksum] = [.correct, .wrong, .correct]
    let counts = count(
      checksums.map { checksum in
        let segment = TCPSegment(source: client, destination: server, payload: [1], checksum: checksum)
        return CapturedFrame(timeNS: 0, bytes: segment.ipv4().ethernet())
      })
    #expect(counts.verifiedChecksums == 3)
    #expect(counts.badChecksums == 1)
  }

  @Test(arguments: [(1, false), (30, true)])
  func `only many wrong checksums say that the network card fills them in`(_ wrong: Int, _ fills: Bool) {
    let counts = count(
      (0..<60).map { number in
        let segment = TCPSegment(
          source: client, destination: server, seq: UInt32(number), payload: [1],
          checksum: number < wrong ? .wrong : .correct)
        return CapturedFrame(timeNS: Int64(number), bytes: segment.ipv4().ethernet())
      })
    #expect(counts.fillsChecksums == fills)
  }

  @Test func `a point without packets does not say that checksums are filled in`() {
    #expect(!count([]).fillsChecksums)
  }

  @Test(arguments: [(1460, 0), (1461, 1), (20_000, 1)])
  func `segments larger than an Ethernet frame are counted`(_ size: Int, _ expected: Int) {
    #expect(
      count([CapturedFrame(timeNS: 0, bytes: fromClient(.ack, payload: size).ethernet())]).largeSegments == expected)
  }
}
