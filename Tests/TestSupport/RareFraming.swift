public import Packets

extension IPPacket {
  private var etherType: UInt16 { source.isV4 ? 0x0800 : 0x86DD }
  private static var addresses: [UInt8] { [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] }

  /// This behind its EtherType, which these bytes come before.
  private func typed(_ before: [UInt8]) -> [UInt8] {
    var frame = before
    frame.appendBig(etherType)
    return frame + bytes
  }

  /// This behind IEEE 802.2 and SNAP.
  public func logicalLink() -> [UInt8] { typed([0xAA, 0xAA, 3, 0, 0, 0]) }

  /// This in an Ethernet frame with a length instead of a type, behind IEEE 802.2 and SNAP.
  public func snapEthernet() -> [UInt8] {
    let body = logicalLink()
    var frame = Self.addresses
    frame.appendBig(UInt16(body.count))
    return frame + body
  }

  /// This in an Ethernet frame behind a tag of these bytes.
  public func taggedEthernet(_ tag: [UInt8]) -> [UInt8] { typed(Self.addresses + tag) }

  /// This in an Ethernet frame that is carried in another one behind these bytes.
  public func nestedEthernet(_ between: [UInt8]) -> [UInt8] { Self.addresses + between + ethernet() }

  /// This in an IEEE 802.11 data frame.
  ///
  /// - Parameters:
  ///   - fourAddresses: between two access points.
  ///   - quality: the field for quality of service, if any.
  ///   - highThroughput: with the field for high throughput.
  ///   - aggregates: copies of the packet in an aggregate, 0 for none.
  ///   - flags: more flags of frame control.
  ///   - padded: fill the header up to a multiple of four bytes.
  ///   - fragment: number of the fragment.
  public func wireless(
    fourAddresses: Bool = false, quality: UInt16? = nil, highThroughput: Bool = false, aggregates: Int = 0,
    flags: UInt8 = 0, padded: Bool = false, fragment: UInt8 = 0
  ) -> [UInt8] {
    var frame: [UInt8] = [quality == nil ? 0x08 : 0x88, flags | (fourAddresses ? 3 : 1) | (highThroughput ? 0x80 : 0)]
    frame += [0, 0] + Self.addresses + [2, 0, 0, 0, 0, 3, fragment, 0]
    if fourAddresses { frame += [2, 0, 0, 0, 0, 4] }
    if let quality { frame.appendInteger(quality | (aggregates > 0 ? 0x80 : 0), .little) }
    if highThroughput { frame += [0, 0, 0, 0] }
    while padded, !frame.count.isMultiple(of: 4) { frame.append(0) }
    let body = logicalLink()
    guard aggregates > 0 else { return frame + body }
    for _ in 0..<aggregates {
      frame += Self.addresses
      frame.appendBig(UInt16(body.count))
      frame += body
      while !frame.count.isMultiple(of: 4) { frame.append(0) }
    }
    return frame
  }

  /// This in PPP behind the address, control and identifier of Frame Relay, or behind these bytes.
  public func frameRelay(_ identifier: [UInt8]? = nil) -> [UInt8] {
    [0x18, 0x41] + (identifier ?? [3, source.isV4 ? 0xCC : 0x8E]) + bytes
  }

  /// This in Cisco HDLC.
  public func ciscoHDLC() -> [UInt8] { typed([0x0F, 0]) }

  /// This in a message of Linux netfilter's log, behind a prefix.
  public func netfilterLog(_ order: ByteOrder) -> [UInt8] {
    var frame: [UInt8] = [source.isV4 ? 2 : 10, 0, 0, 0]
    frame.appendInteger(UInt16(7), order)
    frame.appendInteger(UInt16(10), order)
    frame += [0x61, 0x62, 0, 0]
    frame.appendInteger(UInt16(4 + bytes.count), order)
    frame.appendInteger(UInt16(9), order)
    return frame + bytes
  }

  /// This behind the header of IP over InfiniBand.
  public func infiniband() -> [UInt8] {
    var frame = [UInt8](repeating: 0, count: 40)
    frame.appendBig(etherType)
    return frame + [0, 0] + bytes
  }

  /// This in FDDI.
  public func fddi() -> [UInt8] { [0x50] + Self.addresses + logicalLink() }

  /// This in Token Ring, with a route of six bytes if wanted.
  public func tokenRing(routed: Bool) -> [UInt8] {
    var frame = [0x10, 0x40] + Self.addresses
    if routed {
      frame[8] |= 0x80
      frame += [6, 0, 0, 0, 0, 0]
    }
    return frame + logicalLink()
  }
}

/// Headers that capturing programs put before a frame.
public enum CapturePrefix {
  /// Radiotap with these flags behind a time.
  public static func radiotap(flags: UInt8 = 0, moreWords: Int = 0) -> [UInt8] {
    var present: [UInt8] = [3, 0, 0, moreWords > 0 ? 0x80 : 0]
    for word in 0..<moreWords { present += [0, 0, 0, word == moreWords - 1 ? 0 : 0x80] }
    while !(4 + present.count).isMultiple(of: 8) { present.append(0) }
    let body = present + [1, 2, 3, 4, 5, 6, 7, 8, flags, 0]
    return [0, 0, UInt8(4 + body.count), 0] + body
  }

  /// A Prism header in either order.
  public static func prism(_ order: ByteOrder) -> [UInt8] {
    var header: [UInt8] = []
    header.appendInteger(UInt32(0x44), order)
    header.appendInteger(UInt32(144), order)
    return header + Array(repeating: 0, count: 136)
  }

  /// An AVS header.
  public static let avs: [UInt8] = [0x80, 0x21, 0x10, 0x01, 0, 0, 0, 64] + Array(repeating: 0, count: 56)

  /// A PPI header that names this link type.
  public static func ppi(_ linkType: LinkType) -> [UInt8] {
    var header: [UInt8] = [0, 0, 12, 0]
    header.appendInteger(UInt32(linkType.rawValue), .little)
    return header + [0, 0, 0, 0]
  }

  /// A header of macOS that names this link type.
  public static func pktap(_ linkType: LinkType) -> [UInt8] {
    var header: [UInt8] = [108, 0, 0, 0, 1, 0, 0, 0]
    header.appendInteger(UInt32(linkType.rawValue), .little)
    return header + Array(repeating: 0, count: 96)
  }

  /// A header of OpenBSD's packet filter log: 61 bytes, and three of padding.
  public static let filterLog: [UInt8] = [61, 2] + Array(repeating: 0, count: 62)
}
