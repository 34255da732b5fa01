import Captures
import Testing

@Suite struct PcapngTests {
  @Test(arguments: CaptureBytes.Order.allCases)
  func `interfaces of different link types and snap lengths are read together`(order: CaptureBytes.Order) throws {
    let read = try ReadCapture(
      CaptureBytes.pcapng(order).interface(name: "eth0").interface(linkType: 101, snapLength: 96, name: "tun0")
        .packet(interface: 1, time: 1, [0x45]).packet(interface: 0, time: 2, [2, 3]))
    #expect(read.frames.map(\.interface) == [1, 0])
    #expect(read.interfaces.map(\.name) == ["eth0", "tun0"])
    #expect(read.interfaces.map(\.linkTypeName) == ["EN10MB", "RAW"])
    #expect(read.interfaces.map(\.snapLength) == [65535, 96])
    #expect(read.interfaces.map(\.packets) == [1, 1])
    #expect(read.state == .end)
  }

  @Test(arguments: [1, 2, 100])
  func `an interface that is described later is known before its first frame`(limit: Int) throws {
    let capture = CaptureBytes.pcapng().interface().packet(time: 1, [1]).interface(linkType: 101)
      .packet(interface: 1, time: 2, [2])
    let read = try ReadCapture(capture, limit: limit)
    #expect(read.framesToldLate == 0)
    #expect(read.state == .end && read.framesRead == 2)
  }

  @Test func `each section has its own interfaces and byte order`() throws {
    let first = CaptureBytes.pcapng(.little).interface(resolution: 9).packet(time: 1, [1])
    let second = CaptureBytes.pcapng(.big).interface(linkType: 101, resolution: 6).packet(time: 2, [2])
    var both = first
    both.bytes += second.bytes
    let read = try ReadCapture(both)
    #expect(read.frames.map(\.interface) == [0, 1])
    #expect(read.frames.map(\.timeNS) == [1, 2000])
    #expect(read.frames.map(\.number) == [1, 2])
    #expect(read.state == .end)
  }

  @Test(
    arguments: [
      (6, nil, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
      (0, nil, 17, 17_000_000_000),
      (12, nil, 1_700_000_000_000_999_999, 1_700_000_000_000_999),
      (0x80 | 10, nil, 1024 * 5 + 512, 5_500_000_000),
      (9, 3600, 7, 3_600_000_000_007),
      (6, -10, 4_000_000, -6_000_000_000),
    ] as [(UInt8, Int64?, UInt64, Int64)])
  func `times are read by resolution and offset`(
    resolution: UInt8, offset: Int64?, ticks: UInt64, timeNS: Int64
  ) throws {
    let capture = CaptureBytes.pcapng().interface(resolution: resolution, offset: offset).packet(time: ticks, [1])
    #expect(try ReadCapture(capture).frames.map(\.timeNS) == [timeNS])
  }

  @Test func `packets in old and simple blocks are read`() throws {
    let read = try ReadCapture(
      CaptureBytes.pcapng().interface(snapLength: 3).obsoletePacket(time: 5, [1, 2, 3]).simplePacket(
        [4, 5, 6], wire: 60))
    #expect(
      read.frames == [
        .init(timeNS: 5000, wireLength: 3, number: 1, bytes: [1, 2, 3]),
        .init(timeNS: 0, wireLength: 60, number: 2, bytes: [4, 5, 6]),
      ])
  }

  @Test(arguments: [(4, 1), (0x7654_3210, 1), (0xBAD, 2), (0x4000_0BAD, 2)] as [(UInt32, Int)])
  func `blocks without packets are passed over, and have numbers as in Wireshark`(type: UInt32, number: Int) throws {
    let read = try ReadCapture(
      CaptureBytes.pcapng().interface().otherBlock(type, [1, 2, 3, 4, 5]).packet(time: 1, [1]).otherBlock(type, []))
    #expect(read.frames.map(\.number) == [number])
    #expect(read.state == .end)
  }

  @Test func `drops are those of the last statistics, by interface and system`() throws {
    let read = try ReadCapture(
      CaptureBytes.pcapng().interface().interface().packet(time: 1, [1])
        .statistics(interface: 0, [(4, 10), (5, 3)]).statistics(interface: 0, [(4, 20), (5, 4), (7, 2)]))
    #expect(read.interfaces.map(\.drops) == [6, nil])
  }

  @Test func `drops that packets tell are added up`() throws {
    let read = try ReadCapture(
      CaptureBytes.pcapng().interface().packet(time: 1, [1], drops: 2).packet(time: 2, [1, 2, 3, 4], drops: 5))
    #expect(read.interfaces.map(\.drops) == [7])
    #expect(read.frames.map(\.bytes) == [[1], [1, 2, 3, 4]])
  }

  @Test(arguments: ["tun0", "1"])
  func `one interface is read alone, with the frame numbers of the file`(interface: String) throws {
    let capture = CaptureBytes.pcapng().interface(name: "eth0").interface(linkType: 101, name: "tun0")
      .packet(time: 1, [1]).packet(interface: 1, time: 2, [2]).packet(time: 3, [3]).packet(interface: 1, time: 4, [4])
    let read = try ReadCapture(capture, interface: interface)
    #expect(read.frames.map(\.number) == [2, 4])
    #expect(read.rejected == 0)
  }

  @Test func `a filter holds for each link type by itself`() throws {
    let udp = Frames.udp(toPort: 53)
    let capture = CaptureBytes.pcapng().interface().interface(linkType: 101)
      .packet(time: 1, udp).packet(interface: 1, time: 2, Array(udp.dropFirst(14)))
      .packet(interface: 1, time: 3, Array(Frames.udp(toPort: 80).dropFirst(14)))
    let read = try ReadCapture(capture, filter: "udp dst port 53")
    #expect(read.frames.map(\.number) == [1, 2])
    #expect(read.rejected == 1)
  }

  @Test func `a filter that does not hold for a later interface ends the reading there`() throws {
    let start = CaptureBytes.pcapng().interface().packet(time: 1, Frames.udp(toPort: 53))
    let read = try ReadCapture(start.interface(linkType: 101), filter: "ether host 2:0:0:0:0:1")
    #expect(read.frames.map(\.number) == [1])
    guard case .damaged(let damage) = read.state, case .badFilter = damage.cause else {
      Issue.record("\(read.state)")
      return
    }
    #expect(damage.byteOffset == Int64(start.bytes.count))
  }

  @Test(arguments: [20, 0x80 | 64] as [UInt8])
  func `a time resolution that 64 bits cannot hold is damage`(resolution: UInt8) throws {
    let start = CaptureBytes.pcapng().interface().packet(time: 1, [1])
    let read = try ReadCapture(start.interface(resolution: resolution))
    let cause = CaptureDamage.Cause.malformed(.timeResolution(resolution))
    #expect(read.state == .damaged(CaptureDamage(byteOffset: Int64(start.bytes.count), frame: 2, cause: cause)))
  }
}
