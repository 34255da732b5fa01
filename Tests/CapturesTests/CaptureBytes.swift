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

  /// A pcapng interface description block; `resolution` is the value of if_tsresol.
  func interface(linkType: UInt16 = 1, snapLength: UInt32 = 65535, resolution: UInt8? = nil) -> CaptureBytes {
    var body = CaptureBytes(order: order)
    body.add(linkType)
    body.add(0 as UInt16)
    body.add(snapLength)
    if let resolution {
      body.add(9 as UInt16)
      body.add(1 as UInt16)
      body.bytes += [resolution, 0, 0, 0, 0, 0, 0, 0]
    }
    return block(1, body)
  }

  /// A pcapng enhanced packet block; `time` in the interface's resolution.
  func packet(interface: UInt32 = 0, time: UInt64, _ frame: [UInt8]) -> CaptureBytes {
    var body = CaptureBytes(order: order)
    body.add(interface)
    body.add(UInt32(time >> 32))
    body.add(UInt32(truncatingIfNeeded: time))
    body.add(UInt32(frame.count))
    body.add(UInt32(frame.count))
    body.bytes += frame + [UInt8](repeating: 0, count: (4 - frame.count % 4) % 4)
    return block(6, body)
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

  private mutating func add<Number: FixedWidthInteger>(_ number: Number) {
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
