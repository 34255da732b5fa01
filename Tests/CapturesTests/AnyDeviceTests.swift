import Captures
import Testing

/// Captures of Linux's "any" device, whose frames tell the interface that they are of (LINKTYPE_LINUX_SLL2).
@Suite struct AnyDeviceTests {
  @Test(arguments: CaptureBytes.Order.allCases)
  func `each frame is of the interface that its header tells`(order: CaptureBytes.Order) throws {
    let read = try ReadCapture(Self.pcap(order, of: [3, 2, 3, 70_000]))
    #expect(read.frames.map(\.interface) == [0, 1, 0, 2])
    #expect(read.frames.map(\.number) == [1, 2, 3, 4])
    #expect(read.interfaces.map(\.key) == ["3", "2", "70000"])
    #expect(read.interfaces.map(\.packets) == [2, 1, 1])
    #expect(read.interfaces.map(\.linkTypeName) == ["LINUX_SLL2", "LINUX_SLL2", "LINUX_SLL2"])
    #expect(read.state == .end)
  }

  @Test func `numbers that differ by a multiple of what is remembered at once are told apart`() throws {
    let read = try ReadCapture(Self.pcap(of: [1, 65, 129, 65, 1, 129, 1]))
    #expect(read.frames.map(\.interface) == [0, 1, 2, 1, 0, 2, 0])
  }

  @Test(arguments: [1, 2, 100])
  func `an interface is known before its first frame`(limit: Int) throws {
    let read = try ReadCapture(Self.pcap(of: [2, 3, 2, 4]), limit: limit)
    #expect(read.framesToldLate == 0)
    #expect(read.state == .end && read.framesRead == 4)
  }

  @Test func `one interface is taken by its number, not by its place, with the frame numbers of the file`() throws {
    let capture = Self.pcap(of: [3, 2, 3, 1])
    #expect(try ReadCapture(capture, interface: "3").frames.map(\.number) == [1, 3])
    #expect(try ReadCapture(capture, interface: "1").frames.map(\.number) == [4])
    #expect(try ReadCapture(capture, interface: "0").frames.isEmpty)
  }

  @Test func `a filter that cannot be is told before any frame, wherever the wanted interface comes`() throws {
    try withTemporaryFile(Self.pcap(of: [2, 3]).bytes) { path in
      for interface in ["2", "3", "4"] {
        #expect {
          _ = try CaptureReader(CaptureLocation(path: path), interface: interface, filter: "port port")
        } throws: { error in
          if case .badFilter? = error as? CaptureError { true } else { false }
        }
      }
    }
  }

  @Test func `the loopback is known by its kind of hardware`() throws {
    let capture = CaptureBytes.pcap(linkType: 276)
      .record(seconds: 1, fraction: 0, Self.frame(1, hardware: 772)).record(seconds: 2, fraction: 0, Self.frame(2))
    #expect(try ReadCapture(capture).interfaces.map(\.isLoopback) == [true, false])
  }

  @Test func `a frame whose header is cut is of the interface 0, which Linux does not have`() throws {
    let capture = CaptureBytes.pcap(linkType: 276)
      .record(seconds: 1, fraction: 0, Array(Self.frame(2).prefix(7))).record(seconds: 2, fraction: 0, Self.frame(2))
    #expect(try ReadCapture(capture).interfaces.map(\.key) == ["0", "2"])
    #expect(try ReadCapture(capture).frames.map(\.interface) == [0, 1])
    var short = CaptureBytes.pcap(snapLength: 7, linkType: 276)
    short = short.record(seconds: 1, fraction: 0, Self.frame(2))
    #expect(try ReadCapture(short).interfaces.map(\.key) == ["0"])
  }

  @Test func `a filter holds for each interface`() throws {
    let read = try ReadCapture(Self.pcap(of: [2, 3, 2]), filter: "udp dst port 53")
    #expect(read.frames.map(\.interface) == [0, 1, 0])
    #expect(try ReadCapture(Self.pcap(of: [2, 3, 2]), filter: "tcp").rejected == 3)
    #expect(throws: CaptureError.self) { try ReadCapture(Self.pcap(of: [2]), filter: "port port") }
    #expect(throws: CaptureError.self) { try ReadCapture(Self.pcap(of: []), filter: "port port") }
  }

  @Test func `a capture without frames has an interface all the same`() throws {
    let read = try ReadCapture(Self.pcap(of: []))
    #expect(read.linkTypeName == "LINUX_SLL2")
    #expect(read.state == .end)
  }

  @Test func `damage in the first frame is damage, not the lack of an interface`() throws {
    var capture = Self.pcap(of: [2])
    capture.bytes.removeLast()
    #expect(
      try ReadCapture(capture).state == .damaged(CaptureDamage(byteOffset: 24, frame: 1, cause: .cut)))
  }

  @Test func `of more interfaces than any host has, the further ones are one`() throws {
    let read = try ReadCapture(Self.pcap(of: Array(1...5000) + [1, 5000]), limit: 10_000)
    #expect(read.interfaces.count == 4097)
    #expect(read.interfaces.last?.key == "0")
    #expect(read.interfaces.last?.packets == 905)
    #expect(read.frames.map(\.interface).suffix(2) == [0, 4096])
  }

  @Test func `in pcapng, the numbers are behind the name or place of the interface described`() throws {
    let capture = CaptureBytes.pcapng().interface(linkType: 276, name: "any").interface(linkType: 276)
      .packet(time: 1, Self.frame(2)).interface(linkType: 101, name: "tun0")
      .packet(interface: 2, time: 2, [0x45]).packet(interface: 1, time: 3, Self.frame(2))
      .packet(time: 4, Self.frame(3)).packet(interface: 2, time: 5, [0x45])
    let read = try ReadCapture(capture)
    #expect(read.frames.map { read.interfaces[$0.interface].key } == ["any-2", "tun0", "1-2", "any-3", "tun0"])
    #expect(read.interfaces.map(\.packets) == [0, 0, 1, 2, 1, 1])
    #expect(try ReadCapture(capture, interface: "any").frames.map(\.number) == [1, 4])
    #expect(try ReadCapture(capture, interface: "1-2").frames.map(\.number) == [3])
    #expect(try ReadCapture(capture, interface: "2").frames.map(\.number) == [2, 5])
  }

  private static func pcap(_ order: CaptureBytes.Order = .little, of numbers: [UInt32]) -> CaptureBytes {
    numbers.reduce(CaptureBytes.pcap(order, linkType: 276)) { $0.record(seconds: 1, fraction: 0, frame($1)) }
  }

  /// A cooked header with a packet to UDP port 53.
  private static func frame(_ number: UInt32, hardware: UInt16 = 1) -> [UInt8] {
    var header = CaptureBytes(order: .big)
    header.add(0x0800 as UInt16)
    header.add(0 as UInt16)
    header.add(number)
    header.add(hardware)
    header.bytes += [0, 6, 2, 0, 0, 0, 0, 1, 0, 0]
    return header.bytes + Frames.udp(toPort: 53).dropFirst(14)
  }
}
