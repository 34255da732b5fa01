public import Packets

/// Writes minimal pcapng files, as bytes: one section header, interface descriptions, enhanced packets.
public struct PcapngWriter: Sendable {
  /// The interfaces in their order.
  public var interfaces: [Interface]
  /// Order of the bytes of all numbers.
  public var byteOrder: ByteOrder

  /// A writer of files with these interfaces.
  public init(interfaces: [Interface] = [Interface()], byteOrder: ByteOrder = .little) {
    self.interfaces = interfaces
    self.byteOrder = byteOrder
  }

  /// An interface of a pcapng file.
  public struct Interface: Sendable {
    /// Link type of its frames.
    public var linkType: LinkType
    /// Frames are cut to this many bytes; 0 for no limit.
    public var snapLength: Int
    /// The option if_tsresol; nil to leave it out, which means microseconds.
    public var resolution: Resolution?
    /// The option if_name.
    public var name: String?

    /// An interface with these values.
    public init(
      linkType: LinkType = .ethernet, snapLength: Int = 262_144, resolution: Resolution? = .decimal(9),
      name: String? = nil
    ) {
      self.linkType = linkType
      self.snapLength = snapLength
      self.resolution = resolution
      self.name = name
    }
  }

  /// Units of time.
  public enum Resolution: Sendable, Hashable {
    /// Ten to the minus this many seconds, 0 to 9.
    case decimal(UInt8)
    /// Two to the minus this many seconds, 0 to 32.
    case binary(UInt8)

    var option: UInt8 {
      switch self {
      case .decimal(let exponent): exponent
      case .binary(let exponent): 0x80 | exponent
      }
    }

    func units(_ timeNS: Int64) -> UInt64 {
      let seconds = UInt64(timeNS / 1_000_000_000)
      let fraction = UInt64(timeNS % 1_000_000_000)
      switch self {
      case .decimal(let exponent):
        let unit = (0..<9 - exponent).reduce(UInt64(1)) { product, _ in product * 10 }
        return UInt64(timeNS) / unit
      case .binary(let exponent): return seconds << exponent + fraction << exponent / 1_000_000_000
      }
    }
  }

  /// A whole file with these frames.
  public func file(_ frames: [CapturedFrame]) -> [UInt8] {
    frames.reduce(into: interfaces.reduce(into: sectionHeader) { $0 += description(of: $1) }) { $0 += packet($1) }
  }

  /// The section header block.
  public var sectionHeader: [UInt8] {
    var body: [UInt8] = []
    body.appendInteger(UInt32(0x1A2B_3C4D), byteOrder)
    body.appendInteger(UInt16(1), byteOrder)
    body.appendInteger(UInt16(0), byteOrder)
    body.appendInteger(UInt64.max, byteOrder)
    return block(0x0A0D_0D0A, body)
  }

  /// The interface description block of an interface.
  public func description(of interface: Interface) -> [UInt8] {
    var body: [UInt8] = []
    body.appendInteger(UInt16(interface.linkType.rawValue), byteOrder)
    body.appendInteger(UInt16(0), byteOrder)
    body.appendInteger(UInt32(interface.snapLength), byteOrder)
    if let name = interface.name { body += option(2, Array(name.utf8)) }
    if let resolution = interface.resolution { body += option(9, [resolution.option]) }
    body += option(0, [])
    return block(1, body)
  }

  /// The enhanced packet block of a frame.
  public func packet(_ frame: CapturedFrame) -> [UInt8] {
    let interface = interfaces[frame.interface]
    let captured = interface.snapLength == 0 ? frame.bytes[...] : frame.bytes.prefix(interface.snapLength)
    let time = (interface.resolution ?? .decimal(6)).units(frame.timeNS)
    var body: [UInt8] = []
    body.appendInteger(UInt32(frame.interface), byteOrder)
    body.appendInteger(UInt32(time >> 32), byteOrder)
    body.appendInteger(UInt32(truncatingIfNeeded: time), byteOrder)
    body.appendInteger(UInt32(captured.count), byteOrder)
    body.appendInteger(UInt32(frame.wireLength), byteOrder)
    return block(6, body + captured)
  }

  /// A block of any type around `body`, which is padded to a multiple of four.
  public func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    let padded = body + Array(repeating: 0, count: (4 - body.count % 4) % 4)
    var bytes: [UInt8] = []
    bytes.appendInteger(type, byteOrder)
    bytes.appendInteger(UInt32(padded.count + 12), byteOrder)
    bytes += padded
    bytes.appendInteger(UInt32(padded.count + 12), byteOrder)
    return bytes
  }

  private func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendInteger(code, byteOrder)
    bytes.appendInteger(UInt16(value.count), byteOrder)
    return bytes + value + Array(repeating: 0, count: (4 - value.count % 4) % 4)
  }
}
