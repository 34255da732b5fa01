/// The bytes of small captures, field by field, in either byte order.
struct CaptureBytes {
  enum Order: CaseIterable {
    case big
    case little
  }

  var bytes: [UInt8] = []
  let order: Order

  /// A pcap file header (pcap-savefile(5)).
  static func pcap(
    _ order: Order = .little, magic: UInt32 = 0xA1B2_C3D4, version: (UInt16, UInt16) = (2, 4),
    snapLength: UInt32 = 65535, linkType: UInt32 = 1
  ) -> CaptureBytes {
    var capture = CaptureBytes(order: order)
    capture.add(magic)
    capture.add(version.0)
    capture.add(version.1)
    capture.add(UInt32(0))
    capture.add(UInt32(0))
    capture.add(snapLength)
    capture.add(linkType)
    return capture
  }

  /// One record of a pcap file; `captured` and `wire` default to the length of the frame.
  func record(
    seconds: UInt32, fraction: UInt32, _ frame: [UInt8], captured: UInt32? = nil, wire: UInt32? = nil
  ) -> CaptureBytes {
    var capture = self
    capture.add(seconds)
    capture.add(fraction)
    capture.add(captured ?? UInt32(frame.count))
    capture.add(wire ?? UInt32(frame.count))
    capture.bytes += frame
    return capture
  }

  /// A pcapng section header block.
  static func pcapng(_ order: Order = .little, major: UInt16 = 1) -> CaptureBytes {
    var body = CaptureBytes(order: order)
    body.add(0x1A2B_3C4D as UInt32)
    body.add(major)
    body.add(0 as UInt16)
    body.add(UInt64.max)
    return CaptureBytes(order: order).block(0x0A0D_0D0A, body)
  }

  /// A pcapng interface description block; `resolution` is the value of if_tsresol, `offset` of if_tsoffset in seconds.
  func interface(
    linkType: UInt16 = 1, snapLength: UInt32 = 65535, resolution: UInt8? = nil, offset: Int64? = nil,
    name: String? = nil
  ) -> CaptureBytes {
    var body = CaptureBytes(order: order)
    body.add(linkType)
    body.add(0 as UInt16)
    body.add(snapLength)
    if let resolution {
      body.add(9 as UInt16)
      body.add(1 as UInt16)
      body.bytes += [resolution, 0, 0, 0]
    }
    if let offset { body.addOption(14, offset) }
    if let name {
      body.add(2 as UInt16)
      body.add(UInt16(name.utf8.count))
      body.bytes += Array(name.utf8) + [UInt8](repeating: 0, count: (4 - name.utf8.count % 4) % 4)
    }
    if resolution != nil || offset != nil || name != nil { body.add(0 as UInt32) }
    return block(1, body)
  }

  /// A pcapng enhanced packet block; `time` in the interface's resolution, `drops` the value of epb_dropcount.
  func packet(interface: UInt32 = 0, time: UInt64, _ frame: [UInt8], drops: Int64? = nil) -> CaptureBytes {
    var body = CaptureBytes(order: order)
    body.add(interface)
    body.add(UInt32(time >> 32))
    body.add(UInt32(truncatingIfNeeded: time))
    body.add(UInt32(frame.count))
    body.add(UInt32(frame.count))
    body.addPadded(frame)
    if let drops { body.addOption(4, drops) }
    return block(6, body)
  }

  /// A pcapng simple packet block of a packet of which more was on the wire than captured.
  func simplePacket(_ frame: [UInt8], wire: UInt32? = nil) -> CaptureBytes {
    var body = CaptureBytes(order: order)
    body.add(wire ?? UInt32(frame.count))
    body.addPadded(frame)
    return block(3, body)
  }

  /// The packet block that the enhanced one replaced.
  func obsoletePacket(interface: UInt16 = 0, time: UInt64, _ frame: [UInt8]) -> CaptureBytes {
    var body = CaptureBytes(order: order)
    body.add(interface)
    body.add(UInt16.max)
    body.add(UInt32(time >> 32))
    body.add(UInt32(truncatingIfNeeded: time))
    body.add(UInt32(frame.count))
    body.add(UInt32(frame.count))
    body.addPadded(frame)
    return block(2, body)
  }

  /// A pcapng interface statistics block with options of 64 bits each.
  func statistics(interface: UInt32, _ options: [(code: UInt16, value: Int64)]) -> CaptureBytes {
    var body = CaptureBytes(order: order)
    body.add(interface)
    body.add(0 as UInt64)
    for option in options { body.addOption(option.code, option.value) }
    return block(5, body)
  }

  /// A pcapng block that carries no packet: names, comments, or what somebody made for himself.
  func otherBlock(_ type: UInt32, _ content: [UInt8]) -> CaptureBytes {
    var body = CaptureBytes(order: order)
    body.addPadded(content)
    return block(type, body)
  }

  /// A snoop file header (RFC 1761).
  static func snoop(linkType: UInt32 = 4) -> CaptureBytes {
    var capture = CaptureBytes(order: .big)
    capture.bytes = Array("snoop".utf8) + [0, 0, 0]
    capture.add(2 as UInt32)
    capture.add(linkType)
    return capture
  }

  /// One record of a snoop file.
  func snoopRecord(seconds: UInt32, microseconds: UInt32, _ frame: [UInt8], wire: UInt32, drops: UInt32) -> CaptureBytes
  {
    var capture = self
    for number in [wire, UInt32(frame.count), UInt32(24 + (frame.count + 3) & ~3), drops, seconds, microseconds] {
      capture.add(number)
    }
    capture.addPadded(frame)
    return capture
  }

  /// One record of an ERF file, of type 2 (Ethernet), with one extension header.
  func erfRecord(seconds: UInt64, fraction: UInt64, _ frame: [UInt8], lost: UInt16 = 0) -> CaptureBytes {
    var capture = self
    let time = seconds << 32 | fraction
    capture.bytes += (0..<8).map { UInt8(truncatingIfNeeded: time >> (8 * UInt64($0))) }
    capture.bytes += [0x82, 0x04]
    capture.add(UInt16(16 + 8 + 2 + frame.count))
    capture.add(lost)
    capture.add(UInt16(frame.count))
    capture.bytes += [5, 0, 0, 0, 0, 0, 0, 0] + [0, 0] + frame
    return capture
  }

  private func block(_ type: UInt32, _ body: CaptureBytes) -> CaptureBytes {
    var capture = self
    let length = UInt32(body.bytes.count + 12)
    capture.add(type)
    capture.add(length)
    capture.bytes += body.bytes
    capture.add(length)
    return capture
  }

  private mutating func addPadded(_ content: [UInt8]) {
    bytes += content + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
  }

  private mutating func addOption(_ code: UInt16, _ value: Int64) {
    add(code)
    add(8 as UInt16)
    add(value)
  }

  mutating func add<Number: FixedWidthInteger>(_ number: Number) {
    var shifts = Array(stride(from: 0, to: Number.bitWidth, by: 8))
    if order == .big { shifts.reverse() }
    bytes += shifts.map { UInt8(truncatingIfNeeded: number >> Number($0)) }
  }
}

/// Frames with the fewest headers that a filter can tell apart.
enum Frames {
  /// An Ethernet frame with IPv4 and UDP headers to this port, 42 bytes.
  static func udp(toPort port: UInt16) -> [UInt8] {
    let ethernet: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00]
    let ip: [UInt8] = [0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
    return ethernet + ip + [0x30, 0x39, UInt8(port >> 8), UInt8(port & 0xFF), 0, 8, 0, 0]
  }
}
