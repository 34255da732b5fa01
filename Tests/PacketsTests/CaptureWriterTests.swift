import Packets
import TestSupport
import Testing

@Suite struct CaptureWriterTests {
  struct Time: Sendable {
    var resolution: PcapngWriter.Resolution
    var units: UInt64
  }

  let frame = CapturedFrame(timeNS: 1_000_000_002_345_678_901, bytes: [1, 2, 3, 4, 5], wireLength: 9)

  @Test func `a little-endian nanosecond pcap file is as the format says`() {
    let file = PcapWriter(linkType: .raw, snapLength: 3).file([frame])
    #expect(
      file == [
        0x4D, 0x3C, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 101, 0, 0, 0,
        0x02, 0xCA, 0x9A, 0x3B, 0x35, 0xA4, 0x9A, 0x14, 3, 0, 0, 0, 9, 0, 0, 0, 1, 2, 3,
      ])
  }

  @Test func `a big-endian microsecond pcap file is as the format says`() {
    let file = PcapWriter(nanoseconds: false, byteOrder: .big).file([frame])
    #expect(file.prefix(8) == [0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4])
    #expect(file[24...] == [0x3B, 0x9A, 0xCA, 0x02, 0, 5, 0x46, 0x4E, 0, 0, 0, 5, 0, 0, 0, 9, 1, 2, 3, 4, 5])
  }

  @Test func `a pcapng file consists of blocks whose lengths agree`() {
    let writer = PcapngWriter(interfaces: [.init(resolution: .decimal(3), name: "eth0"), .init(linkType: .raw)])
    var second = frame
    second.interface = 1
    let file = writer.file([frame, second])
    var types: [UInt32] = []
    var offset = 0
    func number(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(file[at + $1]) << ($1 * 8) } }
    while offset < file.count {
      let length = number(offset + 4)
      #expect(length.isMultiple(of: 4))
      #expect(number(offset + length - 4) == length)
      types.append(UInt32(number(offset)))
      offset += length
    }
    #expect(types == [0x0A0D_0D0A, 1, 1, 6, 6])
  }

  @Test(arguments: [
    Time(resolution: .decimal(9), units: 1_000_000_002_345_678_901),
    Time(resolution: .decimal(6), units: 1_000_000_002_345_678),
    Time(resolution: .decimal(0), units: 1_000_000_002),
    Time(resolution: .binary(1), units: 2_000_000_004),
    Time(resolution: .binary(20), units: 1_048_576_002_459_622),
  ])
  func `times are in the units of the interface`(_ time: Time) {
    let packet = PcapngWriter(interfaces: [.init(resolution: time.resolution)], byteOrder: .big).packet(frame)
    #expect(packet[12..<20].reduce(0) { $0 << 8 | UInt64($1) } == time.units)
  }
}
